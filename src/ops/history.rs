//! Who rolled out what, when: the record's own history.

use jiff::Timestamp;
use serde::Serialize;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Release, Slot};
use crate::plan::Record;
use crate::stacks::names;
use crate::words::Foreign;

/// One step of a role's past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryLine {
    /// The role.
    pub role: String,
    /// When.
    pub at: Timestamp,
    /// The phase it entered.
    pub phase: String,
    /// What rolled out or was taken back.
    pub release: Option<Release>,
    /// From which slot.
    pub from: Option<Slot>,
    /// To which slot.
    pub to: Option<Slot>,
    /// Who.
    pub by: Option<Foreign>,
    /// Why it was taken back.
    pub reason: Option<Foreign>,
    /// Digest of the plan.
    pub plan: Option<String>,
}

/// Reads the past of those roles, oldest first. The service keeps the last hundred versions of a record.
///
/// # Errors
/// When a call does not succeed.
pub async fn history(
    cloud: &dyn Cloud,
    prefix: &str,
    roles: &[String],
) -> Result<Vec<HistoryLine>, CloudError> {
    let mut lines = Vec::new();
    for role in roles {
        let Some(stack) = cloud.describe_stack(&format!("{prefix}-{role}-traffic")).await? else { continue };
        let Some(parameter) = stack.outputs.get(names::RECORD_PARAMETER_NAME) else { continue };
        for version in cloud.parameter_history(parameter).await? {
            let Some(record) = Record::parse(&version.value) else { continue };
            lines.push(HistoryLine {
                role: role.clone(),
                at: version.modified,
                phase: record.phase,
                release: record.release,
                from: record.from,
                to: record.to,
                by: record.by,
                reason: record.reason,
                plan: record.plan,
            });
        }
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

//! Who rolled out what, when: the record's own history.

use jiff::Timestamp;
use serde::Serialize;

use crate::cfn::Stack;
use crate::cloud::{Cloud, CloudError};
use crate::model::{Release, Slot};
use crate::plan::Record;
use crate::stacks::names;
use crate::words::Foreign;

use super::elsewhere::{ReadError, check_place};
use super::identify::Identity;

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
/// When the account is not the one that was meant, a stack is somebody else's, or a call does not succeed.
pub async fn history(
    cloud: &dyn Cloud,
    identity: &Identity,
    roles: &[String],
) -> Result<Vec<HistoryLine>, ReadError> {
    let (owner, prefix) = (identity.owner(), identity.prefix());
    let names: Vec<String> = roles.iter().map(|role| format!("{prefix}-{role}-traffic")).collect();
    let found = cloud.describe_stacks(&names).await?;
    check_place(cloud, identity.account.as_deref(), found.values().next()).await?;
    let mut lines = Vec::new();
    for (role, name) in roles.iter().zip(&names) {
        let Some(stack) = found.get(name).filter(|stack| !stack.status.is_absent()) else { continue };
        owner.check(stack).map_err(ReadError::Stranger)?;
        lines.extend(history_of(cloud, role, stack).await?);
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

/// The past of one role, by its traffic stack.
///
/// # Errors
/// When the call does not succeed.
pub(super) async fn history_of(
    cloud: &dyn Cloud,
    role: &str,
    traffic: &Stack,
) -> Result<Vec<HistoryLine>, CloudError> {
    let Some(parameter) = traffic.outputs.get(names::RECORD_PARAMETER_NAME) else { return Ok(Vec::new()) };
    let versions = cloud.parameter_history(parameter).await?.into_iter();
    let line = versions.filter_map(|version| {
        let record = Record::parse(&version.value)?;
        Some(HistoryLine {
            role: role.to_owned(),
            at: version.modified,
            phase: record.reached().to_owned(),
            release: record.release,
            from: record.from,
            to: record.to,
            by: record.by,
            reason: record.reason,
            plan: record.plan,
        })
    });
    Ok(line.collect())
}

//! Traffic and record that were moved outside CloudFormation, role by role.

use futures_util::future::join_all;
use serde::Serialize;

use crate::cloud::{Cloud, CloudError};
use crate::model::Environment;
use crate::rollout::observe;

use super::deployed::prefix;

/// What is not as its stack says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// Form of this report.
    pub version: u32,
    /// Roles with drift.
    pub roles: Vec<RoleDrift>,
}

/// One role's drift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleDrift {
    /// The role.
    pub role: String,
    /// What is different, a sentence each.
    pub drift: Vec<String>,
    /// The command that puts rules and record back to what the stack says.
    pub mend: String,
    /// The command that gives the old release everything instead.
    pub back: String,
}

/// Looks at what decides where users go: rules, weights, the record.
///
/// # Errors
/// When a call does not succeed.
pub async fn drift(cloud: &dyn Cloud, environment: &Environment) -> Result<DriftReport, CloudError> {
    let prefix = prefix(environment);
    let seen = join_all(environment.roles.iter().map(|role| observe(cloud, &prefix, &role.name))).await;
    let mut roles = Vec::new();
    for (role, seen) in environment.roles.iter().zip(seen) {
        let drift = seen?.state.drift;
        if !drift.is_empty() {
            let mend = format!("asagi mend {}", environment.name);
            let back = format!("asagi rollback {} --role {}", environment.name, role.name);
            roles.push(RoleDrift { role: role.name.clone(), drift, mend, back });
        }
    }
    Ok(DriftReport { version: 1, roles })
}

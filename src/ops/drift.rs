//! What was changed outside CloudFormation, role by role: traffic and record, sizes and alarms.

use futures_util::future::join_all;
use serde::Serialize;

use crate::cfn::Template;
use crate::cloud::{Cloud, CloudError};
use crate::diff::Side;
use crate::rollout::{ObservedRole, RoleStacks, observe_stacks};

use super::beside::{alarms, alarms_said, is_scheduled, sizes};
use super::elsewhere::{ReadError, check_place};
use super::identify::{Identity, deployed_roles};

/// What is not as its stack says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// Form of this report.
    pub version: u32,
    /// Some stack of the environment's roles is there.
    pub deployed: bool,
    /// Roles with drift.
    pub roles: Vec<RoleDrift>,
}

/// One role's drift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleDrift {
    /// The role.
    pub role: String,
    /// What is different of traffic and record, a sentence each.
    pub drift: Vec<String>,
    /// What else is not as its stack says, or as the spec says of a stack, a sentence each: `mend` leaves it.
    pub beside: Vec<String>,
    /// The command that puts rules and record back to what the stack says.
    pub mend: String,
    /// The command that gives the old release everything instead.
    pub back: String,
}

/// Looks at what decides where users go: rules, weights, the record.
///
/// # Errors
/// When the account is not the one that was meant, a stack is somebody else's, or a call does not succeed.
pub async fn drift(cloud: &dyn Cloud, identity: &Identity, typed: &str) -> Result<DriftReport, ReadError> {
    let (owner, prefix) = (identity.owner(), identity.prefix());
    let names = match identity.roles.as_slice() {
        [] => deployed_roles(cloud, &owner).await?,
        roles => roles.to_vec(),
    };
    let wanted: Vec<String> = names.iter().flat_map(|role| RoleStacks::names(&prefix, role)).collect();
    let found = cloud.describe_stacks(&wanted).await?;
    check_place(cloud, identity.account.as_deref(), found.values().next()).await?;
    found
        .values()
        .filter(|stack| !stack.status.is_absent())
        .try_for_each(|stack| owner.check(stack))
        .map_err(ReadError::Stranger)?;
    let looks =
        names.iter().map(|role| observe_stacks(cloud, role, RoleStacks::among(&found, &prefix, role)));
    let seen = join_all(looks).await;
    let mut report = DriftReport { version: 1, deployed: !found.is_empty(), roles: Vec::new() };
    for (role, seen) in names.iter().zip(seen) {
        let seen = seen?;
        let beside = beside(cloud, &prefix, role, &seen).await?;
        let drift = seen.state.drift;
        if !drift.is_empty() || !beside.is_empty() {
            let mend = format!("asagi mend {typed}");
            let back = format!("asagi rollback {typed} --role {role}");
            report.roles.push(RoleDrift { role: role.clone(), drift, beside, mend, back });
        }
    }
    Ok(report)
}

/// Sizes and alarms of a role that are not as their stacks say.
async fn beside(
    cloud: &dyn Cloud,
    prefix: &str,
    role: &str,
    seen: &ObservedRole,
) -> Result<Vec<String>, CloudError> {
    let mut scheduled = Vec::new();
    for (slot, stack) in &seen.slots {
        let template = Template::parse(&cloud.get_template(&stack.id).await?).ok();
        if template.is_none_or(|template| is_scheduled(&template)) {
            scheduled.push(*slot);
        }
    }
    let mut told = sizes(seen, |slot| scheduled.contains(&slot));
    let stack = cloud.describe_stack(&format!("{prefix}-{role}-alarms")).await?;
    let Some(stack) = stack.filter(|stack| stack.status.is_updatable()) else { return Ok(told) };
    let Ok(template) = Template::parse(&cloud.get_template(&stack.id).await?) else { return Ok(told) };
    let resources = cloud.describe_stack_resources(&stack.id).await?;
    let said = alarms_said(&Side::of_stack(template, &stack, &resources));
    let names: Vec<String> = said.iter().map(|alarm| alarm.name.clone()).collect();
    if !names.is_empty() {
        told.extend(alarms(&said, &cloud.alarm_definitions(&names).await?));
    }
    Ok(told)
}

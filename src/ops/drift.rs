//! What was changed outside CloudFormation: traffic and record, sizes, launch templates and alarms of each role, and the
//! termination protection of stacks.

use futures_util::future::join_all;
use serde::{Serialize, Serializer};

use crate::cfn::{Stack, Template};
use crate::cloud::{Cloud, CloudError};
use crate::diff::Side;
use crate::rollout::{ObservedRole, RoleStacks, observe_stacks};
use crate::stacks::names;

use super::beside::{Stray, Switched, alarms_of, alarms_said, is_scheduled, protection, slot};
use super::elsewhere::{ReadError, check_place};
use super::look::{Look, roles_among};

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
    /// Stacks whose termination protection is not as the spec says; none where no spec could be read.
    #[serde(serialize_with = "sentences")]
    pub protection: Vec<Switched>,
}

impl DriftReport {
    /// Everything is as it is said.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.protection.is_empty()
    }
}

fn sentences<S: Serializer>(switched: &[Switched], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(switched.iter().map(ToString::to_string))
}

/// One role's drift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleDrift {
    /// The role.
    pub role: String,
    /// What is different of traffic and record, a sentence each.
    pub drift: Vec<String>,
    /// Its other stacks that are not as they say.
    pub beside: Vec<Stray>,
    /// The command that puts everything back to what the stacks say.
    pub mend: String,
    /// The command that gives the old release everything instead.
    pub back: String,
}

/// Looks at what was changed beside CloudFormation, by deployed stacks alone; with a spec also at protection.
///
/// # Errors
/// When the account is not the one that was meant, a stack is somebody else's, or a call does not succeed.
pub async fn drift(cloud: &dyn Cloud, look: Look<'_>) -> Result<DriftReport, ReadError> {
    let (identity, typed) = (look.identity, look.typed);
    let (owner, prefix) = (identity.owner(), identity.prefix());
    let mut found = look.stacks(cloud).await?;
    check_place(cloud, identity.account.as_deref(), found.values().next()).await?;
    found.retain(|_, stack| !stack.status.is_absent());
    let wanted: Vec<String> =
        identity.roles.iter().flat_map(|role| RoleStacks::names(&prefix, role)).collect();
    let mut meant = found.values().filter(|stack| wanted.contains(&stack.name));
    meant.try_for_each(|stack| owner.check(stack)).map_err(ReadError::Stranger)?;
    found.retain(|_, stack| owner.check(stack).is_ok());
    let roles = if identity.roles.is_empty() { roles_among(&found, &owner) } else { identity.roles.clone() };
    let looks =
        roles.iter().map(|role| observe_stacks(cloud, role, RoleStacks::among(&found, &prefix, role)));
    let seen = join_all(looks).await;
    let is_there = |role: &String| RoleStacks::names(&prefix, role).iter().any(|it| found.contains_key(it));
    let mut report = DriftReport {
        version: 2,
        deployed: roles.iter().any(is_there),
        roles: Vec::new(),
        protection: look.loaded.map(|loaded| protection(loaded, &found)).unwrap_or_default(),
    };
    for (role, seen) in roles.iter().zip(seen) {
        let seen = seen?;
        let beside = strays(cloud, &seen, found.get(&alarms_stack(&prefix, role))).await?;
        let drift = seen.state.drift;
        if !drift.is_empty() || !beside.is_empty() {
            let mend = format!("asagi mend {typed}");
            let back = format!("asagi rollback {typed} --role {role}");
            report.roles.push(RoleDrift { role: role.clone(), drift, beside, mend, back });
        }
    }
    Ok(report)
}

/// Slots and alarms of a role that are not as their stacks say.
///
/// # Errors
/// When a call does not succeed.
pub(super) async fn strays(
    cloud: &dyn Cloud,
    seen: &ObservedRole,
    alarms: Option<&Stack>,
) -> Result<Vec<Stray>, CloudError> {
    let mut strays = Vec::new();
    let group_of = |stack: &Stack| stack.outputs.get(names::GROUP_NAME).cloned();
    let wanted: Vec<String> = seen.slots.values().filter_map(group_of).collect();
    let groups = if wanted.is_empty() { Vec::new() } else { cloud.groups(&wanted).await? };
    for (which, stack) in &seen.slots {
        let template = Template::parse(&cloud.get_template(&stack.id).await?).ok();
        let scheduled = template.is_none_or(|template| is_scheduled(&template));
        let group = groups.iter().find(|group| Some(&group.name) == group_of(stack).as_ref());
        strays.extend(slot(&seen.state, (*which, stack), group, scheduled));
    }
    let Some(stack) = alarms.filter(|stack| stack.status.is_updatable()) else { return Ok(strays) };
    let Ok(template) = Template::parse(&cloud.get_template(&stack.id).await?) else { return Ok(strays) };
    let resources = cloud.describe_stack_resources(&stack.id).await?;
    let said = alarms_said(&Side::of_stack(template, stack, &resources));
    let names: Vec<String> = said.iter().map(|alarm| alarm.name.clone()).collect();
    if !names.is_empty() {
        strays.extend(alarms_of(stack, &said, &cloud.alarm_definitions(&names).await?));
    }
    Ok(strays)
}

/// Name of the stack of a role's alarms.
pub(super) fn alarms_stack(prefix: &str, role: &str) -> String {
    format!("{prefix}-{role}-alarms")
}

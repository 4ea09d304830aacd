//! Stacks that are deployed and no longer in the spec: what goes with each, who still uses it, and what cannot go on before
//! it is removed.

use serde::Serialize;

use crate::cfn::{DeletionPolicy, StackResource, StackStatus, Template, carries_requests, holds_records};

use super::compare::DeployedStack;
use super::loss::{Cost, Ending, Loss};

/// A stack that is deployed and no longer in the spec, as it was read.
#[derive(Debug, Clone)]
pub struct Left {
    /// Its name inside the environment, `web-traffic`.
    pub key: String,
    /// As it is deployed.
    pub deployed: DeployedStack,
    /// Its resources, as the account has them.
    pub resources: Vec<StackResource>,
    /// Logical ids of its groups that carry users, or of which nobody can tell.
    pub serving: Vec<String>,
    /// The role that it belonged to.
    pub role: Option<String>,
    /// Some run of asagi made or changed it, or a person says that it is this environment's; only such a stack is removed.
    pub own: bool,
}

/// A stack that is deployed and no longer in the spec, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leaving {
    /// Its name inside the environment, `web-traffic`.
    pub key: String,
    /// Its name in CloudFormation.
    pub name: String,
    /// Its ARN.
    pub id: String,
    /// Where it stands.
    pub status: StackStatus,
    /// The role that it belonged to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Some run of asagi made or changed it, or a person says that it is this environment's.
    pub own: bool,
    /// Its deletion is refused.
    pub protected: bool,
    /// Its resources, each with what becomes of it.
    pub ends: Vec<Ended>,
    /// Names of stacks that use what is in it and go on using it.
    pub used_by: Vec<String>,
    /// What fails as long as it is there, a sentence each.
    pub holds_up: Vec<String>,
    /// When the plan removes it; `None` where it stays.
    pub goes: Option<Goes>,
}

/// When a stack is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Goes {
    /// So many levels of stacks are done before.
    pub after: usize,
    /// Of those that go then, those of a lower number go first.
    pub turn: usize,
}

/// A resource of a stack that goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// Name in the template.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Name in the account.
    pub physical_id: String,
    /// What becomes of it.
    pub fate: Kept,
    /// Its end is felt by users.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub serves: bool,
}

/// What becomes of a resource when its stack goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// It is deleted.
    Lost,
    /// It is deleted after a snapshot.
    Snapshot,
    /// It stays in the account, out of any stack.
    Kept,
}

const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";

impl Leaving {
    /// As it was read, before anything is known of its order.
    pub fn of(left: &Left) -> Self {
        let stack = &left.deployed.stack;
        Self {
            key: left.key.clone(),
            name: stack.name.clone(),
            id: stack.id.clone(),
            status: stack.status.clone(),
            role: left.role.clone(),
            own: left.own,
            protected: stack.termination_protection,
            ends: ends(&left.resources, left.deployed.template.as_ref(), &left.serving),
            used_by: Vec::new(),
            holds_up: Vec::new(),
            goes: None,
        }
    }

    /// What goes with it that users feel, or that holds data.
    pub fn losses(&self) -> Vec<Loss> {
        let cost = |it: &Ended| match it.fate {
            Kept::Lost if holds_records(&it.resource_type) => Some(Cost::Data),
            Kept::Kept => None,
            _ if it.serves => Some(Cost::Requests),
            _ => None,
        };
        let loss = |it: &Ended| {
            Some(Loss {
                stack: self.name.clone(),
                logical_id: it.logical_id.clone(),
                resource_type: it.resource_type.clone(),
                ends: Ending::Removed,
                costs: cost(it)?,
            })
        };
        self.ends.iter().filter_map(loss).collect()
    }

    /// Resources that stay in the account.
    pub fn kept(&self) -> impl Iterator<Item = &Ended> {
        self.ends.iter().filter(|it| it.fate == Kept::Kept)
    }

    /// Why it is not removed though a person asked for that, and what to do.
    pub fn stays(&self) -> Option<(String, String)> {
        let name = &self.name;
        if self.status.is_busy() && self.status != StackStatus::DeleteInProgress {
            let why = format!("{name} is {}: nothing deletes it meanwhile", self.status);
            return Some((why, "plan again when that is done".to_owned()));
        }
        if !self.used_by.is_empty() {
            let why = format!("{name} stays: {} uses what is in it", self.used_by.join(", "));
            return Some((why, "take that out of the spec first, and apply it".to_owned()));
        }
        if self.protected {
            let why = format!("{name} is protected from deletion");
            let off = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name";
            return Some((why, format!("whoever means to remove it takes that off: `{off} {name}`")));
        }
        None
    }
}

/// The resources of a stack, each with what becomes of it when the stack goes.
fn ends(resources: &[StackResource], template: Option<&Template>, serving: &[String]) -> Vec<Ended> {
    let there = resources.iter().filter(|it| !it.status.is_gone());
    let end = |it: &StackResource| {
        let declared = template.and_then(|template| template.resources.get(&it.logical_id));
        let fate = match declared.and_then(|declared| declared.deletion_policy.as_ref()) {
            Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate) => Kept::Kept,
            Some(DeletionPolicy::Snapshot) => Kept::Snapshot,
            _ => Kept::Lost,
        };
        let serves = match it.resource_type.as_str() {
            GROUP => serving.contains(&it.logical_id),
            kind => carries_requests(kind),
        };
        Some(Ended {
            logical_id: it.logical_id.clone(),
            resource_type: it.resource_type.clone(),
            physical_id: it.physical_id.clone().filter(|id| !id.is_empty())?,
            fate,
            serves,
        })
    };
    there.filter_map(end).collect()
}

//! The plan itself: all that an apply obeys. It is made from the spec and the account and from nothing else: no text can
//! be read as one.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::cfn::ResourceChange;
use crate::model::{Approval, Origin, PolicyEntry};
use crate::source::{digest_of, grouped, short_digest};
use crate::stacks::Argument;
use crate::words::Secret;

use super::leaving::Leaving;
use super::loss::{Loss, losses};
use super::readings::Reading;
use super::role_plan::RolePlan;
use super::window::PlannedWindow;

/// Form of plans and plan files that this version makes.
pub const VERSION: u32 = 2;

/// All that an apply obeys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Its form.
    pub version: u32,
    /// The asagi that made it: another one may make other templates and phases of the same spec.
    pub asagi: String,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// The account it was made for; the caller's must equal it before anything is written.
    pub account: String,
    /// The region.
    pub region: String,
    /// Bucket that templates go through which are too large for a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_bucket: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// Digest of the spec's files.
    pub spec: String,
    /// Who must agree.
    pub approval: Approval,
    /// What the spec protects less than the rollouts before were protected: a person agrees to that, whatever it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lowered: Vec<String>,
    /// Severities that the spec sets itself, with its reasons: what was lowered is part of what is approved.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub policy: IndexMap<String, PolicyEntry>,
    /// When a phase may start, if not always.
    pub window: Option<PlannedWindow>,
    /// Where releases come from: what is not live there may not come here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promote_from: Option<Origin>,
    /// Stacks that change, level by level; each level depends only on levels before it.
    pub levels: Vec<Vec<PlannedStack>>,
    /// Keys of the stacks that do not change.
    pub unchanged: Vec<String>,
    /// Stacks that cannot be created or changed yet.
    pub deferred: Vec<StackDeferral>,
    /// What has moved that stacks take with their next change, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What CloudFormation refuses of these changes: nothing runs while there is any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedChange>,
    /// What is to happen to each role, in the order in which they roll.
    pub roles: Vec<RolePlan>,
    /// Stacks that are deployed and no longer in the spec, and what becomes of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaving: Vec<Leaving>,
    /// Every stack's state when the plan was made: if any of it moved, apply refuses.
    pub pins: IndexMap<String, Pin>,
}

/// A stack that cannot be created or changed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StackDeferral {
    /// Its key.
    pub stack: String,
    /// Until when, or for what.
    pub until: String,
}

/// A change that CloudFormation refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedChange {
    /// Key of the stack.
    pub stack: String,
    /// What it refuses, and what to write instead.
    pub why: String,
}

/// One stack that is created or updated.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStack {
    /// `web-traffic`.
    pub key: String,
    /// `idhub-40-prod-web-traffic`.
    pub name: String,
    /// Its Region, where that is another than the environment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// It does not exist yet.
    pub create: bool,
    /// It changes only when a value that another stack makes turns out to be another.
    pub possible: bool,
    /// NoEcho parameters that cannot be read back, where nothing else of the stack changes: they are sent again, and
    /// CloudFormation tells whether anything does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sent_again: Vec<String>,
    /// The template to submit.
    pub template: String,
    /// What its parameters are fed with.
    pub arguments: IndexMap<String, Argument>,
    /// Its tags.
    pub tags: IndexMap<String, String>,
    /// Topics that CloudFormation tells of its events; `None` leaves it those that it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_topics: Option<Vec<String>>,
    /// What of its arguments was read elsewhere, and where.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub readings: IndexMap<String, Reading>,
    /// What was read there: for the request alone.
    #[serde(skip)]
    pub values: IndexMap<String, Secret>,
    /// What the template needs.
    pub capabilities: Vec<String>,
    /// What its termination protection becomes; `None` leaves it as it is.
    pub protects: Option<bool>,
    /// CloudFormation works with the environment's service role. That role can make what asagi's stacks hold and no
    /// more, so a team's own stack is made with the caller's rights, and so is the stack that holds the role.
    pub service_role: bool,
    /// What the change set may contain.
    pub predicted: Vec<ResourceChange>,
    /// What it contains cannot be predicted, as macros rewrite the template: the texts were compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unforeseen: bool,
}

/// A stack's state when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pin {
    /// ARN; `None` when it did not exist.
    pub stack: Option<String>,
    /// Its last operation.
    pub last_operation: Option<String>,
}

impl Plan {
    /// Digest of all that it says, but for when it was made and how many instances were there and healthy then, and notes: so the
    /// same change planned twice is the same plan, and what was reviewed can be approved though a group has scaled.
    pub fn digest(&self) -> String {
        // A plan of texts and numbers always is JSON; two plans never are the same because one could not be written.
        let data = serde_json::to_value(self).unwrap_or_else(|_| format!("{self:?}").into());
        digest_of(&format!("asagi plan {VERSION}"), &lasting(data))
    }

    /// The digest as people read it and give it to `--approve`: 128 bits in groups.
    pub fn grouped_digest(&self) -> String {
        grouped(&self.digest())
    }

    /// All that there is to do is to send what cannot be read back: nothing is known to change.
    pub fn only_sends_again(&self) -> bool {
        let only = |stack: &PlannedStack| !stack.sent_again.is_empty() && stack.protects.is_none();
        let nothing_left = !self.leaving.iter().any(|it| it.own);
        nothing_left && self.roles.is_empty() && self.levels.iter().flatten().all(only)
    }

    /// There is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.roles.is_empty() && self.removed().next().is_none()
    }

    /// What is deployed is not what the spec says, whether this plan changes that or not.
    pub fn differs(&self) -> bool {
        !self.is_empty() || self.leaving.iter().any(|it| it.own)
    }

    /// The stacks that it removes.
    pub fn removed(&self) -> impl Iterator<Item = &Leaving> {
        self.leaving.iter().filter(|it| it.goes.is_some())
    }

    /// All that it would lose.
    pub fn losses(&self) -> Vec<Loss> {
        let changed = losses(self.levels.iter().flatten());
        changed.into_iter().chain(self.removed().flat_map(Leaving::losses)).collect()
    }
}

/// All of a plan that does not change by itself.
pub(super) fn lasting(mut plan: Value) -> Value {
    if let Some(plan) = plan.as_object_mut() {
        plan.remove("made");
        plan.remove("notes");
    }
    for role in plan.get_mut("roles").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(seen) = role.get_mut("seen") {
            forget_live_sizes(seen);
        }
    }
    plan
}

/// Leaves out what a scaling policy and health checks change: phases look at it when they start.
pub(super) fn forget_live_sizes(seen: &mut Value) {
    for slot in ["blue", "green"] {
        if let Some(slot) = seen.get_mut(slot).and_then(Value::as_object_mut) {
            slot.remove("desired");
            slot.remove("healthy");
        }
    }
}

/// Names a template in messages: its digest's first 12 characters.
pub fn template_digest(text: &str) -> String {
    short_digest(text.as_bytes())
}

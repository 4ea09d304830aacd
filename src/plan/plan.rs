//! The plan itself: all that an apply obeys, as one file.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cfn::ResourceChange;
use crate::model::{Approval, PolicyEntry};
use crate::source::{digest, short_digest};
use crate::stacks::Argument;

use super::role_plan::RolePlan;
use super::window::PlannedWindow;

/// Form of the plan file that this version reads and writes.
pub const VERSION: u32 = 1;

/// All that an apply obeys: it needs no spec beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Form of the file.
    pub version: u32,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// The account it was made for; the caller's must equal it before anything is written.
    pub account: String,
    /// The region.
    pub region: String,
    /// Bucket that templates go through which are too large for a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_bucket: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// Digest of the spec's files.
    pub spec: String,
    /// Who must agree.
    pub approval: Approval,
    /// Severities that the spec sets itself, with its reasons: what was lowered is part of what is approved.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub policy: IndexMap<String, PolicyEntry>,
    /// When a phase may start, if not always.
    pub window: Option<PlannedWindow>,
    /// Stacks that change, level by level; each level depends only on levels before it.
    pub levels: Vec<Vec<PlannedStack>>,
    /// Keys of the stacks that do not change.
    pub unchanged: Vec<String>,
    /// Stacks that cannot be created or changed yet.
    pub deferred: Vec<StackDeferral>,
    /// What is to happen to each role, in the order in which they roll.
    pub roles: Vec<RolePlan>,
    /// Every stack's state when the plan was made: if any of it moved, apply refuses.
    pub pins: IndexMap<String, Pin>,
}

/// A stack that cannot be created or changed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackDeferral {
    /// Its key.
    pub stack: String,
    /// Until when, or for what.
    pub until: String,
}

/// One stack that is created or updated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStack {
    /// `web-traffic`.
    pub key: String,
    /// `idhub-40-prod-web-traffic`.
    pub name: String,
    /// It does not exist yet.
    pub create: bool,
    /// It changes only when a value that another stack makes turns out to be another.
    pub possible: bool,
    /// The template to submit.
    pub template: String,
    /// What its parameters are fed with.
    pub arguments: IndexMap<String, Argument>,
    /// Its tags.
    pub tags: IndexMap<String, String>,
    /// Topics that CloudFormation tells of its events; `None` leaves it those that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_topics: Option<Vec<String>>,
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unforeseen: bool,
}

/// A stack's state when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pin {
    /// ARN; `None` when it did not exist.
    pub stack: Option<String>,
    /// Its last operation.
    pub last_operation: Option<String>,
}

impl Plan {
    /// Digest of what it does. When it was made does not count, nor how many instances were there and healthy then, so
    /// the same change planned twice is the same plan: what was reviewed can be approved though a group has scaled.
    pub fn digest(&self) -> String {
        let mut timeless = Self { made: Timestamp::UNIX_EPOCH, ..self.clone() };
        for role in &mut timeless.roles {
            for slot in [&mut role.seen.blue, &mut role.seen.green] {
                (slot.desired, slot.healthy) = (0, 0);
            }
        }
        digest(serde_json::to_string(&timeless).unwrap_or_default().as_bytes())
    }

    /// The first 12 characters of the digest: what a person reads, types and gives to `--approve`.
    pub fn short_digest(&self) -> String {
        self.digest().chars().take(12).collect()
    }

    /// There is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.roles.is_empty()
    }

    /// From a plan file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| format!("not a plan file: {error}"))?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => {
                return Err(format!("plan file of version {version}; this asagi reads {VERSION}"));
            }
            None => return Err("not a plan file: it has no version".to_owned()),
        }
        serde_json::from_value(value).map_err(|error| format!("not a plan file: {error}"))
    }
}

/// Names a template in messages: its digest's first 12 characters.
pub fn template_digest(text: &str) -> String {
    short_digest(text.as_bytes())
}

//! The plan file: what a plan was made from and came to, as digests. Nothing in it is ever run or believed: apply makes
//! the plan again from the spec and the account, and the file says whether that is the plan that was reviewed and, where
//! it is not, what has moved since.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::source::digest_of;

use super::plan::{Pin, Plan, PlannedStack, VERSION, forget_live_sizes};
use super::role_plan::RolePlan;
use super::unique::Unique;

/// Digests by name.
pub type Parts = IndexMap<String, String>;

/// A plan file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanFile {
    /// Form of the file.
    pub version: u32,
    /// The asagi that made it.
    pub asagi: String,
    /// The project.
    pub project: String,
    /// The environment: the only word in here that says where to look, and it is looked for in `environments/`.
    pub environment: String,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// When the plan was made.
    pub made: Timestamp,
    /// It removes stacks that left the spec: a run of it is asked for with that word again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prune: bool,
    /// Digest of the plan, all 64 digits.
    pub digest: String,
    /// Sections of the spec, to name what has moved.
    pub spec: Parts,
    /// Files that were read for it.
    pub files: Parts,
    /// Every stack by its name: as it stood, and what was to become of it.
    pub stacks: IndexMap<String, StackParts>,
    /// Every role by its name: as it stood, and what was to become of it.
    pub roles: IndexMap<String, RoleParts>,
    /// Digest of all the above: tells a file that was changed from ground that has moved. It proves nothing to anybody
    /// who wants to deceive, and needs not.
    pub seal: String,
}

/// What the spec was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// Sections of the spec: `protection.approval`, `roles.web.release`.
    pub spec: Parts,
    /// Files that were read for it.
    pub files: Parts,
}

/// A stack, as digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StackParts {
    /// Of its ARN; `None` when it did not exist.
    pub id: Option<String>,
    /// Of its last operation.
    pub operation: Option<String>,
    /// Of what was to become of it.
    pub change: Option<String>,
}

/// A role, as digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleParts {
    /// Of how it was seen.
    pub seen: String,
    /// Of its phases.
    pub phases: String,
}

/// Why a text is no plan file that can be held against anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPlan {
    /// It is something else, or cut off.
    #[error("not a plan file: {0}")]
    Unreadable(String),
    /// Another asagi wrote it.
    #[error("a plan file of form {0}; this asagi makes form {VERSION}")]
    Form(u64),
    /// It is not as asagi wrote it.
    #[error("this file was edited after it was made: {0}")]
    Edited(String),
}

/// What has moved since a plan was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MovedGround {
    /// It is another asagi.
    Asagi {
        /// The one that made the plan.
        then: String,
        /// This one.
        now: String,
    },
    /// A section of the spec.
    Spec(String),
    /// A file that the spec names.
    File(String),
    /// A stack was made meanwhile.
    Created(String),
    /// A stack is gone.
    Deleted(String),
    /// A stack had another operation.
    Changed(String),
    /// What is to become of a stack is something else, though neither it nor the spec has moved.
    StackPlan(String),
    /// Weights, sizes or the record of a role.
    Seen(String),
    /// What is to become of a role is something else.
    Phases(String),
    /// None of the above can say what.
    Otherwise,
}

impl PlanFile {
    /// The file of a plan that was made from that.
    pub fn of(plan: &Plan, ground: Ground) -> Self {
        let changes = plan
            .levels
            .iter()
            .flatten()
            .map(|stack| (stack.name.as_str(), stack))
            .collect::<IndexMap<_, _>>();
        let stack = |(name, pin): (&String, &Pin)| {
            let mut parts = stack_parts(pin, changes.get(name.as_str()).copied());
            let goes = plan.removed().find(|it| it.name == *name);
            parts.change = parts.change.or_else(|| goes.map(|goes| of("goes", goes)));
            (name.clone(), parts)
        };
        let role = |role: &RolePlan| (role.role.clone(), role_parts(role));
        let file = Self {
            version: VERSION,
            asagi: plan.asagi.clone(),
            project: plan.project.clone(),
            environment: plan.environment.clone(),
            account: plan.account.clone(),
            region: plan.region.clone(),
            made: plan.made,
            prune: plan.removed().next().is_some(),
            digest: plan.digest(),
            spec: ground.spec,
            files: ground.files,
            stacks: plan.pins.iter().map(stack).collect(),
            roles: plan.roles.iter().map(role).collect(),
            seal: String::new(),
        };
        file.sealed()
    }

    /// The same with the seal that belongs to it.
    pub(super) fn sealed(self) -> Self {
        Self { seal: self.seal(), ..self }
    }

    /// Its text.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// From a file's text.
    ///
    /// # Errors
    /// When it is no plan file, of another form, or not as it was written.
    pub fn parse(text: &str) -> Result<Self, NoPlan> {
        let Unique(value) =
            serde_json::from_str(text).map_err(|error| NoPlan::Unreadable(error.to_string()))?;
        match value.get("version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(NoPlan::Form(version)),
            None => return Err(NoPlan::Unreadable("it has no version".to_owned())),
        }
        let file: Self =
            serde_json::from_value(value.clone()).map_err(|error| NoPlan::Edited(error.to_string()))?;
        // Written again it is the same: nothing was read that means the same and looks like something else.
        if serde_json::to_value(&file).ok() != Some(value) || file.seal != file.seal() {
            return Err(NoPlan::Edited("it does not say what it said then".to_owned()));
        }
        if !is_name(&file.environment) {
            return Err(NoPlan::Edited("`environment` is no name of one".to_owned()));
        }
        Ok(file)
    }

    /// What has moved since it was made, given the file that the plan of now would be.
    pub fn moved(&self, now: &Self) -> Vec<MovedGround> {
        if self.asagi != now.asagi {
            return vec![MovedGround::Asagi { then: self.asagi.clone(), now: now.asagi.clone() }];
        }
        if self.digest == now.digest {
            return Vec::new();
        }
        let mut moved: Vec<MovedGround> = differing(&self.spec, &now.spec).map(MovedGround::Spec).collect();
        if moved.is_empty() {
            moved.extend(differing(&self.files, &now.files).map(MovedGround::File));
        }
        let same_spec = moved.is_empty();
        for name in names(&self.stacks, &now.stacks) {
            moved.extend(stack_moved(name, self.stacks.get(name), now.stacks.get(name), same_spec));
        }
        let stacks_stand = moved.is_empty();
        for name in names(&self.roles, &now.roles) {
            let (then, now) = (self.roles.get(name), now.roles.get(name));
            if then.map(|role| &role.seen) != now.map(|role| &role.seen) {
                moved.push(MovedGround::Seen(name.clone()));
            } else if stacks_stand && then != now {
                moved.push(MovedGround::Phases(name.clone()));
            }
        }
        if moved.is_empty() {
            moved.push(MovedGround::Otherwise);
        }
        moved
    }

    fn seal(&self) -> String {
        let unsealed = Self { seal: String::new(), ..self.clone() };
        of("file", &unsealed)
    }
}

/// What the spec's schema takes for a name: lower-case letters, digits and single hyphens, beginning with a letter. Such a
/// word is no path, whatever it is put into.
fn is_name(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(plain)
}

fn stack_moved(
    name: &str,
    then: Option<&StackParts>,
    now: Option<&StackParts>,
    same_spec: bool,
) -> Option<MovedGround> {
    let name = name.to_owned();
    // A stack that one of them does not speak of came or went with the spec, which tells of itself.
    let (then, now) = (then?, now?);
    match (&then.id, &now.id) {
        (None, Some(_)) => Some(MovedGround::Created(name)),
        (Some(_), None) => Some(MovedGround::Deleted(name)),
        (before, after) if before != after => Some(MovedGround::Created(name)),
        _ if then.operation != now.operation => Some(MovedGround::Changed(name)),
        _ if same_spec && then.change != now.change => Some(MovedGround::StackPlan(name)),
        _ => None,
    }
}

fn stack_parts(pin: &Pin, change: Option<&PlannedStack>) -> StackParts {
    StackParts {
        id: pin.stack.as_ref().map(|id| of("id", id)),
        operation: pin.last_operation.as_ref().map(|operation| of("operation", operation)),
        change: change.map(|change| of("change", change)),
    }
}

fn role_parts(role: &RolePlan) -> RoleParts {
    let mut seen = serde_json::to_value(&role.seen).unwrap_or_default();
    forget_live_sizes(&mut seen);
    let unseen = RolePlan { seen: super::RoleState::absent(&role.role), ..role.clone() };
    RoleParts { seen: digest_of("asagi plan part: seen", &seen), phases: of("phases", &unseen) }
}

fn of(part: &str, value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    digest_of(&format!("asagi plan part: {part}"), &value)
}

/// Names that both have with another digest, or that only one of them has.
fn differing<'a>(then: &'a Parts, now: &'a Parts) -> impl Iterator<Item = String> + 'a {
    names(then, now).filter(|name| then.get(*name) != now.get(*name)).cloned()
}

fn names<'a, T>(
    then: &'a IndexMap<String, T>,
    now: &'a IndexMap<String, T>,
) -> impl Iterator<Item = &'a String> {
    now.keys().chain(then.keys().filter(|name| !now.contains_key(*name)))
}

//! What a diff says.

use std::fmt;

use crate::cfn::{Effective, Problem, Recreation, Reference, ResourceChange, Scope};

use super::{MovedValue, Path};

/// What would become of one stack.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackDiff {
    /// Its name.
    pub stack: String,
    /// It does not exist yet.
    pub is_new: bool,
    /// It would go.
    pub is_removed: bool,
    /// Resources that change, in the order of the template, removed ones last.
    pub resources: Vec<ResourceDiff>,
    /// Resources that are otherwise, or at all, among those that change where a policy or metadata alone is taken for a change
    /// of what a resource gives: a change set may say so, and nothing comes of it.
    pub named: Vec<ResourceDiff>,
    /// Resources that stay as they are.
    pub unchanged: Vec<UnchangedResource>,
    /// Parameters whose value or presence changes.
    pub parameters: Vec<ValueChange>,
    /// Conditions whose value changes.
    pub conditions: Vec<ValueChange>,
    /// Outputs whose value changes; their exports as `Name.Export`.
    pub outputs: Vec<ValueChange>,
    /// Tags of the stack.
    pub tags: Vec<ValueChange>,
    /// What the template says otherwise although nothing deployed changes by it, by place. CloudFormation takes it along
    /// with the next change of the stack, and refuses it alone.
    pub wording: Vec<ValueChange>,
    /// SSM parameters that parameter types name, and that are others now than the stack has.
    pub moved: Vec<MovedValue>,
    /// NoEcho parameters: what is deployed cannot be read back, so nobody but CloudFormation can compare it.
    pub unreadable: Vec<String>,
    /// What a change set may say where all that may differ are values that only the deployment knows.
    pub open: Vec<ResourceChange>,
    /// What is wrong with the desired template.
    pub problems: Vec<Problem>,
    /// What CloudFormation refuses of the change, as the deployed stack is.
    pub refused: Vec<Problem>,
    /// The difference as text, where one side could not be read as a template; then the rest is empty.
    pub text: Option<String>,
}

/// What would become of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceDiff {
    /// Name in the template.
    pub logical_id: String,
    /// Such as `AWS::EC2::LaunchTemplate`.
    pub resource_type: String,
    /// Name in the account, where known.
    pub physical_id: Option<String>,
    /// What happens.
    pub change: Change,
    /// Whether it happens at all.
    pub certainty: Certainty,
    /// Value by value. Of an added or removed resource: each property whole.
    pub properties: Vec<PropertyChange>,
    /// Properties that are the same but for an order that means nothing: a change set may name them all the same.
    pub reordered: Vec<String>,
    /// What becomes of the old one, when it is removed or (perhaps) replaced.
    pub fate: Option<Fate>,
    /// Of [`Change::MayReplace`]: why it is not replaced in fact, although CloudFormation calls it conditional.
    pub stays: Option<&'static str>,
    /// The removed resource that this added one seems to be, under a new name; or the other way round.
    pub renamed: Option<String>,
    /// Dynamic references that stay as they are written: with its update they are looked up anew, and may have moved.
    pub lookups: Vec<String>,
    /// Why it does not happen now; then it is no part of the prediction.
    pub held: Option<String>,
}

/// A resource that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnchangedResource {
    /// Name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// Name in the account, where known.
    pub physical_id: Option<String>,
    /// As [`ResourceDiff::reordered`].
    pub reordered: Vec<String>,
}

/// What happens to a resource, from mild to severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It is created.
    Add,
    /// It is updated in place.
    Modify,
    /// It is updated, or a new one takes its place.
    MayReplace,
    /// A new one takes its place.
    Replace,
    /// It is removed.
    Remove,
}

/// Whether a change happens at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Only when a value that is known after apply turns out to differ.
    Possible,
    /// Yes.
    Certain,
}

/// One changed value of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyChange {
    /// Which part of the resource.
    pub scope: Scope,
    /// Where in that part.
    pub path: Path,
    /// Before; `None` when it was not there.
    pub before: Option<Effective>,
    /// After; `None` when it will not be there.
    pub after: Option<Effective>,
    /// Whether this alone recreates the resource.
    pub recreation: Recreation,
    /// Whether it changes at all.
    pub certainty: Certainty,
    /// What moved it, where it is not the template itself.
    pub causes: Vec<Cause>,
}

/// What moved a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A parameter with another value.
    Parameter(String),
    /// A resource that is replaced.
    Replaced(Reference),
    /// A resource that is updated, or perhaps replaced.
    Updated(Reference),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => f.write_str(name),
            Self::Replaced(reference) => write!(f, "{} is replaced", reference.logical_id),
            Self::Updated(reference) => write!(f, "{} is updated", reference.logical_id),
        }
    }
}

/// What becomes of an old resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It stays in the account, out of the stack.
    Kept,
    /// It goes after a snapshot.
    Snapshot,
    /// It goes.
    Lost,
}

/// A changed value that is no resource's.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueChange {
    /// Its name.
    pub name: String,
    /// Before; `None` when it was not there.
    pub before: Option<Effective>,
    /// After; `None` when it will not be there.
    pub after: Option<Effective>,
    /// Whether it changes at all.
    pub certainty: Certainty,
}

impl StackDiff {
    /// Nothing would change; resources that are held do not count, and neither does what is only written otherwise.
    pub fn is_empty(&self) -> bool {
        let resources = self.resources.iter().all(|resource| resource.held.is_some());
        let values = [&self.outputs, &self.tags, &self.parameters].into_iter().all(Vec::is_empty);
        resources && values && self.text.is_none() && !self.is_new && !self.is_removed
    }

    /// There is nothing to tell of it, not even what is held or wrong.
    pub fn says_nothing(&self) -> bool {
        self.is_empty()
            && [
                self.resources.is_empty(),
                self.wording.is_empty(),
                self.problems.is_empty(),
                self.moved.is_empty(),
                self.refused.is_empty(),
            ] == [true; 5]
    }

    /// The resource of that logical id, if it changes.
    pub fn resource(&self, logical_id: &str) -> Option<&ResourceDiff> {
        self.resources.iter().find(|resource| resource.logical_id == logical_id)
    }
}

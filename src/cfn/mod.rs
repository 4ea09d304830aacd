//! CloudFormation's nouns: template, parameter, stack, change set, resource change, status, event; and evaluation.
//!
//! Every enum that AWS may extend has an `Unknown(String)` arm: a new word from the service is carried, shown and
//! never a crash.

pub mod base64;
mod change_set;
pub mod create_only;
mod custom_name;
mod effective;
pub mod evaluate;
mod event;
mod identity;
mod instance_types;
mod made;
pub mod registry;
mod names;
mod stack;
mod stakes;
mod status;
mod taken;
mod template;

pub use change_set::{
    Action, ChangeDetail, ChangeSet, ChangeSetStatus, ChangeSetType, ExecutionStatus, PolicyAction,
    Recreation, Replacement, ResourceChange, Scope,
};
pub use create_only::{CreateOnly, create_only};
pub use custom_name::name_property;
pub use effective::{Effective, Outside, Reference, Unknown, called};
pub use evaluate::{
    Broken, EvaluatedResource, Evaluation, Evaluator, Lookup, NothingKnown, Problem, Surroundings, Trace,
    ssm_parameter_name,
};
pub use event::StackEvent;
pub use identity::{Identity, identity, is_custom};
pub use instance_types::is_instance_type;
pub use names::{BadName, Naming, naming};
pub use stack::{
    CreateChangeSet, ParameterValue, RollbackConfiguration, Stack, StackParameter, StackResource,
};
pub use stakes::{carries_requests, holds_data, holds_records};
pub use status::{ResourceStatus, StackStatus};
pub use taken::{Taken, taken, takes_or_gives};
pub use template::{
    DeletionPolicy, Output, ParameterDeclaration, Resource, Template, TemplateError, names_in,
};

/// Largest template body in a request, in bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub const TEMPLATE_BODY_LIMIT: usize = 51_200;

/// Largest template that CloudFormation takes from a bucket, in bytes: the quota says 1 MB, the service counts a million.
pub const TEMPLATE_OBJECT_LIMIT: usize = 1_000_000;

/// Largest template, in bytes, with or without a bucket that larger ones go through.
pub fn template_limit(bucket: bool) -> usize {
    if bucket { TEMPLATE_OBJECT_LIMIT } else { TEMPLATE_BODY_LIMIT }
}

//! What each resource type is called in the account, what its attributes are, and how long it takes.

mod arn;
mod attributes;
mod durations;
mod physical;

pub(crate) use attributes::attribute;
pub(crate) use durations::{Work, seconds};
pub(crate) use physical::{custom_name, physical_id};

use serde_json::{Map, Value};

/// The place where a resource is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Twelve digits.
    pub(crate) account: &'a str,
    /// Such as `ap-northeast-1`.
    pub(crate) region: &'a str,
    /// The stack's name.
    pub(crate) stack: &'a str,
    /// The stack's ARN.
    pub(crate) stack_id: &'a str,
}

/// A resource before it has a name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unnamed<'a> {
    /// Name in the template.
    pub(crate) logical_id: &'a str,
    /// Its type.
    pub(crate) kind: &'a str,
    /// Its properties, evaluated.
    pub(crate) properties: &'a Map<String, Value>,
    /// How many it was replaced by before.
    pub(crate) generation: u64,
}

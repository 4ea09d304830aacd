//! A template, parsed once.

mod ascii;
#[cfg(test)]
mod ascii_tests;
mod held;
mod macros;
mod parse;
#[cfg(test)]
mod parse_tests;
mod restore;
mod unroll;
mod write;

pub use held::names_in;
pub(in crate::cfn) use parse::FOR_EACH;
pub(in crate::cfn) use unroll::{Items, unroll};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A template: short tags are `Ref` and `Fn::…`, order is kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    /// `Description`.
    pub description: Option<String>,
    /// `Metadata`.
    pub metadata: Value,
    /// `Parameters`.
    pub parameters: IndexMap<String, ParameterDeclaration>,
    /// `Mappings`, two levels of keys.
    pub mappings: Map<String, Value>,
    /// `Conditions`.
    pub conditions: IndexMap<String, Value>,
    /// `Rules`.
    pub rules: Value,
    /// `Transform`.
    pub transform: Option<Value>,
    /// `Hooks`.
    pub hooks: Value,
    /// `Resources`.
    pub resources: IndexMap<String, Resource>,
    /// `Outputs`.
    pub outputs: IndexMap<String, Output>,
    /// Macros rewrite it: what is above is what is written, not what is made.
    pub rewritten: bool,
}

/// A declared parameter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParameterDeclaration {
    /// `String`, `Number`, `CommaDelimitedList`, `AWS::…` or `AWS::SSM::Parameter::Value<…>`.
    pub kind: String,
    /// `Default`, as text; a number keeps its digits.
    pub default: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `NoEcho`: its value is never shown.
    pub no_echo: bool,
    /// `AllowedValues`, as text; empty when not given.
    pub allowed_values: Vec<String>,
    /// `AllowedPattern`.
    pub allowed_pattern: Option<String>,
    /// `ConstraintDescription`.
    pub constraint_description: Option<String>,
    /// `MinLength`, `MaxLength`.
    pub length: (Option<u64>, Option<u64>),
    /// `MinValue`, `MaxValue`.
    pub range: (Option<f64>, Option<f64>),
}

/// A declared resource.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resource {
    /// `Type`.
    pub kind: String,
    /// `Properties`.
    pub properties: Map<String, Value>,
    /// `Condition`.
    pub condition: Option<String>,
    /// `DependsOn`.
    pub depends_on: Vec<String>,
    /// `DeletionPolicy`.
    pub deletion_policy: Option<DeletionPolicy>,
    /// `UpdateReplacePolicy`.
    pub update_replace_policy: Option<DeletionPolicy>,
    /// `UpdatePolicy`.
    pub update_policy: Value,
    /// `CreationPolicy`.
    pub creation_policy: Value,
    /// `Metadata`.
    pub metadata: Value,
    /// `Version` of a custom resource.
    pub version: Option<String>,
}

impl Template {
    /// Whether a module makes a resource of that name: it has the module's logical id before its own.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html>
    pub fn is_in_a_module(&self, name: &str) -> bool {
        let mut modules = self.resources.iter().filter(|(_, it)| it.kind.ends_with("::MODULE"));
        modules.any(|(id, _)| name.strip_prefix(id.as_str()).is_some_and(|rest| !rest.is_empty()))
    }
}

impl Resource {
    /// The type under which a loop (`Fn::ForEach::…` in `Resources`) is kept, unread, as its one property, until it is
    /// unrolled.
    pub const FOR_EACH: &'static str = "Fn::ForEach";

    /// The type under which an entry that a macro makes a resource of is kept, unread, as its one property.
    pub const MACRO: &'static str = "Fn::Transform";
}

super::status::words! {
    /// What happens to the resource itself when it leaves the stack.
    DeletionPolicy {
        /// It goes.
        Delete = "Delete",
        /// It stays in the account.
        Retain = "Retain",
        /// It goes after a snapshot.
        Snapshot = "Snapshot",
        /// It stays, unless its creation is taken back.
        RetainExceptOnCreate = "RetainExceptOnCreate",
    }
}

/// A declared output.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Output {
    /// `Value`.
    pub value: Value,
    /// `Description`.
    pub description: Option<String>,
    /// `Condition`.
    pub condition: Option<String>,
    /// `Export.Name`.
    pub export: Option<Value>,
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// Lower-case phrase naming what is wrong.
    pub message: String,
    /// JSON pointer to where, such as `/Resources/Queue`; empty for the whole text.
    pub pointer: String,
}

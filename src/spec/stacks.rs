//! `stacks`: a team's own templates.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{OutputName, Text};

/// A team's own template.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnStack {
    /// Path of the template, YAML or JSON.
    pub template: Text,
    /// Values for its parameters.
    #[serde(default)]
    pub parameters: IndexMap<String, ParameterValue>,
}

/// A value, a list of values, or an output of another stack.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum ParameterValue {
    /// Text.
    Text(String),
    /// A number, taken as it is written.
    Number(f64),
    /// A boolean, taken as it is written.
    Bool(bool),
    /// Several, joined with commas.
    List(Vec<String>),
    /// An output of another stack of this environment.
    Output(OutputOf),
}

/// A value, or an output of another stack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Given<T> {
    /// The value.
    Value(T),
    /// An output of another stack of this environment.
    Output(OutputOf),
}

impl<T: Default> Default for Given<T> {
    fn default() -> Self {
        Self::Value(T::default())
    }
}

/// An output of another stack of this environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutputOf {
    /// `network.VpcId`: the stack, a dot, the output's name.
    pub output: OutputName,
}

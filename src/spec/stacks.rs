//! `stacks`: a team's own templates.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    Name, OutputName, OutputOrName, ParameterName, Region, SecretKey, SecretName, StackName, Text,
    VariableName,
};

/// A team's own template.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnStack {
    /// Path of the template, YAML or JSON.
    pub template: Text,
    /// The Region it stands in; the environment's, unless said. What CloudFront takes, a certificate or a web ACL, stands in
    /// `us-east-1`. A stack that is given another Region is made anew there, and stays where it was until somebody deletes it.
    pub region: Option<Region>,
    /// Values for its parameters.
    #[serde(default)]
    pub parameters: IndexMap<String, ParameterValue>,
}

/// A value, a list of values, or where the value is read.
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
    /// Where the value is read.
    Of(Box<ValueOf>),
}

/// Where a value is read: one of `output`, `ssm`, `secret`, `file`, `env` and `previous`, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueOf {
    /// An output of another stack: `network.VpcId`, the stack, a dot, the output's name.
    pub output: Option<OutputOrName>,
    /// The environment of this project that the stack of `output` belongs to; this one, unless said.
    pub environment: Option<Name>,
    /// The whole name of a stack that asagi did not make; `output` is then the output's name alone.
    pub stack: Option<StackName>,
    /// The Region of `stack` or `ssm`; the environment's, unless said.
    pub region: Option<Region>,
    /// A parameter of Parameter Store, read when the environment is planned. It may not be a `SecureString`.
    pub ssm: Option<ParameterName>,
    /// A secret of Secrets Manager by its name or ARN. CloudFormation reads it where the template uses it, asagi never does.
    pub secret: Option<SecretName>,
    /// The key of the JSON in the secret; all of it, unless said.
    pub key: Option<SecretKey>,
    /// A file whose text is the value, by its path relative to this one.
    pub file: Option<Text>,
    /// A variable in the environment of whoever plans and applies. Its value is never shown.
    pub env: Option<VariableName>,
    /// The value stays as it is; `first` is the one that the stack is created with.
    pub previous: Option<bool>,
    /// The value on creation of one that stays as it is; the template's default, unless said.
    pub first: Option<Scalar>,
}

/// A text, a number or a boolean, taken as it is written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Scalar {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
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

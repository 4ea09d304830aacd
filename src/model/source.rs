//! Where a value is read that neither the spec nor another stack of the environment gives.

use serde::{Deserialize, Serialize};

/// Where a value is read when the environment is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// An output of a stack that is none of this environment's.
    Output {
        /// The stack's whole name, `idhub-40-shared-dns`.
        stack: String,
        /// The output's name.
        output: String,
        /// Its Region, where that is another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
    /// A parameter of Parameter Store.
    Parameter {
        /// Its name.
        name: String,
        /// Its Region, where that is another one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        region: Option<String>,
    },
    /// An environment variable of whoever plans, by its name.
    Variable(String),
    /// The value that the parameter has already.
    Previous {
        /// The value on creation; `None` leaves it to the template's default.
        first: Option<String>,
    },
}

impl Source {
    /// Where it is, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Output { stack, output, region } => format!("output {output} of {stack}{}", within(region)),
            Self::Parameter { name, region } => format!("SSM parameter {name}{}", within(region)),
            Self::Variable(name) => format!("environment variable {name}"),
            Self::Previous { .. } => "its previous value".to_owned(),
        }
    }

    /// What stands for a value that nobody has read, or that is not shown.
    pub fn placeholder(&self) -> String {
        match self {
            Self::Output { stack, output, .. } => format!("${{{stack}.{output}}}"),
            Self::Parameter { name, .. } => format!("${{ssm:{name}}}"),
            Self::Variable(name) => format!("${{env:{name}}}"),
            Self::Previous { .. } => "${previous}".to_owned(),
        }
    }

    /// The Region that it is read in, where that is another one.
    pub fn region(&self) -> Option<&str> {
        match self {
            Self::Output { region, .. } | Self::Parameter { region, .. } => region.as_deref(),
            Self::Variable(_) | Self::Previous { .. } => None,
        }
    }

    /// The value may stand on a screen: whoever sees the account's stacks sees it too.
    pub fn is_shown(&self) -> bool {
        matches!(self, Self::Output { .. } | Self::Previous { .. })
    }
}

fn within(region: &Option<String>) -> String {
    region.as_ref().map_or_else(String::new, |region| format!(" in {region}"))
}

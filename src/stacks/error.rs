//! Why an environment could not be lowered: a mistake in a template, or a stack too large to be sent.

use crate::cfn::{TEMPLATE_BODY_LIMIT, TemplateError};

/// Why a stack could not be made. Everything that a spec can cause is found by `check` before, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stack `{stack}`: {problem}")]
pub struct StackError {
    /// The stack's key, `web-traffic`.
    pub stack: String,
    /// What is wrong with it.
    pub problem: StackProblem,
}

/// What is wrong with a stack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StackProblem {
    /// The template could not be rendered; a phrase naming the line.
    #[error("template could not be rendered: {0}")]
    Render(String),
    /// What came out, or what a team wrote, is no template.
    #[error("not a CloudFormation template: {0}")]
    Parse(TemplateError),
    /// Larger than a request can carry, or a bucket where there is one.
    #[error("template has {bytes} bytes, more than the {limit} that {}{}", carrier(*.limit), shares(.biggest))]
    TooLarge {
        /// Of the whole text.
        bytes: usize,
        /// How many it may have.
        limit: usize,
        /// Resource types that take the most of it, the biggest first: type, how many, bytes of them.
        biggest: Vec<(String, usize, usize)>,
    },
    /// It depends on a stack that is not there, or on itself through others.
    #[error("depends on `{0}`, which is missing or depends on this stack")]
    Dependency(String),
    /// A parameter of the template without default that nothing feeds.
    #[error("parameter `{0}` of the template has no default and is given no value")]
    Parameter(String),
    /// A value for a parameter that the template does not have.
    #[error("a value is given for parameter `{0}`, which the template does not declare")]
    Argument(String),
    /// A value taken from an output that the other stack does not have.
    #[error("parameter `{parameter}` takes output `{output}` of `{from}`, which has no such output")]
    Output {
        /// The parameter.
        parameter: String,
        /// Key of the other stack.
        from: String,
        /// Name of the output.
        output: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// Two stacks of one key.
    #[error("two stacks have this key")]
    Duplicate,
}

fn carrier(limit: usize) -> &'static str {
    if limit == TEMPLATE_BODY_LIMIT { "a request can carry" } else { "CloudFormation takes from a bucket" }
}

fn shares(types: &[(String, usize, usize)]) -> String {
    let types: Vec<_> =
        types.iter().map(|(kind, count, bytes)| format!("{count} {kind} take {bytes}")).collect();
    if types.is_empty() { String::new() } else { format!(": {}", types.join(", ")) }
}

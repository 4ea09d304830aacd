//! What an evaluation may make, counted before it is made: a template of 2 KB must not become text of gigabytes.

use std::cell::Cell;

use serde_json::Value;

use super::function::Outcome;
use crate::cfn::{Effective, Outside, Reference};

/// The longest text that one function makes, in bytes: a template may be as long, with all that is in it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub(super) const TEXT: usize = 1 << 20;

/// Everything that one evaluation makes, in bytes as [`weight`] counts them: sixteen times the longest template.
const MOST: usize = 16 << 20;

/// The longest value of a parameter, in bytes. CloudFormation takes 4,096; an advanced SSM parameter holds 8,192.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html>
pub(super) const PARAMETER: usize = 8_192;

/// Values inside values, functions and conditions among them.
const DEEPEST: usize = 320;

/// Problems that are told of one template.
pub(super) const PROBLEMS: usize = 200;

/// A value beside its text, in bytes.
const NODE: usize = 64;

/// What is left for one evaluator.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
    depth: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: Cell::new(MOST), depth: Cell::new(0) }
    }
}

/// Why a function has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Its argument is not what it takes.
    Shape(String),
    /// What it makes is too much.
    Budget(Over),
}

/// Which budget is used up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Over {
    /// That of the whole template.
    #[error("the template comes to more than {MOST} bytes of values, and is evaluated no further from here")]
    Spent,
    /// Functions are too deep inside of one another.
    #[error("functions and conditions are nested more than {DEEPEST} deep here")]
    TooDeep,
    /// A function's text is too long.
    #[error("`{0}` makes a text of more than {TEXT} bytes")]
    Text(&'static str),
    /// The value of a parameter is.
    #[error("parameter `{0}` has more than {PARAMETER} bytes")]
    Parameter(String),
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self::Shape(message)
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Self {
        Self::Shape(message.to_owned())
    }
}

impl From<Over> for Wrong {
    fn from(over: Over) -> Self {
        Self::Budget(over)
    }
}

impl Budget {
    /// Takes that many bytes; whether they were there. Once they were not, nothing is left.
    pub(super) fn has(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// The same, as the error of a function.
    pub(super) fn spend(&self, bytes: usize) -> Outcome<()> {
        if self.has(bytes) { Ok(()) } else { Err(Wrong::Budget(Over::Spent)) }
    }

    /// One value of the template further inside. To be given back by [`Budget::leave`].
    pub(super) fn begin(&self, value: &Value) -> Result<(), Over> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(Over::TooDeep);
        }
        if !self.has(of_node(value)) {
            return Err(Over::Spent);
        }
        self.depth.set(depth + 1);
        Ok(())
    }

    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

/// A value that was not evaluated to its end: it never counts as what it was before.
pub(super) fn beyond() -> Effective {
    Effective::anew("${too large to evaluate}")
}

/// What a value takes.
pub(super) fn weight(value: &Effective) -> usize {
    let inner = match value {
        Effective::String(text) => text.len(),
        Effective::List(items) => items.iter().map(weight).sum(),
        Effective::Map(map) => map.iter().map(|(key, value)| NODE + key.len() + weight(value)).sum(),
        Effective::Unknown(unknown) => {
            let references: usize = unknown.references.iter().map(of_reference).sum();
            let outside: usize = unknown.outside.iter().map(of_outside).sum();
            unknown.text.len() + unknown.made.len() + references + outside
        }
        Effective::Null | Effective::Bool(_) | Effective::Number(_) => 0,
    };
    NODE + inner
}

/// What a value of the template itself takes, without what is inside.
pub(super) fn of_node(value: &Value) -> usize {
    let inner = match value {
        Value::String(text) => text.len(),
        Value::Object(map) => map.keys().map(|key| NODE + key.len()).sum(),
        _ => 0,
    };
    NODE + inner
}

/// What a value of the template takes, with all that is inside.
pub(super) fn of_json(value: &Value) -> usize {
    let inner: usize = match value {
        Value::Array(items) => items.iter().map(of_json).sum(),
        Value::Object(map) => map.values().map(of_json).sum(),
        _ => 0,
    };
    of_node(value) + inner
}

fn of_outside(outside: &Outside) -> usize {
    NODE + outside.name.len() + outside.choice.len()
}

fn of_reference(reference: &Reference) -> usize {
    NODE + reference.logical_id.len() + reference.attribute.as_ref().map_or(0, String::len)
}

/// What a function makes of so many values with so much text.
pub(super) fn of_values(count: usize, text: usize) -> usize {
    count.saturating_mul(NODE).saturating_add(text)
}

/// How many bytes a value takes as JSON, without writing it.
pub(super) fn json_length(value: &Value) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // a count cannot fail to be written to
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

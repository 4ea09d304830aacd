//! A value that the spec writes down, an output of another stack, known when that stack is there, or what is read elsewhere.

use super::Source;

/// A value, an output of another stack of this environment, or what is read elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<T = String> {
    /// As written.
    Value(T),
    /// `network.VpcId`: an output of another stack of this environment.
    Output {
        /// The stack's key, `network`.
        stack: String,
        /// The output's name, `VpcId`.
        output: String,
    },
    /// Read where that says when the environment is planned.
    Read(Source),
}

impl<T> Input<T> {
    /// The value, where the spec writes it.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Output { .. } | Self::Read(_) => None,
        }
    }

    /// The output, where it is one: the other stack's key, and the output's name.
    pub fn output(&self) -> Option<(&str, &str)> {
        match self {
            Self::Value(_) | Self::Read(_) => None,
            Self::Output { stack, output } => Some((stack, output)),
        }
    }

    /// The same with another form of value.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Input<U> {
        match self {
            Self::Value(value) => Input::Value(form(value)),
            Self::Output { stack, output } => Input::Output { stack, output },
            Self::Read(source) => Input::Read(source),
        }
    }
}

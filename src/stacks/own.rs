//! A team's own template, as it stands, among asagi's stacks.

use super::draft::Draft;
use super::graph::Argument;
use crate::model::{OwnParameter, OwnStack};

/// The stack as the team wrote it, fed as the spec says.
pub(super) fn draft(stack: &OwnStack) -> Draft {
    let draft = Draft::own(&stack.name, &stack.template, &stack.parsed);
    stack.parameters.iter().fold(draft, |draft, (name, parameter)| {
        let argument = match parameter {
            OwnParameter::Value(text) => Argument::Value(text.clone()),
            OwnParameter::Output { stack, output } => {
                Argument::Output { stack: stack.clone(), output: output.clone() }
            }
        };
        draft.argument(name.as_str(), argument)
    })
}

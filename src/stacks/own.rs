//! A team's own template, as it stands, among asagi's stacks.

use super::draft::Draft;
use crate::model::OwnStack;

/// The stack as the team wrote it, fed as the spec says.
pub(super) fn draft(stack: &OwnStack) -> Draft {
    let draft = Draft::own(&stack.name, &stack.template);
    stack.parameters.iter().fold(draft, |draft, (name, input)| draft.input(name, input))
}

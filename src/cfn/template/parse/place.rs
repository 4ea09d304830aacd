//! Where a value stands.

use crate::source::escape;

/// A JSON pointer, written only when somebody asks for it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

impl Place<'_> {
    pub(super) const ROOT: Self = Self { parent: None, step: Step::Root };

    pub(super) fn key<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { parent: Some(self), step: Step::Key(key) }
    }

    pub(super) fn item(&self, index: usize) -> Place<'_> {
        Place { parent: Some(self), step: Step::Item(index) }
    }

    pub(super) fn pointer(&self) -> String {
        let mut pointer = self.parent.map(Place::pointer).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(key) => pointer.extend(["/", &escape(key)]),
            Step::Item(index) => pointer.extend(["/", &index.to_string()]),
        }
        pointer
    }

    /// For messages: the last step, or the whole.
    pub(super) fn name(&self) -> String {
        match self.step {
            Step::Root => "the template".to_owned(),
            Step::Key(key) => format!("`{key}`"),
            Step::Item(index) => format!("`{index}`"),
        }
    }
}

//! A template with values in it: the text around them, which environments of one shape share, and the values.

use super::shape;
use crate::cfn::{Template, TemplateError};

/// Where a value belongs. No form of a value holds this control character: JSON escapes it, a block is not made of
/// it, and words and comments refuse it.
pub(super) const HOLE: char = '\u{1}';

/// A value in the form in which its place wants it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// On one line, as JSON and as YAML.
    Flow(String),
    /// As it is: letters and digits that no reader takes for a number or a truth.
    Word(String),
    /// As a block scalar.
    Block {
        /// From its `|` to the end of its last line.
        written: String,
        /// What it stands for.
        text: String,
    },
    /// After `#`.
    Comment(String),
}

impl Form {
    /// As it stands in the text.
    pub(super) fn written(&self) -> &str {
        match self {
            Self::Flow(written) | Self::Word(written) | Self::Comment(written) => written,
            Self::Block { written, .. } => written,
        }
    }
}

/// A template with values in it.
#[derive(Debug)]
pub(super) struct Filled {
    /// The text, with a [`HOLE`] for each value.
    around: String,
    values: Vec<Form>,
}

impl Filled {
    /// `None` when there are more holes than values, or fewer.
    pub(super) fn new(around: String, values: Vec<Form>) -> Option<Self> {
        (around.matches(HOLE).count() == values.len()).then_some(Self { around, values })
    }

    /// The whole text.
    pub(super) fn text(&self) -> String {
        let more: usize = self.values.iter().map(|value| value.written().len()).sum();
        let mut text = String::with_capacity(self.around.len() + more);
        let mut values = self.values.iter();
        for part in self.around.split_inclusive(HOLE) {
            match part.strip_suffix(HOLE) {
                Some(part) => text.extend([part, values.next().map_or("", Form::written)]),
                None => text.push_str(part),
            }
        }
        text
    }

    /// What the text says. `text` is [`Filled::text`].
    ///
    /// # Errors
    ///
    /// The text is no template.
    pub(super) fn template(&self, text: &str) -> Result<Template, TemplateError> {
        if let Some(shape) = shape::known(&self.around, &self.values, text)
            && let Some(value) = shape.fill(&self.values)
            && let Ok(template) = Template::of_value(value)
        {
            return Ok(template);
        }
        Template::parse(text)
    }
}

//! The YAML tree: scalars as written, collections in order, a span on everything.

use super::{Span, Value, scalar};
use crate::words::beginning;

/// One value of the tree. Aliases are already followed: a node reached by one has the span of its anchor.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands. An empty value stands where its key does.
    pub span: Span,
    /// The tag as written, `!Ref` or `!!str`.
    pub tag: Option<String>,
    /// What it is.
    pub kind: Kind,
}

/// The three shapes of YAML.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Text, after quotes and folding are undone. What type it has is asked of [`Node::value`].
    Scalar {
        /// The text.
        value: String,
        /// How it was written.
        style: ScalarStyle,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file, no key twice.
    Mapping(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// How a scalar was written; only plain ones can be anything but text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A `|` block.
    Literal,
    /// A `>` block.
    Folded,
}

impl Node {
    /// A mapping without entries, for values that no file holds.
    pub fn empty_mapping(span: Span) -> Self {
        Self { span, tag: None, kind: Kind::Mapping(Vec::new()) }
    }

    /// The type of a scalar by the YAML 1.2 core schema; `None` for collections.
    pub fn value(&self) -> Option<Value<'_>> {
        match &self.kind {
            Kind::Scalar { value, style } => Some(scalar::resolve(value, *style, self.tag.as_deref())),
            _ => None,
        }
    }

    /// What YAML 1.1, and so CloudFormation, makes of this plain scalar, where that is not what it is here: `true` for `yes`.
    pub fn as_yaml_1_1(&self) -> Option<Value<'_>> {
        match &self.kind {
            Kind::Scalar { value, style: ScalarStyle::Plain } if self.tag.is_none() => {
                scalar::as_yaml_1_1(value)
            }
            _ => None,
        }
    }

    /// A scalar's text as written (quotes undone), whatever its type: `1.10` is `1.10`.
    pub fn raw(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The text, if the node is text (not a number, a boolean or null).
    pub fn as_str(&self) -> Option<&str> {
        match self.value()? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is an empty value, `~` or `null`.
    pub fn is_null(&self) -> bool {
        self.value() == Some(Value::Null)
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entry of a mapping with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Where to point for something about the node as a whole: its first key, so that a label does not
    /// run over many lines.
    pub fn head(&self) -> Span {
        self.entries().first().map_or(self.span, |entry| entry.key_span)
    }

    /// What it is, for messages: `a mapping`, `the integer 3`.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Mapping(_) => "a mapping".to_owned(),
            Kind::Sequence(_) => "a list".to_owned(),
            Kind::Scalar { value, .. } => match self.value() {
                Some(Value::Null) | None => "nothing".to_owned(),
                Some(Value::Bool(_)) => format!("the boolean `{value}`"),
                Some(Value::Int(_)) => format!("the integer `{value}`"),
                Some(Value::Float(_)) => format!("the number `{value}`"),
                Some(Value::Text(_)) => format!("the text `{}`", shorten(value)),
            },
        }
    }
}

/// Text short enough for a message: its first line, at most 40 characters.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short = beginning(line, 40);
    if line.len() < text.len() && !short.ends_with('…') {
        format!("{short}…")
    } else {
        short.into_owned()
    }
}

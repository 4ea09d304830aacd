//! A name that may become a part of a path.

use std::fmt;

use super::super::WorkspaceError;

/// A name that may become a part of a path: letters, digits and hyphens of ASCII, as the schema has them for projects,
/// environments, accounts, Regions and stacks, and at most 255 of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainName(String);

impl PlainName {
    /// That name of a `what`: `project`, `account`.
    ///
    /// # Errors
    /// It is another text.
    pub fn new(what: &'static str, name: &str) -> Result<Self, WorkspaceError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !name.is_empty() && name.len() <= 255 && name.bytes().all(plain) {
            return Ok(Self(name.to_owned()));
        }
        Err(WorkspaceError::NotPlain { what, name: name.chars().take(64).collect() })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

//! Text that the account, a file or a person gave.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text that the account, a file or a person gave: a reason, a name, a tag. It is compared and stored as it came; it has no
/// `Display`, and is shown by [`shown!`](crate::shown) and what takes [`super::Shown`] alone.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Foreign(String);

impl Foreign {
    /// As it came: to be compared, looked up or sent back, never to be shown.
    pub fn as_given(&self) -> &str {
        &self.0
    }

    /// As it is shown: in one line, what nobody sees by its number, what looks like a secret as [`super::MASK`]. Only what
    /// can be shown anyhow is looked at.
    pub fn visible(&self) -> String {
        let shown: String = self.0.chars().take(super::visible::LONGEST + 1).collect();
        super::visible(&super::mask(&shown))
    }

    /// Nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Into<String>> From<T> for Foreign {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl From<&Foreign> for String {
    fn from(text: &Foreign) -> Self {
        text.visible()
    }
}

impl fmt::Debug for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", super::visible(&self.0))
    }
}

//! The two fixed places of a role.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A fixed place, never renamed. Which one is live is read from the listener rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// The first.
    Blue,
    /// The second.
    Green,
}

impl Slot {
    /// Both, blue first.
    pub const ALL: [Self; 2] = [Self::Blue, Self::Green];

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Blue => Self::Green,
            Self::Green => Self::Blue,
        }
    }

    /// Its part of a pair, blue's first.
    pub const fn of<T>(self, [blue, green]: &[T; 2]) -> &T {
        match self {
            Self::Blue => blue,
            Self::Green => green,
        }
    }

    /// `blue` or `green`, as in stack names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Green => "green",
        }
    }

    /// `Blue` or `Green`, as in logical ids and parameter names.
    pub const fn logical(self) -> &'static str {
        match self {
            Self::Blue => "Blue",
            Self::Green => "Green",
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! The name of a kind of finding, the same in every release.

use serde::Serialize;

/// `ASG0312`: a stage (`03`, meaning) and a number in it.
///
/// 01xx syntax, 02xx schema, 03xx meaning, 04xx policy, 05xx template, 06xx diff and plan safeguards, 07xx cloud,
/// 08xx rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

impl Code {
    /// The code with this name.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

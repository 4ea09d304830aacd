//! What a command is given besides its own arguments.

use super::{Console, Failure, Options};
use crate::workspace::Workspace;

/// What a command is given besides its own arguments.
pub struct Context {
    /// Options that every command has.
    pub options: Options,
    /// What it talks through.
    pub console: Console,
}

impl Context {
    /// The repository: `--root`, or the nearest folder above that holds `environments/`.
    pub fn workspace(&self) -> Result<Workspace, Failure> {
        let workspace = match &self.options.root {
            Some(root) => Workspace::open(root)?,
            None => Workspace::find()?,
        };
        Ok(workspace)
    }
}

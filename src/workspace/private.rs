//! `.asagi/`: what asagi keeps on this machine, beside `environments/`. Nobody else reads it and nobody commits it.

use super::WorkspaceError;
use super::door::{Door, Privacy};

/// Its name below the root.
pub const FOLDER: &str = ".asagi";

/// Makes the folder, and tells git to pass over it.
///
/// # Errors
/// It is a link, or cannot be written.
pub fn prepare(root: &Door) -> Result<(), WorkspaceError> {
    root.found(&format!("{FOLDER}/.gitignore"), b"*\n", Privacy::Private)
}

//! Git's own small text files: `.git`, `commondir`, `config`.

use std::io;
use std::path::Path;

use super::GitError;
use crate::workspace::{WorkspaceError, read_bytes};

/// In bytes. Git's own files of this kind have some hundred; a `config` with a thousand remotes has less than this.
const LIMIT: u64 = 1 << 20;

/// A small text file; what is not UTF-8 in it is replaced.
pub(super) fn small(path: &Path) -> Result<String, GitError> {
    let bytes = read_bytes(path, LIMIT).map_err(|error| match error {
        WorkspaceError::Io { source, .. } => failed(path, &source),
        WorkspaceError::TooLarge { .. } => said(path, "it is too large for what it is"),
        _ => said(path, "it is no regular file"),
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub(super) fn failed(path: &Path, error: &io::Error) -> GitError {
    said(path, &error.to_string())
}

fn said(path: &Path, why: &str) -> GitError {
    GitError::Io { what: format!("`{}`", path.display()), said: why.to_owned() }
}

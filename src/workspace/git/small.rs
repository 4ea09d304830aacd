//! Git's own small text files: `.git`, `commondir`, `config`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::GitError;

/// In bytes. Git's own files of this kind have some hundred; a `config` with a thousand remotes has less than this.
const LIMIT: u64 = 1 << 20;

/// A small text file; what is not UTF-8 in it is replaced.
pub(super) fn small(path: &Path) -> Result<String, GitError> {
    let bytes = read(path).map_err(|error| failed(path, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large for what it is"));
    }
    Ok(bytes)
}

pub(super) fn failed(path: &Path, error: &io::Error) -> GitError {
    GitError::Io { what: format!("`{}`", path.display()), said: error.to_string() }
}

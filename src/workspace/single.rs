//! One file that a person named: a plan, a lock.

use std::io::Write as _;
use std::path::Path;

use super::WorkspaceError;
use super::files::regular;

/// Reads a text file that a person named.
///
/// # Errors
/// It cannot be read, or is no text.
pub fn read_file(path: &Path) -> Result<String, WorkspaceError> {
    let shown = path.display().to_string();
    let bytes = regular(path).map_err(|error| WorkspaceError::io("read", shown.clone(), error))?;
    String::from_utf8(bytes).map_err(|_| WorkspaceError::NotText(shown))
}

/// Writes a file that a person named: it appears whole or not at all.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), WorkspaceError> {
    let failed = |error| WorkspaceError::io("write", path.display().to_string(), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

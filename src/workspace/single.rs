//! One file that a person named: a plan, a lock, a baseline.

use std::path::Path;

use super::door::{Door, Privacy, Waits};
use super::{Place, Workspace, WorkspaceError, private};

/// Reads a text file that a person named, wherever links lead on the way.
///
/// # Errors
/// It has more than `limit` bytes, is a pipe, device or folder, cannot be read, or is no text.
pub fn read_file(path: &Path, limit: u64) -> Result<String, WorkspaceError> {
    let bytes = read_bytes(path, limit)?;
    String::from_utf8(bytes).map_err(|_| WorkspaceError::NotText(path.display().to_string()))
}

/// Reads a file that a person or the machine's setup named, wherever links lead on the way.
///
/// # Errors
/// It has more than `limit` bytes, is a pipe, device or folder, or cannot be read.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, WorkspaceError> {
    let shown = path.display().to_string();
    let failed = |error| WorkspaceError::io("read", shown.clone(), error);
    let real = std::fs::canonicalize(path).map_err(failed)?;
    let (Some(folder), Some(name)) = (real.parent(), real.file_name()) else {
        return Err(WorkspaceError::NoFile { path: shown, what: "a folder" });
    };
    let name = name.to_str().ok_or_else(|| WorkspaceError::NotText(shown.clone()))?;
    let bytes = Door::open(folder)?.read(name, limit).map_err(|error| error.named(&shown))?;
    bytes.ok_or_else(|| failed(std::io::ErrorKind::NotFound.into()))
}

impl Workspace {
    /// Writes a file that a person named: it appears whole or not at all. A link in its place is not replaced, and below
    /// the root none is followed on the way.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_file(&self, path: &Path, bytes: &[u8], privacy: Privacy) -> Result<(), WorkspaceError> {
        let Place { door, path } = self.place(path)?;
        door.clear(path.rsplit_once('/').map_or("", |(folder, _)| folder));
        door.replace(&path, bytes, privacy)
    }

    /// Changes a file that belongs in Git, from what it holds to what it should hold, while no other process of asagi
    /// does; `None` leaves it as it is.
    ///
    /// # Errors
    /// What `change` says; the file cannot be read or written; another process does not let go.
    pub fn change_file<E: From<WorkspaceError>>(
        &self,
        path: &str,
        limit: u64,
        waits: Waits<'_>,
        change: impl FnOnce(Option<Vec<u8>>) -> Result<Option<String>, E>,
    ) -> Result<(), E> {
        private::prepare(self.door())?;
        let name = path.replace('/', "-");
        let _held = self.door().lock(&format!("{}/locks/{name}", private::FOLDER), waits)?;
        self.door().clear(path.rsplit_once('/').map_or("", |(folder, _)| folder));
        match change(self.door().read(path, limit)?)? {
            Some(text) => Ok(self.door().replace(path, text.as_bytes(), Privacy::Shared)?),
            None => Ok(()),
        }
    }
}

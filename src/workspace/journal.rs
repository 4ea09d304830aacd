//! The write-ahead journal: what is about to be done, on the disk before it is done. Losing it loses nothing
//! but time, since what is deployed is the state.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};

use super::WorkspaceError;

/// Append-only JSON lines. A line counts once its line break is on the disk; a torn last line is dropped.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: String,
}

impl Journal {
    /// Opens or starts the journal, and takes a torn last line away.
    pub fn open(path: &Path) -> Result<Self, WorkspaceError> {
        let shown = path.display().to_string();
        let failed = |error| WorkspaceError::io("write", shown.clone(), error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if whole < bytes.len() {
            file.set_len(u64::try_from(whole).unwrap_or(u64::MAX)).map_err(failed)?;
        }
        Ok(Self { file, path: shown })
    }

    /// Appends one entry; when this returns it is on the disk.
    pub fn append(&mut self, entry: &impl Serialize) -> Result<(), WorkspaceError> {
        let failed = |error| WorkspaceError::io("write", self.path.clone(), error);
        let mut line = serde_json::to_vec(entry).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).and_then(|()| self.file.sync_data()).map_err(failed)
    }

    /// All entries, oldest first. A line of a version that wrote otherwise is passed over.
    pub fn entries<T: DeserializeOwned>(&mut self) -> Result<Vec<T>, WorkspaceError> {
        let mut text = Vec::new();
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.file.read_to_end(&mut text))
            .map_err(|error| WorkspaceError::io("read", self.path.clone(), error))?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_is_read_again_without_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/journal.jsonl");
        Journal::open(&path).unwrap().append(&"created").unwrap();
        fs::write(&path, [fs::read(&path).unwrap().as_slice(), b"\"execut"].concat()).unwrap();

        let mut journal = Journal::open(&path).unwrap();
        journal.append(&"executed").unwrap();
        assert_eq!(journal.entries::<String>().unwrap(), ["created", "executed"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "\"created\"\n\"executed\"\n");
    }
}

//! The write-ahead journal: what is about to be done, on the disk before it is done. Losing it loses nothing
//! but time, since what is deployed is the state.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use serde::Serialize;

use super::door::{Door, Privacy};
use super::{Workspace, WorkspaceError, private};
use crate::source::limits;
use crate::words;

/// Keys that every line of a journal has, texts all of them: whose file it is shows by its lines.
const KEYS: [&str; 4] = ["at", "stack", "verb", "token"];
/// How a line begins, whole or torn.
const BEGINNING: &[u8] = b"{\"at\":\"";

/// Append-only JSON lines. A line counts once its line break is on the disk; a torn last line is dropped.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: String,
}

impl Workspace {
    /// Opens or starts the journal of an environment, and takes a torn last line away.
    ///
    /// # Errors
    /// A name is no part of a path, or what is there is no journal of asagi's: then it stays as it is.
    pub fn journal(&self, project: &str, environment: &str) -> Result<Journal, WorkspaceError> {
        let project = super::PlainName::new("project", project)?;
        let environment = super::PlainName::new("environment", environment)?;
        private::prepare(self.door())?;
        Journal::open(self.door(), &format!("{}/journal/{project}-{environment}.jsonl", private::FOLDER))
    }
}

impl Journal {
    fn open(door: &Door, path: &str) -> Result<Self, WorkspaceError> {
        let shown = door.shown(path);
        let failed = |error| WorkspaceError::io("write", shown.clone(), error);
        let mut file = door.append(path, Privacy::Private)?;
        // Another run may be writing a line; a file system without locks has no such run.
        let _ = file.lock();
        let checked = whole_lines(&mut file).map_err(failed)?;
        let whole = checked.ok_or_else(|| WorkspaceError::NoJournal(shown.clone()))?;
        if whole < file.metadata().map_err(failed)?.len() {
            file.set_len(whole).map_err(failed)?;
        }
        let _ = file.unlock();
        Ok(Self { file, path: shown })
    }

    /// Appends one entry; when this returns it is on the disk.
    ///
    /// # Errors
    /// It could not be written.
    pub fn append(&mut self, entry: &impl Serialize) -> Result<(), WorkspaceError> {
        let failed = |error| WorkspaceError::io("write", self.path.clone(), error);
        let line = words::json::line(entry).map_err(|error| failed(error.into()))?;
        let _ = self.file.lock();
        let written = self.file.write_all(line.as_str().as_bytes()).and_then(|()| self.file.sync_data());
        let _ = self.file.unlock();
        written.map_err(failed)
    }
}

/// Where the last whole line ends, if the first line, the last one and what is torn after it are a journal's.
fn whole_lines(file: &mut File) -> std::io::Result<Option<u64>> {
    let length = file.metadata()?.len();
    let first = part(file, 0)?;
    let from = length.saturating_sub(2 * limits::JOURNAL_LINE);
    let last = part(file, from)?;
    let Some(end) = last.iter().rposition(|byte| *byte == b'\n') else {
        return Ok((from == 0 && is_torn(&last)).then_some(0));
    };
    let (whole, torn) = last.split_at(end + 1);
    let line = whole.get(..end).unwrap_or_default().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let opening = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let own = is_entry(opening) && is_entry(line) && is_torn(torn);
    Ok(own.then_some(from + u64::try_from(whole.len()).unwrap_or_default()))
}

/// Two lines' length from there, or to the end.
fn part(file: &mut File, from: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(2 * limits::JOURNAL_LINE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_entry(line: &[u8]) -> bool {
    let entry: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(line).unwrap_or_default();
    KEYS.iter().all(|key| entry.get(*key).is_some_and(serde_json::Value::is_string))
}

/// Whether a text may be the beginning of a line, or nothing.
fn is_torn(text: &[u8]) -> bool {
    text.starts_with(BEGINNING) || BEGINNING.starts_with(text)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;

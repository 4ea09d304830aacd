//! Writing sets of files: all of them or none, and never over what asagi did not write.
//!
//! What differs is first written beside its place, set by set; when every set could be, it is moved into place. So any
//! number of sets is held on the disk and not in memory.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::source::sha256;

use super::{FileSet, HEADER, Output, WorkspaceError};

/// What of one set is to be moved into place. Dropped instead, it leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    folder: TempDir,
    moves: Vec<Move>,
    removals: Vec<String>,
    unchanged: usize,
    /// Files in the way: neither recorded with the bytes they have, nor saying that asagi wrote them.
    foreign: Vec<String>,
}

#[derive(Debug)]
struct Move {
    path: String,
    from: PathBuf,
    /// Whether a file is there now.
    replaces: bool,
}

/// What writing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Paths that are new or changed.
    pub written: Vec<String>,
    /// Paths that are gone.
    pub removed: Vec<String>,
    /// How many were as they should be.
    pub unchanged: usize,
}

impl Output {
    /// Writes what of the set differs beside its place.
    ///
    /// # Errors
    /// A file cannot be read or written, or its path leads out of the folder.
    pub fn stage(&self, set: &FileSet) -> Result<Staged, WorkspaceError> {
        let failed = |error| WorkspaceError::io("write", self.folder().display().to_string(), error);
        fs::create_dir_all(self.folder()).map_err(failed)?;
        let folder = tempfile::Builder::new().prefix(".asagi-").tempdir_in(self.folder()).map_err(failed)?;
        let mut staged =
            Staged { folder, moves: Vec::new(), removals: Vec::new(), unchanged: 0, foreign: Vec::new() };
        let mut known = BTreeSet::new();
        for (path, bytes) in &set.files {
            let found = self.read_among(path, &mut known)?;
            if found.as_ref() == Some(bytes) {
                staged.unchanged += 1;
                continue;
            }
            staged.foreign.extend(self.foreign(set, path, found.as_deref()));
            let from = staged.folder.path().join(staged.moves.len().to_string());
            fs::write(&from, bytes).map_err(|error| WorkspaceError::io("write", self.shown(path), error))?;
            staged.moves.push(Move { path: path.clone(), from, replaces: found.is_some() });
        }
        for path in set.unwanted() {
            let Some(found) = self.read(path)? else { continue };
            staged.foreign.extend(self.foreign(set, path, Some(&found)));
            staged.removals.push(path.clone());
        }
        staged.moves.sort_by_key(|it| it.path.rsplit('/').next() == Some(&set.last));
        Ok(staged)
    }

    /// Makes the disk like the sets: all of it, or nothing when a file is in the way that asagi did not write.
    ///
    /// # Errors
    /// Such a file, or one that cannot be written; then what was there is there again.
    pub fn place(&self, staged: &[Staged]) -> Result<Written, WorkspaceError> {
        let foreign: Vec<String> = staged.iter().flat_map(|one| one.foreign.clone()).collect();
        if !foreign.is_empty() {
            return Err(WorkspaceError::Foreign(foreign));
        }
        let mut replaced = Vec::new();
        for step in staged.iter().flat_map(|one| &one.moves) {
            if let Err(error) = self.replace(step, &mut replaced) {
                take_back(replaced);
                return Err(WorkspaceError::io("write", self.shown(&step.path), error));
            }
        }
        let removed: Vec<String> = staged.iter().flat_map(|one| one.removals.clone()).collect();
        removed.iter().try_for_each(|path| self.remove(path))?;
        let written = staged.iter().flat_map(|one| &one.moves).map(|step| step.path.clone()).collect();
        Ok(Written { written, removed, unchanged: staged.iter().map(|one| one.unchanged).sum() })
    }

    /// Removes the folder if nothing is in it: what was staged is dropped, and there was nothing before.
    pub fn abandon(&self) {
        let _ = fs::remove_dir(self.folder());
    }

    /// A file appears whole or not at all; `replaced` gets how to go back.
    fn replace(
        &self,
        step: &Move,
        replaced: &mut Vec<(PathBuf, Option<PathBuf>)>,
    ) -> Result<(), std::io::Error> {
        let target = self.folder().join(&step.path);
        let before = step.replaces.then(|| step.from.with_extension("before"));
        if let Some(before) = &before {
            fs::copy(&target, before)?;
        }
        match fs::rename(&step.from, &target) {
            // most files come to a folder that is there
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir_all(target.parent().unwrap_or(self.folder()))?;
                fs::rename(&step.from, &target)?;
            }
            moved => moved?,
        }
        replaced.push((target, before));
        Ok(())
    }

    /// The file's name for a message, if asagi did not write it as it is. An empty file holds nothing of anyone's.
    fn foreign(&self, set: &FileSet, path: &str, found: Option<&[u8]>) -> Option<String> {
        let found = found.filter(|found| !found.is_empty())?;
        let recorded = set.previous.get(path).is_some_and(|digest| *digest == sha256(found));
        (!recorded && !says_so(found)).then(|| self.shown(path))
    }
}

fn take_back(replaced: Vec<(PathBuf, Option<PathBuf>)>) {
    for (target, before) in replaced.into_iter().rev() {
        let _ = match before {
            Some(before) => fs::rename(before, target),
            None => fs::remove_file(target),
        };
    }
}

fn says_so(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().take(3).any(|line| line.contains(HEADER))
}

#[cfg(test)]
#[path = "staging_tests.rs"]
mod tests;

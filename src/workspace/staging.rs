//! Writing sets of files: all of them or none, and never over what asagi did not write.
//!
//! What differs is first written beside its place, set by set; when every set could be, it is moved into place. So any
//! number of sets is held on the disk and not in memory. What is to be moved is written down before the first move, so
//! that after a kill the next run ends it.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::source::sha256;

use super::door::{Lock, Privacy, Waits};
use super::steps::{Act, Step};
use super::{FileSet, HEADER, Output, WorkspaceError};

/// Where files are written before they are moved, below the output folder; gone when nobody writes.
pub(super) const STAGE: &str = ".asagi-render";

/// The output folder while one process writes to it. Dropped, it leaves nothing beside what was placed.
#[derive(Debug)]
pub struct Writing<'a> {
    output: &'a Output,
    count: AtomicUsize,
    _lock: Lock,
}

/// What of one set is to be moved into place.
#[derive(Debug, Default)]
pub struct Staged {
    steps: Vec<Step>,
    unchanged: usize,
    /// Files in the way: neither recorded with the bytes they have, nor saying that asagi wrote them.
    foreign: Vec<String>,
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
    /// Makes the folder and keeps others from writing to it; ends what a killed process had begun to move.
    ///
    /// # Errors
    /// The folder or the way to it is a link or cannot be written; another process writes for too long.
    pub fn begin(&self, waits: Waits<'_>) -> Result<Writing<'_>, WorkspaceError> {
        let lock = self.door().lock(&self.path(&format!("{STAGE}/lock")), waits)?;
        let writing = Writing { output: self, count: AtomicUsize::new(0), _lock: lock };
        self.door().found(&self.path(&format!("{STAGE}/.gitignore")), b"*\n", Privacy::Private)?;
        self.resume();
        self.clear();
        Ok(writing)
    }

    /// Removes what killed processes staged. Only who has the lock may.
    fn clear(&self) {
        let stages = self.names("").into_iter().filter(|name| name.starts_with(".asagi-"));
        for stage in stages {
            for name in self.names(&stage).iter().filter(|name| stage != STAGE || !is_kept(name)) {
                drop(self.door().remove(&self.path(&format!("{stage}/{name}"))));
            }
            if stage != STAGE {
                self.door().remove_empty(&self.path(&stage));
            }
        }
    }
}

fn is_kept(name: &str) -> bool {
    matches!(name, "lock" | ".gitignore")
}

impl Writing<'_> {
    /// Writes what of the set differs beside its place.
    ///
    /// # Errors
    /// A file cannot be read or written, or its path leads out of the folder.
    pub fn stage(&self, set: &FileSet) -> Result<Staged, WorkspaceError> {
        let (output, mut staged) = (self.output, Staged::default());
        for (path, bytes) in &set.files {
            let found = output.read(path)?;
            if found.as_ref() == Some(bytes) {
                staged.unchanged += 1;
                continue;
            }
            staged.foreign.extend(self.foreign(set, path, found.as_deref()));
            let step = self.step(path, Act::Replace, found.as_deref());
            let like = output.door().look(&output.path(path))?;
            output.door().stage(&output.path(&step.staged()), bytes, like)?;
            staged.steps.push(step);
        }
        for path in set.unwanted() {
            let Some(found) = output.read(path)? else { continue };
            staged.foreign.extend(self.foreign(set, path, Some(&found)));
            staged.steps.push(self.step(path, Act::Remove, Some(&found)));
        }
        // Until its manifest is in place, what is recorded of an environment is what was there.
        staged.steps.sort_by_key(|it| it.path.rsplit('/').next() == Some(&set.last));
        Ok(staged)
    }

    fn step(&self, path: &str, act: Act, found: Option<&[u8]>) -> Step {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        Step { path: path.to_owned(), act, number, before: found.map(sha256) }
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
        let steps: Vec<&Step> = staged.iter().flat_map(|one| &one.steps).collect();
        self.output.perform(&steps)?;
        let paths =
            |act| steps.iter().filter(move |step| step.act == act).map(|step| step.path.clone()).collect();
        let unchanged = staged.iter().map(|one| one.unchanged).sum();
        Ok(Written { written: paths(Act::Replace), removed: paths(Act::Remove), unchanged })
    }

    /// The file's name for a message, if asagi did not write it as it is. An empty file holds nothing of anyone's.
    fn foreign(&self, set: &FileSet, path: &str, found: Option<&[u8]>) -> Option<String> {
        let found = found.filter(|found| !found.is_empty())?;
        let recorded = set.previous.get(path).is_some_and(|digest| *digest == sha256(found));
        (!recorded && !says_so(found)).then(|| self.output.shown(path))
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let (output, door) = (self.output, self.output.door());
        output.clear();
        // The lock's file last: who waits for it finds it gone, and makes another.
        for name in [".gitignore", "lock"] {
            drop(door.remove(&output.path(&format!("{STAGE}/{name}"))));
        }
        if door.remove_empty(&output.path(STAGE)) {
            door.remove_empty(&output.path(""));
        }
    }
}

fn says_so(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().take(3).any(|line| line.contains(HEADER))
}

#[cfg(test)]
#[path = "staging_tests.rs"]
mod tests;

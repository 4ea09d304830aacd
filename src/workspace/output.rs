//! Writing a set of files whole or not at all, and never over what asagi did not write.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::source::sha256;

use super::WorkspaceError;

/// Every generated text file says so in one of its first lines.
pub const HEADER: &str = "Written by asagi";

/// A set of files that belong together.
#[derive(Debug, Clone, Default)]
pub struct FileSet {
    /// Bytes by path below the output folder, with `/` between its parts. All that should be there.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Digests by path of what was written the time before, as the manifest recorded them.
    pub previous: BTreeMap<String, String>,
    /// Files of this name record the others and are written after them.
    pub last: String,
}

/// How a file on the disk differs from what would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It is not there.
    Missing(String),
    /// It has other bytes.
    Changed(String),
    /// It was written once and is no longer wanted.
    Stale(String),
}

impl Difference {
    /// Path below the output folder.
    pub fn path(&self) -> &str {
        let (Self::Missing(path) | Self::Changed(path) | Self::Stale(path)) = self;
        path
    }

    /// `missing`, `changed` or `stale`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Changed(_) => "changed",
            Self::Stale(_) => "stale",
        }
    }
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

/// The folder that generated files are kept in.
#[derive(Debug, Clone)]
pub struct Output {
    folder: PathBuf,
}

impl Output {
    /// That folder; it need not exist yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes of a file, `None` when there is none.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, WorkspaceError> {
        self.refuse_links(path)?;
        match fs::read(self.folder.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(WorkspaceError::io("read", self.shown(path), error)),
        }
    }

    /// Files named so, two folders down: `<project>/<environment>/manifest.json`; sorted.
    pub fn manifests(&self, name: &str) -> Vec<String> {
        let below = |folder: &Path| -> BTreeSet<String> {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
        };
        let projects = below(&self.folder).into_iter();
        let paths = projects.flat_map(|project| {
            let environments = below(&self.folder.join(&project)).into_iter();
            environments.map(move |environment| format!("{project}/{environment}/{name}")).collect::<Vec<_>>()
        });
        paths.filter(|path| self.folder.join(path).is_file()).collect()
    }

    /// How the disk differs from the set, by path.
    pub fn compare(&self, set: &FileSet) -> Result<Vec<Difference>, WorkspaceError> {
        let mut differences = Vec::new();
        for (path, bytes) in &set.files {
            match self.read(path)? {
                None => differences.push(Difference::Missing(path.clone())),
                Some(found) if found != *bytes => differences.push(Difference::Changed(path.clone())),
                Some(_) => {}
            }
        }
        for path in set.unwanted() {
            if self.read(path)?.is_some() {
                differences.push(Difference::Stale(path.clone()));
            }
        }
        differences.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(differences)
    }

    /// Makes the disk like the set: all of it, or nothing when a file is in the way that asagi did not write.
    pub fn write(&self, set: &FileSet) -> Result<Written, WorkspaceError> {
        let differences = self.compare(set)?;
        self.refuse_foreign(set, &differences)?;
        let mut staged = Vec::new();
        let mut done = Written { unchanged: set.files.len(), ..Written::default() };
        for difference in &differences {
            let path = difference.path();
            match set.files.get(path) {
                Some(bytes) => {
                    staged.push(self.stage(path, bytes)?);
                    done.written.push(path.to_owned());
                    done.unchanged -= 1;
                }
                None => done.removed.push(path.to_owned()),
            }
        }
        staged.sort_by_key(|file| file.path.rsplit('/').next() == Some(&set.last));
        self.persist(staged)?;
        done.removed.iter().try_for_each(|path| self.remove(path))?;
        Ok(done)
    }

    /// Files in the way: neither recorded with the bytes they have, nor saying that asagi wrote them.
    fn refuse_foreign(&self, set: &FileSet, differences: &[Difference]) -> Result<(), WorkspaceError> {
        let mut foreign = Vec::new();
        for path in differences.iter().map(Difference::path) {
            let Some(found) = self.read(path)? else { continue };
            let recorded = set.previous.get(path).is_some_and(|digest| *digest == sha256(&found));
            if !recorded && !says_so(&found) {
                foreign.push(self.shown(path));
            }
        }
        if foreign.is_empty() { Ok(()) } else { Err(WorkspaceError::Foreign(foreign)) }
    }

    /// No part of a path that is written or read may be a link.
    fn refuse_links(&self, path: &str) -> Result<(), WorkspaceError> {
        let mut part = self.folder.clone();
        for name in path.split('/') {
            if name.is_empty() || name == "." || name == ".." || name.contains('\\') {
                return Err(WorkspaceError::Outside(path.to_owned()));
            }
            part.push(name);
            if part.is_symlink() {
                return Err(WorkspaceError::Link(part.display().to_string()));
            }
        }
        Ok(())
    }

    fn stage(&self, path: &str, bytes: &[u8]) -> Result<Staged, WorkspaceError> {
        let failed = |error| WorkspaceError::io("write", self.shown(path), error);
        let target = self.folder.join(path);
        let folder = target.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(failed)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_data()).map_err(failed)?;
        readable(file.as_file()).map_err(failed)?;
        Ok(Staged { path: path.to_owned(), before: self.read(path)?, target, file })
    }

    /// Puts all in place; on a failure puts back what was there.
    fn persist(&self, staged: Vec<Staged>) -> Result<(), WorkspaceError> {
        let mut replaced: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
        for Staged { path, target, before, file } in staged {
            if let Err(error) = file.persist(&target) {
                for (target, before) in replaced.into_iter().rev() {
                    let _ = match before {
                        Some(bytes) => fs::write(&target, bytes),
                        None => fs::remove_file(&target),
                    };
                }
                return Err(WorkspaceError::io("write", self.shown(&path), error.error));
            }
            replaced.push((target, before));
        }
        Ok(())
    }

    /// Removes a file, and the folders that are empty without it.
    fn remove(&self, path: &str) -> Result<(), WorkspaceError> {
        let target = self.folder.join(path);
        fs::remove_file(&target).map_err(|error| WorkspaceError::io("remove", self.shown(path), error))?;
        let folders = target.ancestors().skip(1).take_while(|folder| *folder != self.folder);
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn shown(&self, path: &str) -> String {
        self.folder.join(path).display().to_string()
    }
}

struct Staged {
    path: String,
    target: PathBuf,
    before: Option<Vec<u8>>,
    file: tempfile::NamedTempFile,
}

impl FileSet {
    /// What was written the time before and is no longer in the set.
    fn unwanted(&self) -> impl Iterator<Item = &String> {
        self.previous.keys().filter(|path| !self.files.contains_key(*path))
    }
}

fn says_so(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().take(3).any(|line| line.contains(HEADER))
}

/// Temporary files are their owner's alone; what is handed out is everyone's to read.
#[cfg(unix)]
fn readable(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &fs::File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;

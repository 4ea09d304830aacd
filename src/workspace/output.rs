//! The folder that generated files are kept in, and how it differs from what should be there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

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
        self.read_among(path, &mut BTreeSet::new())
    }

    /// Whether there is nothing at all in a folder.
    pub fn is_empty(&self, folder: &str) -> bool {
        fs::read_dir(self.folder.join(folder)).map_or(true, |mut entries| entries.next().is_none())
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
        let (mut differences, mut known) = (Vec::new(), BTreeSet::new());
        for (path, bytes) in &set.files {
            match self.read_among(path, &mut known)? {
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

    /// No part of a path that is written or read may be a link. `known` are folders that are none, and become more.
    fn refuse_links(&self, path: &str, known: &mut BTreeSet<String>) -> Result<(), WorkspaceError> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let seen = if known.contains(folder) { folder.len() } else { 0 };
        let (mut part, mut end) = (self.folder.clone(), 0);
        for name in path.split('/') {
            if name.is_empty() || name == "." || name == ".." || name.contains('\\') {
                return Err(WorkspaceError::Outside(path.to_owned()));
            }
            part.push(name);
            end += name.len() + 1;
            if end > seen + 1 && part.is_symlink() {
                return Err(WorkspaceError::Link(part.display().to_string()));
            }
        }
        known.insert(folder.to_owned());
        Ok(())
    }

    /// Bytes of one of many files, `None` when there is none. `known` are folders of theirs that are no links.
    pub(super) fn read_among(
        &self,
        path: &str,
        known: &mut BTreeSet<String>,
    ) -> Result<Option<Vec<u8>>, WorkspaceError> {
        self.refuse_links(path, known)?;
        match fs::read(self.folder.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(WorkspaceError::io("read", self.shown(path), error)),
        }
    }

    /// Removes a file, and the folders that are empty without it.
    pub(super) fn remove(&self, path: &str) -> Result<(), WorkspaceError> {
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

    pub(super) fn shown(&self, path: &str) -> String {
        self.folder.join(path).display().to_string()
    }
}

impl FileSet {
    /// What was written the time before and is no longer in the set.
    pub(super) fn unwanted(&self) -> impl Iterator<Item = &String> {
        self.previous.keys().filter(|path| !self.files.contains_key(*path))
    }
}

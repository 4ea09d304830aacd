//! The folder that generated files are kept in, and how it differs from what should be there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::door::{Door, Kind};
use super::files::ENVIRONMENTS;
use super::{Place, Workspace, WorkspaceError, private};
use crate::source::limits;

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
    place: Place,
    folder: PathBuf,
}

impl Workspace {
    /// That folder, as a person gave it or below the root; it need not exist yet.
    ///
    /// # Errors
    /// It is one that other files belong in: the root or a folder above it, `environments/`, git's own.
    pub fn output(&self, given: Option<&Path>, usual: &str) -> Result<Output, WorkspaceError> {
        let place = match given {
            Some(given) => self.place(given)?,
            None => Place { door: self.door().clone(), path: usual.to_owned() },
        };
        let folder = place.shown();
        match self.foreign(&place, &folder) {
            Some(what) => Err(WorkspaceError::NoOutput { folder: folder.display().to_string(), what }),
            None => Ok(Output { place, folder }),
        }
    }

    /// What a folder is that asagi does not render to.
    fn foreign(&self, place: &Place, folder: &Path) -> Option<&'static str> {
        let is = |part: &str, name: &str| part.eq_ignore_ascii_case(name);
        let below_root = place.door.folder() == self.root();
        let first = place.path.split('/').next().unwrap_or_default();
        if self.root() == folder {
            Some("the repository's root")
        } else if self.root().starts_with(folder) {
            Some("above the repository")
        } else if below_root && is(first, ENVIRONMENTS) {
            Some("where specs are")
        } else if folder.components().any(|part| is(&part.as_os_str().to_string_lossy(), ".git")) {
            Some("git's own")
        } else if place.path.split('/').any(|part| is(part, private::FOLDER)) {
            Some("where asagi keeps what is of this machine")
        } else {
            None
        }
    }
}

impl Output {
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The way to it.
    pub(super) fn door(&self) -> &Door {
        &self.place.door
    }

    /// A path below it as one below its door.
    pub(super) fn path(&self, path: &str) -> String {
        match (self.place.path.as_str(), path) {
            ("", path) => path.to_owned(),
            (folder, "") => folder.to_owned(),
            (folder, path) => format!("{folder}/{path}"),
        }
    }

    /// Bytes of a file, `None` when there is none.
    ///
    /// # Errors
    /// It is a link, pipe, device or folder, or too large, or cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, WorkspaceError> {
        self.door().read(&self.path(path), limits::RENDERED)
    }

    /// All names in a folder of it; none where there is no such folder, or a link.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        self.door().names(&self.path(folder)).ok().flatten().unwrap_or_default()
    }

    /// Whether there is nothing at all in a folder.
    pub fn is_empty(&self, folder: &str) -> bool {
        self.names(folder).is_empty()
    }

    /// Files named so, two folders down: `<project>/<environment>/manifest.json`; sorted.
    pub fn manifests(&self, name: &str) -> Vec<String> {
        let projects = self.names("").into_iter();
        let paths = projects.flat_map(|project| {
            let environments = self.names(&project).into_iter();
            environments.map(move |environment| format!("{project}/{environment}/{name}")).collect::<Vec<_>>()
        });
        let is_file = |path: &String| matches!(self.door().look(&self.path(path)), Ok(Some(it)) if it.kind == Kind::File);
        paths.filter(is_file).collect()
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

    /// Removes the folders of a file that are empty without it.
    pub(super) fn remove_empty(&self, path: &str) {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if !self.door().remove_empty(&self.path(above)) {
                break;
            }
            folder = above;
        }
    }

    pub(super) fn shown(&self, path: &str) -> String {
        self.folder.join(path).display().to_string()
    }

    /// That folder, for tests.
    #[cfg(test)]
    pub(super) fn at(folder: &Path) -> Self {
        let place = Place { door: Door::open(folder).unwrap(), path: String::new() };
        Self { folder: place.shown(), place }
    }
}

impl FileSet {
    /// What was written the time before and is no longer in the set.
    pub(super) fn unwanted(&self) -> impl Iterator<Item = &String> {
        self.previous.keys().filter(|path| !self.files.contains_key(*path))
    }
}

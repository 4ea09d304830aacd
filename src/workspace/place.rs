//! Where a person said that something is to be written.

use std::path::{Component, Path, PathBuf};

use super::door::Door;
use super::{Workspace, WorkspaceError};

/// A path below a door.
#[derive(Debug, Clone)]
pub struct Place {
    /// The root of the repository, or a folder outside of it that is there.
    pub door: Door,
    /// Below it, with `/`; empty for the folder itself.
    pub path: String,
}

impl Place {
    /// As a person knows it.
    pub fn shown(&self) -> PathBuf {
        if self.path.is_empty() { self.door.folder().to_owned() } else { self.door.folder().join(&self.path) }
    }
}

impl Workspace {
    /// The place of a path as a person gave it, seen from the current folder. Outside the repository, links are followed
    /// to the folder that it is in: the person set them. Inside, others may have, and none is.
    ///
    /// # Errors
    /// It is empty or no text, or lies in no folder that is there.
    pub fn place(&self, given: &Path) -> Result<Place, WorkspaceError> {
        let failed = |error| WorkspaceError::io("write", given.display().to_string(), error);
        let path = plain(&std::path::absolute(given).map_err(failed)?);
        let mut prefixes: Vec<&Path> = path.ancestors().collect();
        prefixes.reverse();
        let real = |prefix: &Path| std::fs::canonicalize(prefix).ok();
        if let Some(root) = prefixes.iter().find(|prefix| real(prefix).is_some_and(|it| it == self.root())) {
            return Ok(Place { door: self.door().clone(), path: rest(&path, root)? });
        }
        let folders = prefixes.iter().rev().skip(1);
        let there =
            folders.filter_map(|prefix| Some((prefix, real(prefix).filter(|real| real.is_dir())?))).next();
        let Some((prefix, real)) = there else {
            return Ok(Place { door: Door::open(&path)?, path: String::new() });
        };
        let rest = rest(&path, prefix)?;
        match real.strip_prefix(self.root()) {
            Ok(below) => {
                let path = text(&below.join(rest))?;
                Ok(Place { door: self.door().clone(), path })
            }
            Err(_) => Ok(Place { door: Door::open(&real)?, path: rest }),
        }
    }
}

/// Without `.` and `..`: what they would lead to is not what is written.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
        plain
    })
}

fn rest(path: &Path, prefix: &Path) -> Result<String, WorkspaceError> {
    text(path.strip_prefix(prefix).unwrap_or(path))
}

/// A path as text, with `/`.
fn text(path: &Path) -> Result<String, WorkspaceError> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/")).ok_or_else(|| WorkspaceError::NotText(path.display().to_string()))
}

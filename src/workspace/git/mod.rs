//! Files as they are at a commit. Git itself is never run: its references and objects are read by a library that starts no
//! process, looks at no variable and asks no network, from the repository that the root belongs to and no other.

mod error;
mod name;
mod names;
mod objects;
mod place;
mod settings;
mod small;
mod walk;

use std::path::Path;

use gix_object::Kind;

pub use error::{Absence, GitError};

use self::names::Names;
use self::objects::Objects;
use self::place::Place;
use self::walk::{Found, Tree};
use super::{Workspace, WorkspaceError};
use crate::source::{FileError, Files, limits};

/// What a file is instead of itself when Git LFS keeps it.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// The files below the workspace's root as they are at a branch, tag or commit. They are read when they are asked for.
pub struct GitTree {
    tree: Tree,
    commit: String,
}

impl GitTree {
    /// Opens the files of the commit that a reference names. The repository must be the caller's own, or the one of the
    /// folder `trusted`.
    ///
    /// # Errors
    /// The root belongs to no repository that can be read, or there is no such commit in it.
    pub fn open(
        workspace: &Workspace,
        reference: &str,
        trusted: Option<&Path>,
    ) -> Result<Self, WorkspaceError> {
        let opened = Self::opened(workspace.root(), reference, trusted);
        opened.map_err(|error| WorkspaceError::Git { reference: reference.to_owned(), error })
    }

    fn opened(root: &Path, reference: &str, trusted: Option<&Path>) -> Result<Self, GitError> {
        let place = Place::of(root, trusted)?;
        let objects = Objects::open(&place)?;
        let id = Names::open(&place, &objects).commit(reference)?;
        let tree = objects.commit(id)?.tree;
        Ok(Self { tree: Tree::open(objects, tree, &place.top, root)?, commit: id.to_string() })
    }

    /// Whether there was something at this path, were it a thing that cannot be read.
    pub fn has(&self, path: &str) -> bool {
        !matches!(self.tree.find(path), Err(FileError::Missing))
    }

    /// The id of the commit that the reference named when it was opened, in hexadecimal.
    pub fn commit(&self) -> &str {
        &self.commit
    }
}

impl Files for GitTree {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let Found::File(id) = self.tree.find(path)? else {
            return Err(FileError::Unreadable("it is a folder".to_owned()));
        };
        let bytes = self.tree.objects.read(id, Kind::Blob, limits::SOURCE)?;
        if bytes.starts_with(LFS) {
            return Err(FileError::Unreadable("Git LFS keeps it, so its text is not in Git".to_owned()));
        }
        Ok(bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        match self.tree.find(folder)? {
            Found::Folder(way) => Ok(self.tree.files(&way)),
            Found::File(_) => Err(FileError::Unreadable("it is a file, not a folder".to_owned())),
        }
    }
}

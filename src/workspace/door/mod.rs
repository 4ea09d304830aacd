//! The one way to files. A [`Door`] is an opened folder; below it, files are named by plain parts with `/` between
//! them, no link is followed, and only regular files are opened: nothing leads out, nothing is waited for, and a size
//! is looked at before a file is read.

mod holder;
mod lock;
mod name;
#[cfg(not(unix))]
#[path = "plain.rs"]
mod system;
mod temporary;
#[cfg(unix)]
#[path = "unix.rs"]
mod system;

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::WorkspaceError;
use system::Handle;

pub use holder::Holder;
pub use lock::{Lock, Waiting, Waits};
pub use name::PlainName;

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// What belongs in Git: 0644, less what the process's umask takes away.
    Shared,
    /// What says things about an account: 0600, its folders 0700.
    Private,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, socket or device, in words.
    Other(&'static str),
}

/// What is known of a file without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// What it is.
    pub kind: Kind,
    /// Its length.
    pub bytes: u64,
    /// How many names it has: more than one where there are hard links.
    pub names: u64,
    /// Its permissions, `0o644`.
    pub mode: u32,
    /// Device and number: the same for the same file.
    pub identity: (u64, u64),
}

/// A folder below which files are opened.
#[derive(Debug, Clone)]
pub struct Door {
    handle: Arc<Handle>,
    folder: PathBuf,
}

impl Door {
    /// Of that folder, by a path that is trusted: links on the way to it are followed.
    ///
    /// # Errors
    /// It is no folder that can be read.
    pub fn open(folder: &Path) -> Result<Self, WorkspaceError> {
        let handle = Handle::open(folder);
        let handle =
            handle.map_err(|error| WorkspaceError::io("read", folder.display().to_string(), error))?;
        Ok(Self { handle: Arc::new(handle), folder: folder.to_owned() })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path below it as a person knows it.
    pub fn shown(&self, path: &str) -> String {
        self.folder.join(path).display().to_string()
    }

    /// What stands at a path below it; `None` when there is nothing.
    ///
    /// # Errors
    /// The path leads out, or through a link.
    pub fn look(&self, path: &str) -> Result<Option<Looked>, WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let Some(handle) = self.walk(folder)? else { return Ok(None) };
        match handle.look(name) {
            Err(error) if is_absent(&error) => Ok(None),
            looked => looked.map_err(|error| WorkspaceError::io("read", self.shown(path), error)),
        }
    }

    /// What a regular file holds; `None` when there is none.
    ///
    /// # Errors
    /// It has more than `limit` bytes, is no regular file, cannot be read, or the path leads out or through a link.
    pub fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, WorkspaceError> {
        let Some(mut file) = self.open_file(path)? else { return Ok(None) };
        let failed = |error| WorkspaceError::io("read", self.shown(path), error);
        let bytes = system::looked_at(&file).map_err(failed)?.bytes;
        let too_large = |bytes| WorkspaceError::TooLarge { path: self.shown(path), bytes, limit };
        if bytes > limit {
            return Err(too_large(bytes));
        }
        let mut held = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
        // A file that grows meanwhile, or does not say its size, is not followed to its end.
        file.by_ref().take(limit + 1).read_to_end(&mut held).map_err(failed)?;
        match u64::try_from(held.len()) {
            Ok(read) if read <= limit => Ok(Some(held)),
            _ => Err(too_large(limit + 1)),
        }
    }

    /// A regular file, opened to be read. What is no file is not opened: a device can act on it.
    fn open_file(&self, path: &str) -> Result<Option<File>, WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let Some(handle) = self.walk(folder)? else { return Ok(None) };
        let Some(looked) = self.look_in(&handle, path, name)? else { return Ok(None) };
        self.regular(path, looked.kind)?;
        let file = match handle.open_file(name) {
            Err(error) if is_absent(&error) => return Ok(None),
            opened => opened.map_err(|error| self.refused("read", path, &handle, name, error))?,
        };
        let looked = system::looked_at(&file);
        self.regular(
            path,
            looked.map_err(|error| WorkspaceError::io("read", self.shown(path), error))?.kind,
        )?;
        Ok(Some(file))
    }

    /// All names in a folder, in order; none when there is no such folder.
    ///
    /// # Errors
    /// It cannot be read, or the path leads out or through a link.
    pub fn names(&self, path: &str) -> Result<Option<Vec<String>>, WorkspaceError> {
        let Some(handle) = self.walk(path)? else { return Ok(None) };
        let names = handle.names().map_err(|error| WorkspaceError::io("read", self.shown(path), error))?;
        Ok(Some(names))
    }

    /// Opens or makes a file of one name to be appended to, and the folders to it.
    ///
    /// # Errors
    /// It is no regular file or has a second name, or the path leads out or through a link.
    pub fn append(&self, path: &str, privacy: Privacy) -> Result<File, WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let handle = self.make(folder, privacy)?;
        let failed = |error| WorkspaceError::io("write", self.shown(path), error);
        if let Some(looked) = self.look_in(&handle, path, name)? {
            self.sole(path, looked)?;
        }
        let opened = handle.open_appending(name, privacy);
        let file = opened.map_err(|error| self.refused("write", path, &handle, name, error))?;
        self.sole(path, system::looked_at(&file).map_err(failed)?)?;
        Ok(file)
    }

    /// Removes a file, if it is there. A link is removed and not what it leads to.
    ///
    /// # Errors
    /// It cannot be removed, or the path leads out or through a link.
    pub fn remove(&self, path: &str) -> Result<(), WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let Some(handle) = self.walk(folder)? else { return Ok(()) };
        match handle.remove_file(name) {
            Err(error) if !is_absent(&error) => Err(WorkspaceError::io("remove", self.shown(path), error)),
            _ => Ok(()),
        }
    }

    /// Removes a folder if it is empty; whether it did.
    pub fn remove_empty(&self, path: &str) -> bool {
        let Ok((folder, name)) = self.split(path) else { return false };
        self.walk(folder).is_ok_and(|handle| handle.is_some_and(|handle| handle.remove_folder(name).is_ok()))
    }

    /// Makes a folder and those on the way.
    ///
    /// # Errors
    /// It cannot be made, or the path leads out or through a link.
    pub fn make_folder(&self, path: &str, privacy: Privacy) -> Result<(), WorkspaceError> {
        self.make(path, privacy).map(drop)
    }

    /// The folder of a path below this one; `None` when it is not there.
    fn walk(&self, path: &str) -> Result<Option<Arc<Handle>>, WorkspaceError> {
        let mut handle = Arc::clone(&self.handle);
        for (name, end) in parts(path)? {
            handle = match handle.folder(name) {
                Ok(next) => Arc::new(next),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(self.refused("read", prefix(path, end), &handle, name, error)),
            };
        }
        Ok(Some(handle))
    }

    /// The same; folders that are not there are made.
    fn make(&self, path: &str, privacy: Privacy) -> Result<Arc<Handle>, WorkspaceError> {
        let mut handle = Arc::clone(&self.handle);
        for (name, end) in parts(path)? {
            let next = match handle.folder(name) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    handle.make_folder(name, privacy).and_then(|()| handle.folder(name))
                }
                found => found,
            };
            let refused = |error| self.refused("write", prefix(path, end), &handle, name, error);
            handle = Arc::new(next.map_err(refused)?);
        }
        Ok(handle)
    }

    fn split<'a>(&self, path: &'a str) -> Result<(&'a str, &'a str), WorkspaceError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if is_part(name) { Ok((folder, name)) } else { Err(WorkspaceError::Outside(self.shown(path))) }
    }

    fn look_in(&self, handle: &Handle, path: &str, name: &str) -> Result<Option<Looked>, WorkspaceError> {
        handle.look(name).map_err(|error| WorkspaceError::io("read", self.shown(path), error))
    }

    fn regular(&self, path: &str, kind: Kind) -> Result<(), WorkspaceError> {
        let what = match kind {
            Kind::File => return Ok(()),
            Kind::Link => return Err(WorkspaceError::Link(self.shown(path))),
            Kind::Folder => "a folder",
            Kind::Other(what) => what,
        };
        Err(WorkspaceError::NoFile { path: self.shown(path), what })
    }

    fn sole(&self, path: &str, looked: Looked) -> Result<(), WorkspaceError> {
        self.regular(path, looked.kind)?;
        if looked.names > 1 { Err(WorkspaceError::SecondName(self.shown(path))) } else { Ok(()) }
    }

    /// Why something could not be opened: because of what it is, or as the system says.
    fn refused(
        &self,
        verb: &'static str,
        path: &str,
        handle: &Handle,
        name: &str,
        error: std::io::Error,
    ) -> WorkspaceError {
        match handle.look(name) {
            Ok(Some(Looked { kind: Kind::Link, .. })) => WorkspaceError::Link(self.shown(path)),
            Ok(Some(Looked { kind: Kind::Other(what), .. })) => {
                WorkspaceError::NoFile { path: self.shown(path), what }
            }
            _ => WorkspaceError::io(verb, self.shown(path), error),
        }
    }
}

/// A file in the way of a folder counts as nothing there.
fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The names of a path, each with where it ends; none for the folder itself.
fn parts(path: &str) -> Result<Vec<(&str, usize)>, WorkspaceError> {
    let (mut found, mut end) = (Vec::new(), 0);
    for name in path.split('/').filter(|_| !path.is_empty()) {
        if !is_part(name) {
            return Err(WorkspaceError::Outside(path.to_owned()));
        }
        end += name.len();
        found.push((name, end));
        end += 1;
    }
    Ok(found)
}

/// One plain part of a path.
fn is_part(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0'])
}

fn prefix(path: &str, end: usize) -> &str {
    path.get(..end).unwrap_or(path)
}

#[cfg(test)]
mod tests;

//! Files that appear whole or not at all: written beside their place and renamed into it. What a killed process left
//! beside is known by its name and by its lock, which the system takes from the dead.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use super::system::{self, Handle};
use super::{Door, Kind, Looked, Privacy, WorkspaceError};

const PREFIX: &str = ".asagi-";
const SUFFIX: &str = ".tmp";

impl Door {
    /// Writes a file whole or not at all, and the folders to it. A shared file keeps the permissions it has.
    ///
    /// # Errors
    /// Something else than a regular file is there, the path leads out or through a link, or it cannot be written.
    pub fn replace(&self, path: &str, bytes: &[u8], privacy: Privacy) -> Result<(), WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let handle = self.make(folder, privacy)?;
        let before = self.look_in(&handle, path, name)?;
        if let Some(before) = before {
            self.regular(path, before.kind)?;
        }
        let failed = |error| WorkspaceError::io("write", self.shown(path), error);
        let (beside, mut file) = beside(&handle, privacy).map_err(failed)?;
        let written = file
            .write_all(bytes)
            .and_then(|()| before.map_or(Ok(()), |before| keep_mode(&file, before, privacy)))
            .and_then(|()| file.sync_all())
            .and_then(|()| handle.rename(&beside, &handle, name))
            .and_then(|()| handle.sync());
        written.inspect_err(|_| drop(handle.remove_file(&beside))).map_err(failed)
    }

    /// Writes a file that is not there yet, and the folders to it; a file that is there stays as it is.
    ///
    /// # Errors
    /// The path leads out or through a link, or it cannot be written.
    pub fn found(&self, path: &str, bytes: &[u8], privacy: Privacy) -> Result<(), WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let handle = self.make(folder, privacy)?;
        match handle.create(name, privacy).and_then(|mut file| file.write_all(bytes)) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(WorkspaceError::io("write", self.shown(path), error))
            }
            _ => Ok(()),
        }
    }

    /// Removes what killed processes left in a folder while they wrote. What a living one writes is locked, and stays.
    pub fn clear(&self, folder: &str) {
        let Ok(Some(handle)) = self.walk(folder) else { return };
        let names = handle.names().unwrap_or_default();
        for name in names.iter().filter(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX)) {
            let is_file = matches!(handle.look(name), Ok(Some(Looked { kind: Kind::File, .. })));
            let Ok(file) = handle.open_file(name) else { continue };
            if is_file && file.try_lock().is_ok() {
                drop(handle.remove_file(name));
            }
        }
    }

    /// Gives a file another place below this door, and makes the folders to it. What is there is replaced.
    pub(in super::super) fn rename(&self, from: &str, to: &str) -> Result<(), WorkspaceError> {
        let ((source, old), (folder, new)) = (self.split(from)?, self.split(to)?);
        let source = self.make(source, Privacy::Shared)?;
        let target = self.make(folder, Privacy::Shared)?;
        if let Some(before) = self.look_in(&target, to, new)? {
            self.regular(to, before.kind)?;
        }
        source.rename(old, &target, new).map_err(|error| WorkspaceError::io("write", self.shown(to), error))
    }

    /// Gives a file a second name below this door, so that the first can be given away and taken back.
    pub(in super::super) fn link(&self, path: &str, second: &str) -> Result<(), WorkspaceError> {
        let ((source, old), (folder, new)) = (self.split(path)?, self.split(second)?);
        let (source, target) = (self.make(source, Privacy::Shared)?, self.make(folder, Privacy::Shared)?);
        source.link(old, &target, new).map_err(|error| WorkspaceError::io("write", self.shown(second), error))
    }

    /// Writes a file that nobody else knows of yet, without making it last: the caller renames it into place.
    pub(in super::super) fn stage(
        &self,
        path: &str,
        bytes: &[u8],
        like: Option<Looked>,
    ) -> Result<(), WorkspaceError> {
        let (folder, name) = self.split(path)?;
        let handle = self.make(folder, Privacy::Shared)?;
        let written = handle.create(name, Privacy::Shared).and_then(|mut file| {
            file.write_all(bytes)?;
            like.map_or(Ok(()), |before| keep_mode(&file, before, Privacy::Shared))
        });
        written.map_err(|error| WorkspaceError::io("write", self.shown(path), error))
    }
}

/// A new file beside the one to be written, locked as long as its writer lives. A process that clears up may take it
/// between the making and the lock; then there is another.
fn beside(handle: &Handle, privacy: Privacy) -> std::io::Result<(String, File)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut tried = 0;
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{count}{SUFFIX}", std::process::id());
        let file = match handle.create(&name, privacy) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && tried < 1_000 => {
                tried += 1;
                continue;
            }
            made => made?,
        };
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            continue;
        }
        let mine = system::looked_at(&file)?.identity;
        if handle.look(&name)?.is_some_and(|found| found.identity == mine) {
            return Ok((name, file));
        }
    }
}

/// A shared file keeps the permissions that a person gave it, unless its owner could not write it or everybody could.
fn keep_mode(file: &File, before: Looked, privacy: Privacy) -> std::io::Result<()> {
    let sane = before.mode & 0o600 == 0o600 && before.mode & 0o7002 == 0;
    if privacy == Privacy::Shared && sane { system::set_mode(file, before.mode) } else { Ok(()) }
}

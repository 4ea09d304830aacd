//! A folder by its path, for systems whose folders cannot be opened as such. A link is looked for before each step; one
//! that is swapped in just then is not seen.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Kind, Looked, Privacy};

/// A folder.
#[derive(Debug)]
pub(super) struct Handle(PathBuf);

impl Handle {
    /// A folder by its path; links on the way are the caller's to look at.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            Ok(Self(path.to_owned()))
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    /// A folder in this one; a link is an error.
    pub(super) fn folder(&self, name: &str) -> io::Result<Self> {
        let path = self.0.join(name);
        if fs::symlink_metadata(&path)?.is_dir() {
            Ok(Self(path))
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    /// Makes a folder, unless something of that name is there.
    pub(super) fn make_folder(&self, name: &str, _: Privacy) -> io::Result<()> {
        match fs::create_dir(self.0.join(name)) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    /// What is there by that name, the link itself where it is one; `None` when there is nothing.
    pub(super) fn look(&self, name: &str) -> io::Result<Option<Looked>> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(known) => Ok(Some(looked(&known))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a file to be read.
    pub(super) fn open_file(&self, name: &str) -> io::Result<File> {
        File::open(self.no_link(name)?)
    }

    /// Opens or makes a file to be read and appended to.
    pub(super) fn open_appending(&self, name: &str, _: Privacy) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).create(true).open(self.no_link(name)?)
    }

    /// Makes a file that is not there.
    pub(super) fn create(&self, name: &str, _: Privacy) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.0.join(name))
    }

    /// Gives a file another name, here or in another folder; what has that name already is replaced.
    pub(super) fn rename(&self, from: &str, folder: &Self, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), folder.0.join(to))
    }

    /// Gives a file a second name in another folder, where nothing may have it.
    pub(super) fn link(&self, name: &str, folder: &Self, second: &str) -> io::Result<()> {
        fs::hard_link(self.no_link(name)?, folder.0.join(second))
    }

    /// Removes a file, or a link itself.
    pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// Removes an empty folder.
    pub(super) fn remove_folder(&self, name: &str) -> io::Result<()> {
        self.folder(name)?;
        fs::remove_dir(self.0.join(name))
    }

    /// All names in it that are text, in order.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name().into_string().ok()));
        let mut names: Vec<String> = names.collect::<io::Result<Vec<_>>>()?.into_iter().flatten().collect();
        names.sort();
        Ok(names)
    }

    /// Makes renames in it last, where a folder can be told to.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn no_link(&self, name: &str) -> io::Result<PathBuf> {
        match self.look(name)? {
            Some(Looked { kind: Kind::Link, .. }) => Err(ErrorKind::InvalidInput.into()),
            _ => Ok(self.0.join(name)),
        }
    }
}

/// What an opened file is.
pub(super) fn looked_at(file: &File) -> io::Result<Looked> {
    Ok(looked(&file.metadata()?))
}

/// Permissions are the folder's here.
pub(super) fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// The same file is told by when it was made: nothing else is known of it here.
fn looked(known: &Metadata) -> Looked {
    let kind = known.file_type();
    let kind = match (kind.is_file(), kind.is_dir(), kind.is_symlink()) {
        (true, _, _) => Kind::File,
        (_, true, _) => Kind::Folder,
        (_, _, true) => Kind::Link,
        _ => Kind::Other("a device"),
    };
    let made = known.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let made = made.map(|since| (since.as_secs(), u64::from(since.subsec_nanos())));
    Looked { kind, bytes: known.len(), names: 1, mode: 0o644, identity: made.unwrap_or_default() }
}

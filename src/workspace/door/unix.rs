//! A folder by its handle: what is below is named by one plain name at a time and no link is ever followed, so nothing
//! that is swapped in between a check and an opening leads elsewhere.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};

use super::{Kind, Looked, Privacy};

/// An opened folder.
#[derive(Debug)]
pub(super) struct Handle(OwnedFd);

impl Handle {
    /// A folder by its path; links on the way are the caller's to look at.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// A folder in this one; a link is an error.
    pub(super) fn folder(&self, name: &str) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::openat(&self.0, name, flags, Mode::empty())?))
    }

    /// Makes a folder, unless something of that name is there.
    pub(super) fn make_folder(&self, name: &str, privacy: Privacy) -> io::Result<()> {
        let mode = Mode::from_raw_mode(if privacy == Privacy::Private { 0o700 } else { 0o755 });
        match rustix::fs::mkdirat(&self.0, name, mode) {
            Err(error) if error != rustix::io::Errno::EXIST => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// What is there by that name, the link itself where it is one; `None` when there is nothing.
    pub(super) fn look(&self, name: &str) -> io::Result<Option<Looked>> {
        match rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(looked(&stat))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file to be read. A pipe is not waited for; whether it is a file is seen after.
    pub(super) fn open_file(&self, name: &str) -> io::Result<File> {
        self.file(name, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY, Privacy::Private)
    }

    /// Opens or makes a file to be read and appended to.
    pub(super) fn open_appending(&self, name: &str, privacy: Privacy) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::NONBLOCK | OFlags::NOCTTY;
        self.file(name, flags, privacy)
    }

    /// Makes a file that is not there.
    pub(super) fn create(&self, name: &str, privacy: Privacy) -> io::Result<File> {
        self.file(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL, privacy)
    }

    fn file(&self, name: &str, flags: OFlags, privacy: Privacy) -> io::Result<File> {
        let mode = Mode::from_raw_mode(if privacy == Privacy::Private { 0o600 } else { 0o644 });
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&self.0, name, flags, mode)?))
    }

    /// Gives a file another name, here or in another folder; what has that name already is replaced.
    pub(super) fn rename(&self, from: &str, folder: &Self, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &folder.0, to)?)
    }

    /// Gives a file a second name in another folder, where nothing may have it.
    pub(super) fn link(&self, name: &str, folder: &Self, second: &str) -> io::Result<()> {
        Ok(rustix::fs::linkat(&self.0, name, &folder.0, second, AtFlags::empty())?)
    }

    /// Removes a file, or a link itself.
    pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub(super) fn remove_folder(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    /// All names in it that are text, in order.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            names.extend(name.to_str().filter(|name| !matches!(*name, "." | "..")).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// Makes renames in it last.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
    }
}

/// What an opened file is.
pub(super) fn looked_at(file: &File) -> io::Result<Looked> {
    Ok(looked(&rustix::fs::fstat(file)?))
}

/// Gives a file those permissions.
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[allow(
    clippy::unnecessary_cast,
    clippy::cast_sign_loss,
    reason = "the widths of these fields differ from system to system"
)]
fn looked(stat: &Stat) -> Looked {
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        FileType::Fifo => Kind::Other("a pipe"),
        FileType::Socket => Kind::Other("a socket"),
        _ => Kind::Other("a device"),
    };
    Looked {
        kind,
        bytes: u64::try_from(stat.st_size).unwrap_or_default(),
        names: stat.st_nlink as u64,
        mode: stat.st_mode as u32 & 0o7777,
        identity: (stat.st_dev as u64, stat.st_ino as u64),
    }
}

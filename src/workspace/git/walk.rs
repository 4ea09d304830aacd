//! From a path to what a commit has there. Links are followed as the disk follows them: never out of the root.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gix_hash::ObjectId;
use gix_object::Kind;
use gix_object::tree::EntryKind;

use super::GitError;
use super::objects::{Folder, Objects};
use crate::source::FileError;

/// Links on the way to one file, as many as Linux follows.
const LINKS: usize = 40;

/// What a link says, in bytes: the longest path of Linux.
const LINK: u64 = 4096;

/// The files of a commit.
pub(super) struct Tree {
    pub objects: Objects,
    /// Where its files are checked out: a link that begins there stays inside.
    top: PathBuf,
    /// The commit's own folder.
    folder: Arc<Folder>,
    /// The way from there to the root, if the commit has that folder.
    root: Option<Way>,
}

/// The folders from the top down, each by its name. The first is the top, without one.
#[derive(Clone)]
pub(super) struct Way(Vec<(Vec<u8>, Arc<Folder>)>);

/// What a path led to.
pub(super) enum Found {
    File(ObjectId),
    Folder(Way),
}

impl Tree {
    /// The files of a commit's tree, seen from a root below the top.
    pub(super) fn open(objects: Objects, tree: ObjectId, top: &Path, root: &Path) -> Result<Self, GitError> {
        let folder = objects.folder(tree)?;
        let mut tree = Self { objects, top: top.to_owned(), folder, root: None };
        let below = root.strip_prefix(top).unwrap_or(Path::new(""));
        match tree.follow(tree.at_top(), below.as_os_str().as_encoded_bytes()) {
            Ok((None, way)) => tree.root = Some(way),
            Ok((Some(_), _)) | Err(FileError::Missing | FileError::Outside) => {}
            // A folder that cannot be read is not one that is not there: else all would seem to be new.
            Err(error) => return Err(GitError::Root(error.to_string())),
        }
        Ok(tree)
    }

    /// What is at a path below the root.
    pub(super) fn find(&self, path: &str) -> Result<Found, FileError> {
        stays_below(path)?;
        let root = self.root.clone().ok_or(FileError::Missing)?;
        let (found, way) = self.follow(root, path.as_bytes())?;
        self.must_be_inside(&way)?;
        Ok(found.map_or(Found::Folder(way), Found::File))
    }

    /// The names of the files in a folder. A link is listed where it leads to a file below the root.
    pub(super) fn files(&self, way: &Way) -> Vec<String> {
        let is_file = |name: &str, kind: EntryKind| match kind {
            EntryKind::Blob | EntryKind::BlobExecutable => true,
            EntryKind::Tree | EntryKind::Commit => false,
            EntryKind::Link => self
                .follow(way.clone(), name.as_bytes())
                .is_ok_and(|(file, way)| file.is_some() && self.must_be_inside(&way).is_ok()),
        };
        let names =
            way.folder().iter().filter_map(|(name, entry)| Some((str::from_utf8(name).ok()?, entry.kind)));
        // Git writes no such names; whoever wrote the objects by hand may.
        let plain = names.filter(|(name, _)| !name.contains('/') && !matches!(*name, "" | "." | ".."));
        plain.filter(|(name, kind)| is_file(name, *kind)).map(|(name, _)| name.to_owned()).collect()
    }

    fn at_top(&self) -> Way {
        Way(vec![(Vec::new(), Arc::clone(&self.folder))])
    }

    /// Walks along a path, through links, anywhere in the commit: to a file in the folder it gives, or to that folder.
    fn follow(&self, mut way: Way, path: &[u8]) -> Result<(Option<ObjectId>, Way), FileError> {
        let mut links = 0;
        let mut ahead = parts(path);
        while let Some(part) = ahead.pop() {
            match part.as_slice() {
                b"" | b"." => continue,
                b".." => {
                    way.up()?;
                    continue;
                }
                _ => {}
            }
            let entry = way.folder().get(&part).copied().ok_or(FileError::Missing)?;
            match entry.kind {
                EntryKind::Tree => {
                    let folder = self.objects.folder(entry.id)?;
                    way.0.push((part, folder));
                }
                EntryKind::Blob | EntryKind::BlobExecutable if ahead.is_empty() => {
                    return Ok((Some(entry.id), way));
                }
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    return Err(unreadable(format!("`{}` is a file, not a folder", lossy(&part))));
                }
                EntryKind::Commit => return Err(submodule(&part)),
                EntryKind::Link => {
                    links += 1;
                    if links > LINKS {
                        return Err(unreadable("too many links lead from one to the next".to_owned()));
                    }
                    let target = self.objects.read(entry.id, Kind::Blob, LINK)?;
                    let (absolute, target) = self.inside(&target)?;
                    if absolute {
                        way.0.truncate(1);
                    }
                    ahead.extend(parts(target));
                }
            }
        }
        Ok((None, way))
    }

    /// What a link says, seen from the link or (true) from the top.
    fn inside<'a>(&self, target: &'a [u8]) -> Result<(bool, &'a [u8]), FileError> {
        if !target.starts_with(b"/") {
            return Ok((false, target));
        }
        let below = target.strip_prefix(self.top.as_os_str().as_encoded_bytes());
        let below = below.filter(|below| below.is_empty() || below.starts_with(b"/"));
        below.map(|below| (true, below)).ok_or(FileError::Outside)
    }

    fn must_be_inside(&self, way: &Way) -> Result<(), FileError> {
        let names = |way: &Way| way.0.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let inside = self.root.as_ref().is_none_or(|root| names(way).starts_with(&names(root)));
        if inside { Ok(()) } else { Err(FileError::Outside) }
    }
}

impl Way {
    /// What is in the folder it has come to.
    fn folder(&self) -> &Folder {
        static EMPTY: Folder = Folder::new();
        self.0.last().map_or(&EMPTY, |(_, folder)| folder)
    }

    fn up(&mut self) -> Result<(), FileError> {
        if self.0.len() < 2 {
            return Err(FileError::Outside);
        }
        self.0.pop();
        Ok(())
    }
}

/// The parts of a path, the first one last.
fn parts(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|byte| *byte == b'/').rev().map(<[u8]>::to_vec).collect()
}

/// A path as a spec writes it never leads above the root, not even to come back.
fn stays_below(path: &str) -> Result<(), FileError> {
    if path.starts_with('/') {
        return Err(FileError::Outside);
    }
    let depth = path.split('/').try_fold(0_usize, |depth, part| match part {
        "" | "." => Some(depth),
        ".." => depth.checked_sub(1),
        _ => Some(depth + 1),
    });
    depth.map(|_| ()).ok_or(FileError::Outside)
}

fn submodule(name: &[u8]) -> FileError {
    unreadable(format!("it lies in the submodule `{}`, whose commits asagi does not read", lossy(name)))
}

fn unreadable(words: String) -> FileError {
    FileError::Unreadable(words)
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

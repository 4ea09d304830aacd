//! Git's objects: what an id names is looked at first (kind and size), then read within bounds, then held against its id.
//!
//! Nothing is fetched, and nothing stands in for another object: no replacement, no graft.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gix_hash::ObjectId;
use gix_object::tree::EntryKind;
use gix_object::{CommitRefIter, Find as _, Kind, TagRefIter, TreeRefIter};
use gix_odb::Header as _;
use gix_odb::store::{Handle, init};

use super::place::Place;
use super::{Absence, GitError};
use crate::workspace::Door;

/// A commit or a tag, in bytes: some hundred, and what somebody wrote into its message.
const RECORD: u64 = 1 << 20;

/// A folder, in bytes: some 200,000 names.
const FOLDER: u64 = 8 << 20;

/// Any one allocation, in bytes. A packed object is made from another that may be larger, with both in memory.
const ALLOCATION: usize = 64 << 20;

/// Names kept of folders that were read, so that one is read once.
const KEPT: usize = 200_000;

/// Tags on tags.
const TAGS: usize = 64;

/// What is in a folder, by name.
pub(super) type Folder = BTreeMap<Vec<u8>, Entry>;

/// One name of a folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub kind: EntryKind,
    pub id: ObjectId,
}

/// A commit, as far as it matters here.
#[derive(Debug)]
pub(super) struct Commit {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
}

pub(super) struct Objects {
    /// Several threads may ask; a handle is for one at a time.
    store: Mutex<Handle<Arc<gix_odb::Store>>>,
    folders: Mutex<BTreeMap<ObjectId, Arc<Folder>>>,
    hash: gix_hash::Kind,
    absence: Absence,
}

impl Objects {
    pub(super) fn open(place: &Place) -> Result<Self, GitError> {
        let options = init::Options {
            alloc_limit_bytes: Some(ALLOCATION),
            current_dir: Some(place.common.clone()),
            ..init::Options::default()
        };
        let hash = place.settings.hash;
        let store = gix_odb::Store::at_opts(place.objects(), hash, &mut std::iter::empty(), options);
        let store = store.map_err(|error| super::small::failed(&place.objects(), &error))?;
        let mut handle = Arc::new(store).to_handle_arc();
        handle.refresh_never();
        Ok(Self { store: Mutex::new(handle), folders: Mutex::default(), hash, absence: absence(place) })
    }

    /// What an object is.
    pub(super) fn kind(&self, id: ObjectId) -> Result<Kind, GitError> {
        Ok(self.header(id)?.0)
    }

    /// The bytes of an object of that kind, if they are not more than `limit`.
    pub(super) fn read(&self, id: ObjectId, kind: Kind, limit: u64) -> Result<Vec<u8>, GitError> {
        let (found, bytes) = self.header(id)?;
        if found != kind {
            return Err(damaged(id));
        }
        if bytes > limit {
            return Err(GitError::TooLarge { id: short(id), bytes, limit });
        }
        let mut buffer = Vec::new();
        let store = held(&self.store);
        let data = store.try_find(&id, &mut buffer).map_err(|error| failed(id, error.downcast_any_ref()))?;
        let data = data.ok_or_else(|| self.absent(id))?;
        let right = data.kind == kind && data.verify_checksum(&id).is_ok();
        if right { Ok(buffer) } else { Err(damaged(id)) }
    }

    /// The commit that an object is, or that the tag names which it is.
    pub(super) fn peel(&self, mut id: ObjectId) -> Result<ObjectId, GitError> {
        for _ in 0..TAGS {
            match self.kind(id)? {
                Kind::Commit => return Ok(id),
                Kind::Tag => {
                    let tag = self.read(id, Kind::Tag, RECORD)?;
                    id = TagRefIter::from_bytes(&tag, self.hash).target_id().map_err(|_| damaged(id))?;
                }
                kind => return Err(GitError::NotACommit { kind: kind.to_string() }),
            }
        }
        Err(damaged(id))
    }

    pub(super) fn commit(&self, id: ObjectId) -> Result<Commit, GitError> {
        let bytes = self.read(id, Kind::Commit, RECORD)?;
        let commit = CommitRefIter::from_bytes(&bytes, self.hash);
        let tree = commit.clone().tree_id().map_err(|_| damaged(id))?;
        Ok(Commit { tree, parents: commit.parent_ids().collect() })
    }

    pub(super) fn folder(&self, id: ObjectId) -> Result<Arc<Folder>, GitError> {
        if let Some(known) = held(&self.folders).get(&id) {
            return Ok(Arc::clone(known));
        }
        let bytes = self.read(id, Kind::Tree, FOLDER)?;
        let mut folder = Folder::new();
        for entry in TreeRefIter::from_bytes(&bytes, self.hash) {
            let entry = entry.map_err(|_| damaged(id))?;
            let value = Entry { kind: entry.mode.kind(), id: entry.oid.to_owned() };
            if folder.insert(entry.filename.to_vec(), value).is_some() {
                return Err(damaged(id));
            }
        }
        let folder = Arc::new(folder);
        let mut folders = held(&self.folders);
        if folders.values().map(|folder| folder.len()).sum::<usize>() + folder.len() > KEPT {
            folders.clear();
        }
        folders.insert(id, Arc::clone(&folder));
        Ok(folder)
    }

    /// The commits whose ids begin with these hexadecimal digits, or whose tags' ids do.
    #[expect(
        clippy::disallowed_types,
        reason = "gix-odb asks for it; the ids are sorted before they are used"
    )]
    pub(super) fn abbreviated(&self, digits: &str) -> Result<Vec<ObjectId>, GitError> {
        let padded = format!("{digits:0<width$}", width = self.hash.len_in_hex());
        let prefix =
            ObjectId::from_hex(padded.as_bytes()).and_then(|id| gix_hash::Prefix::new(&id, digits.len()));
        let Ok(prefix) = prefix else { return Ok(Vec::new()) };
        let mut found = std::collections::HashSet::default();
        let store = held(&self.store);
        let told = store.lookup_prefix(prefix, Some(&mut found));
        told.map_err(|_| GitError::Damaged("the object store".to_owned()))?;
        drop(store);
        let mut commits = Vec::new();
        for id in found {
            match self.kind(id)? {
                Kind::Commit => commits.push(id),
                Kind::Tag => commits.extend(self.peel(id).ok()),
                _ => {}
            }
        }
        commits.sort();
        commits.dedup();
        Ok(commits)
    }

    fn header(&self, id: ObjectId) -> Result<(Kind, u64), GitError> {
        let header =
            held(&self.store).try_header(&id).map_err(|error| failed(id, error.downcast_any_ref()))?;
        header.map(|header| (header.kind(), header.size())).ok_or_else(|| self.absent(id))
    }

    fn absent(&self, id: ObjectId) -> GitError {
        GitError::Absent { id: short(id), absence: self.absence }
    }
}

/// The first twelve digits: enough to find it by.
pub(super) fn short(id: ObjectId) -> String {
    id.to_hex_with_len(12).to_string()
}

fn damaged(id: ObjectId) -> GitError {
    GitError::Damaged(format!("object {}", short(id)))
}

/// Why an object could not be read: the system's word where it has one.
fn failed(id: ObjectId, system: Option<&std::io::Error>) -> GitError {
    match system {
        Some(said) => GitError::Io { what: format!("object {}", short(id)), said: said.to_string() },
        None => damaged(id),
    }
}

/// Why an object of this repository would not be there. Packs of a partial clone have a file `.promisor` beside them.
fn absence(place: &Place) -> Absence {
    let packs = Door::open(&place.objects().join("pack")).and_then(|packs| packs.names(""));
    if packs.ok().flatten().into_iter().flatten().any(|name| name.ends_with(".promisor")) {
        Absence::Partial
    } else if place.is_shallow() {
        Absence::Shallow
    } else {
        Absence::Lost
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

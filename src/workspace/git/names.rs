//! Which commit a name means. A name that means several is refused, where Git takes the first and warns.

use std::collections::{BTreeMap, BTreeSet};

use gix_hash::ObjectId;
use gix_ref::file::Store;
use gix_ref::{Reference, Target};

use super::GitError;
use super::name::{Name, Step};
use super::objects::{Objects, short};
use super::place::Place;

/// References that name references, as many as Git follows.
const LINKS: usize = 5;

/// Names that are compared with one that does not exist.
const COMPARED: usize = 20_000;

/// The references of a repository, and its objects, which have names too.
pub(super) struct Names<'a> {
    store: Store,
    objects: &'a Objects,
    place: &'a Place,
}

impl<'a> Names<'a> {
    pub(super) fn open(place: &'a Place, objects: &'a Objects) -> Self {
        let hash = place.settings.hash;
        let store = if place.own == place.common {
            Store::at(place.own.clone(), hash)
        } else {
            Store::for_linked_worktree(place.own.clone(), place.common.clone(), hash)
        };
        Self { store, objects, place }
    }

    /// The commit that a name means.
    pub(super) fn commit(&self, text: &str) -> Result<ObjectId, GitError> {
        let name = Name::parse(text)?;
        let mut id = self.base(name.base)?;
        for step in name.steps {
            match step {
                Step::Parent(0) => {}
                Step::Parent(number) => id = self.parent(id, number as usize)?,
                Step::Back(number) => {
                    for _ in 0..number {
                        id = self.parent(id, 1)?;
                    }
                }
            }
        }
        Ok(id)
    }

    fn parent(&self, id: ObjectId, number: usize) -> Result<ObjectId, GitError> {
        let parents = self.objects.commit(id)?.parents;
        let parent = parents.get(number - 1).copied();
        parent.ok_or_else(|| GitError::NoParent { id: short(id), parent: number })
    }

    /// The one commit that is called so, whether by a reference or by its id.
    fn base(&self, base: &str) -> Result<ObjectId, GitError> {
        let is_hexadecimal = base.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hexadecimal && base.len() == self.place.settings.hash.len_in_hex() {
            let id = ObjectId::from_hex(base.to_ascii_lowercase().as_bytes());
            return self.objects.peel(id.map_err(|_| GitError::NotAName("it is no id"))?);
        }
        // Every commit that is meant, by each of the ways it is meant.
        let mut meant: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
        for (name, id) in self.references(base)? {
            meant.entry(self.objects.peel(id)?).or_default().push(name);
        }
        if is_hexadecimal && base.len() >= gix_hash::Prefix::MIN_HEX_LEN {
            for id in self.objects.abbreviated(&base.to_ascii_lowercase())? {
                meant.entry(id).or_default().push(short(id));
            }
        }
        let mut ids = meant.keys();
        match (ids.next(), ids.next()) {
            (Some(id), None) => Ok(*id),
            (None, _) => Err(self.unknown(base)),
            _ => Err(GitError::Ambiguous(meant.values().flatten().map(|way| format!("`{way}`")).collect())),
        }
    }

    /// The references that a name may be short for, by the rules of Git, and what each names.
    fn references(&self, base: &str) -> Result<Vec<(String, ObjectId)>, GitError> {
        let is_upper = base.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let full = (is_upper || base.starts_with("refs/")).then(|| base.to_owned());
        let short = ["", "tags/", "heads/", "remotes/"].map(|kind| format!("refs/{kind}{base}"));
        let default = format!("refs/remotes/{base}/HEAD");
        let mut found = Vec::new();
        for name in full.into_iter().chain(short).chain([default]) {
            if gix_ref::FullName::try_from(name.as_str()).is_err() {
                return Err(GitError::NotAName("Git has no names like this"));
            }
            if let Some(id) = self.target(&name)? {
                found.push((name, id));
            }
        }
        Ok(found)
    }

    /// What a reference names in the end, if it exists.
    fn target(&self, name: &str) -> Result<Option<ObjectId>, GitError> {
        let mut name = name.to_owned();
        for _ in 0..=LINKS {
            match self.reference(&name)?.map(|reference| reference.target) {
                None => return Ok(None),
                Some(Target::Object(id)) => return Ok(Some(id)),
                Some(Target::Symbolic(next)) => name = next.as_bstr().to_string(),
            }
        }
        Err(damaged(&name))
    }

    /// Exactly the reference of that full name. The store would try others that the name may be short for.
    fn reference(&self, name: &str) -> Result<Option<Reference>, GitError> {
        let found = self.store.try_find(name).map_err(|_| damaged(name))?;
        Ok(found.filter(|reference| reference.name.as_bstr() == name))
    }

    fn unknown(&self, base: &str) -> GitError {
        let close = 1 + base.chars().count() / 4;
        let distance = |name: &String| strsim::damerau_levenshtein(base, name);
        let last = base.rsplit('/').next().unwrap_or(base);
        let is_near = |name: &String| name.rsplit('/').next() == Some(last) || distance(name) <= close;
        let mut near: Vec<String> = self.all().into_iter().filter(is_near).collect();
        near.sort_by_cached_key(|name| (distance(name), name.clone()));
        near.truncate(3);
        GitError::Unknown { near, shallow: self.place.is_shallow() }
    }

    /// Short names of branches and tags, of which there may be very many.
    fn all(&self) -> BTreeSet<String> {
        let Ok(platform) = self.store.iter() else { return BTreeSet::new() };
        let references = platform.all().into_iter().flatten().take(COMPARED).flatten();
        let names = references.map(|reference| reference.name.as_bstr().to_string());
        let short = |name: String| {
            let short = ["refs/heads/", "refs/tags/", "refs/remotes/"]
                .iter()
                .find_map(|kind| name.strip_prefix(kind));
            short.filter(|name| name.len() < 200).map(str::to_owned)
        };
        names.filter_map(short).collect()
    }
}

fn damaged(name: &str) -> GitError {
    GitError::Damaged(format!("reference `{name}`"))
}

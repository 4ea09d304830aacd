//! An environment of `environments/` with edits laid over it, and the embedded target it is applied to.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use asagi::ops::load::{Loaded, from_files};
use asagi::source::{FileError, Files};
use asagi::workspace::Workspace;

/// What was made of files with those edits, by any session.
static LOADED: Mutex<BTreeMap<Edited, Arc<Loaded>>> = Mutex::new(BTreeMap::new());

/// An environment's file, and every file that has another text.
type Edited = (String, BTreeMap<String, Vec<u8>>);

/// The repository's files, some of them with another text.
pub(crate) struct Overlay {
    disk: Workspace,
    edited: BTreeMap<String, Vec<u8>>,
    /// Reading an environment takes a while, and every plan of a session reads it again.
    cache: Mutex<BTreeMap<String, Vec<u8>>>,
    /// What was made of files, since the last edit.
    loaded: Mutex<BTreeMap<String, Arc<Loaded>>>,
}

impl Overlay {
    /// The repository as it is committed.
    pub(crate) fn new() -> Self {
        let disk = Workspace::open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        Self { disk, edited: BTreeMap::new(), cache: Mutex::default(), loaded: Mutex::default() }
    }

    /// Replaces a text that the file must have exactly once.
    pub(crate) fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.read(path).unwrap()).unwrap();
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
        self.edited.insert(path.to_owned(), text.replace(from, to).into_bytes());
        self.loaded.lock().unwrap().clear();
    }

    /// Lays a file of its own beside them.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        self.edited.insert(path.to_owned(), text.as_bytes().to_vec());
        self.loaded.lock().unwrap().clear();
    }

    /// The environment in that file, which must have no errors.
    pub(crate) fn load(&self, path: &str) -> Arc<Loaded> {
        let key = (path.to_owned(), self.edited.clone());
        let known = self.loaded.lock().unwrap().get(path).or(LOADED.lock().unwrap().get(&key)).cloned();
        known.unwrap_or_else(|| match from_files(self, path) {
            Ok(loaded) => {
                let loaded = Arc::new(loaded);
                LOADED.lock().unwrap().insert(key, Arc::clone(&loaded));
                self.loaded.lock().unwrap().insert(path.to_owned(), Arc::clone(&loaded));
                loaded
            }
            Err(read) => panic!("{:?}", read.findings),
        })
    }
}

impl Files for Overlay {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if let Some(text) = self.edited.get(path).or(self.cache.lock().unwrap().get(path)) {
            return Ok(text.clone());
        }
        let bytes = self.disk.read(path)?;
        self.cache.lock().unwrap().insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let mut names = self.disk.list(folder)?;
        let own = self.edited.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'));
        names.extend(own.filter(|name| !name.contains('/')).map(str::to_owned));
        names.sort();
        names.dedup();
        Ok(names)
    }
}

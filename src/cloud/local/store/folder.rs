//! Documents as files of a folder. A file appears whole or not at all, and so does a set of files: the set is written
//! to `commit.json` first, and whoever comes after a crash finishes it.

use std::fmt;

use super::{Changes, Held, Store, misread};
use crate::cloud::{CloudError, Result};
use crate::source::limits;
use crate::workspace::{Door, Kind, PlainName, Privacy, Waiting, WorkspaceError};

const COMMIT: &str = "commit";
const LOCK: &str = "lock";
/// Folders of documents; what else lies there is none.
const FOLDERS: [&str; 2] = ["stacks", "deleted"];

/// Told of each wait for another process that is worth a line.
type Told = Box<dyn Fn(&Waiting) + Send + Sync>;

/// Documents as files of a folder.
pub struct Folder {
    door: Door,
    /// Below the door, one folder an account and Region.
    parts: Vec<String>,
    told: Told,
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folder").field("door", &self.door).field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl Folder {
    /// Of the folder with those names below each other and below the door, made when it is first written to.
    pub fn below(door: Door, parts: &[&str]) -> Self {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        Self { door, parts, told: Box::new(|_| ()) }
    }

    /// The same; `told` hears of waits for another process.
    #[must_use]
    pub fn telling(self, told: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        Self { told: Box::new(told), ..self }
    }

    fn path(&self, name: &str) -> String {
        self.parts.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/")
    }

    /// The file of a document: `world`, or a stack's name in one of the folders.
    fn file(&self, document: &str) -> Result<String> {
        let name = document
            .split_once('/')
            .filter(|(folder, _)| FOLDERS.contains(folder))
            .map_or(document, |(_, name)| name);
        PlainName::new("stack", name).map_err(|error| failed(&error))?;
        Ok(self.path(&format!("{document}.json")))
    }

    /// Finishes the set of files that a crash cut short, and removes what it left beside them.
    fn recover(&self) -> Result<()> {
        for folder in FOLDERS.into_iter().map(|folder| self.path(folder)).chain([self.parts.join("/")]) {
            self.door.clear(&folder);
        }
        let Some(text) = self.read(COMMIT)? else { return Ok(()) };
        let changes: Changes =
            serde_json::from_str(&text).map_err(|error| self.broken(COMMIT, &misread(&error)))?;
        self.write_all(&changes)?;
        self.remove(COMMIT)
    }

    fn write_all(&self, changes: &Changes) -> Result<()> {
        changes.iter().try_for_each(|(document, text)| match text {
            Some(text) => self.write(document, text),
            None => self.remove(document),
        })
    }

    fn write(&self, document: &str, text: &str) -> Result<()> {
        let file = self.file(document)?;
        self.door.replace(&file, text.as_bytes(), Privacy::Private).map_err(|error| failed(&error))
    }

    fn remove(&self, document: &str) -> Result<()> {
        self.door.remove(&self.file(document)?).map_err(|error| failed(&error))
    }

    /// The documents of a folder.
    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let names = self.door.names(&self.path(folder)).map_err(|error| failed(&error))?.unwrap_or_default();
        let stems = names.iter().filter_map(|name| name.strip_suffix(".json"));
        let stacks = stems.filter(|stem| PlainName::new("stack", stem).is_ok());
        Ok(stacks.map(|stem| format!("{folder}/{stem}")).collect())
    }
}

impl Store for Folder {
    fn lock(&self) -> Result<Held> {
        for (what, name) in ["account", "region"].into_iter().rev().zip(self.parts.iter().rev()) {
            PlainName::new(what, name).map_err(|error| failed(&error))?;
        }
        match self.door.lock(&self.path(LOCK), &self.told) {
            // Who cannot write here only reads: every document is whole, and what is to be written fails for the same reason.
            Err(error) if error.is_read_only() => Ok(Held(None)),
            lock => {
                let lock = lock.map_err(|error| failed(&error))?;
                self.recover()?;
                Ok(Held(Some(lock)))
            }
        }
    }

    fn documents(&self) -> Result<Vec<String>> {
        let mut found = FOLDERS.iter().map(|folder| self.list(folder)).collect::<Result<Vec<_>>>()?.concat();
        let world = self.door.look(&self.path("world.json")).map_err(|error| failed(&error))?;
        found.extend(world.filter(|it| it.kind == Kind::File).map(|_| "world".to_owned()));
        found.sort();
        Ok(found)
    }

    fn read(&self, document: &str) -> Result<Option<String>> {
        let bytes = self.door.read(&self.file(document)?, limits::LOCAL_DOCUMENT);
        let Some(bytes) = bytes.map_err(|error| failed(&error))? else { return Ok(None) };
        String::from_utf8(bytes).map(Some).map_err(|error| self.broken(document, &error))
    }

    fn commit(&self, changes: &Changes) -> Result<()> {
        for document in changes.keys() {
            self.file(document)?;
        }
        if changes.len() < 2 {
            return self.write_all(changes);
        }
        let text = serde_json::to_string(changes).map_err(|error| self.broken(COMMIT, &error))?;
        self.write(COMMIT, &text)?;
        self.write_all(changes)?;
        self.remove(COMMIT)
    }

    fn broken(&self, document: &str, why: &dyn fmt::Display) -> CloudError {
        let folder = self.door.shown(&self.parts.join("/"));
        let file = self.door.shown(&self.path(&format!("{document}.json")));
        CloudError::Store(format!(
            "`{file}` is not what this asagi wrote: {why}; put the file back, or start the embedded target over: `rm -r {folder}`"
        ))
    }
}

/// An error of the files, with what mends it.
fn failed(error: &WorkspaceError) -> CloudError {
    CloudError::Store(match error.help() {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(folder: &std::path::Path) -> Folder {
        Folder::below(Door::open(folder).unwrap(), &["1", "r"])
    }

    fn changes(texts: &[(&str, Option<&str>)]) -> Changes {
        texts.iter().map(|(name, text)| ((*name).to_owned(), text.map(str::to_owned))).collect()
    }

    #[test]
    fn a_set_of_files_cut_short_is_finished_by_the_next_caller() {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        store.commit(&changes(&[("world", Some("1")), ("stacks/a", Some("old"))])).unwrap();

        // The process ended between writing the set and moving it into place.
        let cut = changes(&[("world", Some("2")), ("stacks/a", None), ("stacks/b", Some("new"))]);
        store.write(COMMIT, &serde_json::to_string(&cut).unwrap()).unwrap();

        let held = store.lock().unwrap();
        assert!(held.is_shared_with_processes());
        assert_eq!(store.documents().unwrap(), ["stacks/b", "world"]);
        assert_eq!(store.read("world").unwrap().as_deref(), Some("2"));
        assert_eq!(store.read("stacks/a").unwrap(), None);
    }

    #[test]
    fn only_whole_files_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path());
        store.commit(&changes(&[("stacks/a", Some("1")), ("world", Some("1"))])).unwrap();
        assert_eq!(store.door.names("1/r/stacks").unwrap().unwrap(), ["a.json"]);
        assert_eq!(store.door.names("1/r").unwrap().unwrap(), ["stacks", "world.json"]);
    }
}

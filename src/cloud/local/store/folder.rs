//! Documents as files of a folder. A file appears whole or not at all, and so does a set of files: the set is written
//! to `commit.json` first, and whoever comes after a crash finishes it.

#![expect(clippy::disallowed_methods, reason = "the embedded target's documents are files")]

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{Changes, Held, Store};
use crate::cloud::{CloudError, Result};

const COMMIT: &str = "commit.json";
const LOCK: &str = "lock";

/// Documents as files of a folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Of that folder, which is created when first written to.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, document: &str) -> PathBuf {
        self.root.join(format!("{document}.json"))
    }

    /// Finishes the set of files that a crash cut short.
    fn recover(&self) -> Result<()> {
        let path = self.root.join(COMMIT);
        let Some(text) = read(&path)? else { return Ok(()) };
        let changes: Changes = serde_json::from_str(&text).map_err(|error| broken(&path, &error))?;
        self.write_all(&changes)?;
        remove(&path)
    }

    fn write_all(&self, changes: &Changes) -> Result<()> {
        changes.iter().try_for_each(|(document, text)| match text {
            Some(text) => write(&self.path(document), text),
            None => remove(&self.path(document)),
        })
    }

    fn walk(&self, folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<()> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("read", folder, &error)),
        };
        for entry in entries {
            let path = entry.map_err(|error| failed("read", folder, &error))?.path();
            let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let name = format!("{prefix}{stem}");
            if path.is_dir() {
                self.walk(&path, &format!("{name}/"), found)?;
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(name);
            }
        }
        Ok(())
    }
}

impl Store for Folder {
    fn lock(&self) -> Result<Held> {
        fs::create_dir_all(&self.root).map_err(|error| failed("create", &self.root, &error))?;
        let path = self.root.join(LOCK);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| failed("open", &path, &error))?;
        file.lock().map_err(|error| failed("lock", &path, &error))?;
        self.recover()?;
        Ok(Held(Some(file)))
    }

    fn documents(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        self.walk(&self.root, "", &mut found)?;
        found.sort();
        Ok(found)
    }

    fn read(&self, document: &str) -> Result<Option<String>> {
        read(&self.path(document))
    }

    fn commit(&self, changes: &Changes) -> Result<()> {
        if changes.len() < 2 {
            return self.write_all(changes);
        }
        let path = self.root.join(COMMIT);
        let text = serde_json::to_string(changes).map_err(|error| broken(&path, &error))?;
        write(&path, &text)?;
        self.write_all(changes)?;
        remove(&path)
    }

    fn place(&self, document: &str) -> String {
        self.path(document).display().to_string()
    }
}

fn read(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

/// Written beside its place, flushed to the disk, then renamed into it.
fn write(path: &Path, text: &str) -> Result<()> {
    let told = |error: &std::io::Error| failed("write", path, error);
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).map_err(|error| told(&error))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| told(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| told(&error))?;
    file.as_file().sync_all().map_err(|error| told(&error))?;
    file.persist(path).map_err(|error| told(&error.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| told(&error))
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("remove", path, &error)),
        _ => Ok(()),
    }
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> CloudError {
    CloudError::Store(format!("cannot {verb} `{}`: {error}", path.display()))
}

fn broken(path: &Path, error: &serde_json::Error) -> CloudError {
    CloudError::Store(format!(
        "`{path}` is not what the embedded target wrote: {error}; put the file back, or remove `{folder}` to start over",
        path = path.display(),
        folder = path.parent().unwrap_or(path).display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(texts: &[(&str, Option<&str>)]) -> Changes {
        texts.iter().map(|(name, text)| ((*name).to_owned(), text.map(str::to_owned))).collect()
    }

    #[test]
    fn a_set_of_files_cut_short_is_finished_by_the_next_caller() {
        let folder = tempfile::tempdir().unwrap();
        let store = Folder::new(folder.path());
        store.commit(&changes(&[("world", Some("1")), ("stacks/a", Some("old"))])).unwrap();

        // The process ended between writing the set and moving it into place.
        let cut = changes(&[("world", Some("2")), ("stacks/a", None), ("stacks/b", Some("new"))]);
        write(&folder.path().join(COMMIT), &serde_json::to_string(&cut).unwrap()).unwrap();

        let held = store.lock().unwrap();
        assert!(held.is_shared_with_processes());
        assert_eq!(store.documents().unwrap(), ["stacks/b", "world"]);
        assert_eq!(store.read("world").unwrap().as_deref(), Some("2"));
        assert_eq!(store.read("stacks/a").unwrap(), None);
    }

    #[test]
    fn only_whole_files_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Folder::new(folder.path());
        store.commit(&changes(&[("stacks/a", Some("1")), ("world", Some("1"))])).unwrap();
        let names: Vec<_> = fs::read_dir(folder.path().join("stacks"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names, ["a.json"]);
    }
}

//! What stands beside the environments of a folder: the others, who share images and promote releases, and the images
//! lock. It is read once for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostics::Findings;
use crate::model::{Lock, Sibling};
use crate::source::{Files, SourceMap, parse};

use super::sketch::Sketches;
use super::{lock, paths};

/// A folder of environments, as far as each of them must know of it.
#[derive(Debug, Default)]
pub struct Folder {
    /// The environments by project, each project's by file name.
    siblings: BTreeMap<String, Vec<Arc<Sibling>>>,
    /// The images lock, if nothing is wrong with it.
    lock: Option<Lock>,
}

impl Folder {
    /// The folder of the environment at `path`.
    pub fn of(files: &dyn Files, path: &str) -> Self {
        Self::with(&Sketches::new(files), files, path)
    }

    /// The same, by what is known of its files already.
    pub(super) fn with(sketches: &Sketches<'_>, files: &dyn Files, path: &str) -> Self {
        let mut siblings: BTreeMap<String, Vec<Arc<Sibling>>> = BTreeMap::new();
        let candidates = candidates(files, paths::folder(path)).into_par_iter();
        let others = candidates.filter(|path| !sketches.is_part(path));
        for sibling in others.filter_map(|path| sketches.sibling(&path)).collect::<Vec<_>>() {
            siblings.entry(sibling.project.clone()).or_default().push(Arc::new(sibling));
        }
        let mut findings = Findings::default();
        let lock = lock::read(files, path, &mut SourceMap::new(), &mut findings);
        Self { siblings, lock: findings.is_empty().then_some(lock) }
    }

    /// The project's other environments beside `path`.
    pub(super) fn siblings(&self, project: &str, path: &str) -> Vec<Arc<Sibling>> {
        let of_project = self.siblings.get(project).into_iter().flatten();
        of_project.filter(|other| other.path != path).cloned().collect()
    }

    /// What the lock says of the project; nothing when the lock has faults, which are told where they matter.
    pub(super) fn lock(&self, project: &str) -> Option<Lock> {
        self.lock.as_ref().map(|lock| lock.of(project))
    }
}

/// The environments of a folder, by file name: every YAML file except the images lock and those that parse and have no
/// key `environment` of their own, which are parts of others. A file that does not parse is checked, not skipped.
pub fn environments(files: &dyn Files, folder: &str) -> Vec<String> {
    candidates(files, folder).into_par_iter().filter(|path| !is_part(files, path)).collect()
}

/// The YAML files of a folder except the images lock, by file name.
fn candidates(files: &dyn Files, folder: &str) -> Vec<String> {
    let names = files.list(folder).unwrap_or_default().into_iter();
    let specs = names.filter(|name| name.ends_with(".yaml") && name != Lock::FILE);
    specs.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") }).collect()
}

/// Whether a file can be read and is no environment of its own, only a part of others.
pub fn is_part(files: &dyn Files, path: &str) -> bool {
    let Ok(bytes) = files.read(path) else { return false };
    // a line that begins with the key settles it: either the file has the key, or it cannot be read
    if bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"environment:")) {
        return false;
    }
    let mut sources = SourceMap::new();
    let document = sources.add_bytes(path, &bytes).and_then(|id| parse(&sources, id));
    document.is_ok_and(|document| document.root.entry("environment").is_none())
}

#[cfg(test)]
mod tests {
    use super::environments;
    use crate::source::MemoryFiles;

    #[test]
    fn parts_and_the_lock_are_no_environments_and_broken_files_are() {
        let files = MemoryFiles::new()
            .with("environments/base.yaml", "project: poc\n")
            .with("environments/prod.yaml", "extends: base.yaml\nenvironment: prod\n")
            .with("environments/broken.yaml", "a: [\n")
            .with("environments/images.lock.yaml", "asagi: v1\n")
            .with("environments/stacks/own.yaml", "Resources: {}\n");
        assert_eq!(
            environments(&files, "environments"),
            ["environments/broken.yaml", "environments/prod.yaml"]
        );
    }
}

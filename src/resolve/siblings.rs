//! The other environments beside this one: who shares its images, and where releases come from.

use crate::source::{Files, Node};
use crate::spec::Lock;

use super::{load, paths};

/// Another environment in the same folder, as far as its file can be read; that file's own check tells its faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Its file.
    pub path: String,
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Its account.
    pub account: String,
    /// Where its releases come from.
    pub promote_from: Option<String>,
}

/// The environments beside `path`, by file name. A file without `environment` is a part of others.
pub(super) fn siblings(files: &dyn Files, path: &str) -> Vec<Sibling> {
    let folder = paths::folder(path);
    let names = files.list(folder).unwrap_or_default().into_iter();
    let specs = names.filter(|name| name.ends_with(".yaml") && name != Lock::FILE);
    let paths = specs.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") });
    paths.filter(|other| other != path).filter_map(|other| sibling(files, other)).collect()
}

fn sibling(files: &dyn Files, path: String) -> Option<Sibling> {
    let root = load::load(files, &path).root?;
    let text = |pointer: &str| root.get(pointer).and_then(Node::as_str).map(str::to_owned);
    Some(Sibling {
        project: text("/project")?,
        name: text("/environment")?,
        account: text("/account")?,
        promote_from: text("/protection/promoteFrom"),
        path,
    })
}

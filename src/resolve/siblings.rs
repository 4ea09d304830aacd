//! The other environments beside this one: who shares its images, and where releases come from.

use crate::model::{Lock, Sibling};
use crate::source::{Files, Node, SourceMap, parse};

use super::{load, paths};

/// The environments of a folder, by file name: every YAML file except the images lock and those that parse and have no
/// key `environment` of their own, which are parts of others. A file that does not parse is checked, not skipped.
pub fn environments(files: &dyn Files, folder: &str) -> Vec<String> {
    let names = files.list(folder).unwrap_or_default().into_iter();
    let specs = names.filter(|name| name.ends_with(".yaml") && name != Lock::FILE);
    let paths = specs.map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") });
    paths.filter(|path| !is_part(files, path)).collect()
}

fn is_part(files: &dyn Files, path: &str) -> bool {
    let Ok(bytes) = files.read(path) else { return false };
    let mut sources = SourceMap::new();
    let document = sources.add_bytes(path, &bytes).and_then(|id| parse(&sources, id));
    document.is_ok_and(|document| document.root.entry("environment").is_none())
}

/// The environments beside `path`.
pub(super) fn siblings(files: &dyn Files, path: &str) -> Vec<Sibling> {
    let all = environments(files, paths::folder(path)).into_iter();
    all.filter(|other| other != path).filter_map(|other| sibling(files, other)).collect()
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

//! Paths inside the repository, by their text alone.

use crate::diagnostics::nearest;
use crate::source::Files;

/// The path `relative` means when it is written in `file`; `None` if that is outside the repository.
pub(super) fn beside(file: &str, relative: &str) -> Option<String> {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    normal(&format!("{folder}/{relative}"))
        .filter(|_| !relative.starts_with('/') && !relative.contains(['\\', ':']))
}

/// The path without `.`, `..` and empty parts; `None` if it leaves the repository or names no file.
pub(super) fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The file that was meant by a path that leads nowhere: one beside it whose name is near, or is the same with an ending.
pub(super) fn meant(files: &dyn Files, path: &str) -> Option<String> {
    let folder = folder(path);
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let names = files.list(folder).ok()?;
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let parts = names.iter().filter_map(|other| Some((other.split_once('.')?, other)));
    let alike = parts.filter(|((_, other), _)| ending.is_empty() || *other == ending);
    let alike: Vec<(&str, &String)> = alike.map(|((stem, _), name)| (stem, name)).collect();
    let meant = alike.iter().find(|(other, _)| *other == stem).map(|(stem, _)| *stem);
    let meant = meant.or_else(|| nearest(stem, alike.iter().map(|(stem, _)| *stem)))?;
    let near = alike.iter().find(|(other, _)| *other == meant).map(|(_, name)| name.as_str())?;
    let path = if folder.is_empty() { near.to_owned() } else { format!("{folder}/{near}") };
    Some(format!("did you mean `{path}`?"))
}

/// The folder a file lies in; empty for the root.
pub(super) fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The file's name without folder and ending.
pub(super) fn stem(file: &str) -> &str {
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        for (relative, expected) in [
            ("base.yaml", Some("environments/base.yaml")),
            ("./user-data/web.sh", Some("environments/user-data/web.sh")),
            ("../shared/base.yaml", Some("shared/base.yaml")),
            ("a/../b.yaml", Some("environments/b.yaml")),
            ("../../etc/passwd", None),
            ("/etc/passwd", None),
            ("C:\\x", None),
            ("https://example.com/x", None),
            ("..", None),
        ] {
            assert_eq!(beside("environments/prod.yaml", relative).as_deref(), expected, "{relative}");
        }
        assert_eq!(beside("prod.yaml", "base.yaml").as_deref(), Some("base.yaml"));
        assert_eq!(stem("environments/prod.eu.yaml"), "prod");
    }
}

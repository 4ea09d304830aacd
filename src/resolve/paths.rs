//! Paths inside the repository, by their text alone.

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

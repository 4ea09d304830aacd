//! The three lines of a repository's `config` that say how it is kept. Nothing else of it is looked at: no included file,
//! no helper, filter, remote, hook or alias has a meaning here.

use std::path::Path;

use super::GitError;
use super::small::small;

/// How a repository is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Settings {
    /// The hash that names its objects.
    pub hash: gix_hash::Kind,
}

/// Extensions of Git's format that change nothing for who only reads objects and references.
const HARMLESS: &[&str] = &[
    "compatobjectformat",
    "noop",
    "noop-v1",
    "partialclone",
    "preciousobjects",
    "relativeworktrees",
    "submodulepathconfig",
    "worktreeconfig",
];

/// Reads them from the shared part of a repository.
pub(super) fn read(common: &Path) -> Result<Settings, GitError> {
    let config = common.join("config");
    if config.symlink_metadata().is_err() {
        return parse("");
    }
    parse(&small(&config)?)
}

fn parse(text: &str) -> Result<Settings, GitError> {
    let mut settings = Settings { hash: gix_hash::Kind::Sha1 };
    for (section, key, value) in entries(text) {
        match (section.as_str(), key.as_str(), value.as_str()) {
            ("core", "repositoryformatversion", version) if !matches!(version, "" | "0" | "1") => {
                return Err(GitError::Unsupported(format!("has format version `{version}`")));
            }
            ("extensions", "objectformat", "sha1") => settings.hash = gix_hash::Kind::Sha1,
            ("extensions", "objectformat", "sha256") => settings.hash = gix_hash::Kind::Sha256,
            ("extensions", "refstorage", "files") => {}
            ("extensions", key, _) if HARMLESS.contains(&key) => {}
            ("extensions", "refstorage", how) => {
                return Err(GitError::Unsupported(format!("keeps its references as `{how}`")));
            }
            ("extensions", key, value) => {
                return Err(GitError::Unsupported(format!("has the extension `{key}` (`{value}`)")));
            }
            _ => {}
        }
    }
    Ok(settings)
}

/// Section (without a subsection's settings), key and value of every line, as Git's format has them.
fn entries(text: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        let mut line = line.trim();
        if let Some((name, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = name.trim().to_ascii_lowercase();
            line = rest.trim();
        }
        let line = line.split(['#', ';']).next().unwrap_or_default();
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let key = key.trim().to_ascii_lowercase();
        if !key.is_empty() {
            found.push((section.clone(), key, value.trim().trim_matches('"').to_ascii_lowercase()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_read_however_it_is_written() {
        for (text, hash) in [
            ("", gix_hash::Kind::Sha1),
            ("[core]\n\trepositoryformatversion = 0\n\tbare = false\n", gix_hash::Kind::Sha1),
            (
                "[core]\nrepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n",
                gix_hash::Kind::Sha256,
            ),
            ("[Extensions] ObjectFormat=\"sha256\" # why\n", gix_hash::Kind::Sha256),
            ("[extensions]\n\tpartialClone = evil\n\tworktreeConfig\n", gix_hash::Kind::Sha1),
            ("[remote \"extensions\"]\nobjectformat = sha256\n", gix_hash::Kind::Sha1),
        ] {
            assert_eq!(parse(text).unwrap(), Settings { hash }, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (text, told) in [
            ("[core]\nrepositoryformatversion = 2", "the repository has format version `2`"),
            ("[extensions]\nrefStorage = reftable", "the repository keeps its references as `reftable`"),
            ("[extensions]\nobjectformat = sha3", "the repository has the extension `objectformat` (`sha3`)"),
            ("[extensions]\nmagic = 1", "the repository has the extension `magic` (`1`)"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert_eq!(error, format!("{told}, which asagi does not read"));
        }
    }
}

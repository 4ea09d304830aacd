//! The images lock beside the environments.

use crate::diagnostics::{Diagnostic, Findings};
use crate::model::Lock;
use crate::source::{FileError, Files, SourceId, SourceMap, parse};
use crate::spec::{Breaks, unseen_in_file, unseen_in_values};

use super::lock_entries::entries;
use super::{codes, paths};

/// The lock beside `path`; empty where there is none yet, or something is wrong with it.
pub(super) fn read(files: &dyn Files, path: &str, sources: &mut SourceMap, findings: &mut Findings) -> Lock {
    let folder = paths::folder(path);
    let file = if folder.is_empty() { Lock::FILE.to_owned() } else { format!("{folder}/{}", Lock::FILE) };
    match files.read(&file) {
        Ok(bytes) => match sources.add_bytes(file.as_str(), &bytes) {
            Ok(id) => lock(sources, id, findings).unwrap_or_default(),
            Err(error) => {
                findings.push(Diagnostic::from(error));
                Lock::default()
            }
        },
        Err(FileError::Missing) => Lock::default(),
        Err(error) => {
            findings.push(Diagnostic::error(codes::LOCK, format!("cannot read `{file}`: {error}")));
            Lock::default()
        }
    }
}

/// The lock that a file is, with everything that is wrong with it; nothing where it cannot be told what it says.
pub fn lock(sources: &SourceMap, id: SourceId, findings: &mut Findings) -> Option<Lock> {
    let document = findings.keep(parse(sources, id))?;
    unseen_in_values(&document.root, sources, Breaks::Lines, findings);
    unseen_in_file(sources, id, findings);
    let lock: Lock = findings.keep(document.deserialize())?;
    if lock.asagi != "v1" {
        let message = format!("the images lock is of version `{}`, not `v1`", lock.asagi);
        let error = Diagnostic::error(codes::LOCK, message).primary(document.place("/asagi"), "");
        findings.push(error.with_help("update asagi, or make the lock anew by `asagi images lock`"));
        return None;
    }
    entries(&lock, &document, findings);
    Some(lock)
}

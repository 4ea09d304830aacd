//! The images lock beside the environments.

use crate::diagnostics::{Diagnostic, Findings};
use crate::model::Lock;
use crate::source::{FileError, Files, SourceId, SourceMap, parse};

use super::{codes, paths};

/// The lock beside `path`; empty where there is none yet, or something is wrong with it.
pub(super) fn read(files: &dyn Files, path: &str, sources: &mut SourceMap, findings: &mut Findings) -> Lock {
    let folder = paths::folder(path);
    let file = if folder.is_empty() { Lock::FILE.to_owned() } else { format!("{folder}/{}", Lock::FILE) };
    match files.read(&file) {
        Ok(bytes) => match sources.add_bytes(file.as_str(), &bytes) {
            Ok(id) => parsed(sources, id, findings).unwrap_or_default(),
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

fn parsed(sources: &SourceMap, id: SourceId, findings: &mut Findings) -> Option<Lock> {
    let document = findings.keep(parse(sources, id))?;
    let lock: Lock = findings.keep(document.deserialize())?;
    if lock.asagi != "v1" {
        let message = format!("the images lock is of version `{}`, not `v1`", lock.asagi);
        let error = Diagnostic::error(codes::LOCK, message).primary(document.place("/asagi"), "");
        findings.push(error.with_help("update asagi, or make the lock anew by `asagi images lock`"));
        return None;
    }
    Some(lock)
}

//! The images lock beside the environments.

use crate::diagnostics::Diagnostic;
use crate::model::Lock;
use crate::source::{FileError, SourceId, parse};

use super::context::Context;
use super::{codes, paths};

/// The lock beside `path`; empty where there is none yet.
pub(super) fn read(context: &mut Context<'_>, path: &str) -> Lock {
    let folder = paths::folder(path);
    let file = if folder.is_empty() { Lock::FILE.to_owned() } else { format!("{folder}/{}", Lock::FILE) };
    match context.files.read(&file) {
        Ok(bytes) => match context.sources.add_bytes(file.as_str(), &bytes) {
            Ok(id) => parsed(context, id).unwrap_or_default(),
            Err(error) => {
                context.push(error.into());
                Lock::default()
            }
        },
        Err(FileError::Missing) => Lock::default(),
        Err(error) => {
            context.push(Diagnostic::error(codes::LOCK, format!("cannot read `{file}`: {error}")));
            Lock::default()
        }
    }
}

fn parsed(context: &mut Context<'_>, id: SourceId) -> Option<Lock> {
    let document = parse(context.sources, id);
    let document = context.findings.keep(document)?;
    let lock: Lock = context.findings.keep(document.deserialize())?;
    if lock.asagi != "v1" {
        let message = format!("the images lock is of version `{}`, not `v1`", lock.asagi);
        let error = Diagnostic::error(codes::LOCK, message).primary(document.place("/asagi"), "");
        context.push(error.with_help("update asagi, or make the lock anew by `asagi images lock`"));
        return None;
    }
    Some(lock)
}

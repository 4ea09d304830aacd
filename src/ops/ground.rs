//! What a spec was made of, section by section and file by file: so that a plan that no longer holds can say what moved.

use crate::model::Lock;
use crate::plan::{Ground, Parts};
use crate::resolve;
use crate::source::{Kind, MemoryFiles, Node, Tags, digest, digest_of};

use super::load::Loaded;

/// Sections of an environment, from the very texts that it was read from: no file is opened again.
pub(super) fn ground(loaded: &Loaded) -> Ground {
    let read = &loaded.read;
    let texts = || read.sources.iter().map(|(_, file)| (&file.path, &file.text));
    let files =
        texts().fold(MemoryFiles::new(), |files, (path, text)| files.with(path.as_str(), text.as_bytes()));
    let mut spec = Parts::new();
    if let Some(root) = resolve::load(&files, &read.path).root {
        sections(&root, "", &mut spec);
    }
    let mut files: Parts = texts().map(|(path, text)| (path.clone(), digest(text.as_bytes()))).collect();
    // The lock is read once for all environments beside it, so it is not among the texts.
    let folder = read.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let lock = serde_json::json!(loaded.lock);
    files.insert(format!("{folder}{}", Lock::FILE), digest_of("asagi plan part: lock", &lock));
    Ground { spec, files }
}

/// The keys of the spec and those below them; of the roles one level more, since each is a spec of its own.
fn sections(node: &Node, name: &str, parts: &mut Parts) {
    let depth = name.split('.').filter(|part| !part.is_empty()).count();
    let deepest = if name.starts_with("roles") { 3 } else { 2 };
    match &node.kind {
        Kind::Mapping(entries) if depth < deepest && !entries.is_empty() => {
            for entry in entries {
                let key = entry.key.escape_debug();
                let name = if name.is_empty() { key.to_string() } else { format!("{name}.{key}") };
                sections(&entry.value, &name, parts);
            }
        }
        _ => {
            let value = serde_json::json!([node.tag, node.to_json(Tags::Ignore)]);
            parts.insert(name.to_owned(), digest_of("asagi plan part: spec", &value));
        }
    }
}

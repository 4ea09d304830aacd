//! Loading a text in tests.

use super::{Document, SourceMap, SyntaxError, parse};

/// The text as a document of `test.yaml`.
pub(crate) fn load(text: &str) -> (SourceMap, Document) {
    let (map, result) = try_load(text);
    (map, result.unwrap_or_else(|error| panic!("{text}\n{error:?}")))
}

/// The same, errors kept.
pub(crate) fn try_load(text: &str) -> (SourceMap, Result<Document, SyntaxError>) {
    let mut map = SourceMap::new();
    let id = map.add("test.yaml", text);
    let result = parse(&map, id);
    (map, result)
}

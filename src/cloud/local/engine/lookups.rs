//! Dynamic references: a change set compares how they are written, and an update of the resource looks them up anew.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>

use super::record::ResourceRecord;
use crate::cfn::{Effective, create_only};

/// A property with dynamic references, as it is written; `None` where it has none.
pub(crate) fn written(value: &Effective) -> Option<String> {
    let text = value.to_json().to_string();
    text.contains("{{resolve:").then_some(text)
}

/// A property that is written as it was stays what it was looked up as.
pub(crate) fn is_as_written(existing: &ResourceRecord, name: &str, wanted: Option<&Effective>) -> bool {
    let wanted = wanted.and_then(written);
    wanted.is_some() && existing.written.get(name) == wanted.as_ref()
}

/// What was looked up before stays so where nothing else of the resource changes, or where another value would be another
/// resource.
pub(crate) fn keep(existing: &ResourceRecord, wanted: &mut ResourceRecord) {
    let is_same = |name: &String| {
        existing.kind == wanted.kind && existing.written.get(name) == wanted.written.get(name)
    };
    let same: Vec<String> = wanted.written.keys().filter(|name| is_same(name)).cloned().collect();
    let names = existing.properties.keys().chain(wanted.properties.keys());
    let mut others = names.filter(|name| !same.contains(name));
    let changes = others.any(|name| existing.properties.get(name) != wanted.properties.get(name));
    let fixed = create_only(&wanted.kind).map(|known| known.create_only.as_slice()).unwrap_or_default();
    for name in same.iter().filter(|name| !changes || fixed.contains(name)) {
        if let Some(value) = existing.properties.get(name) {
            wanted.properties.insert(name.clone(), value.clone());
        }
    }
}

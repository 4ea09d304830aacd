//! Values that are never shown, whatever the template says of them: neither what comes nor what goes.

use std::collections::BTreeMap;

use crate::cfn::{Effective, EvaluatedResource, Evaluation, Scope, Unknown, base64, called};
use crate::words::{self, hidden, leak_under};

use super::{Path, PropertyChange, ResourceDiff, Step};

/// Parts of names of properties whose literal values are secrets.
const SECRET: [&str; 6] = ["Password", "SecretString", "AuthToken", "PrivateKey", "SecretKey", "ApiKey"];

/// How a secret value is shown.
pub(super) const MASK: &str = words::MASK;

/// The value as it may be shown.
pub(super) fn shown(path: &Path, value: &Effective) -> Effective {
    shown_as(path.last_key(), value)
}

fn shown_as(key: &str, value: &Effective) -> Effective {
    match value {
        Effective::Map(map) => Effective::Map(
            map.iter().map(|(key, value)| (key.clone(), shown_as(called(key, map), value))).collect(),
        ),
        Effective::List(items) => Effective::List(items.iter().map(|item| shown_as(key, item)).collect()),
        Effective::String(text) if is_named(key) || leak_under(key, text).is_some() => {
            Effective::unknown(MASK)
        }
        Effective::Number(_) if is_named(key) => Effective::unknown(MASK),
        Effective::String(text) => Effective::String(masked(text)),
        Effective::Unknown(unknown) => {
            Effective::Unknown(Unknown { text: words::mask(&unknown.text).into_owned(), ..unknown.clone() })
        }
        other => other.clone(),
    }
}

fn is_named(key: &str) -> bool {
    SECRET.iter().any(|word| key.contains(word))
}

/// Text without the secrets in it, in base64 too.
fn masked(text: &str) -> String {
    let inside = base64::decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
    match inside {
        Some(inside) if !hidden(&inside).is_empty() => base64::encode(words::mask(&inside).as_bytes()),
        _ => words::mask(text).into_owned(),
    }
}

/// Masks the values that are secrets by a name that stands beside them.
pub(super) fn conceal(resources: &mut [ResourceDiff], before: &Evaluation, after: &Evaluation) {
    for resource in resources {
        let sides = [before, after].map(|side| side.resources.get(&resource.logical_id));
        for change in resource.properties.iter_mut().filter(|change| change.scope == Scope::Properties) {
            let name = sides.into_iter().flatten().find_map(|side| name_beside(&change.path, side));
            if let Some(name) = name {
                mask_under(&name, change);
            }
        }
    }
}

/// The name that a value of a resource has from what stands beside it.
fn name_beside(path: &Path, resource: &EvaluatedResource) -> Option<String> {
    let (Step::Key(key), parents) = path.0.split_last()? else { return None };
    let name = match parents.split_first() {
        None => called(key, &resource.properties),
        Some((Step::Key(first), inner)) => {
            match Path(inner.to_vec()).get(resource.properties.get(first)?)? {
                Effective::Map(map) => called(key, map),
                _ => key,
            }
        }
        Some(_) => key,
    };
    (name != key).then(|| name.to_owned())
}

fn mask_under(name: &str, change: &mut PropertyChange) {
    for value in [&mut change.before, &mut change.after].into_iter().flatten() {
        *value = shown_as(name, value);
    }
}

/// The lines of texts that hold secrets, as they may be shown.
#[derive(Default)]
pub(super) struct Lines<'a>(BTreeMap<&'a str, String>);

impl<'a> Lines<'a> {
    /// Of those texts. A line is looked for as it stands, wherever it stands.
    pub(super) fn of(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut lines = Self::default();
        texts.into_iter().for_each(|text| lines.take(text));
        lines
    }

    fn take(&mut self, text: &'a str) {
        let secrets = hidden(text);
        let (mut start, mut next) = (0, secrets.iter().peekable());
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let (mut shown, mut at) = (String::new(), start);
            while let Some(secret) = next.peek().filter(|secret| secret.start < end) {
                shown.push_str(text.get(at..secret.start.max(at)).unwrap_or_default());
                shown.push_str(MASK);
                at = secret.end.min(end);
                if secret.end > end {
                    break;
                }
                next.next();
            }
            if at > start || !shown.is_empty() {
                shown.push_str(text.get(at..end).unwrap_or_default());
                let shown = shown.trim_end_matches(['\n', '\r']).to_owned();
                self.0.insert(line.trim_end_matches(['\n', '\r']), shown);
            }
            start = end;
        }
    }

    /// A line behind its sign, as it may be shown.
    pub(super) fn signed(&self, line: &str) -> String {
        let at = line.chars().next().map_or(0, char::len_utf8);
        let (sign, line) = line.split_at_checked(at).unwrap_or_default();
        format!("{sign}{}", self.0.get(line).map_or(line, String::as_str))
    }
}

//! Values in one line, and texts that need more than one.

use serde_json::Value;

use crate::cfn::{Effective, base64};
use crate::words;

use super::super::compare::compare;
use super::super::{Path, line_diff, secret};

/// The widest that a value in a line may be, in characters.
const WIDE: usize = 72;

/// What is told of a changed secret.
pub(super) const CHANGED_HIDDEN: &str = "changed, hidden";

/// A value in one line, masked where it must be.
pub(super) fn one_line(path: &Path, value: Option<&Effective>) -> String {
    let Some(value) = value else { return String::new() };
    match secret::shown(path, value) {
        Effective::Unknown(unknown) if is_bare(&unknown.text) => "(known after apply)".to_owned(),
        Effective::Unknown(unknown) => shorten(&unknown.text),
        Effective::String(text) if text.is_empty() || text.trim() != text || text.contains('\n') => {
            shorten(&format!("{text:?}"))
        }
        Effective::String(text) => shorten(&text),
        other => shorten(&other.to_json().to_string()),
    }
}

/// Nothing but one `${…}`.
fn is_bare(text: &str) -> bool {
    let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.contains('}') && !inner.starts_with("Fn::"))
}

/// The beginning and the end of what is too long for a line; line breaks as `\n`.
fn shorten(text: &str) -> String {
    let text = &text.replace('\r', "\\r").replace('\n', "\\n");
    if text.chars().count() <= WIDE {
        return text.to_owned();
    }
    let half = WIDE / 2;
    let start: String = text.chars().take(half).collect();
    let skipped = text.chars().count() - half;
    let end: String = text.chars().skip(skipped).collect();
    format!("{start}…{end}")
}

/// How two long texts differ, line by line; `None` where one line shows it.
pub(super) fn long_text(path: &Path, before: &Effective, after: &Effective) -> Option<Vec<String>> {
    let is_hidden = |value: &Effective| match secret::shown(path, value) {
        Effective::Unknown(unknown) => unknown.text == secret::MASK,
        _ => false,
    };
    if is_hidden(before) || is_hidden(after) {
        return None;
    }
    if let (Effective::Unknown(before), Effective::Unknown(after)) = (&before, &after)
        && before.text == after.text
    {
        return None; // what another resource or stack makes is all that differs
    }
    let (before, after) = (text_of(before)?, text_of(after)?);
    let json = (json_of(&before), json_of(&after));
    if let (Some(before), Some(after)) = json {
        return Some(structure(&before, &after));
    }
    let long = |text: &str| text.trim_end().contains('\n') || text.chars().count() > WIDE;
    if !long(&before) && !long(&after) {
        return None;
    }
    let lines = line_diff(&before, &after, 1);
    if lines.is_empty() { Some(vec!["only line endings differ".to_owned()]) } else { Some(lines) }
}

/// Text as a person wrote it: user data without its base64, unknown parts as `${…}`.
fn text_of(value: &Effective) -> Option<String> {
    match value {
        Effective::String(text) => Some(plain(text).unwrap_or_else(|| text.clone())),
        Effective::Unknown(unknown) if !is_bare(&unknown.text) && unknown.text != secret::MASK => {
            Some(unknown.text.clone())
        }
        _ => None,
    }
}

/// What is in base64, when it is readable text of more than a word.
fn plain(text: &str) -> Option<String> {
    let decoded = String::from_utf8(base64::decode(text)?).ok()?;
    let readable = decoded.chars().all(|letter| !letter.is_control() || letter.is_whitespace());
    (readable && decoded.contains(char::is_whitespace)).then_some(decoded)
}

fn json_of(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_object() || value.is_array()).then_some(value)
}

/// Where two JSON texts differ.
fn structure(before: &Value, after: &Value) -> Vec<String> {
    let (before, after) = (Effective::from(before), Effective::from(after));
    let found = compare(Some(&before), Some(&after), &Path::default());
    if found.is_empty() {
        return vec!["only the layout of the JSON differs".to_owned()];
    }
    let line = |found: &super::super::compare::Difference| {
        let (before, after) = (found.before.as_ref(), found.after.as_ref());
        change_line(&found.path, before, after)
    };
    found.iter().map(line).collect()
}

/// `~ path: before → after`, `+ path: after` or `- path: before`.
pub(super) fn change_line(path: &Path, before: Option<&Effective>, after: Option<&Effective>) -> String {
    let name = path.to_string();
    let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
    match (before, after) {
        (None, after) => format!("+ {name}{}", one_line(path, after)),
        (before, None) => format!("- {name}{}", one_line(path, before)),
        (Some(before), Some(after)) => {
            let (before, after) = pair(path, before, after);
            if before == after && before.contains(secret::MASK) {
                return format!("~ {name}{CHANGED_HIDDEN}");
            }
            format!("~ {name}{before} → {after}")
        }
    }
}

/// Both values, so that two unknown ones do not look the same.
fn pair(path: &Path, before: &Effective, after: &Effective) -> (String, String) {
    match (before, after) {
        (Effective::Unknown(old), Effective::Unknown(new))
            if old.text == new.text && !old.text.contains(secret::MASK) =>
        {
            let is_short = !is_bare(&new.text) && !new.text.contains('\n');
            let new =
                if is_short { format!(": {}", shorten(&words::mask(&new.text))) } else { String::new() };
            ("(as deployed)".to_owned(), format!("(known after apply{new})"))
        }
        (Effective::Unknown(old), Effective::Unknown(new)) => {
            (shorten(&words::mask(&old.text)), shorten(&words::mask(&new.text)))
        }
        (Effective::Unknown(old), _) if is_bare(&old.text) => {
            ("(as deployed)".to_owned(), one_line(path, Some(after)))
        }
        _ => (one_line(path, Some(before)), one_line(path, Some(after))),
    }
}

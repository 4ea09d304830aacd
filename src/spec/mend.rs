//! What to write instead of a value or key that the schema refuses, where what was meant can be seen.

use serde_json::Value;

use crate::diagnostics::nearest;
use crate::source::{Kind, Node, pointer};

/// What to write for a text of another form; `form` is the schema's words for the form.
pub(super) fn form(raw: &str, form: &str) -> Option<String> {
    if let Some(plain) = half_width(raw) {
        return Some(format!("write `{plain}`, without full-width characters"));
    }
    if raw.contains("${") || raw.contains("{{") {
        return Some("a spec has no variables: write the value itself".to_owned());
    }
    if form.contains("length of time") {
        return Some(format!("write `{}`", period(raw)?));
    }
    if form.contains("time of day") {
        let (hour, minute) = raw.split_once(':')?;
        return (hour.len() == 1 && minute.len() == 2).then(|| format!("write `\"0{raw}\"`"));
    }
    if form.contains("a Region") {
        let region = raw.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let is_zone = region.ends_with(|c: char| c.is_ascii_digit()) && raw.len() == region.len() + 1;
        return is_zone
            .then(|| format!("write `{region}`: an environment is in several zones of its Region"));
    }
    if form.contains("lower-case letters") && !raw.is_ascii() {
        return Some("give it a name in Latin letters, such as `shop`".to_owned());
    }
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    if form.contains("twelve digits") && digits.len() == 12 {
        return Some(format!("write `\"{digits}\"`"));
    }
    (form.contains("version") && raw.starts_with("ami-")).then(|| format!("write `{{ ami: {raw} }}`"))
}

/// What to write for a value of another type than the one expected.
pub(super) fn value(node: Option<&Node>, expected: &[&str]) -> Option<String> {
    let raw = node.and_then(Node::raw).unwrap_or_default();
    let plain = half_width(raw);
    let digits = plain.as_deref().unwrap_or(raw);
    match (raw.to_ascii_lowercase().as_str(), expected) {
        (_, _) if node.is_some_and(Node::is_null) => {
            Some("write it after the colon, or below and indented deeper; or remove the key".to_owned())
        }
        ("yes" | "on", ["a boolean"]) => Some("write `true`".to_owned()),
        ("no" | "off", ["a boolean"]) => Some("write `false`".to_owned()),
        ("true" | "false", ["a boolean"]) => Some(format!("write `{}` without quotes", raw.to_lowercase())),
        (_, ["an integer" | "a number"]) if plain.is_some() && digits.parse::<f64>().is_ok() => {
            Some(format!("write `{digits}`, without full-width characters"))
        }
        (_, ["an integer"]) => integer(digits),
        (_, ["a number"]) if digits.parse::<f64>().is_ok() => {
            Some(format!("write `{digits}` without quotes"))
        }
        (_, ["a number"]) => without_unit(digits),
        (_, ["a list", ..]) => match &node?.kind {
            Kind::Mapping(_) => Some("begin each item with `- ` instead of a key of its own".to_owned()),
            _ => node.and_then(Node::as_str).map(|text| {
                let items: Vec<String> = text.split(',').map(|item| quoted(item.trim())).collect();
                format!("write `[{}]`", items.join(", "))
            }),
        },
        (_, ["a mapping"]) => match &node?.kind {
            Kind::Sequence(_) => Some("write a key for each, `web:`, instead of list items".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

fn integer(digits: &str) -> Option<String> {
    if digits.parse::<i64>().is_ok() {
        return Some(format!("write `{digits}` without quotes"));
    }
    match digits.parse::<f64>() {
        Ok(number) if number.fract() != 0.0 => Some("write a whole number".to_owned()),
        Ok(_) => Some("write a smaller number".to_owned()),
        Err(_) => without_unit(digits),
    }
}

/// `30GB`, `60%`: the number alone.
fn without_unit(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
    let (number, unit) = text.split_at_checked(end)?;
    Some(format!("write `{number}`, without `{}`", unit.trim()))
}

/// Text that YAML would read as something else, in quotes.
fn quoted(text: &str) -> String {
    let special = text.contains(['*', '&', '#', ',', '[', ']', '{', '}', ':', '\'', '"']);
    if special && !text.contains('"') { format!("\"{text}\"") } else { text.to_owned() }
}

/// What to write for a missing key: an example, or its description.
pub(super) fn missing(key: &str, property: Option<&Value>) -> Option<String> {
    let property = property?;
    if let Some(example) = property.pointer("/examples/0").and_then(Value::as_str) {
        let digits = example.chars().all(|c| c.is_ascii_digit() || c == '.');
        let example = if digits { format!("\"{example}\"") } else { example.to_owned() };
        return Some(format!("add it, such as `{key}: {example}`"));
    }
    if let Some(name) = property.pointer("/enum/0").and_then(Value::as_str) {
        return Some(format!("add `{key}: {name}`"));
    }
    let description = property.get("description")?.as_str()?.split(". ").next()?.trim_end_matches('.');
    let mut letters = description.chars();
    let first = letters.next()?.to_lowercase();
    Some(format!("add `{key}`: {}{}", first, letters.as_str().replace('\n', " ")))
}

/// The key that was meant by one that is nearly it, and what to write.
pub(super) fn misspelt<'a>(key: &str, known: &[&'a str]) -> Option<(&'a str, String)> {
    let of = |name: &str| known.iter().copied().find(|known| *known == name);
    if let Some((name, value)) = key.split_once([':', '：', '='])
        && let Some(meant) = of(name.trim())
    {
        return Some((meant, format!("write `{meant}: {}`, with a space after the colon", value.trim())));
    }
    if let Some(meant) = half_width(key).and_then(|plain| of(&plain)) {
        return Some((meant, format!("write `{meant}`, without full-width characters")));
    }
    let meant = nearest(key, known.iter().copied())?;
    Some((meant, format!("did you mean `{meant}`?")))
}

/// The pointer of the mapping elsewhere that has a key of this name: below what is known at `at`, or above it.
pub(super) fn owner(root: &Value, at: &str, key: &str, known: &[&str]) -> Option<String> {
    let has = |schema: &Value| schema.pointer("/properties").is_some_and(|keys| keys.get(key).is_some());
    let here = schema_at(root, at)?;
    let below = known.iter().find(|name| step(root, here, name).is_some_and(has));
    if let Some(name) = below {
        return Some(format!("{at}{}", pointer([name])));
    }
    let mut above = at;
    while let Some((parent, _)) = above.rsplit_once('/') {
        above = parent;
        if schema_at(root, above).is_some_and(has) {
            return Some(above.to_owned());
        }
    }
    None
}

fn schema_at<'a>(root: &'a Value, at: &str) -> Option<&'a Value> {
    let segments = at.split('/').skip(1);
    segments.into_iter().try_fold(resolved(root, root)?, |schema, segment| step(root, schema, segment))
}

/// The schema of a key's or item's value.
fn step<'a>(root: &'a Value, schema: &'a Value, segment: &str) -> Option<&'a Value> {
    let property = schema.get("properties").and_then(|keys| keys.get(segment));
    let any = || schema.get("additionalProperties").filter(|schema| schema.is_object());
    resolved(root, property.or_else(any).or_else(|| schema.get("items"))?)
}

/// What a schema refers to; of a choice, the mapping.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return resolved(root, root.pointer(reference.trim_start_matches('#'))?);
    }
    let choices = ["anyOf", "oneOf"].iter().find_map(|word| schema.get(word)?.as_array());
    let Some(choices) = choices else { return Some(schema) };
    let mut choices = choices.iter().filter_map(|choice| resolved(root, choice));
    choices.find(|choice| choice.get("properties").is_some())
}

/// A length of time in people's words: `15 min`, `2 hours`, `30分`.
fn period(raw: &str) -> Option<String> {
    let text = raw.trim().to_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).filter(|(number, _)| !number.is_empty())?;
    let letter = match unit.trim() {
        "" | "m" | "min" | "mins" | "minute" | "minutes" | "分" => 'm',
        "s" | "sec" | "secs" | "second" | "seconds" | "秒" => 's',
        "h" | "hr" | "hrs" | "hour" | "hours" | "時間" => 'h',
        "d" | "day" | "days" | "日" => 'd',
        _ => return None,
    };
    Some(format!("{number}{letter}"))
}

/// Text as an input method leaves it, with plain letters, digits and quotes instead; `None` if it is plain already.
fn half_width(text: &str) -> Option<String> {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        _ => c,
    };
    let changed: String = text.chars().map(plain).collect();
    (changed != text && changed.is_ascii()).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_understood() {
        for (raw, expected) in [
            ("15 min", Some("15m")),
            ("15", Some("15m")),
            ("2 hours", Some("2h")),
            ("30分", Some("30m")),
            ("1.5h", None),
            ("soon", None),
        ] {
            assert_eq!(period(raw).as_deref(), expected, "{raw}");
        }
    }

    #[test]
    fn units_and_wide_characters_are_taken_off() {
        assert_eq!(without_unit("30GB").as_deref(), Some("write `30`, without `GB`"));
        assert_eq!(without_unit("GB"), None);
        assert_eq!(half_width("ｓｈｏｐ－１").as_deref(), Some("shop-1"));
        assert_eq!(half_width("ショップ"), None);
        assert_eq!(half_width("shop"), None);
    }
}

//! Values of a scalar, and how many items a list has.

use serde_json::{Map, Value};

use super::{Judge, Wrong, pattern};
use crate::cfn::Effective;

impl<'a> Judge<'a> {
    pub(super) fn scalar(&mut self, rules: &'a Map<String, Value>, value: &Effective) {
        let Some(text) = value.as_text() else { return };
        self.one_of(rules, &text);
        if rules.get("type").is_some_and(|kind| kind == "string") || matches!(value, Effective::String(_)) {
            let length = text.chars().count() as u64;
            let [least, most] =
                ["minLength", "maxLength"].map(|word| rules.get(word).and_then(Value::as_u64));
            if let Some(words) = outside(length, least, most, "character") {
                self.tell(Wrong::Range(words));
            }
        }
        if let Some(pattern) = rules.get("pattern").and_then(Value::as_str)
            && !pattern::matches(pattern, &text)
        {
            self.tell(Wrong::Pattern(pattern.to_owned()));
        }
        let is_text = rules.get("type").is_some_and(|kind| kind == "string");
        if let Some(number) = text.trim().parse::<f64>().ok().filter(|_| !is_text) {
            self.range(rules, number);
        }
    }

    fn one_of(&mut self, rules: &Map<String, Value>, text: &str) {
        let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let words = |list: &str| -> Option<Vec<String>> {
            Some(rules.get(list)?.as_array()?.iter().map(word).collect())
        };
        let exact = words("enum").or_else(|| rules.get("const").map(|only| vec![word(only)]));
        let any_case = words("enumCaseInsensitive");
        // booleans are written in any case
        let is_flag = rules.get("type").is_some_and(|kind| kind == "boolean");
        if let Some(known) = exact
            && !known.iter().any(|known| known == text || (is_flag && known.eq_ignore_ascii_case(text)))
        {
            self.tell(Wrong::Enum(known));
        }
        if let Some(known) = any_case
            && !known.iter().any(|known| known.eq_ignore_ascii_case(text))
        {
            self.tell(Wrong::Enum(known));
        }
    }

    fn range(&mut self, rules: &Map<String, Value>, number: f64) {
        let limit = |word: &str| rules.get(word).and_then(Value::as_f64);
        let words = match [limit("minimum"), limit("maximum"), limit("exclusiveMaximum"), limit("multipleOf")]
        {
            [Some(least), Some(most), ..] if number < least || number > most => {
                format!("from {least} to {most}")
            }
            [Some(least), ..] if number < least => format!("at least {least}"),
            [_, Some(most), ..] if number > most => format!("at most {most}"),
            [_, _, Some(most), _] if number >= most => format!("below {most}"),
            [.., Some(of)] if of > 0.0 && (number / of).fract() != 0.0 => format!("a multiple of {of}"),
            _ => return,
        };
        self.tell(Wrong::Range(words));
    }

    pub(super) fn count(&mut self, rules: &'a Map<String, Value>, items: &[Effective]) {
        let [least, most] = ["minItems", "maxItems"].map(|word| rules.get(word).and_then(Value::as_u64));
        if let Some(words) = outside(items.len() as u64, least, most, "item") {
            self.tell(Wrong::Range(words));
        }
        let alike = |(index, item): (usize, &Effective)| {
            item.is_known() && items.iter().take(index).any(|before| before == item)
        };
        if rules.get("uniqueItems") == Some(&Value::Bool(true)) && items.iter().enumerate().any(alike) {
            self.tell(Wrong::Twice);
        }
    }
}

/// `at most 64 characters`, where it is another count.
fn outside(count: u64, least: Option<u64>, most: Option<u64>, what: &str) -> Option<String> {
    let many = |count: u64| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if let Some(least) = least.filter(|least| count < *least) {
        return Some(format!("at least {}", many(least)));
    }
    most.filter(|most| count > *most).map(|most| format!("at most {}", many(most)))
}

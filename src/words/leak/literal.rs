//! Whether a value is a secret itself, or only says where one is.

/// Words that stand where a secret would be written, and are none.
const PLACEHOLDERS: [&str; 62] = [
    "any",
    "ask",
    "bool",
    "boolean",
    "bytes",
    "change-me",
    "change_me",
    "changeit",
    "changeme",
    "default",
    "disabled",
    "dummy",
    "empty",
    "enabled",
    "env",
    "example",
    "false",
    "file",
    "fixme",
    "hidden",
    "input",
    "int",
    "integer",
    "keyring",
    "masked",
    "missing",
    "nil",
    "no",
    "none",
    "not-set",
    "null",
    "number",
    "object",
    "off",
    "on",
    "optional",
    "password",
    "placeholder",
    "prohibit",
    "prompt",
    "redacted",
    "replace-me",
    "replace_me",
    "replaceme",
    "required",
    "sample",
    "securestring",
    "stdin",
    "str",
    "string",
    "tbd",
    "text",
    "todo",
    "token",
    "true",
    "undefined",
    "unset",
    "unused",
    "value",
    "varchar",
    "xxx",
    "yes",
];

/// How texts begin that name a secret, or a place to read it from.
const REFERENCES: [&str; 25] = [
    "$",
    "%",
    "<",
    "[",
    "{",
    "!",
    "@",
    "*",
    "&",
    "(",
    "arn:",
    "data.",
    "env.",
    "env:",
    "file:",
    "local.",
    "op://",
    "os.",
    "process.env",
    "secretsmanager:",
    "ssm:",
    "self.",
    "this.",
    "var.",
    "vault:",
];

/// Parts of a text that is worked out before it is used.
const WORKED_OUT: [&str; 6] = ["{{", "${", "$(", "`", "<%", "%("];

/// Whether a value stands there itself, be it a placeholder: neither a reference nor worked out, nor a word of YAML or JSON.
pub(super) fn is_given(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let words = ["", "true", "false", "null", "~", "|", ">", "|-", ">-", "none", "string"];
    let reads_elsewhere = value.starts_with('/') || value.contains("arn:");
    !words.contains(&lower.as_str()) && !reads_elsewhere && !is_reference(&lower)
}

fn is_reference(lower: &str) -> bool {
    let document = lower.starts_with("{\"");
    (!document && REFERENCES.iter().any(|begin| lower.starts_with(begin)))
        || WORKED_OUT.iter().any(|part| lower.contains(part))
}

/// Whether a value is written out: neither a reference, nor worked out, nor a word that stands for one.
pub(super) fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && !is_reference(&lower)
        && !PLACEHOLDERS.contains(&lower.as_str())
        && !is_made_up(&lower)
}

/// `your-token`, `my_password_here`, `xxxxxxxx`, `...`, `insert-key`.
fn is_made_up(lower: &str) -> bool {
    let one = lower.chars().next().is_none_or(|first| lower.chars().all(|c| c == first));
    let begins = ["your", "insert", "replace", "xxxx", "...", "****", "enter-", "put-"];
    let ends = ["-here", "_here", "-goes-here", "…", "..."];
    (one && lower.chars().count() > 2)
        || begins.iter().any(|begin| lower.starts_with(begin))
        || ends.iter().any(|end| lower.ends_with(end))
}

/// Whether a bare word names something else: a path, a call, another name of a secret.
pub(super) fn is_name(value: &str) -> bool {
    let path = value.starts_with(['/', '~', '.']) || value.contains("://");
    path || value.contains(['(', ')']) || super::names::says_secret(value)
}

/// Whether a text looks drawn by lot rather than written: letters and digits in one piece of some length.
pub(super) fn is_random(value: &str, least: usize) -> bool {
    let piece = |c: char| c.is_ascii_alphanumeric() || "+/=_~.".contains(c);
    let mixed = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        letters >= 2 && (digits >= 2 || has_both_cases_inside(part))
    };
    let uuid = value.len() == 36
        && value.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let words = value.contains('/') && value.split('/').all(|part| part.len() < 20);
    uuid || !words && value.split(|c: char| !piece(c)).any(|part| part.len() >= least && mixed(part))
}

/// Upper case between lower case more than words have: `aBcDeFg`.
fn has_both_cases_inside(part: &str) -> bool {
    let bytes = part.as_bytes();
    let turns = bytes.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    turns.count() * 4 >= bytes.len().max(1)
}

//! Private keys in their armour: `-----BEGIN … PRIVATE KEY-----` and what stands below it.

use super::Leak;

const BEGIN: &str = "-----BEGIN ";
const WHAT: &str = "a private key";
/// As much as an armoured key can be: 16,384 bits of RSA have 13 KB.
const LONGEST: usize = 32 << 10;

/// Every private key in a text, with its armour.
pub(super) fn private_keys(text: &str) -> Vec<Leak> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(BEGIN)).map(|at| from + at) {
        let head = at + BEGIN.len();
        from = head;
        let Some((label, body)) = text.get(head..).and_then(label) else { continue };
        let start = head + label.len() + "-----".len();
        if is_looked_for(body) {
            continue;
        }
        let end = start + length(body, label);
        found.push(Leak { range: at..end, what: WHAT, is_certain: true });
        from = end;
    }
    found
}

/// The label of a private key, `RSA PRIVATE KEY`, and what follows its dashes.
fn label(rest: &str) -> Option<(&str, &str)> {
    let (label, body) = rest.split_once("-----")?;
    let named = label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK");
    (label.len() <= 40 && named).then_some((label, body))
}

/// Whether the line is only compared with: a pattern ends right after it.
fn is_looked_for(body: &str) -> bool {
    let mut rest = body.chars();
    let quoted = rest.next().is_some_and(|c| "\"'/)|*$]`".contains(c));
    quoted && !body.chars().skip(1).take(32).all(|c| c.is_ascii_alphanumeric() || "+/=\n\\".contains(c))
}

/// How much of what follows belongs to the key: to the end of its armour, or as far as it looks like one.
fn length(body: &str, label: &str) -> usize {
    let end = format!("-----END {label}-----");
    let window = body.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(body.len());
    let within = body.get(..window).unwrap_or(body);
    within.find(&end).map_or_else(|| armoured(within), |at| at + end.len())
}

/// The lines that are base64 or the headers of an armour; in a single line, as far as its alphabet goes.
fn armoured(body: &str) -> usize {
    let inside = |c: char| c.is_ascii_alphanumeric() || "+/=\\".contains(c);
    let mut length = 0;
    for line in body.split_inclusive('\n') {
        let text = line.trim();
        let header = text.split_once(": ").is_some_and(|(name, _)| ["Proc-Type", "DEK-Info"].contains(&name));
        let text = text.trim_end_matches(['"', '\'', ',']);
        if !header && !text.chars().all(inside) {
            let whole = line.len() - line.trim_start_matches(inside).len();
            return length + whole;
        }
        length += line.len();
    }
    body.get(..length).map_or(0, |text| text.trim_end().len())
}

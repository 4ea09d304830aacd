//! Secrets in any surroundings: what is found is inside of the text and in order, and what is certain never comes through.

use asagi::words::{MASK, hidden, leak_under, leaks, mask};

/// Secrets that nothing around them may hide from the mask: made here, and nobody's.
const PLANTED: &[&str] = &[
    "AKIAQ7RK2XWZB9LMT4VN",
    "ghp_q7Rk2XwZb9LmT4vNc8HsJ3dYfG6pKtA5eUiW",
    "glpat-q7Rk2XwZb9LmT4vNc8Hs",
    "xoxb-3917520846-q7Rk2XwZb9LmT4vN",
    "sk_live_q7Rk2XwZb9LmT4vNc8HsJ3dY",
    "https://hooks.slack.com/services/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",
    "sk-ant-api03-q7Rk2XwZb9LmT4vNc8HsJ3dY",
    "-----BEGIN PRIVATE KEY-----\nq7Rk2XwZb9LmT4vNc8HsJ3dYfG6pKtA5eUiW1oQxBzDgErM0\n-----END PRIVATE KEY-----",
];

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    in_order(&text);
    planted(&text);
    given_to_a_name(&text);
}

fn in_order(text: &str) {
    let (told, masked) = (leaks(text), hidden(text));
    let ranges: Vec<_> = told.iter().map(|leak| leak.range.clone()).collect();
    for ranges in [&ranges, &masked] {
        assert!(ranges.iter().all(|range| range.start < range.end), "{ranges:?}");
        assert!(ranges.iter().all(|range| text.get(range.clone()).is_some()), "{ranges:?}");
        assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{ranges:?}");
    }
    for leak in &told {
        let inside =
            |range: &std::ops::Range<usize>| range.start <= leak.range.start && leak.range.end <= range.end;
        assert!(masked.iter().any(inside), "told and not hidden: {leak:?} of {text:?}");
    }
    let shown = mask(text);
    let length =
        text.len() - masked.iter().map(|range| range.len()).sum::<usize>() + masked.len() * MASK.len();
    assert_eq!(shown.len(), length);
}

/// A secret on a line of its own, or between blanks, with the text before and after it.
fn planted(text: &str) {
    let Some(first) = text.as_bytes().first() else { return };
    let secret = PLANTED[usize::from(*first) % PLANTED.len()];
    let middle = text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2).unwrap_or(0);
    let (before, after) = text.split_at(middle);
    let armoured = secret.starts_with("-----");
    // Inside of another armour it is part of that one, and hidden with it or not at all.
    if armoured && text.contains("-----") {
        return;
    }
    let between: &[&str] = if armoured { &["\n"] } else { &["\n", " ", "\t"] };
    for between in between {
        let whole = format!("{before}{between}{secret}{between}{after}");
        let shown = mask(&whole);
        assert!(
            !shown.contains(secret) || text.contains(secret),
            "{secret} comes through in {whole:?}: {shown:?}"
        );
    }
}

/// What a document's key says is a secret is hidden where the document is shown as text.
fn given_to_a_name(text: &str) {
    let (name, value) = text.split_once(['=', ':', '\n']).unwrap_or(("MasterUserPassword", text));
    if leak_under(name, value).is_none() {
        return;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./+!@%*".contains(c);
    let word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.chars().all(word) && value.chars().all(plain) && value.len() >= 6 {
        for line in [
            format!("{name}: \"{value}\""),
            format!("\"{name}\": \"{value}\","),
            format!("{name}: '{value}'"),
        ] {
            assert!(!mask(&line).contains(value), "{line}");
        }
    }
}

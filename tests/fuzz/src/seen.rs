//! What must hold of all that is shown: nothing in it is more than text.

use asagi::words::unseen;

/// Every line of a text that is ready for a screen shows as itself, and none is a command to a CI.
pub fn shows_as_itself(text: &str) {
    for line in text.split('\n') {
        if let Some((at, found)) = unseen(line).next() {
            panic!("{found:?} at {at} of {line:?}");
        }
        let begins = line.trim_start();
        assert!(!begins.starts_with("::") || begins.starts_with("::: "), "a command: {line:?}");
    }
    quoted_commands(text);
}

/// `##[error]` and `##vso[…]` are commands wherever they stand.
pub fn quoted_commands(text: &str) {
    for (at, _) in text.match_indices('[') {
        let before = text[..at].trim_end_matches(|c: char| c.is_ascii_alphabetic());
        assert!(!before.ends_with("##"), "a command: {:?}", &text[before.len() - 2..]);
    }
}

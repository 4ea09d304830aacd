//! Digests: what pins plans, manifests and names to what they were made from.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Digits by which a person agrees to something: 128 bits, so that nobody finds two things that have the same.
const NAMED: usize = 32;
/// Digits between hyphens.
const GROUP: usize = 4;

/// SHA-256 in lower-case hexadecimal: 64 digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first 12 digits of it: for names, where 48 bits are enough to tell plans of one stack apart.
pub fn short_digest(bytes: &[u8]) -> String {
    digest(bytes).chars().take(12).collect()
}

/// `sha256:` and the 64 digits, as manifests have it.
pub fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", digest(bytes))
}

/// A digest as it is shown to be agreed to: its first 32 digits, `8c51-bef9-…`, in eight groups.
pub fn grouped(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().take(NAMED).collect();
    digits.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Whether what a person gave is that digest: 32 digits of it or more, with or without hyphens, in either case.
///
/// # Errors
/// A phrase that says why it names no digest at all.
pub fn is_digest(given: &str, digest: &str) -> Result<bool, String> {
    let bare = given.chars().filter(|it| *it != '-' && !it.is_ascii_whitespace());
    let digits: String = bare.map(|it| it.to_ascii_lowercase()).collect();
    if let Some(other) = digits.chars().find(|it| !it.is_ascii_hexdigit()) {
        return Err(format!("`{}` is no hexadecimal digit", other.escape_debug()));
    }
    match digits.len() {
        few if few < NAMED => Err(format!("it has {few} digits, and {NAMED} are needed")),
        many if many > 2 * NAMED => Err(format!("it has {many} digits, and a digest has {}", 2 * NAMED)),
        _ => Ok(digest.starts_with(&digits)),
    }
}

/// Digest of data in its one canonical form: JSON without blanks and with sorted keys. `form` says what the data is, so
/// that two kinds never have one digest.
pub fn digest_of(form: &str, data: &Value) -> String {
    digest(format!("{form}\n{}", sorted(data)).as_bytes())
}

fn sorted(data: &Value) -> Value {
    match data {
        Value::Object(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn is_written_as_everyone_writes_it() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
        assert_eq!(sha256(b""), format!("sha256:{empty}"));
        assert_eq!(short_digest(b""), "e3b0c44298fc");
        assert_eq!(grouped(empty), "e3b0-c442-98fc-1c14-9afb-f4c8-996f-b924");
    }

    #[test]
    fn an_approval_names_at_least_128_bits() {
        let digest = digest(b"");
        let cases = [
            ("e3b0-c442-98fc-1c14-9afb-f4c8-996f-b924", Ok(true)),
            (" E3B0C44298FC1C149AFBF4C8996FB924\n", Ok(true)),
            ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Ok(true)),
            ("e3b0-c442-98fc-1c14-9afb-f4c8-996f-b925", Ok(false)),
            ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b856", Ok(false)),
            ("e3b0c44298fc", Err("it has 12 digits, and 32 are needed")),
            ("", Err("it has 0 digits, and 32 are needed")),
            ("е3b0-c442-98fc-1c14-9afb-f4c8-996f-b924", Err("`е` is no hexadecimal digit")),
            ("e3b0\u{2011}c442-98fc-1c14-9afb-f4c8-996f-b924", Err("`‑` is no hexadecimal digit")),
        ];
        for (given, expected) in cases {
            assert_eq!(is_digest(given, &digest), expected.map_err(str::to_owned), "{given}");
        }
        let long = format!("{digest}0");
        assert_eq!(is_digest(&long, &digest), Err("it has 65 digits, and a digest has 64".to_owned()));
    }

    #[test]
    fn the_order_of_keys_counts_for_nothing_and_everything_else_does() {
        let of = |data: &Value| digest_of("test", data);
        let data = json!({ "b": [1, 2], "a": { "d": "x", "c": null } });
        assert_eq!(of(&data), of(&json!({ "a": { "c": null, "d": "x" }, "b": [1, 2] })));
        let others = [
            json!({ "b": [2, 1], "a": { "d": "x", "c": null } }),
            json!({ "b": [1, 2], "a": { "d": "x" } }),
            json!({ "b": [1, 2], "a": { "d": "x", "c": "null" } }),
            json!({ "b": ["1", 2], "a": { "d": "x", "c": null } }),
            json!({ "b": [1, 2], "d": "x", "a": { "c": null } }),
        ];
        assert!(others.iter().all(|other| of(other) != of(&data)));
        assert_ne!(of(&data), digest_of("another", &data));
    }
}

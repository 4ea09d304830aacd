//! Digests: what pins plans, manifests and names to what they were made from.

use sha2::{Digest, Sha256};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_everyone_writes_it() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
        assert_eq!(sha256(b""), format!("sha256:{empty}"));
        assert_eq!(short_digest(b""), "e3b0c44298fc");
    }
}

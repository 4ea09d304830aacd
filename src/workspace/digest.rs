//! Digests as they are written in manifests and plans.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// `sha256:` and 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_written_as_everyone_writes_it() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::sha256(b""), empty);
    }
}

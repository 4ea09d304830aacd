//! Digests: what pins a plan to what it was made from.

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first 12 characters of it: for names, where 48 bits are enough to tell plans of one stack apart.
pub fn short_digest(bytes: &[u8]) -> String {
    digest(bytes).chars().take(12).collect()
}

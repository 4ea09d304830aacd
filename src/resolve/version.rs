//! Image Builder's versions never change their content, so the content makes the patch.

use sha2::{Digest, Sha256};

/// `major.minor.patch` whose patch follows from the content: 0 to 1,073,741,823, the largest Image Builder takes.
///
/// Every part is hashed with its length, so that text cannot move from one part to the next unseen.
pub(super) fn versioned<'a>(version: &str, content: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in content {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    let number = bytes.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{version}.{}", number >> 2)
}

#[cfg(test)]
mod tests {
    use super::versioned;

    #[test]
    fn the_same_content_is_the_same_version_forever() {
        // These numbers are in people's accounts: a change here rebuilds every image.
        assert_eq!(versioned("1.0", ["a"]), "1.0.213006961");
        assert_ne!(versioned("1.0", ["ab", "c"]), versioned("1.0", ["a", "bc"]));
    }
}

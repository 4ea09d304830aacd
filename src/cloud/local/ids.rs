//! Ids in AWS's shapes, made from names alone, so that the same calls give the same ids on every machine.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// That many hexadecimal digits of the seed's digest, at most 64.
pub(crate) fn hex(seed: &str, digits: usize) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(seed.as_bytes()) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}

/// A number below `bound`, spread evenly enough; 0 for a bound of 0.
pub(crate) fn below(seed: &str, bound: u64) -> u64 {
    let number =
        Sha256::digest(seed.as_bytes()).iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    number.checked_rem(bound).unwrap_or(0)
}

/// `8-4-4-4-12` hexadecimal digits.
pub(crate) fn uuid(seed: &str) -> String {
    let digits: Vec<char> = hex(seed, 32).chars().collect();
    let mut rest = digits.into_iter();
    let groups = [8, 4, 4, 4, 12].map(|length| rest.by_ref().take(length).collect::<String>());
    groups.join("-")
}

/// The twelve letters and digits that CloudFormation puts at the end of a generated name.
pub(crate) fn suffix(seed: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let digest = Sha256::digest(seed.as_bytes());
    digest
        .iter()
        .take(12)
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_services_shapes_and_come_from_names() {
        assert_eq!(uuid("stack a").len(), 36);
        assert_eq!(uuid("stack a"), uuid("stack a"));
        assert_ne!(uuid("stack a"), uuid("stack b"));
        assert_eq!(hex("i", 17).len(), 17);
        assert_eq!(suffix("Group").len(), 12);
        assert!(below("boot", 60) < 60);
        assert_eq!(below("boot", 0), 0);
    }
}

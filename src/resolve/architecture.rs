//! The processor family behind an instance type.

use crate::model::Architecture;

/// The processor family of an instance type such as `m7g.large`.
///
/// Graviton families have a `g` among the letters after the generation's digit: `m7g`, `c6gn`, `im4gn`; `a1` was first.
pub fn architecture(instance_type: &str) -> Architecture {
    let family = instance_type.split_once('.').map_or(instance_type, |(family, _)| family);
    let after = family.trim_start_matches(|c: char| !c.is_ascii_digit());
    let attributes = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let attributes = attributes.split_once('-').map_or(attributes, |(first, _)| first);
    if family == "a1" || attributes.contains('g') { Architecture::Arm64 } else { Architecture::X86_64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graviton_is_known_by_its_g() {
        for name in
            ["m7g.large", "c6gn.xlarge", "t4g.medium", "im4gn.large", "x2gd.large", "a1.large", "g5g.xlarge"]
        {
            assert_eq!(architecture(name), Architecture::Arm64, "{name}");
        }
        for name in [
            "m7i.large",
            "t3.medium",
            "g5.xlarge",
            "g6e.large",
            "m7i-flex.large",
            "u-6tb1.metal",
            "c5n.large",
        ] {
            assert_eq!(architecture(name), Architecture::X86_64, "{name}");
        }
    }
}

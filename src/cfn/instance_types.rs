//! The types of EC2 instances there are.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Families with their sizes, from the list that cfn-lint carries (`tests/peers/make_instance_types.py`).
const TABLE: &str = include_str!("../../schemas/instance-types.json");

/// Whether there is an instance type of that name.
///
/// # Errors
///
/// There is none: the types of the family, or of the one family that the name begins like; none for a family of which
/// nothing is known.
pub fn is_instance_type(name: &str) -> Result<(), Vec<String>> {
    static FAMILIES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    // an unreadable table would be an empty one; the test below keeps it readable
    let families = FAMILIES.get_or_init(|| serde_json::from_str(TABLE).unwrap_or_default());
    let (family, size) = name.split_once('.').unwrap_or((name, ""));
    let Some(sizes) = families.get(family) else { return Err(Vec::new()) };
    if sizes.split(' ').any(|known| known == size) {
        return Ok(());
    }
    Err(sizes.split(' ').map(|size| format!("{family}.{size}")).collect())
}

#[cfg(test)]
mod tests {
    use super::is_instance_type;

    #[test]
    fn families_and_sizes_are_known() {
        for name in ["m7i.large", "t4g.nano", "m7i-flex.xlarge", "c7g.metal", "u-6tb1.metal"] {
            assert_eq!(is_instance_type(name), Ok(()), "{name}");
        }
        let flex = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
        let sizes = flex.map(|size| format!("m7i-flex.{size}"));
        assert_eq!(is_instance_type("m7i-flex.24xlarge"), Err(sizes.to_vec()));
        assert_eq!(is_instance_type("mi7.large"), Err(Vec::new()));
    }
}

//! What the older resource specification says that the registry's schemas do not.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// One type a line (`tests/peers/make_older_specification.py`).
const TABLE: &str = include_str!("../../../schemas/older-specification.json");

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Older {
    /// Names; `[]` after those of lists.
    attributes: Vec<String>,
    /// Paths; `*` is any item.
    may_replace: Vec<String>,
}

fn of(name: &str) -> Option<&'static Older> {
    static TYPES: OnceLock<BTreeMap<String, Older>> = OnceLock::new();
    // an unreadable table would be an empty one; the test below keeps it readable
    TYPES.get_or_init(|| serde_json::from_str(TABLE).unwrap_or_default()).get(name)
}

/// The properties that it says are replaced by a change, while the registry does not call them create-only.
pub(in crate::cfn) fn may_replace(name: &str) -> &'static [String] {
    of(name).map(|older| older.may_replace.as_slice()).unwrap_or_default()
}

/// Whether it has the attribute, and whether that is a list.
pub(super) fn attribute(name: &str, asked: &str) -> Option<bool> {
    of(name)?.attributes.iter().find_map(|known| match known.strip_suffix("[]") {
        Some(list) => (list == asked).then_some(true),
        None => (known == asked).then_some(false),
    })
}

/// The attributes of a type.
pub(super) fn attributes<'a>(name: &str) -> Vec<&'a str> {
    let known = of(name).map(|older| older.attributes.as_slice()).unwrap_or_default();
    known.iter().map(|name| name.strip_suffix("[]").unwrap_or(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::{attribute, may_replace};

    #[test]
    fn what_the_registry_forgot_may_replace() {
        assert_eq!(may_replace("AWS::Route53::RecordSet"), ["Name"]);
        assert_eq!(may_replace("AWS::EC2::EIP"), ["Domain"]);
        assert_eq!(may_replace("AWS::EC2::VPC"), <[String; 0]>::default());
        assert_eq!(attribute("AWS::EC2::Instance", "State.Name"), Some(false));
        assert_eq!(
            attribute("AWS::NetworkManager::ConnectPeer", "Configuration.InsideCidrBlocks"),
            Some(true)
        );
    }
}

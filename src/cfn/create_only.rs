//! What the resource types' own schemas say of their properties: which cannot be changed in place, and which lists
//! have no order.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// What the schema of a resource type says of its properties. Nested ones are paths, `Scope/Region`; `*` is any item
/// of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateOnly {
    /// A change of these replaces the resource.
    pub create_only: Vec<String>,
    /// A change of these may replace the resource.
    pub conditional: Vec<String>,
    /// These are results: they can only be read.
    pub read_only: Vec<String>,
    /// These are lists whose order means nothing.
    pub unordered: Vec<String>,
}

/// One resource type a line, from the schemas of the public registry (`tests/peers/make_create_only.py`).
const TABLE: &str = include_str!("../../schemas/create-only.json");

/// One line of the table, read when it is asked for: a template has few of the nearly two thousand types.
struct Line {
    text: &'static str,
    read: OnceLock<CreateOnly>,
}

/// What is known of a resource type; `None` for one that the table does not have, such as a custom resource.
pub fn create_only(resource_type: &str) -> Option<&'static CreateOnly> {
    static LINES: OnceLock<BTreeMap<&'static str, Line>> = OnceLock::new();
    let line = LINES.get_or_init(|| TABLE.lines().filter_map(split).collect()).get(resource_type)?;
    // an unreadable line is an empty one here; the tests below keep all of them readable
    Some(line.read.get_or_init(|| serde_json::from_str(line.text).unwrap_or_default()))
}

/// `"AWS::EC2::VPC": {…},` as the type and what is said of it.
fn split(line: &'static str) -> Option<(&'static str, Line)> {
    let (name, text) = line.strip_prefix('"')?.split_once("\": ")?;
    Some((name, Line { text: text.trim_end_matches(','), read: OnceLock::new() }))
}

#[cfg(test)]
mod tests {
    use super::{CreateOnly, TABLE, create_only, split};

    #[test]
    fn the_table_knows_what_replaces() {
        let launch_template = create_only("AWS::EC2::LaunchTemplate").unwrap();
        assert_eq!(launch_template.create_only, ["LaunchTemplateName"]);
        let group = create_only("AWS::AutoScaling::AutoScalingGroup").unwrap();
        assert!(group.conditional.contains(&"LaunchTemplate".to_owned()), "{group:?}");
        let target_group = create_only("AWS::ElasticLoadBalancingV2::TargetGroup").unwrap();
        assert!(target_group.create_only.contains(&"Port".to_owned()));
        assert_eq!(create_only("Custom::Thing"), None);
    }

    #[test]
    fn the_table_knows_lists_without_an_order() {
        let rule = create_only("AWS::ElasticLoadBalancingV2::ListenerRule").unwrap();
        assert!(rule.unordered.contains(&"Actions/*/ForwardConfig/TargetGroups".to_owned()), "{rule:?}");
        assert_eq!(create_only("AWS::EC2::LaunchTemplate").unwrap().unordered, Vec::<String>::new());
    }

    #[test]
    fn every_line_is_readable_and_has_its_type() {
        let types = TABLE.lines().filter_map(split);
        let read = types.map(|(name, line)| (name, serde_json::from_str::<CreateOnly>(line.text)));
        let unreadable: Vec<_> = read.filter_map(|(name, read)| Some((name, read.err()?))).collect();
        assert!(unreadable.is_empty(), "{unreadable:?}");
        assert_eq!(TABLE.lines().filter_map(split).count(), TABLE.lines().count() - 2);
    }
}

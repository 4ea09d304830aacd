//! Which properties of a resource type cannot be changed in place, from the resource types' own schemas.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// What the schema of a resource type says of its properties. Nested ones are paths, `Scope/Region`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOnly {
    /// A change of these replaces the resource.
    #[serde(default)]
    pub create_only: Vec<String>,
    /// A change of these may replace the resource.
    #[serde(default)]
    pub conditional: Vec<String>,
    /// These are results: they can only be read.
    #[serde(default)]
    pub read_only: Vec<String>,
}

/// One resource type a line, from the schemas of the public registry.
const TABLE: &str = include_str!("../../schemas/create-only.json");

/// What is known of a resource type; `None` for one that the table does not have, such as a custom resource.
pub fn create_only(resource_type: &str) -> Option<&'static CreateOnly> {
    static PARSED: OnceLock<BTreeMap<String, CreateOnly>> = OnceLock::new();
    // an unreadable table is an empty one here; the test below keeps it readable
    PARSED.get_or_init(|| serde_json::from_str(TABLE).unwrap_or_default()).get(resource_type)
}

#[cfg(test)]
mod tests {
    use super::create_only;

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
}

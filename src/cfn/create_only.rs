//! What the resource types' own schemas say of their properties: which cannot be changed in place, and which lists
//! have no order.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::registry::{self, ResourceType};

/// What the schema of a resource type says of its properties. Nested ones are paths, `Scope/Region`; `*` is any item
/// of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

/// What is known of a resource type; `None` for one that the registry does not have, such as a custom resource.
pub fn create_only(resource_type: &str) -> Option<&'static CreateOnly> {
    static READ: OnceLock<Mutex<BTreeMap<&'static str, &'static CreateOnly>>> = OnceLock::new();
    let mut read = READ.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.get(resource_type) {
        return Some(known);
    }
    let known = registry::resource_type(resource_type)?;
    // kept as long as the program runs, one of each type that is used
    Some(read.entry(known.name).or_insert_with(|| Box::leak(Box::new(CreateOnly::of(known)))))
}

impl CreateOnly {
    /// From its schema. What the older specification says is replaced may be: the stricter of both wins.
    fn of(known: &ResourceType) -> Self {
        let paths = |list: &str| known.paths(list).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut conditional = paths("conditionalCreateOnlyProperties");
        conditional.extend_from_slice(registry::may_replace(known.name));
        Self {
            create_only: paths("createOnlyProperties"),
            conditional,
            read_only: paths("readOnlyProperties"),
            unordered: known.unordered(),
        }
    }
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

    #[test]
    fn the_table_knows_lists_without_an_order() {
        let rule = create_only("AWS::ElasticLoadBalancingV2::ListenerRule").unwrap();
        assert!(rule.unordered.contains(&"Actions/*/ForwardConfig/TargetGroups".to_owned()), "{rule:?}");
        assert_eq!(create_only("AWS::EC2::LaunchTemplate").unwrap().unordered, Vec::<String>::new());
    }

    #[test]
    fn what_the_older_specification_replaces_may_be_replaced() {
        for (name, property) in [("AWS::Route53::RecordSet", "Name"), ("AWS::EC2::EIP", "Domain")] {
            let known = create_only(name).unwrap();
            assert!(known.conditional.contains(&property.to_owned()), "{known:?}");
        }
    }
}

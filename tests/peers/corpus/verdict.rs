//! What somebody says of a pair: resource by resource, in words that asagi and the server share.

use std::collections::{BTreeMap, BTreeSet};

use asagi::diff::{Cause, StackDiff};
use serde_json::Value;

/// By logical id; a resource that stays is not in it.
pub(super) type Verdict = BTreeMap<String, Said>;

/// What becomes of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) resource_type: String,
    /// `Add`, `Modify` or `Remove`.
    pub(super) action: String,
    /// `True`, `False`, `Conditional`.
    pub(super) replacement: String,
    /// What becomes of the old one; empty where nothing is said.
    pub(super) policy: String,
    /// Properties, and parts beside them such as `Metadata`.
    pub(super) parts: BTreeMap<String, Part>,
}

/// What is said of one property.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Part {
    /// `Always`, `Conditionally`, `Never`: the worst that is said.
    pub(super) recreation: String,
    /// Parameters and resources that move it.
    pub(super) causes: BTreeSet<String>,
}

impl Part {
    fn add(&mut self, recreation: &str, cause: Option<String>) {
        let severity =
            |word: &str| ["", "Never", "Conditionally", "Always"].iter().position(|it| *it == word);
        if severity(recreation) > severity(&self.recreation) {
            recreation.clone_into(&mut self.recreation);
        }
        self.causes.extend(cause);
    }
}

/// As asagi predicts it.
pub(super) fn of_asagi(diff: &StackDiff) -> Verdict {
    let mut said = Verdict::new();
    for change in diff.predicted() {
        let mut parts: BTreeMap<String, Part> = BTreeMap::new();
        for detail in &change.details {
            let name = detail.property.clone().unwrap_or_else(|| detail.scope.to_string());
            let cause = detail.causing_entity.clone();
            parts.entry(name).or_default().add(&detail.recreation.to_string(), cause);
        }
        for property in diff.resource(&change.logical_id).iter().flat_map(|it| &it.properties) {
            let causes = property.causes.iter().map(|cause| match cause {
                Cause::Parameter(name) => name.clone(),
                Cause::Replaced(reference) | Cause::Updated(reference) => reference.to_string(),
            });
            if let Some(part) = parts.get_mut(property.path.property()) {
                part.causes.extend(causes);
            }
        }
        let of_resource = Said {
            resource_type: change.resource_type,
            action: change.action.to_string(),
            replacement: change.replacement.to_string(),
            policy: change.policy_action.map(|policy| policy.to_string()).unwrap_or_default(),
            parts,
        };
        said.insert(change.logical_id, of_resource);
    }
    said
}

/// As `DescribeChangeSet` answers it.
pub(super) fn of_server(described: &Value) -> Verdict {
    let changes = described["Changes"].as_array().into_iter().flatten();
    changes.map(|change| of_change(&change["ResourceChange"])).collect()
}

fn of_change(change: &Value) -> (String, Said) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for detail in change["Details"].as_array().into_iter().flatten() {
        let target = &detail["Target"];
        let name =
            target["Name"].as_str().unwrap_or_else(|| target["Attribute"].as_str().unwrap_or_default());
        let cause = detail["CausingEntity"].as_str().map(str::to_owned);
        parts
            .entry(name.to_owned())
            .or_default()
            .add(target["RequiresRecreation"].as_str().unwrap_or_default(), cause);
    }
    let said = Said {
        resource_type: text(&change["ResourceType"]),
        action: text(&change["Action"]),
        replacement: change["Replacement"].as_str().unwrap_or("False").to_owned(),
        policy: text(&change["PolicyAction"]),
        parts,
    };
    (text(&change["LogicalResourceId"]), said)
}

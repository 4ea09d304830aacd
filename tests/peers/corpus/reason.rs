//! Why asagi and the server may differ: who is right, and where that is known from.

use std::fs;
use std::sync::LazyLock;

use asagi::cfn::{Effective, Evaluator, NothingKnown, Surroundings, Template};
use serde_json::Value;

use crate::support::{REGION, repository};

use super::difference::{Aspect, Difference};
use super::pair::{Pair, Version};
use super::verdict::Verdict;

/// Why they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// asagi is right: to CloudFormation `5` and `"5"` are the same, as the CDK's differ says too (`deepEqual` in
    /// aws-cdk's cloudformation-diff: "consistent with CloudFormation"). The server compares the JSON.
    NumbersAreText,
    /// asagi is right: a value that an `Fn::If` picks moves with the parameters of its condition. The server looks for
    /// a `Ref` in the property alone, and names no cause.
    ConditionsCause,
    /// asagi is right: what stands in the branch that an `Fn::If` does not take moves nothing. The server counts every
    /// `Ref` in the property.
    BranchNotTaken,
    /// asagi is right: functions in `Metadata` and `UpdatePolicy` are evaluated as those in properties are
    /// (CloudFormation's guide on intrinsic functions says where they may stand). The server compares them as written.
    PartsAreEvaluated,
    /// Both are wrong in the same way, and asagi says so: CloudFormation refuses to change the type of a resource
    /// ("Update of resource type is not permitted"). asagi tells it as a problem, and as one removed and one added.
    TypesDoNotChange,
    /// Both are right: where a replacement depends, asagi says what would become of the old one, the server does not
    /// say it until it is certain. A prediction says the most that may happen.
    PolicyOfWhatDepends,
    /// asagi is right: the older resource specification says that the property is replaced by a change (CloudFormation's
    /// reference says so of an Elastic IP's `Domain` too), and the registry, by which the others go, does not know it.
    OlderSpecification,
}

impl Reason {
    pub(super) const ALL: [Self; 7] = [
        Self::NumbersAreText,
        Self::ConditionsCause,
        Self::BranchNotTaken,
        Self::PartsAreEvaluated,
        Self::TypesDoNotChange,
        Self::PolicyOfWhatDepends,
        Self::OlderSpecification,
    ];

    /// Whether this is why they differ here.
    pub(super) fn explains(self, it: &Difference, of: &Context<'_>) -> bool {
        let only_server_changes = it.aspect == Aspect::Action && it.asagi.is_empty() && it.other == "Modify";
        match self {
            Self::NumbersAreText => {
                only_server_changes
                    && of.properties(it).iter().all(|name| {
                        let [before, after] = of.values(it, name);
                        before != after && as_text(&before) == as_text(&after)
                    })
            }
            Self::BranchNotTaken => {
                only_server_changes
                    && of.properties(it).iter().all(|name| {
                        let [before, after] = of.values(it, name);
                        before == after && of.has_choice(it, name)
                    })
            }
            Self::ConditionsCause => match &it.aspect {
                Aspect::Causes(name) => it.other.is_empty() && of.has_choice(it, name),
                _ => false,
            },
            Self::PartsAreEvaluated => {
                let parts = of.asagi.get(&it.resource).map(|said| said.parts.keys().cloned().collect());
                let parts: Vec<String> = parts.unwrap_or_default();
                let only_parts =
                    parts.iter().all(|part| matches!(part.as_str(), "Metadata" | "UpdatePolicy"));
                it.aspect == Aspect::Action && it.asagi == "Modify" && it.other.is_empty() && only_parts
            }
            Self::TypesDoNotChange => {
                let kind = |version: &Template| {
                    version.resources.get(&it.resource).map(|resource| resource.kind.clone())
                };
                kind(of.before).zip(kind(of.after)).is_some_and(|(before, after)| before != after)
            }
            Self::PolicyOfWhatDepends => {
                let replacement =
                    |verdict: &Verdict| verdict.get(&it.resource).map(|it| it.replacement.clone());
                let conditional = Some("Conditional".to_owned());
                let both = [of.asagi, of.server].iter().all(|verdict| replacement(verdict) == conditional);
                it.aspect == Aspect::Policy && it.other.is_empty() && both
            }
            Self::OlderSpecification => {
                let only_asagi = match &it.aspect {
                    Aspect::Replacement => it.asagi == "Conditional" && it.other == "False",
                    Aspect::Policy => it.other.is_empty(),
                    Aspect::Part(_) => it.asagi == "Conditionally" && it.other == "Never",
                    Aspect::Action | Aspect::Causes(_) => false,
                };
                let changed = of.properties(it);
                only_asagi && changed.iter().any(|name| older_specification_replaces(&it.resource_type, name))
            }
        }
    }
}

/// Whether the older resource specification, and it alone, says that a change of the property replaces the resource.
pub(super) fn older_specification_replaces(resource_type: &str, property: &str) -> bool {
    static TABLE: LazyLock<Value> = LazyLock::new(|| {
        let text = fs::read_to_string(repository("schemas/older-specification.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    });
    let may_replace = TABLE[resource_type]["mayReplace"].as_array();
    may_replace.is_some_and(|properties| properties.iter().any(|it| it == property))
}

/// What a reason may look at.
pub(super) struct Context<'a> {
    pair: &'a Pair,
    before: &'a Template,
    after: &'a Template,
    asagi: &'a Verdict,
    server: &'a Verdict,
}

impl<'a> Context<'a> {
    pub(super) fn new(pair: &'a Pair, asagi: &'a Verdict, server: &'a Verdict) -> Self {
        Self { pair, before: &pair.before.template, after: &pair.after.template, asagi, server }
    }

    /// The properties that the server says change.
    fn properties(&self, it: &Difference) -> Vec<String> {
        self.server.get(&it.resource).map(|said| said.parts.keys().cloned().collect()).unwrap_or_default()
    }

    /// The values of a property before and after.
    fn values(&self, it: &Difference, name: &str) -> [Value; 2] {
        [(self.before, &self.pair.before), (self.after, &self.pair.after)].map(|(template, version)| {
            let property = template.resources.get(&it.resource).and_then(|it| it.properties.get(name));
            property.map(|property| value(template, version, property)).unwrap_or_default()
        })
    }

    /// Whether an `Fn::If` stands in a property.
    fn has_choice(&self, it: &Difference, name: &str) -> bool {
        let property = self.after.resources.get(&it.resource).and_then(|it| it.properties.get(name));
        property.is_some_and(|property| property.to_string().contains("\"Fn::If\""))
    }
}

fn value(template: &Template, version: &Version, property: &Value) -> Value {
    let parameters = version.parameters.iter();
    let parameters = parameters.map(|(name, value)| (name.clone(), Effective::text(value))).collect();
    let surroundings = Surroundings { region: REGION.to_owned(), ..Surroundings::default() };
    Evaluator::new(template, &parameters, &surroundings, &NothingKnown).value(property).to_json()
}

/// Every number and boolean as the text that is written like it.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
        Value::Array(items) => items.iter().map(as_text).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_text(value))).collect(),
        other => other.clone(),
    }
}

//! What makes a resource the one it is in the account, as far as the template writes it. Two of one identity cannot stand
//! beside each other, so a new one fails while the old one is there.

use super::Effective;
use super::custom_name::{identified_by, is_known_by_name, name_property};

/// Properties with their values, such as the name of a bucket, or name and version of an image's component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity(Vec<(&'static str, String)>);

/// The identity of a resource of that type, by the values of its properties; `None` where the account gives it one, or
/// where a part of it is not known.
pub fn identity<'a>(resource_type: &str, value: impl Fn(&str) -> Option<&'a Effective>) -> Option<Identity> {
    let written = |property| Some((property, value(property)?.as_text()?));
    let properties = match is_known_by_name(resource_type) {
        true => name_property(resource_type).into_iter().collect(),
        false => identified_by(resource_type)?,
    };
    let mut parts: Vec<_> = properties.into_iter().map(written).collect::<Option<_>>()?;
    for property in beside_the_name(resource_type) {
        if value(property).is_some() {
            parts.push(written(property)?);
        }
    }
    let identity = Identity(parts);
    (!identity.counts_up()).then_some(identity)
}

/// Properties that make another one of the same name. Each version of what images are made of stands beside the others.
/// <https://docs.aws.amazon.com/imagebuilder/latest/userguide/semantic-versioning.html>
fn beside_the_name(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "AWS::Events::Rule" => &["EventBusName"],
        "AWS::ImageBuilder::Component"
        | "AWS::ImageBuilder::ContainerRecipe"
        | "AWS::ImageBuilder::ImageRecipe"
        | "AWS::ImageBuilder::Workflow" => &["Version"],
        _ => &[],
    }
}

impl Identity {
    /// Its parts in words: "the name `orders`".
    pub fn words(&self) -> String {
        let part = |(property, value): &(&str, String)| match *property {
            "Version" => format!("the version `{value}`"),
            name if is_name(name) => format!("the name `{value}`"),
            other => format!("the `{other}` `{value}`"),
        };
        self.0.iter().map(part).collect::<Vec<_>>().join(" and ")
    }

    /// What to write to make it another one.
    pub fn another(&self) -> String {
        if self.version().is_some() {
            return "raise its `Version`".to_owned();
        }
        let names = self.0.iter().map(|(property, _)| *property);
        let mut names: Vec<&str> = names.filter(|it| is_name(it) && *it != "EventBusName").collect();
        if names.is_empty() {
            names.extend(self.0.iter().map(|(property, _)| *property));
        }
        format!("give it another `{}`", names.join("` or `"))
    }

    fn version(&self) -> Option<&str> {
        self.0.iter().find(|(property, _)| *property == "Version").map(|(_, version)| version.as_str())
    }

    /// A version such as `1.0.x`: the service takes the next one by itself.
    fn counts_up(&self) -> bool {
        self.version().is_some_and(|version| version.contains('x'))
    }
}

fn is_name(property: &str) -> bool {
    property.ends_with("Name")
}

/// A resource that a function of the team's own looks after.
pub fn is_custom(resource_type: &str) -> bool {
    resource_type.starts_with("Custom::") || resource_type == "AWS::CloudFormation::CustomResource"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(kind: &str, properties: &serde_json::Value) -> Option<String> {
        let Effective::Map(properties) = Effective::from(properties) else { return None };
        let identity = identity(kind, |name| properties.get(name))?;
        Some(format!("{}: {}", identity.words(), identity.another()))
    }

    #[test]
    fn what_a_template_names_is_the_same_one_by_that_name() {
        let component = |version: &str| serde_json::json!({ "Name": "tool", "Version": version });
        for (kind, properties, expected) in [
            (
                "AWS::SQS::Queue",
                serde_json::json!({ "QueueName": "a" }),
                "the name `a`: give it another `QueueName`",
            ),
            ("AWS::SQS::Queue", serde_json::json!({}), ""),
            (
                "AWS::ImageBuilder::Component",
                component("1.0.0"),
                "the name `tool` and the version `1.0.0`: raise its `Version`",
            ),
            ("AWS::ImageBuilder::ImageRecipe", component("1.0.x"), ""),
            (
                "AWS::Events::Rule",
                serde_json::json!({ "Name": "a", "EventBusName": "b" }),
                "the name `a` and the name `b`: give it another `Name`",
            ),
            (
                "AWS::ECR::Repository",
                serde_json::json!({ "RepositoryName": "web" }),
                "the name `web`: give it another `RepositoryName`",
            ),
            (
                "AWS::Logs::SubscriptionFilter",
                serde_json::json!({ "LogGroupName": "a", "FilterName": "b" }),
                "the name `b` and the name `a`: give it another `FilterName` or `LogGroupName`",
            ),
            ("AWS::Logs::SubscriptionFilter", serde_json::json!({ "LogGroupName": "a" }), ""),
            ("AWS::EC2::VPC", serde_json::json!({ "Name": "a" }), ""),
        ] {
            assert_eq!(words(kind, &properties).unwrap_or_default(), expected);
        }
    }
}

//! What a resource's service refuses when it is made or updated, in its words.

use serde_json::{Map, Value};

use super::record::ResourceRecord;
use super::value::alike;
use crate::cfn::{BadName, Effective, Identity, identity, is_custom, naming};
use crate::cloud::local::world::text;

/// Why the service refuses to make the resource, or to change it to that.
pub(super) fn refused(wanted: &ResourceRecord) -> Option<String> {
    bad_name(wanted).or_else(|| bad_description(wanted))
}

/// Why an existing resource cannot become the wanted one.
pub(super) fn refused_update(existing: &ResourceRecord, wanted: &ResourceRecord) -> Option<String> {
    let tokens = [existing, wanted].map(|record| record.properties.get("ServiceToken"));
    let [Some(before), Some(after)] = tokens else { return None };
    (is_custom(&wanted.kind) && !alike(before, after))
        .then(|| "Modifying service token is not allowed.".to_owned())
}

/// Why the wanted one cannot be made beside the existing one.
pub(super) fn stuck(existing: &ResourceRecord, wanted: &ResourceRecord) -> Option<String> {
    let [before, after] = [existing, wanted].map(of);
    if before? != after? {
        return None;
    }
    let name = text(wanted.properties.get(crate::cfn::name_property(&wanted.kind)?))?;
    Some(match wanted.kind.starts_with("AWS::ImageBuilder::") {
        true => format!("Resource of type '{}' with identifier '{name}' already exists.", wanted.kind),
        false => format!(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
        ),
    })
}

fn of(record: &ResourceRecord) -> Option<Identity> {
    let values: Vec<(&String, Effective)> =
        record.properties.iter().map(|(name, value)| (name, Effective::from(value))).collect();
    identity(&record.kind, |property| {
        values.iter().find(|(name, _)| *name == property).map(|(_, value)| value)
    })
}

fn bad_name(wanted: &ResourceRecord) -> Option<String> {
    let naming = naming(&wanted.kind)?;
    let name = text(wanted.properties.get(naming.property))?;
    let problem = naming.problem(&name)?;
    let (id, property, most) = (&wanted.logical_id, naming.property, naming.most);
    let balanced = wanted.kind.strip_prefix("AWS::ElasticLoadBalancingV2::").map(|kind| match kind {
        "TargetGroup" => ("Target group", "target group"),
        _ => ("Load balancer", "load balancer"),
    });
    let keyword = if problem == BadName::Long { "maxLength" } else { "pattern" };
    Some(match (balanced, problem) {
        (Some((what, _)), BadName::Long) => {
            format!("{what} name '{name}' cannot be longer than '{most}' characters")
        }
        (Some((_, what)), BadName::Has(_)) => {
            format!("The {what} name '{name}' can only contain alphanumeric characters and hyphens (-)")
        }
        (Some((_, what)), BadName::Hyphen) => {
            format!("The {what} name '{name}' cannot begin or end with a hyphen(-)")
        }
        (Some((_, what)), BadName::Reserved(begins)) => {
            format!("The {what} name '{name}' cannot begin with '{begins}'")
        }
        (None, _) => format!(
            "Properties validation failed for resource {id} with message: #/{property}: failed validation constraint for keyword [{keyword}]"
        ),
    })
}

/// What descriptions of rules of security groups may have beside letters and digits.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
const OF_RULES: &str = " ._-:/()#,@[]+=&;{}!$*";

fn bad_description(wanted: &ResourceRecord) -> Option<String> {
    let written = |map: &Map<String, Value>, key: &str| text(map.get(key));
    let properties = &wanted.properties;
    match wanted.kind.as_str() {
        "AWS::EC2::SecurityGroup" => {
            let description = written(properties, "GroupDescription").filter(|it| !it.is_ascii());
            if let Some(description) = description {
                return Some(format!(
                    "Value ({description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported."
                ));
            }
            let lists = ["SecurityGroupIngress", "SecurityGroupEgress"].map(|key| properties.get(key));
            let rules = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
            rules.filter_map(Value::as_object).find_map(|rule| bad_rule(written(rule, "Description")))
        }
        "AWS::EC2::SecurityGroupIngress" | "AWS::EC2::SecurityGroupEgress" => {
            bad_rule(written(properties, "Description"))
        }
        "AWS::IAM::Role" | "AWS::IAM::ManagedPolicy" => {
            let takes = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
            let description = written(properties, "Description").filter(|it| !it.chars().all(takes))?;
            Some(format!(
                "1 validation error detected: Value '{description}' at 'description' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"
            ))
        }
        _ => None,
    }
}

fn bad_rule(description: Option<String>) -> Option<String> {
    let takes = |c: char| c.is_ascii_alphanumeric() || OF_RULES.contains(c);
    let description = description?;
    (description.chars().count() > 255 || !description.chars().all(takes)).then(|| {
        "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*".to_owned()
    })
}

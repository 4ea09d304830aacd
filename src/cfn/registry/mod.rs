//! What CloudFormation's public registry says of resource types: their properties, return values and identifiers.
//!
//! The provider schemas of all types are part of the program; one is unpacked when it is asked for and kept.

mod archive;
mod attribute;
mod judge;
mod older;
mod order;
mod schema;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Map, Value};

pub use attribute::Shape;
pub use judge::{Fault, Wrong};
pub(in crate::cfn) use older::may_replace;
pub use schema::resolved;

/// One type with its provider schema.
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>
#[derive(Debug)]
pub struct ResourceType {
    /// Such as `AWS::EC2::VPC`.
    pub name: &'static str,
    schema: Value,
}

/// The type of that name; `None` for one that the public registry does not have, such as a custom resource.
pub fn resource_type(name: &str) -> Option<&'static ResourceType> {
    static READ: OnceLock<Mutex<BTreeMap<&'static str, &'static ResourceType>>> = OnceLock::new();
    let read = READ.get_or_init(Mutex::default);
    if let Some(known) = read.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
        return Some(known);
    }
    let (name, line) = archive::line(name)?;
    // an unreadable schema is an empty one here; a test of the archive keeps all of them readable
    let made = ResourceType { name, schema: serde_json::from_str(line).unwrap_or_default() };
    let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
    // kept as long as the program runs, one of each type that is used
    Some(read.entry(name).or_insert_with(|| Box::leak(Box::new(made))))
}

/// Whether the public registry has a type of that name. Reads no schema.
pub fn is_resource_type(name: &str) -> bool {
    archive::has(name)
}

/// The names of all types, sorted. Reads no schema.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    archive::names()
}

/// The properties that together tell a resource of that type from others, in the order in which they make its identifier;
/// none where the type is not known. Nested ones are paths, `Scope/Region`.
pub fn primary_identifier(name: &str) -> Vec<&'static str> {
    resource_type(name).map(|known| known.paths("primaryIdentifier")).unwrap_or_default()
}

/// What `Fn::GetAtt` of that attribute gives, where the type is known and has it. `Outputs.Url` of a nested stack too.
pub fn attribute(name: &str, attribute: &str) -> Option<Shape> {
    resource_type(name)?.attribute(attribute)
}

impl ResourceType {
    /// The whole schema.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The schemas of its properties, by name.
    pub fn properties(&self) -> Option<&Map<String, Value>> {
        self.schema.get("properties")?.as_object()
    }

    /// The paths of a list of properties without `/properties/` before them: `createOnlyProperties` and the like.
    pub fn paths(&self, list: &str) -> Vec<&str> {
        let paths = self.schema.get(list).and_then(Value::as_array).into_iter().flatten();
        let paths = paths.filter_map(Value::as_str);
        paths.map(|path| path.strip_prefix("/properties/").unwrap_or(path)).collect()
    }

    /// The property that the type itself says its tags are in.
    pub fn tag_property(&self) -> Option<&str> {
        let tagging = self.schema.get("tagging")?;
        tagging.get("tagProperty")?.as_str()?.strip_prefix("/properties/")
    }

    /// The lists whose order means nothing, as paths; `*` is any item.
    pub(in crate::cfn) fn unordered(&self) -> Vec<String> {
        order::unordered(&self.schema)
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, attribute, is_resource_type, primary_identifier, resource_type, resource_types};

    #[test]
    fn types_tell_what_identifies_them() {
        for (name, expected) in [
            ("AWS::AutoScaling::AutoScalingGroup", "AutoScalingGroupName"),
            ("AWS::EC2::EIP", "PublicIp, AllocationId"),
            ("AWS::SNS::Topic", "TopicArn"),
            ("Custom::Thing", ""),
        ] {
            assert_eq!(primary_identifier(name).join(", "), expected, "{name}");
        }
        assert_eq!(resource_type("AWS::Route53::HostedZone").unwrap().tag_property(), Some("HostedZoneTags"));
        assert!(is_resource_type("AWS::EC2::VPC") && !is_resource_type("AWS::EC2::Vpc"));
        assert!(resource_types().count() > 1_800);
    }

    #[test]
    fn attributes_have_a_shape() {
        let [text, list] = [Some(Shape::Scalar), Some(Shape::List)];
        for (name, asked, expected) in [
            ("AWS::Route53::HostedZone", "NameServers", list),
            ("AWS::EC2::NetworkInterface", "SecondaryPrivateIpAddresses", list),
            ("AWS::EC2::VPC", "CidrBlockAssociations", list),
            // said by the older specification alone
            ("AWS::ElastiCache::ReplicationGroup", "ReadEndPoint.Addresses.List", list),
            ("AWS::RDS::DBInstance", "Endpoint.Address", text),
            ("AWS::RDS::DBInstance", "Endpoint", None),
            ("AWS::SNS::Topic", "TopicName", text),
            ("AWS::SNS::Topic", "Nope", None),
            ("AWS::CloudFormation::Stack", "Outputs.Url", text),
            ("AWS::CloudFormation::Stack", "Url", None),
            ("Custom::Thing", "Anything", None),
        ] {
            assert_eq!(attribute(name, asked), expected, "{name} {asked}");
        }
    }
}

//! What `Fn::GetAtt` gives for a deployed resource.

use serde_json::{Map, Value};

use super::{Place, arn};
use crate::cfn::registry::{self, Shape};
use crate::cloud::local::ids;
use crate::cloud::local::world::World;

/// So many items has a list that is made up: a hosted zone's name servers are four.
const ITEMS: usize = 4;

/// An attribute of a deployed resource. One that no arm knows is a property of that name, or else made up from the
/// resource's own id, so that templates of a team's own keep working.
pub(crate) fn attribute(
    world: &World,
    place: &Place<'_>,
    kind: &str,
    physical_id: &str,
    properties: &Map<String, Value>,
    name: &str,
) -> Value {
    let known = match kind {
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => load_balancer(place, physical_id, name),
        "AWS::ElasticLoadBalancingV2::TargetGroup" => target_group(physical_id, name),
        "AWS::EC2::LaunchTemplate" if name.ends_with("VersionNumber") => {
            Some(world.launch_template_version(physical_id).to_string())
        }
        _ => by_name(place, kind, physical_id, name),
    };
    if let Some(known) = known {
        return Value::String(known);
    }
    if let Some(property) = properties.get(name) {
        return property.clone();
    }
    if matches!(name, "SecurityGroups" | "LoadBalancerArns") {
        return Value::Array(Vec::new());
    }
    let made = made_up(place, kind, physical_id, name);
    match registry::attribute(kind, name) {
        Some(Shape::List) => (1..=ITEMS).map(|number| Value::String(format!("{made}-{number}"))).collect(),
        _ => Value::String(made),
    }
}

fn load_balancer(place: &Place<'_>, physical_id: &str, name: &str) -> Option<String> {
    let full_name = after(physical_id, ":loadbalancer/");
    let short = part(full_name, 1);
    match name {
        "LoadBalancerFullName" => Some(full_name.to_owned()),
        "LoadBalancerName" => Some(short.to_owned()),
        "DNSName" => {
            let number = 1 + ids::below(physical_id, 999_999_999);
            Some(format!("{short}-{number}.{}.elb.amazonaws.com", place.region))
        }
        // The hosted zone of load balancers in Tokyo.
        "CanonicalHostedZoneID" => Some("Z14GRHDCWA56QT".to_owned()),
        _ => None,
    }
}

fn target_group(physical_id: &str, name: &str) -> Option<String> {
    let rest = after(physical_id, ":targetgroup/");
    match name {
        "TargetGroupFullName" => Some(format!("targetgroup/{rest}")),
        "TargetGroupName" => Some(part(rest, 0).to_owned()),
        _ => None,
    }
}

fn by_name(place: &Place<'_>, kind: &str, physical_id: &str, name: &str) -> Option<String> {
    let id = |prefix: &str| format!("{prefix}-0{}", ids::hex(physical_id, 16));
    Some(match (kind, name) {
        ("AWS::EC2::EIP", "AllocationId") => id("eipalloc"),
        ("AWS::EC2::EIP", "PublicIp") => physical_id.to_owned(),
        ("AWS::EC2::VPC", "DefaultSecurityGroup") => id("sg"),
        ("AWS::IAM::Role", "RoleId") => format!("AROA{}", ids::suffix(physical_id)),
        ("AWS::S3::Bucket", "DomainName") => format!("{physical_id}.s3.amazonaws.com"),
        ("AWS::S3::Bucket", "RegionalDomainName") => {
            format!("{physical_id}.s3.{}.amazonaws.com", place.region)
        }
        ("AWS::SNS::Topic", "TopicName") => physical_id.rsplit(':').next()?.to_owned(),
        _ => return None,
    })
}

fn made_up(place: &Place<'_>, kind: &str, physical_id: &str, name: &str) -> String {
    match name {
        name if name.ends_with("Arn") || name.ends_with("ARN") => arn::of(kind, physical_id, place),
        name if name.ends_with("Id") || name.ends_with("Name") => physical_id.to_owned(),
        // Endpoints of databases and caches: a host that looks like one and answers nobody.
        name if name.ends_with("Address") => {
            format!("{}.{}.local.invalid", physical_id.to_lowercase(), place.region)
        }
        "AvailabilityZone" => format!("{}a", place.region),
        name => name.to_owned(),
    }
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(_, rest)| rest)
}

fn part(path: &str, place: usize) -> &str {
    path.split('/').nth(place).unwrap_or(path)
}

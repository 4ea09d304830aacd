//! What `Fn::GetAtt` gives for a deployed resource.

use serde_json::{Map, Value};

use super::{Place, arn};
use crate::cloud::local::ids;
use crate::cloud::local::world::World;

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
    let text = |text: &str| Value::String(text.to_owned());
    let after = |mark: &str| physical_id.split_once(mark).map_or(physical_id, |(_, rest)| rest);
    match (kind, name) {
        ("AWS::EC2::LaunchTemplate", "LatestVersionNumber" | "DefaultVersionNumber") => {
            Value::String(world.launch_template_version(physical_id).to_string())
        }
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerFullName") => {
            text(after(":loadbalancer/"))
        }
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerName") => {
            text(part(after(":loadbalancer/"), 1))
        }
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "DNSName") => {
            let name = part(after(":loadbalancer/"), 1);
            Value::String(format!(
                "{name}-{}.{}.elb.amazonaws.com",
                1 + ids::below(physical_id, 999_999_999),
                place.region
            ))
        }
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "CanonicalHostedZoneID") => text("Z14GRHDCWA56QT"),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupFullName") => {
            Value::String(format!("targetgroup/{}", after(":targetgroup/")))
        }
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupName") => {
            text(part(after(":targetgroup/"), 0))
        }
        ("AWS::SNS::Topic", "TopicName") => text(physical_id.rsplit(':').next().unwrap_or(physical_id)),
        ("AWS::EC2::EIP", "AllocationId") => {
            Value::String(format!("eipalloc-0{}", ids::hex(physical_id, 16)))
        }
        ("AWS::EC2::EIP", "PublicIp") => text(physical_id),
        ("AWS::EC2::Subnet", "AvailabilityZone") => {
            properties.get(name).cloned().unwrap_or_else(|| Value::String(format!("{}a", place.region)))
        }
        ("AWS::EC2::VPC", "DefaultSecurityGroup") => {
            Value::String(format!("sg-0{}", ids::hex(physical_id, 16)))
        }
        ("AWS::IAM::Role", "RoleId") => Value::String(format!("AROA{}", ids::suffix(physical_id))),
        ("AWS::S3::Bucket", "DomainName") => Value::String(format!("{physical_id}.s3.amazonaws.com")),
        ("AWS::S3::Bucket", "RegionalDomainName") => {
            Value::String(format!("{physical_id}.s3.{}.amazonaws.com", place.region))
        }
        (_, "SecurityGroups" | "LoadBalancerArns") => {
            properties.get(name).cloned().unwrap_or(Value::Array(Vec::new()))
        }
        (_, name) if name.ends_with("Arn") || name.ends_with("ARN") => {
            Value::String(arn::of(kind, physical_id, place))
        }
        (_, name) => {
            let own = name.ends_with("Id") || name.ends_with("Name");
            let made_up = || text(if own { physical_id } else { name });
            properties.get(name).cloned().unwrap_or_else(made_up)
        }
    }
}

fn part(path: &str, place: usize) -> &str {
    path.split('/').nth(place).unwrap_or(path)
}

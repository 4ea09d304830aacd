//! Physical ids in the shapes that the services give.

use serde_json::{Map, Value};

use super::{Place, Unnamed, arn};
use crate::cfn::{name_property, registry};
use crate::cloud::local::ids;
use crate::cloud::local::world::text;

/// Type and what its generated id starts with, before seventeen hexadecimal digits.
const PREFIXES: [(&str, &str); 16] = [
    ("AWS::EC2::Instance", "i"),
    ("AWS::EC2::InternetGateway", "igw"),
    ("AWS::EC2::LaunchTemplate", "lt"),
    ("AWS::EC2::NatGateway", "nat"),
    ("AWS::EC2::NetworkAcl", "acl"),
    ("AWS::EC2::RouteTable", "rtb"),
    ("AWS::EC2::SecurityGroup", "sg"),
    ("AWS::EC2::SecurityGroupEgress", "sgr"),
    ("AWS::EC2::SecurityGroupIngress", "sgr"),
    ("AWS::EC2::Subnet", "subnet"),
    ("AWS::EC2::SubnetRouteTableAssociation", "rtbassoc"),
    ("AWS::EC2::VPC", "vpc"),
    ("AWS::EC2::VPCEndpoint", "vpce"),
    ("AWS::EC2::Volume", "vol"),
    ("AWS::SSM::MaintenanceWindow", "mw"),
    ("AWS::SSM::PatchBaseline", "pb"),
];

/// The name that the template gives, if it gives one.
pub(crate) fn custom_name(kind: &str, properties: &Map<String, Value>) -> Option<String> {
    text(properties.get(name_property(kind)?))
}

/// The id that a new resource gets.
pub(crate) fn physical_id(resource: &Unnamed<'_>, place: &Place<'_>) -> String {
    let Unnamed { logical_id, kind, properties, generation } = *resource;
    let seed = format!("{} {logical_id} {generation}", place.stack_id);
    let named = custom_name(kind, properties);
    let prefix = PREFIXES.iter().find(|(name, _)| *name == kind);
    if let Some((_, prefix)) = prefix {
        return format!("{prefix}-0{}", ids::hex(&seed, 16));
    }
    let name = named.unwrap_or_else(|| format!("{}-{logical_id}-{}", place.stack, ids::suffix(&seed)));
    match kind {
        "AWS::EC2::EIP" => format!("203.0.113.{}", 1 + ids::below(&seed, 254)),
        "AWS::KMS::Key" => ids::uuid(&seed),
        "AWS::S3::Bucket" => name.to_lowercase(),
        _ => by_service(kind, &name, &seed, properties, place)
            .unwrap_or_else(|| if is_arn(kind) { arn::of(kind, &name, place) } else { name }),
    }
}

/// Whether the registry says that a resource is known by an ARN which the service gives, as state machines are. Some types
/// that have a name are known by it all the same, as rules of events are.
fn is_arn(kind: &str) -> bool {
    let by_arn = |only: &str| only.ends_with("Arn") || only.ends_with("ARN");
    name_property(kind).is_none()
        && matches!(registry::primary_identifier(kind).as_slice(), [only] if by_arn(only))
}

/// Ids that are ARNs.
fn by_service(
    kind: &str,
    name: &str,
    seed: &str,
    properties: &Map<String, Value>,
    place: &Place<'_>,
) -> Option<String> {
    let service = |service: &str, rest: String| {
        Some(format!("arn:aws:{service}:{}:{}:{rest}", place.region, place.account))
    };
    let id = ids::hex(seed, 16);
    match kind {
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
            service("elasticloadbalancing", format!("loadbalancer/app/{}/{id}", short(name)))
        }
        "AWS::ElasticLoadBalancingV2::TargetGroup" => {
            service("elasticloadbalancing", format!("targetgroup/{}/{id}", short(name)))
        }
        "AWS::ElasticLoadBalancingV2::Listener" => {
            Some(below(properties.get("LoadBalancerArn"), ":loadbalancer/", ":listener/", &id))
        }
        "AWS::ElasticLoadBalancingV2::ListenerRule" => {
            Some(below(properties.get("ListenerArn"), ":listener/", ":listener-rule/", &id))
        }
        "AWS::SNS::Topic" => service("sns", name.to_owned()),
        "AWS::SNS::Subscription" => {
            Some(format!("{}:{}", text(properties.get("TopicArn")).unwrap_or_default(), ids::uuid(seed)))
        }
        "AWS::IAM::ManagedPolicy" => Some(format!("arn:aws:iam::{}:policy/{name}", place.account)),
        "AWS::SecretsManager::Secret" => {
            service("secretsmanager", format!("secret:{name}-{}", ids::hex(seed, 6)))
        }
        "AWS::Chatbot::SlackChannelConfiguration" => {
            Some(format!("arn:aws:chatbot::{}:chat-configuration/slack-channel/{name}", place.account))
        }
        _ => {
            let rest = image_builder(kind, name, properties)?;
            service("imagebuilder", rest)
        }
    }
}

/// Image Builder writes names in lower case with hyphens, and versions after them.
fn image_builder(kind: &str, name: &str, properties: &Map<String, Value>) -> Option<String> {
    let name = name.to_lowercase().replace([' ', '_'], "-");
    let version = text(properties.get("Version")).unwrap_or_else(|| "1.0.0".to_owned());
    match kind {
        "AWS::ImageBuilder::Component" => Some(format!("component/{name}/{version}/1")),
        "AWS::ImageBuilder::ImageRecipe" => Some(format!("image-recipe/{name}/{version}")),
        "AWS::ImageBuilder::ImagePipeline" => Some(format!("image-pipeline/{name}")),
        "AWS::ImageBuilder::InfrastructureConfiguration" => {
            Some(format!("infrastructure-configuration/{name}"))
        }
        "AWS::ImageBuilder::DistributionConfiguration" => Some(format!("distribution-configuration/{name}")),
        "AWS::ImageBuilder::LifecyclePolicy" => Some(format!("lifecycle-policy/{name}")),
        _ => None,
    }
}

/// The ARN of what hangs below another: a listener below its load balancer, a rule below its listener.
fn below(parent: Option<&Value>, from: &str, to: &str, id: &str) -> String {
    format!("{}/{id}", text(parent).unwrap_or_default().replacen(from, to, 1))
}

/// Load balancers and target groups have names of at most 32 characters: CloudFormation cuts the front part.
fn short(name: &str) -> String {
    let length = name.chars().count();
    if length <= 32 {
        return name.to_owned();
    }
    let (front, end) = name.rsplit_once('-').unwrap_or((name, ""));
    let (stack, logical_id) = front.rsplit_once('-').unwrap_or((front, ""));
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    format!("{}-{}-{}", cut(stack, 6).trim_end_matches('-'), cut(logical_id, 5), cut(end, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: &str, logical_id: &str, properties: &Value) -> String {
        let place = Place {
            account: "123456789012",
            region: "ap-northeast-1",
            stack: "idhub-40-prod-web-traffic",
            stack_id: "arn:aws:cloudformation:ap-northeast-1:123456789012:stack/idhub-40-prod-web-traffic/1",
        };
        let properties = properties.as_object().cloned().unwrap_or_default();
        physical_id(&Unnamed { logical_id, kind, properties: &properties, generation: 0 }, &place)
    }

    #[test]
    fn ids_have_the_services_shapes() {
        let listener = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/alb/0a/0b";
        let cases = [
            named("AWS::EC2::LaunchTemplate", "LaunchTemplate", &Value::Null),
            named("AWS::ElasticLoadBalancingV2::TargetGroup", "BlueTargetGroup", &Value::Null),
            named(
                "AWS::ElasticLoadBalancingV2::ListenerRule",
                "Rule",
                &serde_json::json!({ "ListenerArn": listener }),
            ),
            named(
                "AWS::SSM::Parameter",
                "Record",
                &serde_json::json!({ "Name": "/idhub-40/prod/web/rollout" }),
            ),
            named(
                "AWS::ImageBuilder::ImageRecipe",
                "Recipe",
                &serde_json::json!({ "Name": "A b", "Version": "1.2.3" }),
            ),
            named("AWS::IAM::Role", "InstanceRole", &Value::Null),
            named("AWS::StepFunctions::StateMachine", "Orders", &Value::Null),
        ];
        insta::assert_snapshot!(cases.join("\n"), @"
        lt-0ed9b792f6a5b12b6
        arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/idhub-BlueT-AMVO88DXTNND/907881568eb2933b
        arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener-rule/app/alb/0a/0b/730d8a05b71aa839
        /idhub-40/prod/web/rollout
        arn:aws:imagebuilder:ap-northeast-1:123456789012:image-recipe/a-b/1.2.3
        idhub-40-prod-web-traffic-InstanceRole-X348SU7NFMVC
        arn:aws:states:ap-northeast-1:123456789012:stateMachine:idhub-40-prod-web-traffic-Orders-76ODIT3TEZPO
        ");
    }
}

//! What would be lost with a stack: requests that go through it, instances, data. Looked at before anything is deleted.

use futures_util::future::join_all;
use serde::Serialize;

use crate::cfn::{ResourceStatus, Stack, StackResource};
use crate::cloud::{Cloud, CloudError, TargetState};

/// Something that would be lost with a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// Users' requests go through it.
    Requests(String),
    /// Instances run in it.
    Instances(String),
    /// It may hold what is nowhere else.
    Data(String),
    /// It could not be read, so nobody knows.
    Unread(String),
}

impl Hold {
    /// In words.
    pub fn text(&self) -> &str {
        match self {
            Self::Requests(text) | Self::Instances(text) | Self::Data(text) | Self::Unread(text) => text,
        }
    }

    /// Users would notice, or nobody can tell whether they would.
    pub fn is_in_use(&self) -> bool {
        matches!(self, Self::Requests(_) | Self::Unread(_))
    }
}

/// Types of which nothing is lost that a template would not make again; all others may hold something. Of the services
/// named whole, what takes requests or runs is looked at by itself.
const NOTHING_LOST: [&str; 16] = [
    "AWS::ApplicationAutoScaling::",
    "AWS::AutoScaling::",
    "AWS::CloudFormation::WaitCondition",
    "AWS::CloudWatch::",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::Route",
    "AWS::EC2::InternetGateway",
    "AWS::ElasticLoadBalancingV2::",
    "AWS::Events::",
    "AWS::IAM::",
    "AWS::Lambda::Permission",
    "AWS::SNS::",
    "AWS::SSM::MaintenanceWindow",
];

/// What would be lost with a stack, as far as the account tells.
pub(super) async fn holds(cloud: &dyn Cloud, stack: &Stack) -> Vec<Hold> {
    let resources = match cloud.describe_stack_resources(&stack.id).await {
        Ok(resources) => resources,
        Err(CloudError::NotFound(_)) => return Vec::new(),
        Err(error) => return vec![Hold::Unread(format!("its resources could not be read: {error}"))],
    };
    let left = resources.iter().filter(|resource| is_left(resource));
    join_all(left.map(|resource| hold(cloud, resource))).await.into_iter().flatten().collect()
}

/// What a template keeps on deletion stays where it is.
fn is_left(resource: &StackResource) -> bool {
    let gone = matches!(resource.status, ResourceStatus::DeleteComplete | ResourceStatus::DeleteSkipped);
    !gone && resource.physical_id.as_deref().is_some_and(|id| !id.is_empty())
}

async fn hold(cloud: &dyn Cloud, resource: &StackResource) -> Option<Hold> {
    let (id, kind) = (resource.physical_id.as_deref()?, resource.resource_type.as_str());
    let name = &resource.logical_id;
    let unread = |error: CloudError| Some(Hold::Unread(format!("{name} could not be read: {error}")));
    match kind {
        "AWS::ElasticLoadBalancingV2::ListenerRule" => match takes_requests(cloud, id).await {
            Ok(targets) if targets > 0 => {
                Some(Hold::Requests(format!("rule {name} sends users' requests to {targets} targets")))
            }
            Ok(_) => None,
            Err(error) => unread(error),
        },
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
            Some(Hold::Requests(format!("load balancer {name}: users' requests come in through it")))
        }
        "AWS::ElasticLoadBalancingV2::TargetGroup" => match targets(cloud, id).await {
            Ok(0) => None,
            Ok(targets) => Some(Hold::Instances(format!("{targets} targets of {name}"))),
            Err(error) => unread(error),
        },
        "AWS::AutoScaling::AutoScalingGroup" => match cloud.group(id).await {
            Ok(Some(group)) if group.desired > 0 || !group.instances.is_empty() => {
                let running = u32::try_from(group.instances.len()).unwrap_or(u32::MAX).max(group.desired);
                Some(Hold::Instances(format!("{running} instances of {name}")))
            }
            Ok(_) => None,
            Err(error) => unread(error),
        },
        _ if NOTHING_LOST.iter().any(|known| kind.starts_with(known)) => None,
        _ => Some(Hold::Data(format!("{kind} {name}"))),
    }
}

/// How many targets users' requests reach by a rule: one without targets answers nobody.
async fn takes_requests(cloud: &dyn Cloud, rule: &str) -> Result<usize, CloudError> {
    let rules = match cloud.listener_rules(&[rule.to_owned()]).await {
        Err(CloudError::NotFound(_)) => return Ok(0),
        rules => rules?,
    };
    let mut reached = 0;
    for forward in rules.iter().flat_map(|rule| &rule.forwards).filter(|forward| forward.weight > 0) {
        reached += targets(cloud, &forward.target_group).await?;
    }
    Ok(reached)
}

async fn targets(cloud: &dyn Cloud, group: &str) -> Result<usize, CloudError> {
    let targets = match cloud.target_health(group).await {
        Err(CloudError::NotFound(_)) => return Ok(0),
        targets => targets?,
    };
    Ok(targets.iter().filter(|target| target.state != TargetState::Draining).count())
}

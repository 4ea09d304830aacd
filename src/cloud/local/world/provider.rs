//! What a deployed resource makes of the account, by type. Types without an arm exist in their stack alone.

use serde_json::{Map, Value};

use super::World;

/// A resource as it was deployed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deployed<'a> {
    /// Its type.
    pub(crate) kind: &'a str,
    /// Its name in the account.
    pub(crate) physical_id: &'a str,
    /// Its properties, evaluated.
    pub(crate) properties: &'a Map<String, Value>,
    /// `UpdatePolicy`, evaluated.
    pub(crate) update_policy: &'a Value,
    /// ARN of who deployed it.
    pub(crate) by: &'a str,
}

impl Deployed<'_> {
    /// A property.
    pub(crate) fn get(&self, property: &str) -> Option<&Value> {
        self.properties.get(property)
    }
}

impl World {
    /// Creates or updates what the resource stands for.
    pub(crate) fn put(&mut self, resource: &Deployed<'_>) {
        self.taken.insert(format!("{} {}", resource.kind, resource.physical_id));
        match resource.kind {
            "AWS::AutoScaling::AutoScalingGroup" => self.put_group(resource),
            "AWS::EC2::LaunchTemplate" => self.put_launch_template(resource),
            "AWS::ElasticLoadBalancingV2::TargetGroup" => self.put_target_group(resource),
            "AWS::ElasticLoadBalancingV2::ListenerRule" | "AWS::ElasticLoadBalancingV2::Listener" => {
                self.put_rule(resource);
            }
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => self.put_alarm(resource),
            "AWS::SSM::Parameter" => {
                let value = super::text(resource.get("Value")).unwrap_or_default();
                self.put_parameter(resource.physical_id, &value, resource.by);
            }
            "AWS::ImageBuilder::DistributionConfiguration" => self.put_distribution(resource),
            "AWS::ImageBuilder::ImagePipeline" => self.put_pipeline(resource),
            "AWS::SNS::Topic" => {
                self.topics.insert(resource.physical_id.to_owned());
            }
            _ => {}
        }
        self.settle_alarms();
    }

    /// Removes what the resource stands for.
    pub(crate) fn remove(&mut self, kind: &str, physical_id: &str) {
        self.taken.remove(&format!("{kind} {physical_id}"));
        self.groups.remove(physical_id);
        self.launch_templates.remove(physical_id);
        self.target_groups.remove(physical_id);
        self.rules.remove(physical_id);
        self.distributions.remove(physical_id);
        self.pipelines.remove(physical_id);
        self.topics.remove(physical_id);
        match kind {
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => {
                self.alarms.remove(physical_id);
            }
            "AWS::SSM::Parameter" => {
                self.parameters.remove(physical_id);
            }
            _ => {}
        }
        self.settle_alarms();
    }
}

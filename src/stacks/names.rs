//! Names that templates, plans and gates must agree on: parameters that phases move, outputs that gates read.

use crate::model::{Cohort, Environment, Layer, Slot};

/// Traffic stack: the rollout record, JSON of `plan::Record`.
pub const ROLLOUT_RECORD: &str = "RolloutRecord";
/// Traffic stack: seconds a client stays on its slot; `0` is off.
pub const STICKINESS_SECONDS: &str = "StickinessSeconds";
/// Traffic stack, output: name of the SSM parameter that holds the record.
pub const RECORD_PARAMETER_NAME: &str = "RecordParameterName";

/// Slot stack: the AMI its instances launch from.
pub const IMAGE_ID: &str = "ImageId";
/// Slot stack: at least so many instances.
pub const MIN_SIZE: &str = "MinSize";
/// Slot stack: at most so many.
pub const MAX_SIZE: &str = "MaxSize";
/// Slot stack: `none`, or `refresh` to replace instances in place on a change of the launch template.
pub const UPDATE_MODE: &str = "UpdateMode";
/// Slot stack: the target group that its instances register with.
pub const TARGET_GROUP_ARN: &str = "TargetGroupArn";
/// Slot stack, output: the launch template.
pub const LAUNCH_TEMPLATE_ID: &str = "LaunchTemplateId";
/// Slot stack, output: name of the Auto Scaling group.
pub const GROUP_NAME: &str = "GroupName";

/// Slot stack: what instances are launched as. A slot that runs instances keeps these as they were deployed;
/// a change of them is a release.
pub const LAUNCH_RESOURCES: [&str; 3] = ["InstanceRole", "InstanceProfile", "LaunchTemplate"];

/// Notifications stack, output: ARN of the topic.
pub const TOPIC_ARN: &str = "TopicArn";
/// Key of the foundation stack.
pub const FOUNDATION: &str = "foundation";
/// Foundation stack, output: ARN of the role that CloudFormation uses for every other stack.
pub const SERVICE_ROLE_ARN: &str = "ServiceRoleArn";
/// Foundation stack, output: ARN of the key of the topics.
pub const TOPIC_KEY_ARN: &str = "TopicKeyArn";
/// Foundation stack of the images' owner, output: ARN of the key of the machine images.
pub const IMAGE_KEY_ARN: &str = "ImageKeyArn";
/// Foundation stack of the images' owner, output: ARN of the role by which pipelines build.
pub const IMAGE_EXECUTION_ROLE_ARN: &str = "ImageExecutionRoleArn";
/// Images stack, output: ARN of the pipeline, whose first run makes the image that the next layer is built on.
pub const PIPELINE_ARN: &str = "PipelineArn";
/// Images stack, output: name of the SSM parameter that holds the layer's newest image.
pub const REGISTRY_PARAMETER_NAME: &str = "RegistryParameterName";
/// Tag of an instance by which it joins the environment's patch baseline and scan; its value is [`patch_group`].
pub const PATCH_GROUP_TAG: &str = "PatchGroup";

/// Name of the role that CloudFormation uses for every stack but the foundation: `idhub-40-prod-cloudformation`.
pub fn service_role(environment: &Environment) -> String {
    format!("{}-{}-cloudformation", environment.project, environment.name)
}

/// `{project}-{environment}`: the value of [`PATCH_GROUP_TAG`].
pub fn patch_group(environment: &Environment) -> String {
    format!("{}-{}", environment.project, environment.name)
}

/// Name of the log group that holds the reports of patch scans: `/idhub-40/prod/patch-scan`.
pub fn scan_reports(environment: &Environment) -> String {
    format!("/{}/{}/patch-scan", environment.project, environment.name)
}

/// Name of the SSM parameter that a layer's pipeline writes its newest image's id to: `/idhub-40/images/web/base/1.0`.
pub fn registry_parameter(project: &str, role: &str, layer: &Layer) -> String {
    format!("/{project}/images/{role}/{}/{}", layer.kind.as_str(), layer.version)
}

/// Traffic stack: the slot's weight in everyone's rules, 0 to 100.
pub fn weight(slot: Slot) -> String {
    format!("{}Weight", slot.logical())
}

/// Traffic stack: the slot's weight in a cohort's rules, 0 to 100; equal to everyone's while the cohort is off.
pub fn cohort_weight(cohort: &Cohort, slot: Slot) -> String {
    format!("{}{}Weight", logical(&cohort.name), slot.logical())
}

/// Traffic stack: create-only property of the slot's target group: `Port`, `Protocol`, `ProtocolVersion`.
pub fn target_group_property(slot: Slot, property: &str) -> String {
    format!("{}Target{property}", slot.logical())
}

/// Create-only properties of target groups that phases move per slot.
pub const TARGET_GROUP_PROPERTIES: [&str; 3] = ["Port", "Protocol", "ProtocolVersion"];

/// Traffic stack, output: ARN of the slot's target group.
pub fn target_group_arn(slot: Slot) -> String {
    format!("{}TargetGroupArn", slot.logical())
}

/// Traffic stack, output: `targetgroup/name/id`, the metric dimension.
pub fn target_group_full_name(slot: Slot) -> String {
    format!("{}TargetGroupFullName", slot.logical())
}

/// Traffic stack, output: name of the slot's log group.
pub fn log_group_name(slot: Slot) -> String {
    format!("{}LogGroupName", slot.logical())
}

/// Alarms stack, output: ARN of the slot's composite alarm.
pub fn composite_alarm_arn(slot: Slot) -> String {
    format!("{}CompositeAlarmArn", slot.logical())
}

/// Alarms stack, output: name of the slot's composite alarm.
pub fn composite_alarm_name(slot: Slot) -> String {
    format!("{}CompositeAlarmName", slot.logical())
}

/// A name as part of a logical id: `help-desk` becomes `HelpDesk`.
pub fn logical(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

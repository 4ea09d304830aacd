//! Auto Scaling groups and the health of what they registered.

use aws_sdk_autoscaling::types::{AutoScalingGroup, Instance, LaunchTemplateSpecification, LifecycleState};
use aws_sdk_elasticloadbalancingv2::types::{
    TargetAdministrativeOverrideStateEnum as Override, TargetHealthDescription,
    TargetHealthStateEnum as Health,
};

use super::AwsCloud;
use super::error::told;
use super::pages::Pages;
use crate::cloud::{CloudError, GroupState, InstanceState, LaunchSource, Result, TargetHealth, TargetState};
use crate::words::Foreign;

/// So many groups are asked for at once, and fit on a page.
/// <https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html>
const A_CALL: usize = 50;
const A_PAGE: i32 = 100;

impl AwsCloud {
    pub(super) async fn read_group(&self, name: &str) -> Result<Option<GroupState>> {
        Ok(self.read_groups(&[name.to_owned()]).await?.into_iter().next())
    }

    /// Without a name the service would tell of every group of the region.
    pub(super) async fn read_groups(&self, names: &[String]) -> Result<Vec<GroupState>> {
        let mut groups = Vec::new();
        for some in names.chunks(A_CALL) {
            let call = self.scaling.describe_auto_scaling_groups();
            let call = call.set_auto_scaling_group_names(Some(some.to_vec())).max_records(A_PAGE);
            let (mut pages, mut count) =
                (call.into_paginator().send(), Pages::of("DescribeAutoScalingGroups"));
            while let Some(page) = count.next(self.turns.take(pages.next())).await? {
                groups.extend(page.map_err(told)?.auto_scaling_groups().iter().map(group));
            }
        }
        Ok(groups)
    }

    /// A target group that is gone has no targets.
    pub(super) async fn read_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        let call = self.balancing.describe_target_health().target_group_arn(target_group).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => Ok(answer.target_health_descriptions().iter().map(health).collect()),
            Err(CloudError::NotFound(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

fn group(answer: &AutoScalingGroup) -> GroupState {
    let number = |part: Option<i32>| part.and_then(|number| number.try_into().ok()).unwrap_or_default();
    GroupState {
        name: answer.auto_scaling_group_name().unwrap_or_default().to_owned(),
        min: number(answer.min_size()),
        max: number(answer.max_size()),
        desired: number(answer.desired_capacity()),
        launch: answer.launch_template().or_else(|| mixed(answer)).and_then(|it| {
            let (template, version) = (it.launch_template_id()?.to_owned(), it.version()?.to_owned());
            Some(LaunchSource { template, version })
        }),
        instances: answer.instances().iter().map(instance).collect(),
    }
}

/// The launch template of a group of several instance types.
fn mixed(answer: &AutoScalingGroup) -> Option<&LaunchTemplateSpecification> {
    answer.mixed_instances_policy()?.launch_template()?.launch_template_specification()
}

/// The group tells the launch template's version, not the image: only EC2 knows that, and no gate needs it.
fn instance(answer: &Instance) -> InstanceState {
    InstanceState {
        id: answer.instance_id().unwrap_or_default().to_owned(),
        in_service: answer.lifecycle_state() == Some(&LifecycleState::InService),
        image: None,
        version: answer.launch_template().and_then(|it| it.version()).map(str::to_owned),
    }
}

fn health(answer: &TargetHealthDescription) -> TargetHealth {
    let said = answer.target_health();
    TargetHealth {
        target: answer.target().and_then(|target| target.id()).unwrap_or_default().to_owned(),
        state: said.and_then(|said| said.state()).map_or(TargetState::Unhealthy, state),
        reason: said.and_then(|said| said.description()).map(Foreign::from),
        shifted_away: answer.administrative_override().and_then(|it| it.state()).is_some_and(is_shifted),
    }
}

/// A zonal shift is active: the load balancer or its DNS name keeps requests from the target.
fn is_shifted(state: &Override) -> bool {
    matches!(state, Override::ZonalShiftActive | Override::ZonalShiftDelegatedToDns)
}

/// A word that this version does not know is never taken for healthy.
fn state(word: &Health) -> TargetState {
    match word {
        Health::Healthy => TargetState::Healthy,
        Health::Initial => TargetState::Initial,
        Health::Draining | Health::UnhealthyDraining => TargetState::Draining,
        Health::Unused => TargetState::Unused,
        _ => TargetState::Unhealthy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_healthy_is_healthy() {
        let words = [
            "healthy",
            "initial",
            "draining",
            "unhealthy.draining",
            "unused",
            "unavailable",
            "unhealthy",
            "new",
        ];
        let healthy: Vec<_> =
            words.iter().filter(|word| state(&Health::from(**word)) == TargetState::Healthy).collect();
        assert_eq!(healthy, [&"healthy"]);
    }

    #[test]
    fn a_zonal_shift_is_told_by_its_word() {
        let words = ["no_override", "unknown", "zonal_shift_active", "zonal_shift_delegated_to_dns", "new"];
        let shifted: Vec<_> = words.iter().filter(|word| is_shifted(&Override::from(**word))).collect();
        assert_eq!(shifted, [&"zonal_shift_active", &"zonal_shift_delegated_to_dns"]);
    }
}

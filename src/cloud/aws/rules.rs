//! Listener rules as they really are.

use aws_sdk_elasticloadbalancingv2::types;

use futures_util::future::join_all;

use super::AwsCloud;
use super::error::told;
use super::pages::Pages;
use crate::cloud::{CloudError, ListenerRule, Result, WeightedTargetGroup};

/// So many rules are asked for at once.
const A_CALL: usize = 20;

impl AwsCloud {
    /// Those that exist. One that does not fails the call for all that are asked for with it, so then each is asked for
    /// alone.
    pub(super) async fn read_rules(&self, arns: &[String]) -> Result<Vec<ListenerRule>> {
        let mut rules = Vec::new();
        for some in arns.chunks(A_CALL) {
            match self.read_some_rules(some).await {
                Err(CloudError::NotFound(_)) => rules.extend(self.read_each_rule(some).await?),
                read => rules.extend(read?),
            }
        }
        Ok(rules)
    }

    async fn read_some_rules(&self, arns: &[String]) -> Result<Vec<ListenerRule>> {
        let call = self.balancing.describe_rules().set_rule_arns(Some(arns.to_vec()));
        let (mut pages, mut count) = (call.into_paginator().send(), Pages::of("DescribeRules"));
        let mut rules = Vec::new();
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            rules.extend(page.map_err(told)?.rules().iter().map(rule));
        }
        Ok(rules)
    }

    async fn read_each_rule(&self, arns: &[String]) -> Result<Vec<ListenerRule>> {
        let mut rules = Vec::new();
        for read in join_all(arns.iter().map(|arn| self.read_some_rules(std::slice::from_ref(arn)))).await {
            match read {
                Ok(found) => rules.extend(found),
                Err(CloudError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(rules)
    }
}

/// A rule that forwards to a single target group may say so beside the weights instead of in them.
fn rule(answer: &types::Rule) -> ListenerRule {
    let action =
        answer.actions().iter().find(|action| action.r#type() == Some(&types::ActionTypeEnum::Forward));
    let forward = action.and_then(types::Action::forward_config);
    let groups = forward.map(types::ForwardActionConfig::target_groups).unwrap_or_default();
    let mut forwards: Vec<WeightedTargetGroup> = groups
        .iter()
        .map(|group| WeightedTargetGroup {
            target_group: group.target_group_arn().unwrap_or_default().to_owned(),
            weight: group.weight().and_then(|weight| weight.try_into().ok()).unwrap_or(1),
        })
        .collect();
    if let (true, Some(only)) = (forwards.is_empty(), action.and_then(types::Action::target_group_arn)) {
        forwards.push(WeightedTargetGroup { target_group: only.to_owned(), weight: 1 });
    }
    let sticky = forward.and_then(types::ForwardActionConfig::target_group_stickiness_config);
    let sticky = sticky.filter(|sticky| sticky.enabled() == Some(true));
    ListenerRule {
        arn: answer.rule_arn().unwrap_or_default().to_owned(),
        priority: answer.priority().and_then(|priority| priority.parse().ok()).unwrap_or_default(),
        forwards,
        stickiness: sticky.and_then(|sticky| sticky.duration_seconds()?.try_into().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward(config: types::ForwardActionConfig) -> types::Rule {
        let action =
            types::Action::builder().r#type(types::ActionTypeEnum::Forward).forward_config(config).build();
        types::Rule::builder().rule_arn("rule").priority("100").actions(action).build()
    }

    #[test]
    fn weights_and_stickiness_are_read_from_the_forward() {
        let group = |arn: &str, weight| {
            types::TargetGroupTuple::builder().target_group_arn(arn).weight(weight).build()
        };
        let sticky =
            types::TargetGroupStickinessConfig::builder().enabled(true).duration_seconds(3600).build();
        let config = types::ForwardActionConfig::builder()
            .target_groups(group("blue", 90))
            .target_groups(group("green", 10));
        let read = rule(&forward(config.target_group_stickiness_config(sticky).build()));
        let weights: Vec<_> = read.forwards.iter().map(|to| (to.target_group.as_str(), to.weight)).collect();
        assert_eq!(
            (read.priority, weights, read.stickiness),
            (100, vec![("blue", 90), ("green", 10)], Some(3600))
        );
    }

    #[test]
    fn a_rule_to_one_group_and_stickiness_that_is_off() {
        let sticky =
            types::TargetGroupStickinessConfig::builder().enabled(false).duration_seconds(3600).build();
        let config = types::ForwardActionConfig::builder().target_group_stickiness_config(sticky).build();
        assert_eq!(rule(&forward(config)).stickiness, None);
        let action =
            types::Action::builder().r#type(types::ActionTypeEnum::Forward).target_group_arn("only").build();
        let read = rule(&types::Rule::builder().actions(action).build());
        assert_eq!(read.forwards, [WeightedTargetGroup { target_group: "only".to_owned(), weight: 1 }]);
    }
}

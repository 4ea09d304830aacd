//! All rules, by code.

use super::Rule;
use super::rules::{
    agent, alarms, arns, at_once, bakes, capacity, cidrs, cohorts, components, conditions, derived_names,
    evidence, headers, instance_tags, logical_ids, long_bakes, order, priorities, promotion, release,
    resolved_text, rule_quota, same_environment, shares, stack_keys, tags, target_group, unclosed,
    unreachable, user_data, window, zones,
};

/// All rules, by code.
pub const RULES: &[Rule] = &[
    same_environment::RULE,
    derived_names::RULE,
    stack_keys::RULE,
    logical_ids::RULE,
    tags::RULE,
    priorities::RULE,
    conditions::RULE,
    headers::RULE,
    cohorts::RULE,
    unreachable::RULE,
    instance_tags::RULE,
    target_group::RULE,
    capacity::RULE,
    user_data::RULE,
    zones::RULE,
    arns::RULE,
    cidrs::RULE,
    components::RULE,
    resolved_text::RULE,
    unclosed::RULE,
    rule_quota::RULE,
    shares::RULE,
    order::RULE,
    bakes::RULE,
    long_bakes::RULE,
    evidence::RULE,
    alarms::RULE,
    agent::RULE,
    release::RULE,
    promotion::RULE,
    window::RULE,
    at_once::RULE,
];

/// The rule with that code, in any case.
pub fn explain(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.as_str().eq_ignore_ascii_case(code))
}

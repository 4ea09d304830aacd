//! A role's guard stack: what takes a rollout back in phases that CloudFormation does not watch, with nobody's machine
//! on. A rule on the slots' composite alarms starts an automation in the account, whose script is
//! `templates/stacks/guard.py`.

use serde::Serialize;

use super::alarm_contexts::slot_name;
use super::draft::Draft;
use super::graph::StackKind;
use super::{foundation, names, notifications};
use crate::model::{Environment, Guard, Period, Role, Slot, Step};

/// What the automation runs.
const SCRIPT: &str = include_str!("../../templates/stacks/guard.py");

/// Longest time that CloudFormation watches a step
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html>): where traffic
/// stands for longer than that, the account watches unless the spec says otherwise.
const WATCHED: Period = Period::minutes(180);

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    role: &'a str,
    traffic: String,
    slots: [SlotContext; 2],
    script: &'static str,
}

#[derive(Serialize)]
struct SlotContext {
    slot: Slot,
    composite: String,
}

/// Whether the account watches that role's rollouts. One that replaces instances in place is taken back by their group.
pub fn guards(environment: &Environment, role: &Role) -> bool {
    let long = |step: &Step| match step {
        Step::Bake(bake) => bake.time > WATCHED,
        Step::Hold(time) => *time > WATCHED,
        Step::Approval { .. } => true,
        _ => false,
    };
    let strategy = &role.rollout.strategy;
    !strategy.is_in_place()
        && match environment.protection.guard {
            Guard::Automation => true,
            Guard::None => false,
            Guard::WhereLong => strategy.steps.iter().any(long),
        }
}

/// The stack, for a role that has alarms.
pub(super) fn draft(environment: &Environment, role: &Role) -> Draft {
    let kind = StackKind::Guard { role: role.name.clone() };
    let mut draft = Draft::new(role.guard_stack(), kind, "guard", context(environment, role));
    for slot in Slot::ALL {
        let arn = names::composite_alarm_arn(slot);
        draft = draft.output(&arn, &role.alarms_stack(), arn.as_str());
    }
    foundation::topic_key(notifications::topic(draft))
}

fn context<'a>(environment: &Environment, role: &'a Role) -> Context<'a> {
    let Environment { project, name, .. } = environment;
    Context {
        name: format!("{project}-{name}-{}", role.name),
        role: &role.name,
        traffic: format!("{project}-{name}-{}", role.traffic_stack()),
        slots: Slot::ALL.map(|slot| SlotContext { slot, composite: slot_name(environment, role, slot) }),
        script: SCRIPT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bake, Strategy, example};

    #[test]
    fn what_stands_longer_than_cloudformation_watches_is_guarded_by_the_account() {
        let hours = |hours| Period::hours(hours);
        let bake = |time| Step::Bake(Bake { time, criteria: Vec::new() });
        let cases = [
            (Guard::WhereLong, vec![bake(hours(3)), Step::Hold(hours(3))], false),
            (Guard::WhereLong, vec![bake(hours(4))], true),
            (Guard::WhereLong, vec![Step::Hold(hours(24))], true),
            (Guard::WhereLong, vec![Step::Approval { within: hours(1) }], true),
            (Guard::Automation, vec![Step::Hold(hours(1))], true),
            (Guard::None, vec![Step::Hold(hours(24))], false),
        ];
        for (guard, steps, expected) in cases {
            let mut environment = example::poc();
            environment.protection.guard = guard;
            environment.roles[0].rollout.strategy = Strategy { name: "custom".to_owned(), steps };
            let strategy = &environment.roles[0].rollout.strategy;
            assert_eq!(guards(&environment, &environment.roles[0]), expected, "{guard:?} {strategy:?}");
        }
    }

    #[test]
    fn the_script_is_ascii_and_holds_nothing_that_automation_would_fill_in() {
        assert!(SCRIPT.is_ascii() && !SCRIPT.contains("{{"), "{SCRIPT}");
    }
}

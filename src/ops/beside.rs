//! What was changed beside CloudFormation where no request goes wrong at once: sizes of groups, alarms, termination
//! protection. What is deployed is evaluated and held against what is. Pure.

use std::fmt;

use indexmap::IndexMap;
use serde::Serialize;

use crate::cfn::{Effective, Stack, Template};
use crate::cloud::{AlarmDefinition, GroupState, LaunchSource, alarms_in};
use crate::diff::Side;
use crate::model::Slot;
use crate::plan::RoleState;
use crate::stacks::names;

use super::load::Loaded;

const ALARMS: [&str; 2] = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"];

/// A stack of a role that is not as it says, in what no request goes through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stray {
    /// Name of the stack.
    pub stack: String,
    /// What is different, a sentence each.
    pub drift: Vec<String>,
    /// CloudFormation may put it back. Of a launch template it would take the version that somebody made.
    pub by_stack: bool,
    /// What users would lose when it is put back, so that a person is asked.
    pub costs: Option<String>,
    /// What puts it back where CloudFormation does not.
    pub by_hand: Vec<String>,
}

impl Stray {
    fn of(stack: &Stack) -> Self {
        Self {
            stack: stack.name.clone(),
            drift: Vec::new(),
            by_stack: true,
            costs: None,
            by_hand: Vec::new(),
        }
    }
}

/// A slot's group that does not scale between what its stack says, and one that launches from something else. A group with
/// a schedule is moved by it.
pub(super) fn slot(
    state: &RoleState,
    (slot, stack): (Slot, &Stack),
    group: Option<&GroupState>,
    scheduled: bool,
) -> Vec<Stray> {
    let Some(name) = stack.outputs.get(names::GROUP_NAME).filter(|_| !stack.status.is_busy()) else {
        return Vec::new();
    };
    let Some(group) = group else {
        let drift = vec![format!("the group of {slot}, {name}, does not exist")];
        let by_hand = vec![format!("the CloudFormation console, stack {}, drift", stack.name)];
        return vec![Stray { drift, by_hand, by_stack: false, ..Stray::of(stack) }];
    };
    let update = format!("aws autoscaling update-auto-scaling-group --auto-scaling-group-name {name}");
    let wanted = bounds(stack).filter(|wanted| !scheduled && *wanted != (group.min, group.max));
    let size = wanted.map(|(min, max)| Stray {
        drift: vec![format!(
            "the group of {slot} scales between {} and {}, the stack says {min} and {max}",
            group.min, group.max
        )],
        costs: ended(state, slot, (group.desired, max)),
        by_hand: vec![format!("{update} --min-size {min} --max-size {max}")],
        ..Stray::of(stack)
    });
    let launch = launches_otherwise(state, (slot, stack), group).map(|(told, source)| Stray {
        drift: vec![told],
        by_stack: false,
        by_hand: vec![format!("{update} --launch-template {source}")],
        ..Stray::of(stack)
    });
    size.into_iter().chain(launch).collect()
}

/// Instances that carry users, or are about to, and that a smaller group ends.
fn ended(state: &RoleState, slot: Slot, (desired, max): (u32, u32)) -> Option<String> {
    let needed = state.slot(slot).weight > 0 || state.record.in_progress();
    let ends = desired.saturating_sub(max);
    (needed && ends > 0)
        .then(|| format!("{slot} has {desired} instances, and the stack's most of {max} ends {ends} of them"))
}

fn bounds(stack: &Stack) -> Option<(u32, u32)> {
    let number = |name: &str| stack.parameter(name).and_then(|value| value.parse().ok());
    Some((number(names::MIN_SIZE)?, number(names::MAX_SIZE)?))
}

/// What a group launches from instead of the version that its stack made, and what it should. Which number that is, only
/// the instances tell that were launched from it: those of a live slot, while nothing replaces them.
fn launches_otherwise(
    state: &RoleState,
    (slot, stack): (Slot, &Stack),
    group: &GroupState,
) -> Option<(String, String)> {
    let (own, launch) = (stack.outputs.get(names::LAUNCH_TEMPLATE_ID)?, group.launch.as_ref()?);
    let is_number = |version: &str| version.parse::<u64>().is_ok();
    let quiet = state.slot(slot).weight > 0 && !state.record.in_progress();
    let mut versions = group.instances.iter().filter_map(|it| it.version.as_ref()).filter(|it| is_number(it));
    let before = versions.find(|version| **version != launch.version);
    let source = |version: &str| format!("LaunchTemplateId={own},Version={version}");
    let newest = before.map_or("NUMBER", String::as_str);
    let LaunchSource { template, version } = launch;
    if template != own {
        let told = format!("the group of {slot} launches from {template}, the stack says {own}");
        return Some((told, source(newest)));
    }
    if !is_number(version) {
        let told = format!(
            "the group of {slot} launches from version {version} of {template}, which changes by itself; the stack says a \
             number"
        );
        return Some((told, source(newest)));
    }
    let before = before.filter(|_| quiet)?;
    let told = format!(
        "the group of {slot} launches from version {version} of {template}, its instances are of version {before}"
    );
    Some((told, source(before)))
}

/// A slot's group is scaled by the clock.
pub(super) fn is_scheduled(template: &Template) -> bool {
    template.resources.values().any(|it| it.kind == "AWS::AutoScaling::ScheduledAction")
}

/// The alarms of a stack, as its template and parameters say.
pub(super) fn alarms_said(side: &Side) -> Vec<AlarmDefinition> {
    let evaluated = side.deployed_with_ids();
    let resources = side.template.resources.iter().filter(|(_, it)| ALARMS.contains(&it.kind.as_str()));
    let of = |id: &String| {
        let resource = evaluated.resources.get(id)?;
        let text = |name: &str| match resource.properties.get(name)? {
            Effective::String(text) => Some(text.clone()),
            Effective::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Some(AlarmDefinition {
            name: text("AlarmName")?,
            threshold: text("Threshold").and_then(|text| text.parse().ok()),
            evaluations: text("EvaluationPeriods").and_then(|text| text.parse().ok()),
            comparison: text("ComparisonOperator"),
            missing: text("TreatMissingData"),
            rule: text("AlarmRule"),
            acts: Some(resource.properties.get("ActionsEnabled") != Some(&Effective::Bool(false))),
        })
    };
    resources.filter_map(|(id, _)| of(id)).collect()
}

/// The alarms of a stack that are not what it says.
pub(super) fn alarms_of(stack: &Stack, said: &[AlarmDefinition], are: &[AlarmDefinition]) -> Option<Stray> {
    let mut stray = Stray::of(stack);
    for said in said {
        let told = alarms(std::slice::from_ref(said), are);
        let is = are.iter().find(|is| is.name == said.name);
        let silenced = is.is_some_and(|is| is_silenced(is, said));
        if silenced {
            stray.by_hand.push(format!("aws cloudwatch enable-alarm-actions --alarm-names {}", said.name));
        }
        if told.len() > usize::from(silenced) {
            stray.by_hand.push(format!("the CloudWatch console, alarm {}", said.name));
        }
        stray.drift.extend(told);
    }
    (!stray.drift.is_empty()).then_some(stray)
}

/// A rule of so many characters is told by how many alarms it follows.
const LONG_RULE: usize = 160;

fn follows(is: &str, said: &str) -> String {
    let (rule, is, said) = (is, alarms_in(is), alarms_in(said));
    if is == said {
        return format!("has another rule of the same alarms: {rule}");
    }
    let of = said.iter().filter(|name| is.contains(name)).count();
    let others = is.iter().filter(|name| !said.contains(name)).count();
    let others = if others == 0 { String::new() } else { format!(", and {others} others") };
    format!("has another rule: it follows {of} of the {} alarms that the stack says{others}", said.len())
}

fn is_silenced(is: &AlarmDefinition, said: &AlarmDefinition) -> bool {
    (is.acts, said.acts) == (Some(false), Some(true))
}

/// Alarms that are not what their stack says, a sentence each.
pub(super) fn alarms(said: &[AlarmDefinition], are: &[AlarmDefinition]) -> Vec<String> {
    let mut told = Vec::new();
    for said in said {
        let name = &said.name;
        let Some(is) = are.iter().find(|is| is.name == *name) else {
            told.push(format!("alarm {name} of the stack does not exist"));
            continue;
        };
        let mut differs = |what: &str, is: Option<String>, said: Option<String>| {
            if let (Some(is), Some(said)) = (is, said)
                && is != said
            {
                told.push(format!("alarm {name}: its {what} is {is}, the stack says {said}"));
            }
        };
        let number = |number: Option<f64>| number.map(|number| number.to_string());
        let count = |count: Option<u32>| count.map(|count| count.to_string());
        let rule = |rule: &Option<String>| {
            rule.as_ref().map(|rule| rule.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        differs("threshold", number(is.threshold), number(said.threshold));
        differs("number of periods", count(is.evaluations), count(said.evaluations));
        differs("comparison", is.comparison.clone(), said.comparison.clone());
        differs("treatment of missing data", is.missing.clone(), said.missing.clone());
        let (is_rule, said_rule) = (rule(&is.rule), rule(&said.rule));
        match is_rule.as_ref().zip(said_rule.as_ref()).filter(|(_, said)| said.len() > LONG_RULE) {
            Some((is, said)) if is != said => told.push(format!("alarm {name} {}", follows(is, said))),
            Some(_) => {}
            None => differs("rule", is_rule, said_rule),
        }
        if is_silenced(is, said) {
            told.push(format!("alarm {name} does nothing when it goes off: its actions are switched off"));
        }
    }
    told
}

/// A stack whose termination protection somebody switched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// Its name.
    pub stack: String,
    /// As the spec says.
    pub wanted: bool,
}

impl fmt::Display for Switched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |on: bool| if on { "on" } else { "off" };
        let (name, is, wanted) = (&self.stack, word(!self.wanted), word(self.wanted));
        write!(
            f,
            "termination protection of {name} is {is}; the spec says {wanted}, and apply switches it {wanted}"
        )
    }
}

/// Stacks whose termination protection is not as the spec says: apply switches it back.
pub(super) fn protection(loaded: &Loaded, found: &IndexMap<String, Stack>) -> Vec<Switched> {
    let differs = loaded.graph.stacks.values().filter_map(|planned| {
        let stack = found.get(&planned.name).filter(|stack| !stack.status.is_absent())?;
        let wanted = planned.termination_protection;
        (stack.termination_protection != wanted).then(|| Switched { stack: planned.name.clone(), wanted })
    });
    differs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_held_against_what_its_stack_says() {
        let said = AlarmDefinition {
            name: "cpu".to_owned(),
            threshold: Some(80.0),
            evaluations: Some(3),
            comparison: Some("GreaterThanThreshold".to_owned()),
            missing: Some("missing".to_owned()),
            rule: None,
            acts: Some(true),
        };
        let composite = AlarmDefinition {
            name: "green".to_owned(),
            rule: Some("ALARM(cpu) OR\n  ALARM(errors)".to_owned()),
            acts: Some(true),
            ..AlarmDefinition::default()
        };
        let all = [said.clone(), composite.clone()];
        assert_eq!(alarms(&all, &all), Vec::<String>::new());
        // Of a target that tells only that they exist nothing is said.
        let only = |name: &str| AlarmDefinition { name: name.to_owned(), ..AlarmDefinition::default() };
        assert_eq!(alarms(&all, &[only("cpu"), only("green")]), Vec::<String>::new());
        let moved = [
            AlarmDefinition { threshold: Some(99.5), acts: Some(false), ..said },
            AlarmDefinition { rule: Some("ALARM(cpu)".to_owned()), ..composite },
        ];
        insta::assert_snapshot!(alarms(&all, &moved).join("\n"), @r"
        alarm cpu: its threshold is 99.5, the stack says 80
        alarm cpu does nothing when it goes off: its actions are switched off
        alarm green: its rule is ALARM(cpu), the stack says ALARM(cpu) OR ALARM(errors)
        ");
        assert_eq!(alarms(&all, &moved[..1]).last().unwrap(), "alarm green of the stack does not exist");
    }
}

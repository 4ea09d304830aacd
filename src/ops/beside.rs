//! What was changed beside CloudFormation where no request goes wrong at once: sizes of groups, alarms, termination
//! protection. What is deployed is evaluated and held against what is. Pure.

use crate::cfn::{Effective, Stack, Template};
use crate::cloud::AlarmDefinition;
use crate::diff::Side;
use crate::model::Slot;
use crate::rollout::ObservedRole;
use crate::stacks::names;

const ALARMS: [&str; 2] = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"];

/// Groups whose bounds are not what their stack says, a sentence each. A group with a schedule is moved by it.
pub(super) fn sizes(seen: &ObservedRole, scheduled: impl Fn(Slot) -> bool) -> Vec<String> {
    let number =
        |stack: &Stack, name: &str| stack.parameter(name).and_then(|value| value.parse::<u32>().ok());
    let of = |(slot, stack): (&Slot, &Stack)| {
        let is = seen.state.slot(*slot);
        let wanted = (number(stack, names::MIN_SIZE)?, number(stack, names::MAX_SIZE)?);
        let settled = !stack.status.is_busy() && !scheduled(*slot);
        (settled && (is.min, is.max) != wanted).then(|| {
            format!(
                "the group of {slot} scales between {} and {}, the stack says {} and {}",
                is.min, is.max, wanted.0, wanted.1
            )
        })
    };
    seen.slots.iter().filter_map(of).collect()
}

/// A slot's group is scaled by the clock.
pub(super) fn is_scheduled(template: &Template) -> bool {
    template.resources.values().any(|it| it.kind == "AWS::AutoScaling::ScheduledAction")
}

/// The alarms of a stack, as its template and parameters say.
pub(super) fn alarms_said(side: &Side) -> Vec<AlarmDefinition> {
    let evaluated = side.deployed();
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
        differs("rule", rule(&is.rule), rule(&said.rule));
        if (is.acts, said.acts) == (Some(false), Some(true)) {
            told.push(format!("alarm {name} does nothing when it goes off: its actions are switched off"));
        }
    }
    told
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

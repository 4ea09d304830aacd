//! The `Rules` of a template: what its parameters must come to together.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>

use serde_json::Value;

use super::Evaluator;
use crate::cfn::Effective;

/// An assertion that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub rule: String,
    /// Which of its assertions, from 0.
    pub index: usize,
    /// Its `AssertDescription`.
    pub description: Option<String>,
}

impl Evaluator<'_> {
    /// Assertions that do not hold with these values, in the order written. What is not known breaks none.
    pub fn broken_rules(&self) -> Vec<Broken> {
        let rules = self.template.rules.as_object().into_iter().flatten();
        rules.flat_map(|(name, rule)| self.broken_of(name, rule)).collect()
    }

    fn broken_of(&self, name: &str, rule: &Value) -> Vec<Broken> {
        let applies = rule.get("RuleCondition").map_or(Some(true), |condition| self.rule_holds(condition));
        let assertions =
            rule.get("Assertions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let broken = assertions.iter().enumerate().filter(|(_, assertion)| {
            applies == Some(true) && assertion.get("Assert").and_then(|it| self.rule_holds(it)) == Some(false)
        });
        let told = |(index, assertion): (usize, &Value)| Broken {
            rule: name.to_owned(),
            index,
            description: assertion.get("AssertDescription").and_then(Value::as_str).map(str::to_owned),
        };
        broken.map(told).collect()
    }

    /// Whether a function of rules holds; `None` where it is not known, or none of theirs.
    fn rule_holds(&self, value: &Value) -> Option<bool> {
        let (name, argument) =
            value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next())?;
        let list = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        match (name.as_str(), list) {
            ("Fn::Not", [inner]) => self.rule_holds(inner).map(|holds| !holds),
            ("Fn::And", inner) => three_valued(inner.iter().map(|it| self.rule_holds(it)), true),
            ("Fn::Or", inner) => three_valued(inner.iter().map(|it| self.rule_holds(it)), false),
            ("Fn::Equals", [left, right]) => Some(self.texts(left)? == self.texts(right)?),
            ("Fn::Contains", [all, one]) => {
                let (all, one) = (self.texts(all)?, self.texts(one)?);
                Some(one.iter().all(|one| all.contains(one)))
            }
            ("Fn::EachMemberEquals", [all, one]) => {
                let (all, one) = (self.texts(all)?, self.texts(one)?);
                Some(all.iter().all(|it| Some(it) == one.first()))
            }
            ("Fn::EachMemberIn", [these, all]) => {
                let (these, all) = (self.texts(these)?, self.texts(all)?);
                Some(these.iter().all(|it| all.contains(it)))
            }
            _ => None,
        }
    }

    /// The values of an argument, one or many; `None` where one is not known. Values of the account's resources
    /// (`Fn::ValueOf`, `Fn::RefAll`) never are.
    fn texts(&self, value: &Value) -> Option<Vec<String>> {
        let function = value.as_object().and_then(|map| map.keys().next());
        if function.is_some_and(|name| {
            !["Ref", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::FindInMap"].contains(&name.as_str())
        }) {
            return None;
        }
        match self.value(value) {
            Effective::List(items) => items.iter().map(Effective::as_text).collect(),
            one => Some(vec![one.as_text()?]),
        }
    }
}

/// `wanted` when all are, its opposite when one is, else unknown.
fn three_valued(values: impl Iterator<Item = Option<bool>>, wanted: bool) -> Option<bool> {
    let values: Vec<_> = values.collect();
    if values.contains(&Some(!wanted)) {
        return Some(!wanted);
    }
    values.iter().all(Option::is_some).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::cfn::{NothingKnown, Surroundings, Template};

    fn broken(rule: &str, given: &[(&str, &str)]) -> String {
        let text = format!(
            "Parameters:\n  Kind: {{ Type: String, Default: small }}\n  Zones: {{ Type: CommaDelimitedList, Default: 'a,b' }}\n  \
             Open: {{ Type: String }}\nRules:\n  R: {rule}\nResources: {{ A: {{ Type: AWS::SNS::Topic }} }}\n"
        );
        let template = Template::parse(&text).unwrap();
        let given: IndexMap<_, _> =
            given.iter().map(|(name, value)| ((*name).to_owned(), Effective::text(*value))).collect();
        let surroundings = Surroundings { region: "ap-northeast-1".to_owned(), ..Surroundings::default() };
        let evaluator = Evaluator::new(&template, &given, &surroundings, &NothingKnown);
        let told = evaluator.broken_rules().into_iter();
        let told = told.map(|it| format!("{} {} {}", it.rule, it.index, it.description.unwrap_or_default()));
        told.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn an_assertion_that_does_not_hold_breaks_its_rule() {
        let one =
            |assert: &str| format!("{{ Assertions: [{{ Assert: {assert}, AssertDescription: why }}] }}");
        for (assert, expected) in [
            ("!Equals [!Ref Kind, small]", ""),
            ("!Equals [!Ref Kind, big]", "R 0 why"),
            ("!Not [!Equals [!Ref Kind, small]]", "R 0 why"),
            ("{ Fn::Contains: [[small, big], !Ref Kind] }", ""),
            ("{ Fn::Contains: [[big], !Ref Kind] }", "R 0 why"),
            ("{ Fn::EachMemberIn: [!Ref Zones, [a, b, c]] }", ""),
            ("{ Fn::EachMemberIn: [!Ref Zones, [a]] }", "R 0 why"),
            ("{ Fn::EachMemberEquals: [!Ref Zones, a] }", "R 0 why"),
            ("!Equals [!Ref AWS::Region, us-east-1]", "R 0 why"),
            ("!And [!Equals [!Ref Open, a], !Equals [!Ref Kind, big]]", "R 0 why"),
            // What is not known breaks nothing.
            ("!Equals [!Ref Open, a]", ""),
            ("!Or [!Equals [!Ref Open, a], !Equals [!Ref Kind, big]]", ""),
            ("{ Fn::EachMemberIn: [{ Fn::ValueOfAll: ['AWS::EC2::VPC::Id', Tags.Department] }, [IT]] }", ""),
        ] {
            assert_eq!(broken(&one(assert), &[]), expected, "{assert}");
        }
        assert_eq!(broken(&one("!Equals [!Ref Open, a]"), &[("Open", "b")]), "R 0 why");
    }

    #[test]
    fn a_rule_whose_condition_is_false_asserts_nothing() {
        let rule = |kind: &str| {
            format!(
                "{{ RuleCondition: !Equals [!Ref Kind, {kind}], Assertions: [{{ Assert: !Equals [a, a] }}, {{ Assert: !Equals [a, b] }}] }}"
            )
        };
        assert_eq!(broken(&rule("small"), &[]), "R 1 ");
        assert_eq!(broken(&rule("big"), &[]), "");
    }
}

//! ASG0513: resources of a team's own template that wait for each other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::cfn::{Resource, Template, names_in};
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0513");

/// Types that `AWS::Serverless-2016-10-31` rewrites into several others.
const SERVERLESS: &str = "AWS::Serverless::";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "resources that wait for each other",
    severity: &[Severity::Error],
    docs: "A resource that names another, by `Ref`, `Fn::GetAtt`, `Fn::Sub` or `DependsOn`, is created after it. Two security \
           groups that let each other in are the usual circle: CloudFormation refuses the template. Give one of the two \
           names to a resource of its own, such as an `AWS::EC2::SecurityGroupIngress`.",
    fails: "stacks: { circle: { template: ./circle.yaml } }\n",
    mended: "stacks: { line: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        let Some(circle) = circle(&stack.parsed) else { continue };
        let first = circle.first().copied().unwrap_or_default();
        let message =
            format!("resources of `{}` wait for each other: `{}`", stack.path, circle.join("` for `"));
        let place = subject.origins.in_template(&stack.name, &pointer(["Resources", first]));
        let mut error = Diagnostic::error(CODE, message).primary(place, "waits");
        let last = circle.len().saturating_sub(1);
        for id in circle.iter().take(last).skip(1) {
            let place = subject.origins.in_template(&stack.name, &pointer(["Resources", id]));
            error = error.secondary(place, "waits too");
        }
        findings.push(error.with_help("move what names the other into a resource of its own"));
    }
}

/// One way that leads back to where it began, if there is any; the beginning stands at its end again. Each resource is
/// gone into once.
fn circle(template: &Template) -> Option<Vec<&str>> {
    let names = |resource: &Resource| {
        // What the transform makes of one of these waits for what it names, not each part of it.
        if template.rewritten && resource.kind.starts_with(SERVERLESS) {
            return BTreeSet::new();
        }
        let mut found: BTreeSet<String> = resource.depends_on.iter().cloned().collect();
        let parts = [&resource.metadata, &resource.update_policy, &resource.creation_policy];
        resource.properties.values().chain(parts).for_each(|value| collect(value, &mut found));
        found
    };
    let after: BTreeMap<&str, BTreeSet<String>> =
        template.resources.iter().map(|(id, resource)| (id.as_str(), names(resource))).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for id in after.keys() {
        // the way so far, each with what of its names is still to be gone into
        let mut way: Vec<(&str, Vec<&str>)> = vec![(id, next(&after, id))];
        while let Some((_, open)) = way.last_mut() {
            let Some(to) = open.pop() else {
                done.extend(way.pop().map(|(id, _)| id));
                continue;
            };
            if let Some(begin) = way.iter().position(|(id, _)| *id == to) {
                return Some(way.iter().skip(begin).map(|(id, _)| *id).chain([to]).collect());
            }
            if !done.contains(to) {
                way.push((to, next(&after, to)));
            }
        }
    }
    None
}

fn next<'a>(after: &BTreeMap<&'a str, BTreeSet<String>>, id: &str) -> Vec<&'a str> {
    let names = after.get(id).into_iter().flatten();
    names.filter_map(|name| after.get_key_value(name.as_str()).map(|(id, _)| *id)).collect()
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(map) => {
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("Ref", Value::String(name)) => drop(found.insert(name.clone())),
                    ("Fn::GetAtt", Value::String(path)) => {
                        found.extend(path.split('.').next().map(str::to_owned))
                    }
                    ("Fn::GetAtt", Value::Array(path)) => {
                        found.extend(path.first().and_then(Value::as_str).map(str::to_owned));
                    }
                    ("Fn::Sub", Value::String(text)) => placeholders(text, found),
                    ("Fn::Sub", Value::Array(parts)) => {
                        placeholders(parts.first().and_then(Value::as_str).unwrap_or_default(), found);
                        parts.iter().skip(1).for_each(|part| collect(part, found));
                    }
                    _ => collect(inner, found),
                }
            }
        }
        _ => {}
    }
}

fn placeholders(text: &str, found: &mut BTreeSet<String>) {
    found.extend(names_in(text).filter_map(|name| name.split('.').next()).map(str::to_owned));
}

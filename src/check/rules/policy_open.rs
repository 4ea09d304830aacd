//! ASG0409: doors of a team's own stacks that are open to the world.

use serde_json::Value;

use crate::check::effective::own_resources;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0409");

const GROUP: &str = "AWS::EC2::SecurityGroup";
const INGRESS: &str = "AWS::EC2::SecurityGroupIngress";

/// Anything may be served to the world on these.
const PUBLIC: [u64; 2] = [80, 443];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a door that is open to the world, or that nobody can explain",
    severity: &[Severity::Error],
    docs: "A rule of a security group that lets 0.0.0.0/0 or ::/0 in on anything but 80 and 443 is found by scanners within \
           minutes, SSH and databases first. And a rule without a description is never removed, because nobody remembers \
           what it was for. Shells come by Session Manager, which needs no open port. Security Hub EC2.18 and EC2.19.",
    fails: "stacks: { door: { template: ./open.yaml } }\n",
    mended: "stacks: { door: { template: ./closed.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let looks_at = |kind: &str| [GROUP, INGRESS].contains(&kind);
    for resource in own_resources(subject.environment, looks_at) {
        let at = pointer(["Resources", &resource.id, "Properties"]);
        let whole = Value::Object(resource.properties.clone());
        let rules: Vec<(String, &Value)> = match resource.kind.as_str() {
            GROUP => {
                let list = whole.get("SecurityGroupIngress").and_then(Value::as_array);
                let list = list.into_iter().flatten().enumerate();
                list.map(|(index, rule)| (format!("{at}/SecurityGroupIngress/{index}"), rule)).collect()
            }
            _ => vec![(at.clone(), &whole)],
        };
        for (at, rule) in rules {
            for (key, message, help) in problems(rule) {
                let place = subject.origins.in_template(&resource.stack.name, &format!("{at}/{key}"));
                let message = format!("`{}` {message}", resource.id);
                findings.push(Diagnostic::error(CODE, message).primary(place, "").with_help(help));
            }
        }
    }
}

fn problems(rule: &Value) -> Vec<(&'static str, String, &'static str)> {
    let mut problems = Vec::new();
    let world = [("CidrIp", "0.0.0.0/0"), ("CidrIpv6", "::/0")];
    for (key, block) in world {
        if rule.get(key).and_then(Value::as_str) == Some(block) && !public(rule) {
            let message = format!("lets everyone in{}", ports(rule));
            problems.push((key, message, "name the addresses, or the security group, that need it"));
        }
    }
    // a rule that is not known is not looked into
    if rule.get("IpProtocol").is_some() && rule.get("Description").is_none() {
        let message = "has a rule without a description".to_owned();
        problems.push(("IpProtocol", message, "write `Description:` with who comes in, and why"));
    }
    problems
}

fn port(rule: &Value, key: &str) -> Option<u64> {
    let value = rule.get(key)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn public(rule: &Value) -> bool {
    matches!((port(rule, "FromPort"), port(rule, "ToPort")), (Some(from), Some(to)) if from == to && PUBLIC.contains(&from))
}

fn ports(rule: &Value) -> String {
    match (port(rule, "FromPort"), port(rule, "ToPort")) {
        (Some(from), Some(to)) if from == to => format!(" on port {from}"),
        (Some(from), Some(to)) => format!(" on ports {from} to {to}"),
        _ => " on every port".to_owned(),
    }
}

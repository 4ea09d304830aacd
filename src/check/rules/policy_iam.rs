//! ASG0411: roles of a team's own stacks that may do everything.

use serde_json::Value;

use crate::check::effective::own_resources;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0411");

/// Managed policies that give everything away.
const EVERYTHING: [&str; 3] = ["/AdministratorAccess", "/PowerUserAccess", "/IAMFullAccess"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a policy that allows everything",
    severity: &[Severity::Error],
    docs: "`Action: \"*\"`, or all of a service on all resources, is what an attacker hopes to find; asagi's own roles name both. \
           A policy with the caller's every right also hides what the stack needs. Security Hub IAM.1 and IAM.21.",
    fails: "stacks: { role: { template: ./admin.yaml } }\n",
    mended: "stacks: { role: { template: ./own.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for resource in own_resources(subject.environment, |kind| kind.starts_with("AWS::IAM::")) {
        let id = &resource.id;
        for (key, value) in &resource.properties {
            let mut found = Vec::new();
            look(&pointer(["Resources", id, "Properties", key]), value, &mut found);
            for (at, problem) in found {
                let place = subject.origins.in_template(&resource.stack.name, &at);
                let error = Diagnostic::error(CODE, format!("`{id}` {problem}")).primary(place, "");
                findings.push(error.with_help("name the actions and the resources that it needs"));
            }
        }
    }
}

fn look(at: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                look(&format!("{at}/{index}"), item, found);
            }
        }
        Value::Object(map)
            if map.contains_key("Action") && map.get("Effect") == Some(&Value::from("Allow")) =>
        {
            let resource = texts(map.get("Resource"));
            let wide = resource.contains(&"*");
            let action = texts(map.get("Action"))
                .into_iter()
                .find(|action| *action == "*" || (wide && action.ends_with(":*")));
            if let Some(action) = action {
                let on = if wide { " on every resource" } else { "" };
                found.push((format!("{at}/Action"), format!("allows `{action}`{on}")));
            }
        }
        Value::Object(map) => {
            for (key, inner) in map {
                look(&format!("{at}{}", pointer([key])), inner, found);
            }
        }
        Value::String(text) if EVERYTHING.iter().any(|policy| text.ends_with(policy)) => {
            found.push((at.to_owned(), format!("has the policy `{text}`")));
        }
        _ => {}
    }
}

/// One text, or a list of them.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

//! ASG0412: instances of a team's own stacks that are easier to get into than they should be.

use serde_json::Value;

use crate::check::effective::own_resources;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0412");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an instance that is easier to get into than it should be",
    severity: &[Severity::Error],
    docs: "Without `HttpTokens: required` a request that an application can be made to send reads the instance's credentials \
           (metadata version 1). A key pair is a way in that nobody revokes, where Session Manager leaves a trace. A public \
           address puts the instance on the internet. Security Hub EC2.8, EC2.9 and EC2.170.",
    fails: "stacks: { bastion: { template: ./bastion.yaml } }\n",
    mended: "stacks: { bastion: { template: ./inner.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let looks_at = |kind: &str| ["AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"].contains(&kind);
    for resource in own_resources(subject.environment, looks_at) {
        let id = &resource.id;
        let (data, at) = match resource.kind.as_str() {
            "AWS::EC2::LaunchTemplate" => (
                resource.properties.get("LaunchTemplateData"),
                pointer(["Resources", id, "Properties", "LaunchTemplateData"]),
            ),
            "AWS::EC2::Instance" => (None, pointer(["Resources", id, "Properties"])),
            _ => continue,
        };
        let get = |key: &str| match data {
            Some(data) => data.get(key),
            None => resource.properties.get(key),
        };
        let tokens = get("MetadataOptions").and_then(|options| options.get("HttpTokens"));
        // an instance takes its options from a launch template
        let optional =
            resource.kind == "AWS::EC2::LaunchTemplate" && tokens.is_none_or(|tokens| tokens == "optional");
        let public = get("NetworkInterfaces").and_then(Value::as_array).into_iter().flatten();
        let public = public
            .filter_map(|interface| interface.get("AssociatePublicIpAddress"))
            .any(|value| value == true);
        let problems = [
            (
                optional,
                "MetadataOptions",
                "answers metadata version 1",
                "write `MetadataOptions: { HttpTokens: required }`",
            ),
            (get("KeyName").is_some(), "KeyName", "has a key pair", "remove it, and use Session Manager"),
            (public, "NetworkInterfaces", "has a public address", "write `AssociatePublicIpAddress: false`"),
        ];
        for (_, key, problem, help) in problems.into_iter().filter(|(found, ..)| *found) {
            let place = subject.origins.in_template(&resource.stack.name, &format!("{at}/{key}"));
            let error = Diagnostic::error(CODE, format!("`{id}` {problem}")).primary(place, "");
            findings.push(error.with_help(help));
        }
    }
}

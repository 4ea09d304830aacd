//! ASG0517: topics that alarms cannot publish to.

use serde_json::Value;

use crate::cfn::Template;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0517");

/// The key that SNS itself brings; nobody can let another service use it.
const OWN_KEY: &str = "alias/aws/sns";
const ACTIONS: [&str; 3] = ["AlarmActions", "OKActions", "InsufficientDataActions"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a topic that its alarms cannot publish to",
    severity: &[Severity::Error],
    docs: "A topic under SNS's own key passes every scanner, and no alarm reaches it: CloudWatch may not use that key, and its \
           policy cannot be changed. The alarm goes red in the console and nobody is called. Use a key of your own whose \
           policy lets `cloudwatch.amazonaws.com` do `kms:Decrypt` and `kms:GenerateDataKey*`. \
           <https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns>",
    fails: "stacks: { alarms: { template: ./quiet.yaml } }\n",
    mended: "stacks: { alarms: { template: ./loud.yaml } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        for (id, resource) in &stack.parsed.resources {
            let key = resource.properties.get("KmsMasterKeyId").and_then(Value::as_str);
            if resource.kind != "AWS::SNS::Topic" || key != Some(OWN_KEY) {
                continue;
            }
            let Some(alarm) = alarm_of(&stack.parsed, id) else { continue };
            let at = |property: &str, id: &str| {
                subject.origins.in_template(&stack.name, &pointer(["Resources", id, "Properties", property]))
            };
            let message =
                format!("alarm `{alarm}` cannot publish to `{id}`, which is encrypted with `{OWN_KEY}`");
            let error = Diagnostic::error(CODE, message).primary(at("KmsMasterKeyId", id), "");
            let error = error.secondary(at("AlarmActions", alarm), "publishes there");
            findings.push(error.with_help("name a key of your own that CloudWatch may use"));
        }
    }
}

/// An alarm of the template that publishes to the topic with this logical id.
fn alarm_of<'a>(template: &'a Template, topic: &str) -> Option<&'a str> {
    let publishes = |action: &Value| action.get("Ref").and_then(Value::as_str) == Some(topic);
    let mut alarms = template.resources.iter().filter(|(_, resource)| {
        matches!(resource.kind.as_str(), "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm")
    });
    let found = alarms.find(|(_, alarm)| {
        let lists = ACTIONS.iter().filter_map(|key| alarm.properties.get(*key).and_then(Value::as_array));
        lists.flatten().any(publishes)
    });
    found.map(|(id, _)| id.as_str())
}

//! Text of the spec that tries to be something else stays text, wherever a template puts it.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::lowered;
use crate::model::{CohortMatch, Environment, Input, LoadBalancer, example};
use crate::stacks::{Argument, StackGraph, lower};

/// Puts the text wherever a spec's own words reach a template.
fn filled(text: &str) -> Environment {
    let text = || text.to_owned();
    let mut environment = example::poc();
    environment.tags.insert("Note".to_owned(), text());
    environment.notifications.email.clear();
    if let LoadBalancer::Created(created) = &mut environment.load_balancer {
        created.web_acl = Some(Input::Value(text()));
        created.certificate = Some(Input::Value(text()));
    }
    let role = &mut environment.roles[0];
    role.instances.user_data = text();
    role.instances.instance_type = text();
    role.instances.permissions.buckets = vec![text()];
    role.target_group.health_check.path = text();
    role.routes[0].paths = vec![text()];
    role.routes[0].headers.insert(text(), vec![text()]);
    role.routes[0].query = vec![format!("key={}", text())];
    role.cohorts[0].matches = vec![CohortMatch::Header { name: text(), values: vec![text()] }];
    environment
}

fn property<'a>(graph: &'a StackGraph, stack: &str, resource: &str, pointer: &str) -> &'a Value {
    let properties = &graph.stacks[stack].template.resources[resource].properties;
    let (first, rest) = pointer.split_once('/').unwrap_or((pointer, ""));
    let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
    properties[first].pointer(&rest).unwrap_or_else(|| panic!("{resource} has no {pointer}: {properties:#?}"))
}

/// The same environment with an ordinary text in all those places.
static ORDINARY: LazyLock<StackGraph> = LazyLock::new(|| lowered(&filled("x")));

fn assert_stays_text(text: &str) {
    let graph = lowered(&filled(text));
    let ordinary = &*ORDINARY;
    for (key, stack) in &graph.stacks {
        let shape =
            |graph: &StackGraph| graph.stacks[key].template.resources.keys().cloned().collect::<Vec<_>>();
        assert_eq!(shape(&graph), shape(ordinary), "{key}");
        assert_eq!(stack.template.outputs.len(), ordinary.stacks[key].template.outputs.len(), "{key}");
    }
    let places = [
        ("web-traffic", "BlueTargetGroup", "HealthCheckPath"),
        ("web-traffic", "AllRule", "Conditions/0/PathPatternConfig/Values/0"),
        ("web-traffic", "AllRule", "Conditions/1/HttpHeaderConfig/HttpHeaderName"),
        ("web-traffic", "AllRule", "Conditions/2/QueryStringConfig/Values/0/Value"),
        ("web-traffic", "AllVerification1Rule", "Conditions/3/HttpHeaderConfig/Values/0"),
        ("web-blue", "LaunchTemplate", "LaunchTemplateData/InstanceType"),
    ];
    for (stack, resource, pointer) in places {
        assert_eq!(property(&graph, stack, resource, pointer), text, "{stack} {resource} {pointer}");
    }
    let certificate = &graph.stacks["load-balancer"].arguments["CertificateArn"];
    assert_eq!(*certificate, Argument::Value(text.to_owned()));
    if !text.is_empty() {
        let user_data = property(&graph, "web-blue", "LaunchTemplate", "LaunchTemplateData/UserData");
        assert_eq!(*user_data, json!({ "Fn::Base64": text }));
    }
    // A slot that is held is submitted as it is written back here.
    for stack in graph.stacks.values() {
        let again = crate::cfn::Template::parse(&stack.template.to_text()).unwrap();
        assert_eq!(again, stack.template, "{} of {text:?}", stack.key);
    }
}

#[test]
fn hostile_text_stays_text_in_every_template() {
    let hostile = [
        "\"}\nOutputs:\n  Leak: !Ref Secret",
        "{{ user_data }}{% for x in y %}",
        "!GetAtt InstanceRole.Arn",
        "#{Ref} ${AWS::AccountId} ${!x}",
        "'; DROP TABLE slots; --",
        "  indented first\nthen not\n",
        "a\r\nb\t\u{0}\u{85}\u{feff}",
        "",
    ];
    for text in hostile {
        assert_stays_text(text);
    }
}

#[test]
fn a_reference_inside_sub_is_escaped() {
    let graph = lowered(&filled("${AWS::AccountId}/*"));
    let policies = property(&graph, "web-blue", "InstanceRole", "Policies").to_string();
    assert!(
        policies.contains(r#"{"Fn::Sub":"arn:${AWS::Partition}:s3:::${!AWS::AccountId}/*"}"#),
        "{policies}"
    );
}

#[test]
fn a_dynamic_reference_is_refused() {
    let error = lower(&filled("{{resolve:secretsmanager:root}}")).unwrap_err().to_string();
    assert!(error.contains("`{{resolve:` would be resolved by CloudFormation"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_text_stays_text_in_every_template(text in "(?s).{0,30}|[ \\n\\t:#a]{0,20}") {
        prop_assume!(!text.contains("{{resolve:") && !text.contains("${"));
        assert_stays_text(&text);
    }
}

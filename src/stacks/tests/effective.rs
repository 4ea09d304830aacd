//! What CloudFormation would make of the templates: every stack evaluated with what it is fed with.

use indexmap::IndexMap;

use super::lowered;
use crate::cfn::Effective;
use crate::cfn::evaluate::{Evaluation, Evaluator, Lookup, Surroundings};
use crate::model::{Environment, Slot, example};
use crate::stacks::{Argument, RenderedStack, names};

/// Resources are called by their logical ids.
struct Named;

impl Lookup for Named {
    fn reference(&self, logical_id: &str) -> Option<Effective> {
        Some(Effective::text(logical_id))
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Effective> {
        Some(Effective::text(format!("{logical_id}.{attribute}")))
    }

    fn import(&self, _: &str) -> Option<Effective> {
        None
    }

    fn dynamic(&self, _: &str) -> Option<Effective> {
        None
    }
}

fn evaluated(stack: &RenderedStack, moved: &[(&str, &str)]) -> Evaluation {
    let surroundings = Surroundings {
        account: "210987654321".to_owned(),
        region: "ap-northeast-1".to_owned(),
        stack_name: stack.name.clone(),
        stack_id: "arn:stack".to_owned(),
        zones: ["a", "c", "d"].map(|zone| format!("ap-northeast-1{zone}")).to_vec(),
        notification_arns: Vec::new(),
    };
    let given = |(name, argument): (&String, &Argument)| {
        let text = match argument {
            Argument::Value(text) | Argument::Phase { bootstrap: text } => text.clone(),
            Argument::Output { stack, output } => format!("{stack}.{output}"),
            Argument::Read(source) => source.placeholder(),
        };
        let moved = moved.iter().find(|(parameter, _)| parameter == name);
        (name.clone(), Effective::text(moved.map_or(text, |(_, value)| (*value).to_owned())))
    };
    let parameters: IndexMap<_, _> = stack.arguments.iter().map(given).collect();
    Evaluator::new(&stack.template, &parameters, &surroundings, &Named).evaluate()
}

fn json(value: &Effective) -> serde_json::Value {
    match value {
        Effective::Null => serde_json::Value::Null,
        Effective::Bool(value) => (*value).into(),
        Effective::Number(number) => serde_json::Value::Number(number.clone()),
        Effective::String(text) => text.clone().into(),
        Effective::List(items) => items.iter().map(json).collect(),
        Effective::Map(map) => map.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        Effective::Unknown(unknown) => panic!("{unknown:?}"),
    }
}

/// All but the endpoint of PagerDuty, which stands in a secret.
#[test]
fn every_value_of_every_stack_is_known_once_its_arguments_are() {
    for environment in [example::poc(), example::prod()] {
        for (key, stack) in lowered(&environment).stacks {
            let evaluation = evaluated(&stack, &[]);
            assert!(evaluation.problems.is_empty(), "{key}: {:?}", evaluation.problems);
            for (id, resource) in evaluation.resources {
                let unknown =
                    resource.properties.iter().find(|(name, value)| !value.is_known() && *name != "Endpoint");
                assert!(unknown.is_none(), "{key} {id}: {unknown:?}");
            }
        }
    }
}

#[test]
fn the_dashboard_is_json_with_both_slots_in_every_picture() {
    let graph = lowered(&example::poc());
    let evaluation = evaluated(&graph.stacks["web-alarms"], &[]);
    let body = evaluation.resources["Dashboard"].properties["DashboardBody"].as_text().unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let widgets = body["widgets"].as_array().unwrap();
    assert_eq!(
        widgets[0]["properties"]["alarms"],
        serde_json::json!(["BlueComposite.Arn", "GreenComposite.Arn"])
    );
    for widget in &widgets[1..] {
        let text = widget.to_string();
        assert_eq!(widget["properties"]["metrics"].as_array().unwrap().len(), 2, "{text}");
        assert!(!text.contains("${"), "{text}");
    }
}

#[test]
fn weights_and_stickiness_are_what_phases_say() {
    let graph = lowered(&example::poc());
    let moved = [("BlueWeight", "50"), ("GreenWeight", "50"), (names::STICKINESS_SECONDS, "3600")];
    let actions = |moved: &[(&str, &str)], rule: &str| {
        let evaluation = evaluated(&graph.stacks["web-traffic"], moved);
        json(&evaluation.resources[rule].properties["Actions"])[0]["ForwardConfig"].to_string()
    };
    let forward = |blue: u32, green: u32, sticky: &str| {
        format!(
            r#"{{"TargetGroups":[{{"TargetGroupArn":"BlueTargetGroup","Weight":"{blue}"}},{{"TargetGroupArn":"GreenTargetGroup","Weight":"{green}"}}],"TargetGroupStickinessConfig":{sticky}}}"#
        )
    };
    let sticky = r#"{"Enabled":true,"DurationSeconds":"3600"}"#;
    assert_eq!(actions(&[], "AllRule"), forward(100, 0, r#"{"Enabled":false}"#));
    assert_eq!(actions(&moved, "AllRule"), forward(50, 50, sticky));
    assert_eq!(
        actions(&moved, "AllPilot1Rule"),
        forward(100, 0, sticky),
        "the cohort has weights of its own"
    );
}

#[test]
fn instances_are_replaced_in_place_only_when_a_phase_says_so() {
    let graph = lowered(&example::poc());
    let policy = |mode| {
        json(
            &evaluated(&graph.stacks["web-blue"], &[(names::UPDATE_MODE, mode)]).resources["Group"]
                .update_policy,
        )
    };
    assert_eq!(policy("none").to_string(), "{}");
    let refresh = &policy("refresh")["AutoScalingInstanceRefresh"];
    assert_eq!(refresh["Preferences"]["CheckpointPercentages"], serde_json::json!([25, 50, 75, 100]));
}

#[test]
fn instances_may_read_the_text_that_the_spec_says() {
    let mut environment: Environment = example::poc();
    environment.roles[0].instances.permissions.buckets = vec!["b/${aws:username}/${!x}".to_owned()];
    let graph = lowered(&environment);
    let role =
        evaluated(&graph.stacks[&format!("web-{}", Slot::Blue)], &[]).resources["InstanceRole"].clone();
    let text = json(&role.properties["Policies"]).to_string();
    assert!(text.contains(r#""arn:aws:s3:::b/${aws:username}/${!x}"#), "{text}");
}

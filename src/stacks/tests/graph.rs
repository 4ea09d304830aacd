//! What the graph says beside the texts: order, arguments, tags, capabilities.

use indexmap::IndexMap;

use super::lowered;
use crate::cfn::Template;
use crate::model::{Cohort, CohortMatch, Environment, Input, OwnStack, Route, Slot, example};
use crate::stacks::{Argument, RenderedStack, StackError, StackProblem, lower, names};

const OWN: &str = "Parameters: {In: {Type: String}}\nResources: {Topic: {Type: AWS::SNS::Topic}}\nOutputs: {Out: {Value: x}}\n";

fn own(name: &str, parameter: Input) -> OwnStack {
    OwnStack {
        region: None,
        name: name.to_owned(),
        template: OWN.to_owned(),
        parsed: Template::parse(OWN).unwrap(),
        path: format!("stacks/{name}.yaml"),
        parameters: IndexMap::from([("In".to_owned(), parameter)]),
    }
}

fn output(stack: &str) -> Input {
    Input::Output { stack: stack.to_owned(), output: "Out".to_owned() }
}

fn phases(stack: &RenderedStack) -> Vec<(&str, &str)> {
    let given = stack.arguments.iter().filter_map(|(name, argument)| match argument {
        Argument::Phase { bootstrap } => Some((name.as_str(), bootstrap.as_str())),
        Argument::Value(_) | Argument::Output { .. } | Argument::Read(_) => None,
    });
    given.collect()
}

#[test]
fn each_stack_comes_after_all_it_takes_from() {
    let graph = lowered(&example::poc());
    for (place, stack) in graph.stacks.values().enumerate() {
        for key in &stack.depends_on {
            assert!(
                graph.stacks.get_index_of(key).is_some_and(|before| before < place),
                "{key} → {}",
                stack.key
            );
        }
        for (name, argument) in &stack.arguments {
            let Argument::Output { stack: from, output } = argument else { continue };
            let outputs = &graph.stacks[from].template.outputs;
            assert!(outputs.contains_key(output), "{}: {name} takes {from}.{output}", stack.key);
        }
    }
}

#[test]
fn traffic_starts_on_blue_with_everything_off() {
    let graph = lowered(&example::poc());
    let expected = [
        ("BlueWeight", "100"),
        ("VerificationBlueWeight", "100"),
        ("PilotBlueWeight", "100"),
        ("GreenWeight", "0"),
        ("VerificationGreenWeight", "0"),
        ("PilotGreenWeight", "0"),
        ("StickinessSeconds", "0"),
        ("RolloutRecord", r#"{"v":1,"phase":"none"}"#),
        ("BlueTargetPort", "8080"),
        ("BlueTargetProtocol", "HTTP"),
        ("BlueTargetProtocolVersion", "HTTP1"),
        ("GreenTargetPort", "8080"),
        ("GreenTargetProtocol", "HTTP"),
        ("GreenTargetProtocolVersion", "HTTP1"),
    ];
    assert_eq!(phases(&graph.stacks["web-traffic"]), expected);
}

#[test]
fn slots_start_empty_with_the_locked_image() {
    let graph = lowered(&example::poc());
    let expected =
        [("ImageId", "ami-0a1b2c3d4e5f60718"), ("MinSize", "0"), ("MaxSize", "0"), ("UpdateMode", "none")];
    for slot in Slot::ALL {
        let stack = &graph.stacks[&format!("web-{slot}")];
        assert_eq!(phases(stack), expected);
        for id in names::LAUNCH_RESOURCES {
            assert!(stack.template.resources.contains_key(id), "{id}");
        }
    }
}

#[test]
fn slots_wait_for_the_first_image() {
    let mut environment = example::poc();
    environment.roles[0].release = None;
    let keys: Vec<String> =
        lowered(&environment).stacks.into_keys().filter(|key| key.starts_with("web-")).collect();
    assert!(keys.contains(&"web-traffic".to_owned()));
    assert!(
        !keys.iter().any(|key| ["web-blue", "web-green", "web-alarms"].contains(&key.as_str())),
        "{keys:?}"
    );
}

#[test]
fn the_alarms_stack_has_the_names_that_gates_read() {
    let graph = lowered(&example::prod());
    let stack = &graph.stacks["hlp-alarms"];
    for slot in Slot::ALL {
        assert!(stack.template.outputs.contains_key(&names::composite_alarm_arn(slot)));
        assert!(stack.template.outputs.contains_key(&names::composite_alarm_name(slot)));
    }
}

#[test]
fn stacks_are_named_tagged_and_protected() {
    let graph = lowered(&example::prod());
    let stack = &graph.stacks["web-blue"];
    let tags: Vec<_> = stack.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(stack.name, "idhub-40-prod-web-blue");
    assert_eq!(
        tags,
        [("System", "idhub"), ("Project", "idhub-40"), ("Environment", "prod"), ("Role", "web")]
    );
    assert_eq!(stack.capabilities, ["CAPABILITY_IAM"]);
    assert!(stack.termination_protection);
    assert!(graph.stacks["web-traffic"].capabilities.is_empty());
    assert!(!graph.stacks["security"].tags.contains_key("Role"));
}

#[test]
fn own_stacks_take_their_place_by_what_they_take() {
    let environment = Environment {
        stacks: vec![own("cache", output("database")), own("database", Input::Value("x".to_owned()))],
        ..example::prod()
    };
    let graph = lowered(&environment);
    let place = |key: &str| graph.stacks.get_index_of(key);
    assert!(place("database") < place("cache"));
    assert_eq!(graph.stacks["database"].arguments["In"], Argument::Value("x".to_owned()));
}

fn problem(stack: OwnStack) -> StackError {
    lower(&Environment { stacks: vec![stack], ..example::prod() }).unwrap_err()
}

#[test]
fn what_cannot_be_a_stack_is_told_with_its_name() {
    let value = || Input::Value("x".to_owned());
    let with = |template: String| {
        let parsed = Template::parse(&template).unwrap();
        OwnStack { template, parsed, ..own("mine", value()) }
    };
    let parameter = |name: &str| StackProblem::Parameter(name.to_owned());
    let argument = StackProblem::Argument("In".to_owned());
    let cases = [
        (problem(own("mine", output("mine"))), StackProblem::Dependency("mine".to_owned())),
        (problem(own("mine", output("absent"))), StackProblem::Dependency("absent".to_owned())),
        (
            problem(with(format!("{OWN}{:51200}", "#"))),
            StackProblem::TooLarge { bytes: 51_200 + OWN.len(), limit: 51_200, biggest: Vec::new() },
        ),
        (problem(with(OWN.replace("In:", "Other:"))), parameter("Other")),
        (problem(with("Resources: {Topic: {Type: AWS::SNS::Topic}}".to_owned())), argument),
        (
            problem(own("mine", Input::Output { stack: "security".to_owned(), output: "Nope".to_owned() })),
            StackProblem::Output {
                parameter: "In".to_owned(),
                from: "security".to_owned(),
                output: "Nope".to_owned(),
                known: lowered(&example::prod()).stacks["security"]
                    .template
                    .outputs
                    .keys()
                    .cloned()
                    .collect(),
            },
        ),
    ];
    for (error, problem) in cases {
        assert_eq!(error, StackError { stack: "mine".to_owned(), problem });
    }
    let twice = problem(OwnStack { name: "security".to_owned(), ..own("mine", value()) });
    assert_eq!(twice, StackError { stack: "security".to_owned(), problem: StackProblem::Duplicate });
}

#[test]
fn roles_with_many_routes_and_cohorts_fit_into_a_request() {
    let mut environment = example::prod();
    let office = CohortMatch::Source(vec!["192.0.2.0/24".to_owned(), "198.51.100.0/24".to_owned()]);
    let route = |number: u32| Route {
        name: format!("service-{number}"),
        ..example::route(number * 10, &format!("/services/number-{number}/*"))
    };
    for (role, first) in environment.roles.iter_mut().zip([1, 7]) {
        role.cohorts.push(Cohort { name: "office".to_owned(), matches: vec![office.clone()] });
        role.routes = (first..first + 6).map(route).collect();
    }
    for stack in lowered(&environment).stacks.values() {
        assert!(stack.text.len() < 45_000, "{} has {} bytes", stack.key, stack.text.len());
    }
}

#[test]
fn a_template_that_is_too_large_says_what_makes_it_so() {
    let mut environment = example::poc();
    let route = |number: u32| Route { name: format!("r{number}"), ..example::route(number * 10, "/*") };
    environment.roles[0].routes = (1..=20).map(route).collect();
    let error = lower(&environment).unwrap_err().to_string();
    let (before, after) = error.split_once(" bytes, ").unwrap();
    assert!(before.starts_with("stack `web-traffic`: template has 6"), "{error}");
    assert!(after.contains("can carry: 80 AWS::ElasticLoadBalancingV2::ListenerRule take 5"), "{error}");

    environment.template_bucket = Some("poc-templates".to_owned());
    assert!(lowered(&environment).stacks["web-traffic"].text.len() > 60_000);
    let mine = own("mine", Input::Value("x".to_owned()));
    let template = format!("{OWN}#{}", "x".repeat(1_000_000));
    environment.stacks = vec![OwnStack { parsed: Template::parse(&template).unwrap(), template, ..mine }];
    let error = lower(&environment).unwrap_err().to_string();
    assert!(error.ends_with("more than the 1000000 that CloudFormation takes from a bucket"), "{error}");
}

/// What a template takes by the name of a stack is an edge like any other, of a team's own and of asagi's.
#[test]
fn an_output_that_a_template_asks_for_by_name_comes_first() {
    let ask = |stack: &str| {
        format!(
            "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: {{ 'Fn::GetStackOutput': {{ StackName: {stack}, OutputName: Out }} }}\n"
        )
    };
    let before = |text: &str| {
        let parsed = Template::parse(text).unwrap();
        let asking = OwnStack {
            template: text.to_owned(),
            parsed,
            parameters: IndexMap::new(),
            ..own("asking", output("other"))
        };
        let stacks = vec![asking, own("other", Input::Value("x".to_owned()))];
        let graph = lower(&Environment { stacks, ..example::poc() }).unwrap();
        graph.stacks["asking"].depends_on.join(" ")
    };
    let prefix = example::poc().stack_name("");
    let table = [
        (ask(&format!("{prefix}other")), "other foundation"),
        (ask(&format!("!Sub '{prefix}${{AWS::Region}}'")), "foundation"),
        (ask(&format!("{prefix}load-balancer")), "load-balancer foundation"),
        (ask("elsewhere-other"), "foundation"),
        (
            ask(&format!("{prefix}other")).replace("OutputName: Out", "OutputName: Out, Region: us-east-1"),
            "foundation",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(before(&text), expected, "{text}");
    }
}

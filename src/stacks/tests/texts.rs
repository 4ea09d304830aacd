//! Whole templates, as their authors see them.

use indexmap::IndexMap;
use insta::assert_snapshot;
use serde_json::Value;

use super::lowered;
use crate::model::{
    AccessLogs, AlarmLevel, Bake, CohortMatch, Criterion, Environment, ExistingLoadBalancer, Input,
    LoadBalancer, Network, Period, Role, Scheme, Step, Strategy, example,
};
use crate::stacks::{StackGraph, StackKind};

fn assert_texts(environment: &Environment) {
    assert_texts_of(environment, |_| true);
}

fn assert_texts_of(environment: &Environment, wanted: fn(&StackKind) -> bool) {
    let graph = lowered(environment);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        for (key, stack) in graph.stacks.iter().filter(|(_, stack)| wanted(&stack.kind)) {
            assert_snapshot!(format!("{}-{key}", environment.name), stack.text);
        }
    });
}

/// The other stacks are the same as in the ordinary examples.
fn is_shaped_by_network_or_role(kind: &StackKind) -> bool {
    let environment = matches!(kind, StackKind::Network | StackKind::Security | StackKind::LoadBalancer);
    environment
        || matches!(kind, StackKind::Traffic { .. } | StackKind::Slot { .. } | StackKind::Alarms { .. })
}

/// Every choice that the other examples do not make.
fn unusual() -> Environment {
    let mut environment = example::poc();
    environment.name = "unusual".to_owned();
    if let Network::Created(network) = &mut environment.network {
        network.nat_per_zone = true;
        network.endpoints.clear();
    }
    if let LoadBalancer::Created(created) = &mut environment.load_balancer {
        created.scheme = Scheme::Internal;
        created.certificate = None;
        created.access_logs = AccessLogs::Bucket("their-logs".to_owned());
        created.allowed = vec!["10.1.0.0/16".to_owned(), "2001:db8::/32".to_owned()];
        created.web_acl =
            Some(Input::Value("arn:aws:wafv2:ap-northeast-1:210987654321:regional/webacl/a/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f".to_owned()));
    }
    environment.roles = vec![rolling(environment.roles.remove(0))];
    environment
}

/// A role of gRPC services with no critical alarm, replaced in place, and a route with every condition.
fn rolling(mut role: Role) -> Role {
    role.target_group.protocol_version = "GRPC".to_owned();
    role.target_group.health_check.matcher = "0".to_owned();
    role.instances.user_data.clear();
    role.instances.permissions = crate::model::Permissions::default();
    role.alarms.retain(|alarm| alarm.level == AlarmLevel::Warning);
    role.rollout.strategy = Strategy {
        name: "rolling".to_owned(),
        steps: vec![Step::Refresh { checkpoints: vec![50, 100], delay: Period::minutes(10) }],
    };
    role.cohorts.truncate(1);
    role.cohorts[0].matches = vec![CohortMatch::Source(vec!["192.0.2.0/24".to_owned()])];
    let route = &mut role.routes[0];
    route.hosts = vec!["api.example.jp".to_owned()];
    route.methods = vec!["POST".to_owned()];
    route.headers = IndexMap::from([("X-Version".to_owned(), vec!["2".to_owned()])]);
    route.query = vec!["debug".to_owned(), "lang=ja".to_owned()];
    role
}

/// The stacks of a role that adds its rules to a listener of others and compares its slots while baking.
fn on_a_listener_of_others() -> Environment {
    let mut environment = Environment { name: "shared".to_owned(), ..example::prod() };
    environment.load_balancer = LoadBalancer::Existing(ExistingLoadBalancer {
        listener: "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/0a1b/2c3d"
            .to_owned(),
        full_name: "app/shared/0a1b".to_owned(),
        security_group: "sg-0a1b2c3d4e5f60718".to_owned(),
    });
    environment.roles.truncate(1);
    let bake = Bake { time: Period::minutes(30), criteria: vec![Criterion::Memory, Criterion::Cpu] };
    environment.roles[0].rollout.strategy.steps.push(Step::Bake(bake));
    environment
}

#[test]
fn the_texts_of_poc() {
    assert_texts(&example::poc());
}

#[test]
fn the_texts_of_prod() {
    assert_texts(&example::prod());
}

#[test]
fn the_texts_of_an_unusual_environment() {
    assert_texts_of(&unusual(), is_shaped_by_network_or_role);
}

#[test]
fn the_texts_of_an_environment_on_a_listener_of_others() {
    assert_texts_of(&on_a_listener_of_others(), is_shaped_by_network_or_role);
}

/// A request carries 51,200 bytes; alarms are the most there is.
#[test]
fn long_names_and_every_criterion_fit_into_a_request() {
    let mut environment = on_a_listener_of_others();
    environment.project = "a-project-with-thirty-letters1".to_owned();
    environment.name = "production-disaster".to_owned();
    environment.roles[0].name = "customer-help-desk".to_owned();
    lowered(&environment);
}

#[test]
fn a_template_says_what_its_text_says_whoever_shared_its_shape_before() {
    let renamed = |mut environment: Environment| {
        environment.name.push('x');
        environment
    };
    let all = [example::poc(), example::prod(), unusual(), on_a_listener_of_others()];
    for environment in all.iter().flat_map(|one| [one.clone(), one.clone(), renamed(one.clone())]) {
        for stack in lowered(&environment).stacks.values() {
            let read = crate::cfn::Template::parse(&stack.text).expect("asagi's own text");
            assert_eq!(stack.template, read, "{} of {}", stack.key, environment.name);
        }
    }
}

#[test]
fn the_same_environment_gives_the_same_bytes() {
    assert_eq!(lowered(&example::prod()), lowered(&example::prod()));
}

#[test]
fn templates_are_tidy() {
    for environment in [example::poc(), example::prod(), unusual(), on_a_listener_of_others()] {
        let StackGraph { stacks } = lowered(&environment);
        for (key, stack) in stacks {
            for (line, number) in stack.text.lines().zip(1..) {
                assert!(!line.ends_with(' '), "{key}:{number} ends with a blank");
                assert!(!line.contains('\t'), "{key}:{number} has a tab");
            }
            assert!(!stack.text.contains("\n\n\n"), "{key} has two blank lines in a row");
            assert!(stack.text.ends_with('\n') && !stack.text.ends_with("\n\n"), "{key} ends oddly");
        }
    }
}

#[test]
fn every_parameter_and_output_says_what_it_is() {
    for (key, stack) in lowered(&example::prod()).stacks {
        let silent = |description: &Option<String>| description.as_ref().is_none_or(String::is_empty);
        for (name, parameter) in &stack.template.parameters {
            assert!(!silent(&parameter.description), "{key}: parameter {name}");
        }
        for (name, output) in &stack.template.outputs {
            assert!(!silent(&output.description), "{key}: output {name}");
        }
    }
}

/// Values in the conditions of policies: those that are text, and those that are not.
fn in_conditions<'a>(value: &'a Value, is_inside: bool, found: &mut (Vec<&'a Value>, Vec<&'a Value>)) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let opens = key == "Condition" && map.contains_key("Effect");
                in_conditions(inner, is_inside || opens, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| in_conditions(item, is_inside, found)),
        Value::String(_) if is_inside => found.0.push(value),
        _ if is_inside => found.1.push(value),
        _ => {}
    }
}

/// IAM compares text: `"true"`, `"3600"`. What is written otherwise comes back as text, and looks like drift.
#[test]
fn conditions_of_policies_compare_text() {
    for environment in [example::poc(), example::prod(), unusual(), on_a_listener_of_others()] {
        let graph = lowered(&environment);
        let resources = graph.stacks.values().flat_map(|stack| stack.template.resources.values());
        let mut found = (Vec::new(), Vec::new());
        for property in resources.flat_map(|resource| resource.properties.values()) {
            in_conditions(property, false, &mut found);
        }
        assert!(!found.0.is_empty(), "{}", environment.name);
        assert_eq!(found.1, Vec::<&Value>::new(), "{}", environment.name);
    }
}

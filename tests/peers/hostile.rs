//! Text of a spec that would be something else to YAML, to Jinja or to CloudFormation comes out of Sceptre and of the
//! server as the text it is; what CloudFormation would still read is refused where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::{
    Boto, Rendered, Sceptre, Server, cfn_lint, cloudformation_validate, finished, generated, said,
    temporary_folder,
};

/// Each is at home somewhere.
const HOSTILE: [&str; 22] = [
    "it's \"quoted\" \\ # and not a comment",
    "two\nlines: here",
    "{{ 7 * 7 }}",
    "{% if x %}",
    "{# gone #}",
    "${AWS::AccountId}",
    "!Ref VpcId",
    "!cmd ls",
    "#{ x",
    // what Sceptre's own tags would read, run or ask for
    "!file /etc/hostname",
    "!environment_variable HOME",
    "!rcmd id",
    "!stack_output odd/security.yaml::LoadBalancerSecurityGroupId",
    "!!python/name:os.system",
    "{{ environment_variable.HOME }}{{ var.stacks }}{% raw %}",
    // what YAML would read
    "C:\\new\\x41\\u0041\\",
    "\"",
    "'",
    "- [a]: *c | %d @e `f`", // without `&`, which the server answers as it is in XML
    "yes",
    "0o17",
    "全角　｛｛７＊７｝｝　！ｆｉｌｅ　＂＇",
];

/// So many routes a template has room for.
const A_ROLE: usize = 8;

/// What CloudFormation replaces wherever it stands in a template.
const RESOLVED: &str = "{{resolve:ssm:/shop/secret}}";

/// Those that stand where AWS takes one line: tags and conditions of rules.
fn lines<'a>(texts: &[&'a str]) -> Vec<&'a str> {
    texts.iter().copied().filter(|text| !text.contains('\n')).collect()
}

/// A spec with these texts in its tags, paths, header values, query strings, parameters and user data, where they may
/// stand. JSON is YAML too.
fn write(root: &Path, texts: &[&str]) {
    let lines = lines(texts);
    let route = |(index, text): (usize, &&str)| {
        let (name, path) = (format!("route{index}"), format!("/{text}"));
        let priority = 10 + 10 * index;
        json!({ "name": name, "priority": priority, "paths": [path], "headers": { "X-Team": [text] }, "query": [text] })
    };
    let tags: BTreeMap<_, _> =
        lines.iter().enumerate().map(|(index, text)| (format!("Note{index}"), text)).collect();
    let role = |routes: &[Value]| {
        json!({
            "instances": { "type": "m7i.large", "capacity": { "min": 2, "max": 4 }, "userData": "./boot.sh" },
            "targetGroup": { "port": 8080, "healthCheck": { "path": "/health" } },
            "routes": routes,
            "rollout": "blue-green",
            "release": { "ami": "ami-0123456789abcdef0" },
        })
    };
    let routes: Vec<Value> = lines.iter().enumerate().map(route).collect();
    let roles = routes.chunks(A_ROLE).enumerate();
    let roles: BTreeMap<_, _> = roles.map(|(index, routes)| (format!("web{index}"), role(routes))).collect();
    let spec = json!({
        "asagi": "v1", "project": "shop", "environment": "odd", "account": "444455556666",
        "region": "ap-northeast-1", "retention": "delete", "tags": tags,
        "network": {
            "vpc": "vpc-0f1e2d3c4b5a69780",
            "subnets": {
                "public": ["subnet-0f1e2d3c4b5a697a1", "subnet-0f1e2d3c4b5a697c1"],
                "private": ["subnet-0f1e2d3c4b5a697a2", "subnet-0f1e2d3c4b5a697c2"],
            },
        },
        "loadBalancer": {
            "scheme": "internal",
            "certificate": "arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f0c9e-5e0a-4c5b-bb55-1c2f4b7b9e03",
        },
        "notifications": { "email": ["ops@example.co.jp"] },
        "stacks": { "notes": { "template": "./notes.json", "parameters": notes(texts) } },
        "roles": roles,
    });
    fs::create_dir_all(root.join("environments")).unwrap();
    fs::write(root.join("environments/odd.yaml"), spec.to_string()).unwrap();
    fs::write(root.join("environments/boot.sh"), user_data(texts)).unwrap();
    fs::write(root.join("environments/notes.json"), template_of_notes(texts).to_string()).unwrap();
}

/// The texts as parameters of a team's own stack.
fn notes(texts: &[&str]) -> BTreeMap<String, String> {
    texts.iter().enumerate().map(|(index, text)| (format!("Note{index}"), (*text).to_owned())).collect()
}

/// A template that gives its parameters back.
fn template_of_notes(texts: &[&str]) -> Value {
    let names: Vec<_> = notes(texts).into_keys().collect();
    let each = |value: fn(&str) -> Value| {
        Value::Object(names.iter().map(|name| (name.clone(), value(name))).collect())
    };
    json!({
        "Parameters": each(|_| json!({ "Type": "String" })),
        "Resources": { "Nothing": { "Type": "AWS::CloudFormation::WaitConditionHandle" } },
        "Outputs": each(|name| json!({ "Value": { "Ref": name } })),
    })
}

fn user_data(texts: &[&str]) -> String {
    format!("#!/bin/bash\n\n  indented\n{}\n\ttab\n\n", texts.join("\n"))
}

fn asagi(root: &Path, arguments: &[&str]) -> Output {
    finished(Command::new(env!("CARGO_BIN_EXE_asagi")).args(arguments).current_dir(root))
}

#[test]
fn hostile_text_stays_text_through_sceptre_and_the_server() {
    let root = temporary_folder();
    write(root.path(), &HOSTILE);
    let rendered = asagi(root.path(), &["render", "odd", "--out", "out"]);
    assert!(rendered.status.success(), "{}", said(&rendered));
    let environment = Rendered::all_in(&root.path().join("out")).remove(0);
    let paths: Vec<_> = environment.templates().into_iter().map(|(_, path)| path).collect();
    for found in cfn_lint(&paths).iter().chain(&cloudformation_validate(&paths)) {
        // A guess that `Fn::Sub` was forgotten; here the text is meant.
        let guess = found.rule == "E1029" && found.message.contains("${AWS::AccountId}");
        assert!(guess || !found.is_error(), "{found}");
    }
    let made = generated(&environment.folder, "odd");
    for (stack, path) in environment.templates() {
        assert_eq!(made[&stack], fs::read_to_string(path).unwrap(), "{stack}");
    }

    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", "444455556666")]);
    let mut cloud = Boto::of(&server);
    let sceptre = Sceptre::against(&environment.folder, server.variables());
    sceptre.succeed(&["--var-file", "vars/bootstrap.yaml", "launch", "-y", "odd"]);
    let stacks = cloud.call("cloudformation", "describe_stacks", json!({}));
    for stack in stacks["Stacks"].as_array().unwrap() {
        let tags =
            texts(&stack["Tags"], |tag| tag["Key"].as_str()?.starts_with("Note").then(|| &tag["Value"]));
        let expected = lines(&HOSTILE).into_iter().map(str::to_owned).collect();
        assert_eq!(tags, expected, "{}", stack["StackName"]);
    }
    let notes = stacks["Stacks"].as_array().unwrap().iter().find(|it| it["StackName"] == "shop-odd-notes");
    let given = texts(&notes.unwrap()["Outputs"], |output| output.get("OutputValue"));
    assert_eq!(given, BTreeSet::from(HOSTILE.map(str::to_owned)));
    assert_conditions(&mut cloud);
    let templates = cloud.call("ec2", "describe_launch_templates", json!({}));
    let ids = texts(&templates["LaunchTemplates"], |template| template.get("LaunchTemplateId"));
    assert_eq!(ids.len(), 2 * lines(&HOSTILE).len().div_ceil(A_ROLE), "one a slot");
    for id in ids {
        let asked = json!({ "LaunchTemplateId": id, "Versions": ["$Latest"] });
        let versions = cloud.call("ec2", "describe_launch_template_versions", asked);
        let data = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]["UserData"].as_str().unwrap();
        assert_eq!(asagi::cfn::base64::decode(data).unwrap(), user_data(&HOSTILE).into_bytes());
    }
}

/// The texts that `pick` finds in a list.
fn texts<'a>(list: &'a Value, pick: impl Fn(&'a Value) -> Option<&'a Value>) -> BTreeSet<String> {
    let found = list.as_array().unwrap().iter().filter_map(pick);
    found.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The server does not answer with query strings.
fn assert_conditions(cloud: &mut Boto) {
    let balancers = cloud.call("elbv2", "describe_load_balancers", json!({}));
    let balancer = balancers["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let listeners = cloud.call("elbv2", "describe_listeners", json!({ "LoadBalancerArn": balancer }));
    let mut conditions = Vec::new();
    for listener in listeners["Listeners"].as_array().unwrap() {
        let asked = json!({ "ListenerArn": listener["ListenerArn"] });
        let rules = cloud.call("elbv2", "describe_rules", asked);
        let of_rule = |rule: &Value| rule["Conditions"].as_array().unwrap().clone();
        conditions.extend(rules["Rules"].as_array().unwrap().iter().flat_map(of_rule));
    }
    let conditions = Value::from(conditions);
    let expected = |prefix: &str| {
        lines(&HOSTILE).into_iter().map(|text| format!("{prefix}{text}")).collect::<BTreeSet<_>>()
    };
    assert_eq!(texts(&conditions, |one| one.pointer("/PathPatternConfig/Values/0")), expected("/"));
    let of_team = texts(&conditions, |one| {
        let header = one.get("HttpHeaderConfig").filter(|header| header["HttpHeaderName"] == "X-Team")?;
        header.pointer("/Values/0")
    });
    assert_eq!(of_team, expected(""));
}

#[test]
fn what_cloudformation_would_resolve_is_refused() {
    let root = temporary_folder();
    write(root.path(), &[RESOLVED]);
    let checked = asagi(root.path(), &["check", "odd"]);
    assert_eq!(checked.status.code(), Some(3), "{}", said(&checked));
    let (said, spec) = (said(&checked), "environments/odd.yaml");
    assert_eq!(
        said.matches("error[ASG0337]").count(),
        5,
        "tag, path, header, query string and user data: {said}"
    );
    assert_eq!(said.matches(&format!("--> {spec}:")).count(), 5, "{said}");
    assert!(!said.contains("ASG0501"), "{said}");
}

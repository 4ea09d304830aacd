//! Inputs that grow: each kind is a repository of one environment that is large in one way.

use std::fmt::Display;

/// Paths and texts.
pub(crate) type Files = Vec<(String, String)>;

/// The environment that is worked on.
pub(crate) const ENVIRONMENT: &str = "poc";

/// A way to be large.
pub(crate) struct Kind {
    /// In the table.
    pub(crate) name: &'static str,
    /// The smallest size; four times as much is the largest.
    pub(crate) n: usize,
    /// What is done.
    pub(crate) work: Work,
}

/// What is done with an input.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// It is checked.
    Check(fn(usize) -> Files),
    /// The second is compared with the first, which is committed.
    Diff(fn(usize) -> Files, fn(usize) -> Files),
}

const fn check(name: &'static str, n: usize, files: fn(usize) -> Files) -> Kind {
    Kind { name, n, work: Work::Check(files) }
}

const fn diff(name: &'static str, n: usize, before: fn(usize) -> Files, after: fn(usize) -> Files) -> Kind {
    Kind { name, n, work: Work::Diff(before, after) }
}

/// All of them. Templates have at most 500 resources, which bounds the kinds of diff.
pub(crate) const KINDS: [Kind; 30] = [
    check("findings on one line", 500, |n| one(&[("", &format!("x: {{ {} }}\n", keys(n, ", ")))])),
    check("findings on lines", 500, |n| one(&[("", &keys(n, "\n"))])),
    check("comments", 10_000, |n| one(&[("", &list(n, "", |i| format!("# note {i}\n")))])),
    check("roles", 50, |n| environment("", &list(n, "", |i| role(&format!("r{i}"), &route(i), "")))),
    check("routes", 200, |n| environment("", &role("web", &list(n, ", ", route), ""))),
    check("wildcards of a route", 10, wildcards),
    check("alarms", 200, |n| environment("", &role("web", &route(0), &alarms(n)))),
    check("cohorts", 100, cohorts),
    check("tags", 2_000, |n| one(&[("", &format!("tags:\n{}", list(n, "", |i| format!("  K{i}: v\n"))))])),
    check("digits of a number", 10_000, |n| {
        environment("", &role("web", &route(0), "").replace("8080", &"9".repeat(n)))
    }),
    check("anchors", 2_000, |n| {
        one(&[("", &format!("x:\n{}", list(n, "", |i| format!("  a{i}: &a{i} [x]\n  b{i}: *a{i}\n"))))])
    }),
    check("aliases in aliases", 8, |n| {
        one(&[(
            "",
            &format!("x: &a0 [y]\n{}", list(n, "", |i| format!("k{i}: &a{} [*a{i}, *a{i}]\n", i + 1))),
        )])
    }),
    check("merges of merges", 60, |n| {
        one(&[(
            "",
            &format!(
                "x: &a0 {{ k: y }}\n{}",
                list(n, "", |i| format!("k{i}: &a{} {{ <<: *a{i}, b{i}: y }}\n", i + 1))
            ),
        )])
    }),
    check("nesting", 10_000, |n| one(&[("", &format!("x: {}\n", "[".repeat(n)))])),
    check("chain of extends", 7, |n| extends(n, |i| format!("extends: p{}.yaml\n", i + 1))),
    check("diamonds of extends", 4, |n| extends(n, |i| format!("extends: [p{0}.yaml, p{0}.yaml]\n", i + 1))),
    check("environments", 250, environments),
    check("environments on parts", 10, environments_on_parts),
    check("lock entries", 1_000, lock),
    check("user data", 4_000, user_data),
    check("own stacks", 100, own_stacks),
    check("resources", 125, |n| own(&queues(n, "Q", 30))),
    check("chain of resources", 125, |n| own(&chain(n, "a"))),
    check("chain of conditions", 125, conditions),
    check("nested Sub", 8, |n| {
        own(&format!(
            "Resources:\n  Q: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: {} }} }}\n",
            nested(n)
        ))
    }),
    check("ForEach", 100, |n| {
        own(&format!(
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - X\n    - [{}]\n    - Q${{X}}: {{ Type: AWS::SQS::Queue }}\n",
            list(n, ", ", |i| format!("a{i}"))
        ))
    }),
    check("long text", 100_000, |n| {
        own(&format!(
            "Resources:\n  Q: {{ Type: AWS::SQS::Queue, Metadata: {{ Note: \"{}\" }} }}\n",
            "word ".repeat(n / 5)
        ))
    }),
    diff("diff: changed", 125, |n| own(&queues(n, "Q", 30)), |n| own(&queues(n, "Q", 60))),
    diff("diff: renamed", 125, |n| own(&queues(n, "Old", 30)), |n| own(&queues(n, "New", 30))),
    diff("diff: ripple", 125, |n| own(&chain(n, "a")), |n| own(&chain(n, "b"))),
];

fn list<T: Display>(n: usize, between: &str, item: impl Fn(usize) -> T) -> String {
    (0..n).map(|i| item(i).to_string()).collect::<Vec<_>>().join(between)
}

fn keys(n: usize, between: &str) -> String {
    list(n, between, |i| format!("key{i}: {i}")) + "\n"
}

/// The environment with those roles.
fn environment(top: &str, roles: &str) -> Files {
    vec![(format!("environments/{ENVIRONMENT}.yaml"), format!("{HEAD}{NAME}{top}roles:\n{roles}"))]
}

/// The environment with one role, that text at its top, and those files beside it.
fn one(files: &[(&str, &str)]) -> Files {
    let top: String = files.iter().filter(|(path, _)| path.is_empty()).map(|(_, text)| *text).collect();
    let mut all = environment(&top, &role("web", &route(0), ""));
    let beside = files.iter().filter(|(path, _)| !path.is_empty());
    all.extend(beside.map(|(path, text)| (format!("environments/{path}"), (*text).to_owned())));
    all
}

/// With a template of its own.
fn own(template: &str) -> Files {
    one(&[("", "stacks: { own: { template: ./own.yaml } }\n"), ("own.yaml", template)])
}

fn role(name: &str, routes: &str, more: &str) -> String {
    format!(
        "  {name}:
    release: {{ ami: ami-0d6f8b0c2e4a53794 }}
    instances: {{ type: m7i.large, capacity: {{ min: 2, max: 4 }} }}
    targetGroup: {{ port: 8080, healthCheck: {{ path: /health }} }}
    routes: [{routes}]
    rollout: {{ strategy: blue-green }}
{more}"
    )
}

fn route(i: usize) -> String {
    format!("{{ name: a{i}, priority: {}, paths: [\"/p{i}/*\"] }}", 100 + 10 * i)
}

fn wildcards(n: usize) -> Files {
    let route =
        |i| format!("{{ name: a{i}, priority: {}, paths: [\"/{}{i}\"] }}", 100 + 10 * i, "a*b?".repeat(n));
    environment("", &role("web", &list(20, ", ", route), ""))
}

fn alarms(n: usize) -> String {
    let alarm =
        |i: usize| format!("      - {{ metric: cpu, warning: 70, critical: 80, for: {}m }}\n", i % 50 + 1);
    format!("    alarms:\n{}", list(n, "", alarm))
}

fn cohorts(n: usize) -> Files {
    let cohort = |i| format!("c{i}: {{ header: {{ name: x-cohort, values: [v{i}] }} }}");
    let rollout = format!("strategy: cohort, cohorts: {{ {} }}", list(n, ", ", cohort));
    environment("", &role("web", &route(0), "").replace("strategy: blue-green", &rollout))
}

fn extends(n: usize, line: impl Fn(usize) -> String) -> Files {
    let mut files = one(&[("", "extends: p0.yaml\n")]);
    for i in 0..n {
        let line = if i + 1 < n { line(i) } else { String::new() };
        let tags = list(200, "", |k| format!("  K{k}: v\n"));
        files.push((format!("environments/p{i}.yaml"), format!("{line}tags:\n{tags}")));
    }
    files
}

fn environments(n: usize) -> Files {
    let roles = role("web", &route(0), "");
    let mut files = vec![("environments/base.yaml".to_owned(), format!("{HEAD}roles:\n{roles}"))];
    let spec = |name: &str| format!("asagi: v1\nextends: base.yaml\nenvironment: {name}\n");
    files.push((format!("environments/{ENVIRONMENT}.yaml"), spec(ENVIRONMENT)));
    files.extend((0..n).map(|i| (format!("environments/e{i}.yaml"), spec(&format!("e{i}")))));
    files
}

/// As many large parts as environments that extend all of them.
fn environments_on_parts(n: usize) -> Files {
    let mut files = environments(n);
    let parts = n.min(30);
    let all = list(parts, ", ", |i| format!("part{i}.yaml"));
    for (path, text) in files.iter_mut().filter(|(path, _)| !path.ends_with("base.yaml")) {
        let _ = path;
        *text =
            text.replace("extends: base.yaml", &format!("extends: [base.yaml, {all}]")) + "stacks: null\n";
    }
    for i in 0..parts {
        let values = list(1_000, "", |k| format!("      Key{k}: value-{k}\n"));
        files.push((
            format!("environments/part{i}.yaml"),
            format!("stacks:\n  s{i}:\n    parameters:\n{values}"),
        ));
    }
    files
}

fn lock(n: usize) -> Files {
    let build = |i| {
        format!(
            "      \"1.{i}\":
        - build: \"2026-10-14\"
          images: {{ base: ami-0a3c5e7f9b1d20461, middleware: ami-0b4d6f8a0c2e31572, application: ami-0c5e7a9b1d3f42683 }}
"
        )
    };
    let text = format!("asagi: v1\nprojects:\n  poc:\n    web:\n{}", list(n, "", build));
    one(&[("images.lock.yaml", &text)])
}

fn user_data(n: usize) -> Files {
    let mut files =
        one(&[("user-data.sh", &format!("#!/bin/bash\n{}", "export PASSWORD=$x token\n".repeat(n)))]);
    for (_, text) in &mut files {
        *text = text.replace("max: 4 } }", "max: 4 }, userData: ./user-data.sh }");
    }
    files
}

fn own_stacks(n: usize) -> Files {
    let stacks = list(n, "", |i| format!("  s{i}: {{ template: ./own.yaml }}\n"));
    one(&[("", &format!("stacks:\n{stacks}")), ("own.yaml", "Resources: { Q: { Type: AWS::SQS::Queue } }\n")])
}

fn queues(n: usize, name: &str, timeout: u32) -> String {
    let queue = |i| {
        format!(
            "  {name}{i}: {{ Type: AWS::SQS::Queue, Properties: {{ VisibilityTimeout: {timeout}, DelaySeconds: {i} }} }}\n"
        )
    };
    format!("Resources:\n{}", list(n, "", queue))
}

/// Each is named by the one before: where the first is replaced, all are.
fn chain(n: usize, first: &str) -> String {
    let link = |i: usize| match i {
        0 => format!(
            "  P0: {{ Type: AWS::SSM::Parameter, Properties: {{ Name: {first}, Type: String, Value: x }} }}\n"
        ),
        _ => format!(
            "  P{i}: {{ Type: AWS::SSM::Parameter, Properties: {{ Name: !Sub \"${{P{}}}-x\", Type: String, Value: x }} }}\n",
            i - 1
        ),
    };
    format!("Resources:\n{}", list(n, "", link))
}

fn conditions(n: usize) -> Files {
    let condition = |i: usize| match i {
        0 => "  C0: !Equals [a, b]\n".to_owned(),
        _ => format!("  C{i}: !And [!Condition C{0}, !Not [!Condition C{0}]]\n", i - 1),
    };
    let (all, last) = (list(n, "", condition), n - 1);
    own(&format!("Conditions:\n{all}Resources:\n  Q: {{ Type: AWS::SQS::Queue, Condition: C{last} }}\n"))
}

fn nested(n: usize) -> String {
    (0..n).fold("x".to_owned(), |inside, _| format!("!Sub [\"${{a}}${{a}}\", {{ a: {inside} }}]"))
}

const NAME: &str = "environment: poc\n";

const HEAD: &str = r#"asagi: v1
project: poc
account: "444455556666"
region: ap-northeast-1
templateBucket: poc-templates
network:
  vpc: vpc-0f1e2d3c4b5a69780
  subnets:
    public: [subnet-0f1e2d3c4b5a697a1, subnet-0f1e2d3c4b5a697c1]
    private: [subnet-0f1e2d3c4b5a697a2, subnet-0f1e2d3c4b5a697c2]
loadBalancer:
  scheme: internal
  certificate: arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f0c9e-5e0a-4c5b-bb55-1c2f4b7b9e03
notifications: { email: [ops@example.co.jp] }
"#;

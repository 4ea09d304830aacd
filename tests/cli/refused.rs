//! What nobody sees, and what the account would refuse or resolve, is told in every file that an environment is made of,
//! at its line, and nothing is written.

use asagi::cli::ExitCode;

use crate::hostile::{judge, run};
use crate::repository::{BASE, Repository};

/// Characters that hide something, or turn it.
const UNSEEN: [char; 30] = [
    '\0',
    '\u{7}',
    '\u{8}',
    '\u{b}',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{90}',
    '\u{9b}',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{115f}',
    '\u{17b4}',
    '\u{180e}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{2028}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{fff9}',
    '\u{1d173}',
    '\u{e0041}',
    '\u{e0100}',
];

/// Every file of an environment, with a `§` at each place where somebody may hide something.
const FILES: [(&str, &str); 7] = [
    (
        "environments/prod.yaml",
        "# why§\nasagi: v1\nextends: base.yaml # small§\nenvironment: prod\naccount: \"444455556666\"\n\
         loadBalancer: { certificate: \"arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f\" }\n\
         protection: { approval: manual }\ntags: { Owner: 'ops§', Cost§: x }\n\
         policy: { ASG0414: { severity: ignore, reason: \"no§ secret\" }, ASG0340: { severity: ignore, reason: x }, ASG0390: { severity: note, reason: x } }\n\
         stacks:\n  own: { template: ./own.yaml, parameters: { Name: orders§ } }\n  json: { template: ./own.json }\n",
    ),
    ("environments/lower.yaml", "# part§\ntags: { Owner: dev§ }\n"),
    (
        "environments/images.lock.yaml",
        "# note§\nasagi: v1\nprojects:\n  shop:\n    web:\n      \"1.0\": # §\n        - build: \"2026-11-11§\"\n          images: { application: ami-0123456789abcdef0§ }\n",
    ),
    (
        "environments/own.yaml",
        "# of§ ours\nParameters: { Name: { Type: String, Description: 'a§' } }\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    \
         Metadata: { key§: value }\n    Properties: { DisplayName: !Sub '${Name}§', KmsMasterKeyId: alias/a } # §\n",
    ),
    (
        "environments/own.json",
        "{\"Resources\": {\"Topic\": {\"Type\": \"AWS::SNS::Topic\",\n\"Metadata\": {\"a§\\/b\": \"c§\"}, \"Properties\": {\"KmsMasterKeyId\": \"alias/a\"}}}}\n",
    ),
    ("environments/web.sh", "#!/bin/sh\n# starts§\necho 'a§'\n"),
    (
        "environments/web.yaml",
        "name: web # §\ndescription: 'a§'\nschemaVersion: 1.0\nphases: [{ name: build, steps: [{ name: a, action: ExecuteBash, inputs: { commands: ['echo 1'] } }] }]\n",
    ),
];

/// A repository whose every file is as it should be.
fn repository() -> Repository {
    let repository = Repository::new();
    let web = "    release: \"1.0\"\n    images:\n      base: { version: \"1.0\", components: [os-patches, ssm-agent] }\n      \
               middleware: { version: \"1.0\", components: [cloudwatch-agent] }\n      \
               application: { version: \"1.0\", artifact: \"s3://shop/web.tar.gz\", components: [./web.yaml] }\n";
    let base = BASE
        .replace("    release: { ami: ami-0123456789abcdef0 }\n", web)
        .replace("instances: { ", "instances: { userData: ./web.sh, ");
    repository.write("environments/base.yaml", &format!("extends: lower.yaml\n{base}"));
    for (path, text) in FILES {
        repository.write(path, &text.replace('§', ""));
    }
    repository
}

#[test]
fn what_nobody_sees_is_told_at_its_line_wherever_it_is_hidden() {
    let repository = repository();
    let (said, code) = run(&repository, &["check", "prod"]);
    assert_eq!(code, ExitCode::Done, "{said}");
    let mut tries = 0;
    for (path, text) in FILES {
        for (place, (at, _)) in text.match_indices('§').enumerate() {
            for (number, c) in UNSEEN.iter().enumerate() {
                if std::env::var_os("ASAGI_ALL").is_none() && place % 5 != number % 5 {
                    continue;
                }
                let (before, after) = text.split_at(at);
                let hidden = format!("{before}{c}{after}").replace('§', "");
                repository.write(path, &hidden);
                let (said, code) = run(&repository, &["check", "prod"]);
                judge(&said, &(path, place, c));
                assert_eq!(code, ExitCode::Findings, "{path} {place} {c:?}: {said}");
                let plain = anstream::adapter::strip_str(&said).to_string();
                let line = before.matches('\n').count() + 1;
                // some are line breaks to YAML
                let lines = [format!("{path}:{line}:"), format!("{path}:{}:", line + 1)];
                assert!(lines.iter().any(|line| plain.contains(line)), "{path}:{line} {c:?}: {plain}");
                assert!(plain.contains(&format!("U+{:04X}", u32::from(*c))), "{path}:{line} {c:?}: {plain}");
                tries += 1;
            }
        }
        repository.write(path, &text.replace('§', ""));
    }
    assert!(tries > 100, "{tries}");
}

#[test]
fn what_people_write_is_let_through() {
    let repository = repository();
    for words in [
        "全角　空白：①㍿",
        "👨\u{200d}👩\u{200d}👧 1\u{fe0f}\u{20e3} ⚠\u{fe0f} 🇯🇵 👍🏽",
        "葛\u{e0100}城市 か\u{3099} ﾊﾟｿｺﾝ",
        "－ー―～〜・",
    ] {
        for (path, text) in FILES.iter().filter(|(path, _)| !path.ends_with("lock.yaml")) {
            let lines = text.lines().map(|line| match line.strip_prefix("# ") {
                Some(_) => format!("# {words}\n"),
                None => format!("{line}\n"),
            });
            repository.write(path, &lines.collect::<String>().replace('§', ""));
        }
        let (said, code) = run(&repository, &["check", "prod"]);
        assert_eq!(code, ExitCode::Done, "{words}: {said}");
    }
}

/// Names and values that somebody hands over: a template's names, types and references, and what stands in the lock.
const NAMES: [&str; 16] = [
    "../../x",
    "a/b",
    "a b",
    "",
    "-",
    "a-b",
    "{{resolve:ssm:/a",
    "{{resolve:nothing:/a}}",
    "{{ resolve:ssm:/a }}",
    "a\nb",
    "'; rm -rf /",
    "浅葱",
    "a.b",
    "%2e%2e",
    "${AWS::StackName}",
    "nul",
];

#[test]
fn names_that_the_account_refuses_are_told_before_anything_is_written() {
    let repository = repository();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let long = "a".repeat(1 << 20);
    let mut tries = 0;
    for name in NAMES.into_iter().chain([long.as_str()]) {
        let quoted = quoted(name);
        let own = |more: &str| {
            format!(
                "Parameters: {{ Name: {{ Type: String }} }}\nResources:\n  A: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: !Ref Name, KmsMasterKeyId: alias/a }} }}\n{more}"
            )
        };
        let lock = |release: &str, build: &str, layer: &str, ami: &str| {
            format!(
                "asagi: v1\nprojects:\n  shop:\n    web:\n      \"1.0\":\n        - {{ build: a, images: {{ application: ami-0123456789abcdef0 }} }}\n      ? {release}\n      : [{{ build: {build}, images: {{ ? {layer} : {ami} }} }}]\n"
            )
        };
        let right = name == "nul";
        for (path, text, is_right) in [
            (
                "environments/own.yaml",
                own(&format!(
                    "  ? {quoted}\n  : {{ Type: AWS::SQS::Queue, Properties: {{ KmsMasterKeyId: alias/a }} }}\n"
                )),
                right,
            ),
            ("environments/own.yaml", own(&format!("  B: {{ Type: {quoted} }}\n")), false),
            ("environments/own.yaml", own(&format!("Outputs:\n  ? {quoted}\n  : {{ Value: a }}\n")), right),
            (
                "environments/own.yaml",
                own(&format!("Mappings:\n  ? {quoted}\n  : {{ a: {{ b: c }} }}\n")),
                right,
            ),
            (
                "environments/images.lock.yaml",
                lock(&quoted, "a", "application", "ami-0123456789abcdef1"),
                false,
            ),
            (
                "environments/images.lock.yaml",
                lock("\"1.1\"", &quoted, "application", "ami-0123456789abcdef1"),
                right || ["a-b", "a.b", "-"].contains(&name),
            ),
            ("environments/images.lock.yaml", lock("\"1.1\"", "a", &quoted, "ami-0123456789abcdef1"), false),
            ("environments/images.lock.yaml", lock("\"1.1\"", "a", "application", &quoted), false),
        ] {
            let before = repository.read(path);
            repository.write(path, &text);
            let others: [&[&str]; 3] = [&["render", "prod"], &["plan", "prod"], &["diff", "prod"]];
            for command in [&["check", "prod"][..], others[tries / 2 % 3]] {
                let (said, code) = run(&repository, command);
                let of = (path, name.get(..20).unwrap_or(name), command);
                judge(&said, &of);
                assert!(said.len() < 30_000, "{of:?}: {} bytes", said.len());
                assert_eq!(code == ExitCode::Done, is_right, "{of:?}: {said}\n{text:.2000}");
                assert!(is_right || !repository.path("rendered").exists(), "{of:?}");
                tries += 1;
            }
            repository.write(path, &before);
            let _ = std::fs::remove_dir_all(repository.path("rendered"));
        }
    }
    assert!(tries > 250, "{tries}");
}

//! What holds for every rule: its example fails under its code, and passes once mended.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{RULES, Subject, check, check_stacks, explain, settle, stack_error};
use crate::diagnostics::{Code, Diagnostic, Findings};
use crate::resolve::testing::{Repository, SMALL, brief, shown};
use crate::resolve::{Resolution, resolve};
use crate::source::{MemoryFiles, SourceMap};
use crate::stacks::lower;

/// Templates that examples name under `stacks:`.
const TEMPLATES: [(&str, &str); 30] = [
    (
        "circle",
        "Resources:\n  A: { Type: AWS::SNS::Topic, Properties: { DisplayName: !GetAtt B.TopicName } }\n  B: { Type: AWS::SNS::Topic, DependsOn: A }\n",
    ),
    (
        "empty",
        "Mappings: { Sizes: { dev: { Cache: small } } }\nResources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !FindInMap [Sizes, prod, Cache] } }\n",
    ),
    (
        "said",
        "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: no, Tags: [{ Key: Account, Value: 012345670123 }] } }\n",
    ),
    (
        "exporting",
        "Resources:\n  Topic: { Type: AWS::SNS::Topic }\nOutputs:\n  Topic: { Value: !Ref Topic, Export: { Name: topic } }\n",
    ),
    (
        "kms-bucket",
        "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      BucketName: poc-logs\n      BucketEncryption:\n        \
         ServerSideEncryptionConfiguration:\n          - ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms }\n",
    ),
    (
        "s3-bucket",
        "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      BucketName: poc-logs\n      BucketEncryption:\n        \
         ServerSideEncryptionConfiguration:\n          - ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 }\n",
    ),
    (
        "login",
        "Parameters:\n  Password: { Type: String, Default: none }\nResources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Password } }\n",
    ),
    ("needy", "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayNmae: Orders } }\n"),
    (
        "asking",
        "Resources:\n  Topic: { Type: AWS::SNS::Topic }\nOutputs:\n  Name: { Value: !GetAtt Topic.Nmae }\n",
    ),
    ("far", "Resources:\n  Log: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 901 } }\n"),
    ("own", "Resources:\n  Topic: { Type: AWS::SNS::Topic }\n"),
    ("odd", "Resources:\n  order-topic: { Type: AWS::SNS::Topic }\n  Queue: { Type: SQS::Queue }\n"),
    (
        "topic",
        "Parameters:\n  Name: { Type: String }\n  DisplayName: { Type: String, Default: Orders }\n  Days: { Type: Number, Default: 1 }\n  \
         Kind: { Type: String, Default: fast, AllowedValues: [fast, slow] }\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    \
         Properties: { TopicName: !Sub \"${Name}-${Days}-${Kind}\", DisplayName: !Ref DisplayName }\nOutputs:\n  Name: { Value: !GetAtt Topic.TopicName }\n",
    ),
    ("unused", "Parameters:\n  Nmae: { Type: String }\nResources:\n  Topic: { Type: AWS::SNS::Topic }\n"),
    (
        "lost",
        "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Nmae } }\nOutputs:\n  Arn: { Value: !GetAtt Topik.TopicArn }\n",
    ),
    (
        "data",
        "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }] }\n",
    ),
    (
        "kept",
        "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }] }\n",
    ),
    (
        "named",
        "Resources:\n  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /poc/orders, RetentionInDays: 365 } }\n",
    ),
    (
        "long-name",
        "Resources:\n  Door:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    Properties: { Name: internal-orders, Subnets: [subnet-0a1b2c3d, subnet-1a2b3c4d] }\n",
    ),
    (
        "quiet",
        "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: alias/aws/sns } }\n  Full:\n    Type: AWS::CloudWatch::Alarm\n    \
         Properties: { MetricName: FreeStorageSpace, AlarmActions: [!Ref Topic] }\n",
    ),
    (
        "loud",
        "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: alias/alarms } }\n  Full:\n    Type: AWS::CloudWatch::Alarm\n    \
         Properties: { MetricName: FreeStorageSpace, AlarmActions: [!Ref Topic] }\n",
    ),
    ("logs", "Resources:\n  Log: { Type: AWS::Logs::LogGroup }\n"),
    (
        "open",
        "Resources:\n  Door:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: Door\n      SecurityGroupIngress:\n        \
         - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }\n",
    ),
    (
        "closed",
        "Resources:\n  Door:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: Door\n      SecurityGroupIngress:\n        \
         - { Description: Office, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 192.0.2.0/24 }\n",
    ),
    (
        "bare",
        "Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n",
    ),
    (
        "sealed",
        "Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties: { Encrypted: true }\n",
    ),
    (
        "snapshots",
        "Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n    DeletionPolicy: Snapshot\n    UpdateReplacePolicy: Retain\n    Properties: { Encrypted: true }\n",
    ),
    (
        "admin",
        "Resources:\n  Role:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: { Statement: [{ Effect: Allow, Action: \"s3:*\", Resource: \"*\" }] }\n",
    ),
    (
        "bastion",
        "Resources:\n  Bastion:\n    Type: AWS::EC2::LaunchTemplate\n    Properties:\n      LaunchTemplateData: { KeyName: ops }\n",
    ),
    (
        "inner",
        "Resources:\n  Bastion:\n    Type: AWS::EC2::LaunchTemplate\n    Properties:\n      LaunchTemplateData: { MetadataOptions: { HttpTokens: required } }\n",
    ),
];

/// An environment beside it on a listener of others.
const SHARED: &str = "extends: small.yaml\nenvironment: shared\nroles: { web: { routes: [{ name: all, priority: 100, hosts: [shared.example.co.jp] }] } }\nloadBalancer: { certificate: null, securityGroup: sg-0a1b2c3d, \
    listener: \"arn:aws:elasticloadbalancing:ap-northeast-1:444455556666:listener/app/shared/b/c\" }\n";

/// A template of more resources than a stack can have.
fn many() -> String {
    let resources = (0..=500).map(|number| format!("  T{number}: {{ Type: AWS::SNS::Topic }}\n"));
    format!("Resources:\n{}", resources.collect::<String>())
}

/// `SMALL` under a rule's example, with what examples name beside it.
fn resolved(example: &str) -> Resolution {
    let build = |release: &str, ami: &str| {
        format!("\"{release}\": [{{ build: x, images: {{ application: {ami} }} }}]")
    };
    let builds =
        [("0.7", "ami-0a1b2c37"), ("0.8", "ami-0a1b2c38"), ("1.0", "ami-0a1b2c3f"), ("1.1", "ami-0a1b2c3d")];
    let builds = builds.map(|(release, ami)| build(release, ami)).join(", ");
    let lock = format!("asagi: v1\nprojects: {{ poc: {{ web: {{ {builds} }} }} }}\n");
    // an example may be the lock, and not the spec
    let (lock, example) = if example.starts_with("# environments/images.lock.yaml") {
        (example, "")
    } else {
        (&*lock, example)
    };
    // or be about `extends` itself
    let extends = if example.contains("extends:") { "" } else { "extends: [small.yaml, name.yaml]\n" };
    let poc = format!("{extends}{example}");
    let stg = SMALL.replace("environment: poc", "environment: stg");
    let component = "name: component\nschemaVersion: 1.0\nphases: []\n";
    let files = MemoryFiles::new()
        .with(
            "environments/small.yaml",
            SMALL
                .replace("environment: poc\n", "notifications: { email: [ops@example.co.jp] }\n")
                .replace("    release: { ami: ami-0a1b2c3d4e5f60718 }\n", ""),
        )
        .with("environments/poc.yaml", poc)
        .with("environments/name.yaml", "environment: poc\n")
        .with("environments/stg.yaml", stg)
        .with("environments/images.lock.yaml", lock)
        .with("environments/component.yaml", component)
        .with("environments/boot.sh", "#!/bin/sh\n")
        .with(
            "environments/metadata.sh",
            "#!/bin/sh\nset -eu\ncurl -s http://169.254.169.254/latest/meta-data/instance-id\n",
        )
        .with("environments/install.sh", "#!/bin/sh\nset -eu\ndnf -y install httpd\n")
        .with("environments/shared.yaml", SHARED)
        .with("environments/many.yaml", many());
    let files = TEMPLATES
        .iter()
        .fold(files, |files, (name, text)| files.with(format!("environments/{name}.yaml"), *text));
    resolve(&files, "environments/poc.yaml")
}

pub(super) fn checked(resolution: &Resolution) -> Findings {
    let mut findings = resolution.findings.clone();
    let (Some(environment), Some(origins)) = (&resolution.environment, &resolution.origins) else {
        return findings;
    };
    let (siblings, lock) = (resolution.siblings.as_slice(), &resolution.lock);
    let subject = Subject { environment, origins, siblings, lock, sources: &resolution.sources };
    check(&subject, &mut findings);
    if !findings.has_errors() {
        match lower(environment) {
            Ok(graph) => check_stacks(&subject, &graph, &mut findings),
            Err(error) => findings.push(stack_error(&error, environment, Some(origins))),
        }
    }
    for found in &findings {
        let declared = explain(found.code.as_str()).map(|rule| rule.severity).unwrap_or_default();
        assert!(declared.contains(&found.severity), "{} is {}", found.code, found.severity.word());
    }
    settle(&subject, &mut findings);
    findings
}

/// Pages without an example, and why there is none. Where each is found has a test of its own.
const UNSHOWN: [(&str, &str); 6] = [
    ("ASG0106", "a file of two mebibytes is no example"),
    ("ASG0108", "what is not UTF-8 cannot be written in a page that is"),
    ("ASG0206", "the schema refuses first what a type would refuse"),
    ("ASG0210", "the schema has no keyword that the other codes of shape do not word"),
    ("ASG0311", "the schema ends numbers at nine digits, and those can be counted"),
    ("ASG0501", "no spec is known that asagi cannot make stacks of"),
];

/// What else the example of a rule finds, since it is about another finding.
const ALONGSIDE: [(&str, &str); 1] = [("ASG0391", "ASG0331")];

#[test]
fn every_rule_finds_what_its_example_shows_and_nothing_is_found_once_it_is_mended() {
    let mut wrong = Vec::new();
    for rule in RULES {
        if UNSHOWN.iter().any(|(code, _)| *code == rule.code.as_str()) {
            assert!(rule.fails.is_empty() && rule.mended.is_empty(), "{} has an example", rule.code);
            continue;
        }
        let resolution = resolved(rule.fails);
        let findings = checked(&resolution);
        placed(rule.code, &findings, &resolution.sources);
        let alongside = |found: &Diagnostic| ALONGSIDE.contains(&(rule.code.as_str(), found.code.as_str()));
        let stray = findings.iter().any(|found| found.code != rule.code && !alongside(found));
        if stray || findings.iter().all(|found| found.code != rule.code) {
            wrong.push(format!("{} fails with {:#?}", rule.code, brief(&findings, &resolution.sources)));
        }
        let found = shown(&findings, &resolution.sources);
        let mended = resolved(rule.mended);
        let rest = checked(&mended);
        if mended.environment.is_none() || !rest.is_empty() {
            wrong.push(format!("{}, mended: {:#?}", rule.code, brief(&rest, &mended.sources)));
        }
        let page = format!("{}\n\n{}\n{found}\nmended:\n\n{}", rule.title, rule.fails, rule.mended);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "pages" }, {
            insta::assert_snapshot!(rule.code.as_str(), page);
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every finding stands somewhere, and every label inside its file.
fn placed(code: Code, findings: &Findings, sources: &SourceMap) {
    for found in findings {
        assert!(found.span().is_some(), "{code} has no place: {}", found.message);
        for label in &found.labels {
            let text = sources.get(label.span.source).map(|file| &*file.text);
            let inside = text.and_then(|text| text.get(label.span.start..label.span.end));
            assert!(inside.is_some(), "{code}: {:?} is not in its file", label.span);
        }
    }
}

#[test]
fn every_code_of_the_sources_has_a_page_and_stands_once() {
    let mut sources = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in &sources {
        // Tests make up codes of their own.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for rest in text.split("Code::new(\"").skip(1) {
            let code = rest.split('"').next().unwrap_or_default();
            places.entry(code.to_owned()).or_default().push(path.display().to_string());
        }
    }
    for (code, files) in &places {
        assert_eq!(files.len(), 1, "{code} stands in {files:?}");
        assert!(explain(code).is_some(), "{code} of {files:?} has no page");
        assert!(code.len() == 7 && code.starts_with("ASG0"), "{code}");
    }
    assert_eq!(places.len(), RULES.len(), "pages of codes that nothing finds");
}

/// Every file of Rust below a folder, but for those that are tests as a whole.
#[expect(clippy::disallowed_methods, reason = "the sources are what is tested")]
fn rust_files(folder: &Path, all: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, all);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            all.push((path, text));
        }
    }
}

#[test]
fn codes_are_unique_and_sorted() {
    for pair in RULES.windows(2) {
        assert!(pair[0].code < pair[1].code, "{} stands before {}", pair[0].code, pair[1].code);
    }
    for rule in RULES {
        assert!(!rule.severity.is_empty() && rule.severity.is_sorted(), "{}", rule.code);
        assert!(!rule.title.ends_with('.') && rule.docs.ends_with(['.', '>']), "{}", rule.code);
        assert_eq!(explain(&rule.code.as_str().to_lowercase()).map(|found| found.code), Some(rule.code));
    }
    assert!(explain("ASG9999").is_none());
}

#[test]
fn the_examples_of_the_repository_are_right() {
    for name in ["dev", "stg", "prod", "poc"] {
        let resolution = resolve(&Repository, &format!("environments/{name}.yaml"));
        assert_eq!(brief(&checked(&resolution), &resolution.sources), [""; 0], "{name}");
    }
}

#[test]
fn what_is_named_wrongly_does_not_hide_what_is_meant_wrongly() {
    let resolution = resolved(
        "roles:\n  web:\n    rollout: { strategy: blue-geen }\n    instances: { userData: ./gone.sh, capacity: { min: 9 } }\n\
         tags: { \"aws:x\": y }\n",
    );
    let lines = brief(&checked(&resolution), &resolution.sources);
    insta::assert_snapshot!(lines.join("\n"), @r#"
        environments/poc.yaml:4:26 ASG0302 there is no strategy `blue-geen` (did you mean `blue-green`?)
        environments/poc.yaml:5:28 ASG0121 cannot read `environments/gone.sh`: there is no such file
        environments/poc.yaml:5:56 ASG0331 at least 9 instances, but at most 4 (write `min: 4` and `max: 9`, or what you mean)
        environments/poc.yaml:6:18 ASG0323 the tag key `aws:x` begins with `aws:`, which is AWS's own (choose another key)
        "#);
}

/// What is found in `SMALL` under a part of a spec.
fn found(example: &str) -> Vec<String> {
    let resolution = resolved(example);
    brief(&checked(&resolution), &resolution.sources)
}

#[test]
fn blocks_that_belong_to_others_are_told() {
    let of = |block: &str| found(&format!("network: {{ vpc: null, subnets: null, cidr: {block} }}\n"));
    for (block, expected) in [
        (
            "8.0.0.0/16",
            vec![
                "environments/poc.yaml:2:44 ASG0371 `8.0.0.0/16` holds public addresses, which belong to others (choose a block of 10.0.0.0/8)",
            ],
        ),
        (
            "172.32.0.0/16",
            vec![
                "environments/poc.yaml:2:44 ASG0371 `172.32.0.0/16` holds public addresses, which belong to others (choose a block of 10.0.0.0/8)",
            ],
        ),
        ("172.31.0.0/16", vec![]),
        ("100.64.0.0/16", vec![]),
    ] {
        assert_eq!(of(block), expected);
    }
}

#[test]
fn names_made_from_the_longest_project_and_environment_are_told() {
    let (project, environment) = ("p".repeat(30), "e".repeat(20));
    let lines = found(&format!("project: {project}\nenvironment: {environment}\n"));
    insta::assert_snapshot!(lines.join("\n"), @"environments/poc.yaml:2:10 ASG0516 the name of `foundation.ServiceRole` has 66 characters, at most 64 fit (shorten `project` or `environment`, of which it is made)");
}

#[test]
fn a_root_volume_is_no_smaller_than_the_owner_s() {
    let images = "images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", \
        components: [cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } }";
    let of = |size: u32| {
        found(&format!(
            "images: {{ owner: stg }}\nroles:\n  web:\n    {images}\n    instances: {{ rootVolume: {{ size: {size} }} }}\n"
        ))
    };
    assert_eq!(of(30), [""; 0]);
    insta::assert_snapshot!(of(20).join("\n"), @"environments/poc.yaml:6:38 ASG0381 20 GiB are less than the 30 GiB of images that `stg` builds (write `size: 30` in both, best in the file they extend)");
}

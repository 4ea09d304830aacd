//! What holds for every rule: its example fails under its code, and passes once mended.

use super::{RULES, Subject, check, explain};
use crate::diagnostics::Findings;
use crate::resolve::testing::{Repository, SMALL, brief};
use crate::resolve::{Resolution, resolve};
use crate::source::MemoryFiles;

/// `SMALL` under a rule's example, with what examples name beside it.
fn resolved(example: &str) -> Resolution {
    let lock = "asagi: v1\nprojects: { poc: { web: { \"1.1\": [{ build: x, images: { application: ami-0a1b2c3d } }] } } }\n";
    let stg = SMALL.replace("environment: poc", "environment: stg");
    let component = "name: component\nschemaVersion: 1.0\nphases: []\n";
    let files = MemoryFiles::new()
        .with(
            "environments/small.yaml",
            SMALL
                .replace("environment: poc\n", "")
                .replace("    release: { ami: ami-0a1b2c3d4e5f60718 }\n", ""),
        )
        .with("environments/poc.yaml", format!("extends: [small.yaml, name.yaml]\n{example}"))
        .with("environments/name.yaml", "environment: poc\n")
        .with("environments/stg.yaml", stg)
        .with("environments/images.lock.yaml", lock)
        .with("environments/own.yaml", "Resources: {}\n")
        .with("environments/component.yaml", component)
        .with("environments/boot.sh", "#!/bin/sh\n");
    resolve(&files, "environments/poc.yaml")
}

fn checked(resolution: &Resolution) -> Findings {
    let mut findings = resolution.findings.clone();
    let (Some(environment), Some(origins)) = (&resolution.environment, &resolution.origins) else {
        return findings;
    };
    let (siblings, lock) = (resolution.siblings.as_slice(), &resolution.lock);
    check(&Subject { environment, origins, siblings, lock }, &mut findings);
    findings
}

#[test]
fn every_rule_finds_what_its_example_shows_and_nothing_once_it_is_mended() {
    let mut shown = Vec::new();
    for rule in RULES {
        let resolution = resolved(rule.fails);
        let lines = brief(&checked(&resolution), &resolution.sources);
        let code = rule.code.as_str();
        assert!(
            lines.iter().any(|line| line.contains(code)),
            "{code} does not fail: {lines:#?}\n{}",
            rule.fails
        );
        let own: Vec<_> = lines.into_iter().filter(|line| line.contains(code)).collect();
        shown.push(format!("{code} {}\n\n{}\n{}", rule.title, rule.fails, own.join("\n")));
        let resolution = resolved(rule.mended);
        let lines = brief(&checked(&resolution), &resolution.sources);
        assert!(resolution.environment.is_some(), "{code}, mended, does not resolve: {lines:#?}");
        assert!(!lines.iter().any(|line| line.contains(code)), "{code}, mended: {lines:#?}\n{}", rule.mended);
    }
    insta::assert_snapshot!("rules", shown.join("\n\n"));
}

#[test]
fn codes_are_unique_sorted_and_of_the_stage_of_meaning() {
    for pair in RULES.windows(2) {
        assert!(pair[0].code < pair[1].code, "{} stands before {}", pair[0].code, pair[1].code);
    }
    for rule in RULES {
        assert!(rule.code.as_str().starts_with("ASG03"), "{}", rule.code);
        assert!(!rule.title.ends_with('.') && rule.docs.ends_with('.'), "{}", rule.code);
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
        environments/poc.yaml:5:56 ASG0331 at least 9 instances, but at most 4
        environments/poc.yaml:6:18 ASG0323 the tag key `aws:x` begins with `aws:`, which is AWS's own (choose another key)
        "#);
}

//! `images lock`: what stands in the registry is taken where it is an AMI id and nothing else, and no line of the lock is
//! lost to another run.

use std::process::{Command, Stdio};

use asagi::cloud::local::{LocalCloud, Settings};
use asagi::workspace::Door;

use crate::repository::{BASE, DEV, Repository, run};

const LOCK: &str = "environments/images.lock.yaml";
const IMAGES: &str = r#"    images:
      base: { version: "1.0", components: [os-patches, ssm-agent] }
      middleware: { version: "1.0", components: [nginx, cloudwatch-agent] }
      application: { version: "1.1", artifact: s3://shop-artifacts/web-1.1.tar.gz, components: [./web.yaml] }
"#;

/// Two projects of one repository, each of which builds images of its own.
fn repository() -> Repository {
    let repository = Repository::new();
    let base = BASE.replace("    instances:", &format!("{IMAGES}    instances:"));
    repository.write("environments/base.yaml", &base);
    repository.write("environments/web.yaml", include_str!("../../environments/components/poc-web.yaml"));
    repository.write("environments/mart.yaml", &format!("{DEV}project: mart\n").replace(": dev", ": mart"));
    repository
}

/// What the account's registry says of a project's layers.
fn register(repository: &Repository, project: &str, images: [&str; 3]) {
    let settings = Settings {
        account: "111122223333".to_owned(),
        region: "ap-northeast-1".to_owned(),
        start: "2026-11-16T02:00:00Z".parse().unwrap(),
    };
    let door = Door::open(&repository.path("")).unwrap();
    let cloud = LocalCloud::open(&door, settings, |_| {}).unwrap();
    for (layer, image) in ["base/1.0", "middleware/1.0", "application/1.1"].iter().zip(images) {
        cloud.put_parameter(&format!("/{project}/images/web/{layer}"), image).unwrap();
    }
}

const AMIS: [&str; 3] = ["ami-0123456789abcdef0", "ami-0123456789abcdef1", "ami-0123456789abcdef2"];

fn lock(environment: &str) -> Vec<String> {
    ["images", "lock", environment, "--target", "local"].map(str::to_owned).to_vec()
}

/// So many at once, each with its arguments; exit codes and what was said.
fn at_once(repository: &Repository, environments: &[&str]) -> Vec<(Option<i32>, String)> {
    let begin = |environment: &&str| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("asagi"));
        command.current_dir(repository.path("")).env_remove("ASAGI_TARGET").args(lock(environment));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = environments.iter().map(begin).collect();
    let end = |one: std::process::Child| {
        let output = one.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    running.into_iter().map(end).collect()
}

#[test]
fn two_at_once_lose_no_line() {
    let repository = repository();
    register(&repository, "shop", AMIS);
    register(&repository, "mart", AMIS);
    let mut whole = None;
    for round in 0..6 {
        let _ = std::fs::remove_file(repository.path(LOCK));
        let ended = at_once(&repository, &["dev", "mart", "dev", "mart"]);
        assert!(ended.iter().all(|(code, _)| *code == Some(0)), "{round}: {ended:?}");
        let count = |words: &str| ended.iter().filter(|(_, said)| said.contains(words)).count();
        assert_eq!(
            (count("locked web 1.1, build "), count("the lock has every image that the registry has")),
            (2, 2),
            "{round}: {ended:?}"
        );
        // Which project comes first is whoever was first; the lines are the same.
        let mut lines: Vec<String> = repository.read(LOCK).lines().map(str::to_owned).collect();
        lines.sort();
        assert_eq!(*whole.get_or_insert_with(|| lines.clone()), lines, "{round}");
    }
    let lines = whole.unwrap();
    for project in ["  mart:", "  shop:"] {
        assert!(lines.iter().any(|line| line == project), "{lines:#?}");
    }
    let builds = lines.iter().filter(|line| line.contains("- build: "));
    assert_eq!(builds.count(), 2, "{lines:#?}");
}

#[test]
fn a_newer_image_is_a_line_more_whoever_else_locks() {
    let repository = repository();
    register(&repository, "shop", AMIS);
    register(&repository, "mart", AMIS);
    run(repository.asagi(&["images", "lock", "dev", "--target", "local"]), 0);
    let before = repository.read(LOCK);
    register(&repository, "shop", [AMIS[0], AMIS[1], "ami-0fedcba9876543210"]);
    let ended = at_once(&repository, &["dev", "mart"]);
    assert!(ended.iter().all(|(code, _)| *code == Some(0)), "{ended:?}");
    let after = repository.read(LOCK);
    for line in before.lines() {
        assert!(after.contains(line), "lost {line}:\n{after}");
    }
    assert_eq!(after.matches("- build: ").count(), 3, "{after}");
    assert!(after.contains("ami-0fedcba9876543210"), "{after}");
}

#[test]
fn lines_of_the_lock_end_as_they_did() {
    let repository = repository();
    register(&repository, "shop", AMIS);
    run(repository.asagi(&["images", "lock", "dev", "--target", "local"]), 0);
    let converted = repository.read(LOCK).replace('\n', "\r\n");
    repository.write(LOCK, &converted);
    let (_, err) = run(repository.asagi(&["images", "lock", "dev", "--target", "local"]), 0);
    assert_eq!(err, "the lock has every image that the registry has\n");
    assert_eq!(repository.read(LOCK), converted, "nothing is new, and nothing is written");
    register(&repository, "shop", [AMIS[0], AMIS[1], "ami-0fedcba9876543210"]);
    run(repository.asagi(&["images", "lock", "dev", "--target", "local"]), 0);
    let after = repository.read(LOCK);
    let new = after.strip_prefix(converted.as_str()).unwrap_or_else(|| panic!("other lines moved:\n{after}"));
    assert_eq!(new.lines().count(), 2, "a build: {new}");
    assert_eq!(new.matches("\r\n").count(), 2, "{new:?}");
    assert!(
        new.contains("application: \"ami-0fedcba9876543210\"") || new.contains("application: ami-"),
        "{new}"
    );
}

#[test]
fn what_is_no_ami_id_is_refused_and_not_shown() {
    let repository = repository();
    let long = "a".repeat(4_000);
    let hostile = [
        "",
        " ",
        "ami-",
        "ami-0123",
        "AMI-0123456789ABCDEF0",
        "ami-0123456789abcdeg0",
        "ami-0123456789abcdef01",
        " ami-0123456789abcdef0",
        "ami-0123456789abcdef0\n",
        "ami-0123456789abcdef0, release: x",
        "ami-0123456789abcdef0\n::stop-commands::x",
        "{{resolve:ssm:/shop/other}}",
        "{{resolve:secretsmanager:shop}}",
        "$Latest",
        "arn:aws:ssm:ap-northeast-1:111122223333:parameter/shop",
        "i-0123456789abcdef0",
        "password=hunter2-correct-horse",
        "\u{1b}[2Jami-0123456789abcdef0",
        "ａｍｉ-0123456789abcdef0",
        "ami-0123456789abcdef\u{660}",
        "ami-0123456789abcdef0\u{200b}",
        long.as_str(),
    ];
    let layers = ["base/1.0", "middleware/1.0", "application/1.1"];
    for (index, value) in hostile.into_iter().enumerate() {
        let at = index % layers.len();
        let mut images = AMIS;
        images[at] = value;
        register(&repository, "shop", images);
        let (out, err) = run(repository.asagi(&["images", "lock", "dev", "--target", "local"]), 1);
        assert_eq!(out, "");
        let expected = format!(
            "error: registry parameter `/shop/images/web/{}` holds no AMI id\n  help: see who wrote it (`aws ssm \
             get-parameter-history`); nothing was locked\n",
            layers[at]
        );
        assert_eq!(err, expected, "{value:?}");
        assert!(!repository.path(LOCK).exists(), "{value:?}");
    }
    // The newest value counts: once it is mended, it is locked.
    register(&repository, "shop", AMIS);
    let (_, err) = run(repository.asagi(&["images", "lock", "dev", "--target", "local"]), 0);
    assert!(err.starts_with("locked web 1.1, build "), "{err}");
}

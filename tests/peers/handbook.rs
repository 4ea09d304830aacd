//! The README beside the rendered files, read by somebody who has no asagi: every command in it is run as it stands.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use asagi::cloud::CloudFormation as _;
use asagi::ops::{diff_deployed, load};
use asagi::rollout::observe;
use asagi::workspace::Workspace;
use tokio::runtime::Builder;

use crate::cloud::BotoCloud;
use crate::support::{Account, program, repository, said};

/// The commands of a README, block by block.
fn blocks(readme: &str) -> Vec<&str> {
    readme
        .split("```console\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block)
        .collect()
}

/// Runs a block in a shell that has Sceptre and the AWS CLI, and says yes to whatever is asked.
fn run(account: &Account, folder: &std::path::Path, block: &str) {
    let programs = program("sceptre").parent().unwrap().to_owned();
    let path = format!(
        "{}:{}:{}",
        repository("tests/peers/shell").display(),
        programs.display(),
        std::env::var("PATH").unwrap()
    );
    let pipelines =
        r#"{ "web-base": "/poc/images/web/base/1.0", "web-middleware": "/poc/images/web/middleware/1.0" }"#;
    let mut shell = Command::new("sh")
        .args(["-e", "-c", block])
        .current_dir(folder)
        .envs(account.server.variables())
        .env("PYTHONPATH", repository("tests/peers/hurry"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PIPELINES", pipelines)
        .env("PATH", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Without an end, as every command reads more of it than it needs; over when the shell is.
    let mut yes = shell.stdin.take().unwrap();
    std::thread::spawn(move || while yes.write_all(b"y\n").is_ok() {});
    let output = shell.wait_with_output().unwrap();
    assert!(output.status.success(), "{block}\n{}", said(&output));
    assert!(!said(&output).contains("Difference detected"), "{block}\n{}", said(&output));
}

/// The one block that has this in it.
fn with<'a>(blocks: &[&'a str], part: &str) -> &'a str {
    let mut found = blocks.iter().filter(|block| block.contains(part));
    let block = found.next().unwrap_or_else(|| panic!("no block has {part:?}: {blocks:#?}"));
    assert!(found.next().is_none(), "several blocks have {part:?}");
    block
}

#[test]
fn the_readme_is_all_that_is_needed() {
    let account = Account::of("poc");
    let rendered = account.rendered();
    let readme = fs::read_to_string(rendered.folder.join("README.md")).unwrap();
    let blocks = blocks(&readme);
    assert_eq!(blocks.len(), 10, "{readme}");
    let cloud = BotoCloud::of(&account.server);
    let look = Builder::new_current_thread().enable_all().build().unwrap();
    let observed = || look.block_on(observe(&cloud, "poc-poc", "web")).unwrap().state;

    let (image, way) = (with(&blocks, "AMI="), with(&blocks, "blue-to-green/01-"));
    let (now, back) = (with(&blocks, "GROUP="), with(&blocks, "00-back.yaml"));
    let delete = with(&blocks, "delete-stack");
    let before = blocks.iter().take_while(|block| **block != image);
    for block in before {
        run(&account, &rendered.folder, block);
    }
    let loaded = load(&Workspace::open(account.root()).unwrap(), "poc").unwrap();
    let diff = look.block_on(diff_deployed(&cloud, &loaded)).unwrap();
    assert!(diff.is_empty(), "{diff:#?}");
    let first = observed();
    assert_eq!((first.blue.weight, first.blue.desired, first.green.desired), (100, 2, 0), "{first:#?}");
    assert_eq!(first.record.phase, "complete");

    // Another image than the spec's, half the way, and back: nothing is left to pay for.
    run(&account, &rendered.folder, image);
    let (half, _) = way.split_once("# 50 %").unwrap();
    run(&account, &rendered.folder, &format!("{now}{half}"));
    let shifted = observed();
    let another = Some("ami-0123456789abcdef0");
    assert_eq!((shifted.green.weight, shifted.green.image.as_deref()), (10, another), "{shifted:#?}");
    assert_eq!((shifted.blue.desired, shifted.green.desired), (2, 2));
    assert_eq!(shifted.record.release.map(|release| release.ami).as_deref(), another);
    run(&account, &rendered.folder, back);
    let returned = observed();
    assert_eq!((returned.blue.weight, returned.blue.desired), (100, 2), "{returned:#?}");
    assert_eq!((returned.green.weight, returned.green.desired, returned.green.max), (0, 0, 0));
    assert_eq!(returned.record.phase, "rolled-back");
    assert_eq!(returned.blue.image, first.blue.image);

    run(&account, &rendered.folder, &format!("{now}{way}"));
    let released = observed();
    assert_eq!((released.green.weight, released.green.desired), (100, 2), "{released:#?}");
    assert_eq!((released.blue.weight, released.blue.desired), (0, 0));
    assert_eq!(released.record.phase, "complete");
    assert_eq!(released.green.image.as_deref(), another);

    let stacks = || {
        let found = look.block_on(cloud.stacks_named("poc-poc-")).unwrap();
        found.into_iter().map(|stack| stack.name).collect::<std::collections::BTreeSet<_>>()
    };
    let all = stacks();
    run(&account, &rendered.folder, delete);
    let gone: Vec<_> = all.difference(&stacks()).cloned().collect();
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(delete.contains(&gone[0]), "{delete}: {gone:?}");
}

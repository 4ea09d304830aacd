//! The README beside the rendered files, read by somebody who has no asagi: every command in it is run as it stands.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

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

#[test]
fn the_readme_is_all_that_is_needed() {
    let account = Account::of("poc");
    let rendered = account.rendered();
    let readme = fs::read_to_string(rendered.folder.join("README.md")).unwrap();
    let blocks = blocks(&readme);
    assert_eq!(blocks.len(), 6, "{readme}");
    for block in blocks {
        run(&account, &rendered.folder, block);
    }
    let (loaded, cloud) =
        (load(&Workspace::open(account.root()).unwrap(), "poc").unwrap(), BotoCloud::of(&account.server));
    let look = Builder::new_current_thread().enable_all().build().unwrap();
    let diff = look.block_on(diff_deployed(&cloud, &loaded)).unwrap();
    assert!(diff.is_empty(), "{diff:#?}");
    let state = look.block_on(observe(&cloud, "poc-poc", "web")).unwrap().state;
    assert_eq!((state.blue.weight, state.blue.desired, state.green.desired), (100, 2, 2), "{state:#?}");
    assert_eq!(state.record.phase, "complete");
}

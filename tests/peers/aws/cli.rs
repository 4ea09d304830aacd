//! The program itself with `--target aws`, which is the default.

use std::process::{Command, Output};

use super::target::server;
use crate::support::{Server, repository, said};

pub(super) fn asagi(server: &Server, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asagi"));
    command.args(arguments).arg("--root").arg(repository("")).env_remove("ASAGI_TARGET");
    command.envs(server.variables());
    command
}

pub(super) fn run(mut command: Command, code: i32) -> Output {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{command:?}\n{}", said(&output));
    output
}

#[test]
fn what_reads_reads_an_account_without_the_environment() {
    let server = server();
    let status = said(&run(asagi(&server, &["status", "poc"]), 0));
    assert!(status.contains("nothing of it is in account"), "{status}");
    run(asagi(&server, &["diff", "poc", "--detailed-exitcode"]), 2);
    run(asagi(&server, &["plan", "poc", "--detailed-exitcode"]), 2);
    run(asagi(&server, &["history", "poc"]), 0);
}

#[test]
fn nothing_is_changed_in_another_account() {
    let server = Server::start_with(&[("MINISTACK_ACCOUNT_ID", "999988887777")]);
    let told = said(&run(asagi(&server, &["apply", "poc", "--yes"]), 1));
    assert!(told.contains("this is account 999988887777"), "{told}");
    for reads in ["status", "history", "drift", "diff", "plan"] {
        let told = said(&run(asagi(&server, &[reads, "poc"]), 1));
        assert!(told.contains("this is account 999988887777, the environment is in"), "{reads}: {told}");
    }
    let stacks =
        crate::support::Boto::of(&server).call("cloudformation", "describe_stacks", serde_json::json!({}));
    assert_eq!(stacks["Stacks"].as_array().map(Vec::len), Some(0));
}

#[test]
fn without_credentials_or_a_network_the_way_out_is_told() {
    let server = server();
    let mut nobody = asagi(&server, &["status", "poc"]);
    nobody.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let told = said(&run(nobody, 1));
    assert!(told.contains("no credentials could be loaded"), "{told}");
    assert!(told.contains("--profile"), "{told}");
    let advanced = said(&run(asagi(&server, &["status", "poc", "--advance", "1h"]), 1));
    assert!(advanced.contains("time of AWS cannot be advanced"), "{advanced}");
}

#[test]
fn nothing_of_the_credentials_is_told() {
    let server = server();
    let mut command = asagi(&server, &["plan", "poc", "--format", "json"]);
    let secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
    command.env("AWS_SECRET_ACCESS_KEY", secret).env("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2VjEXAMPLE");
    let told = said(&run(command, 0));
    assert!(!told.contains(secret) && !told.contains("IQoJb3JpZ2luX2VjEXAMPLE"));
}

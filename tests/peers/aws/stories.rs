//! Nights that went wrong, told as whole runs of the program.

use std::fs;
use std::process::{Command, Output};

use asagi::rollout::observe;
use tempfile::TempDir;

use super::live::live;
use super::proxy::{Fate, Proxy, changes};
use super::target::{direct, runtime};
use crate::support::{Server, copy, repository, said, temporary_folder};

/// The repository with one thing in the poc's spec said otherwise.
fn edited(from: &str, to: &str) -> TempDir {
    let folder = temporary_folder();
    copy(&repository("environments"), &folder.path().join("environments"));
    let spec = folder.path().join("environments/poc.yaml");
    let text = fs::read_to_string(&spec).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&spec, text.replace(from, to)).unwrap();
    folder
}

/// Runs the program by way of that network.
fn asagi(server: &Server, proxy: &Proxy, root: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asagi"));
    command.args(arguments).arg("--root").arg(root.path()).env_remove("ASAGI_TARGET");
    command.envs(server.variables());
    command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", proxy.port));
    command.output().unwrap()
}

/// Calls that change something since this was last asked.
fn changed(proxy: &Proxy) -> Vec<String> {
    proxy.take_calls().into_iter().map(|call| call.name).filter(|name| changes(name)).collect()
}

/// Everything that was updated since it was made says that somebody tried to delete it and could not: the traffic stack and
/// the slot that is live.
#[test]
fn a_live_stack_that_somebody_could_not_delete_is_not_deleted_by_yes() {
    const FAILED: &[(&str, &str)] = &[("UPDATE_COMPLETE", "DELETE_FAILED")];
    let (server, root) = (live(), edited("release: \"1.0\"", "release: \"1.0\""));
    let proxy = Proxy::before(server.port(), |name, _| match name {
        "DescribeStacks" => Fate::Replaced(FAILED),
        _ => Fate::Through,
    });
    let told = said(&asagi(&server, &proxy, &root, &["mend", "poc", "--yes"]));
    assert!(told.contains("a delete of it was tried and failed, and it is in use"), "{told}");
    assert!(!told.contains("never made whole"), "{told}");
    assert_eq!(changed(&proxy), Vec::<String>::new(), "{told}");
}

/// Phase, weights, and how many change sets were executed on the way there.
#[test]
fn the_next_phase_is_the_one_that_was_announced_and_no_other() {
    let (server, root) = (live(), edited("release: \"1.0\"", "release: \"1.1\""));
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let mut steps = Vec::new();
    for _ in 0..3 {
        let output =
            asagi(&server, &proxy, &root, &["apply", "poc", "--yes", "--phase", "next", "--wait", "0s"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let executed = changed(&proxy).iter().filter(|name| *name == "ExecuteChangeSet").count();
        let state = runtime().block_on(observe(&direct(&server, "test"), "poc-poc", "web")).unwrap().state;
        let status = said(&asagi(&server, &proxy, &root, &["status", "poc"]));
        assert!(status.contains("asagi apply poc --phase next"), "{status}");
        let (blue, green) = (state.blue.weight, state.green.weight);
        steps.push(format!("{} {blue}/{green}, {executed} executed", state.record.phase));
    }
    insta::assert_snapshot!(steps.join("\n"), @"
    provision 100/0, 2 executed
    verify 100/0, 1 executed
    shift-10 90/10, 1 executed
    ");
}

/// The stacks of that name are another environment's: its account is not the one that the spec names.
#[test]
fn what_reads_does_not_tell_of_another_account_s_release() {
    let (server, root) = (live(), edited("444455556666", "999988887777"));
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    for reads in [
        &["status", "poc"][..],
        &["diff", "poc"],
        &["plan", "poc"],
        &["drift", "poc", "--detailed-exitcode"],
        &["mend", "poc"],
        &["history", "poc"],
    ] {
        let output = asagi(&server, &proxy, &root, reads);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{reads:?}: {told}");
        assert!(told.contains("the environment is in 999988887777"), "{reads:?}: {told}");
        assert!(!told.contains("1.0"), "{reads:?}: {told}");
    }
    assert_eq!(changed(&proxy), Vec::<String>::new());
}

/// In the right account: what is not there has not stayed as it was.
#[test]
fn drift_of_what_is_not_there_is_not_told_as_none() {
    let (server, root) = (live(), edited("environment: poc", "environment: other"));
    let environments = root.path().join("environments");
    fs::rename(environments.join("poc.yaml"), environments.join("other.yaml")).unwrap();
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let told = said(&asagi(&server, &proxy, &root, &["drift", "other"]));
    assert!(told.contains("no stack of a role is there") && !told.contains("no drift"), "{told}");
}

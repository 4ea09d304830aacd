//! How often each command calls, and how long it takes on a server that answers at once.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::live::live;
use super::proxy::{Fate, Proxy};
use crate::support::{Server, copy, repository, said, temporary_folder};

struct Measured {
    calls: usize,
    /// Until the first change set was executed; all of them where there was none.
    before: usize,
    time: Duration,
    /// The same in time; all of it where there was none.
    moved: Duration,
    /// What was called, in order.
    names: Vec<String>,
}

fn measure(server: &Server, proxy: &Proxy, root: &Path, arguments: &[&str]) -> Measured {
    proxy.take_calls();
    let mut command = Command::new(env!("CARGO_BIN_EXE_asagi"));
    command.args(arguments).arg("--root").arg(root).env_remove("ASAGI_TARGET");
    command.envs(server.variables());
    command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", proxy.port));
    let began = Instant::now();
    let output = command.output().unwrap();
    let time = began.elapsed();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", said(&output));
    let calls = proxy.take_calls();
    let executed = calls.iter().position(|call| call.name == "ExecuteChangeSet");
    let names = calls.iter().map(|call| call.name.clone()).collect();
    let moved = executed.map_or(time, |at| calls[at].at - began);
    Measured { calls: calls.len(), before: executed.map_or(calls.len(), |at| at + 1), time, moved, names }
}

/// Every command that looks, and every step of a rollout and its way back.
fn table() -> (String, Vec<(&'static str, Measured)>) {
    let (folder, server) = (temporary_folder(), live());
    copy(&repository("environments"), &folder.path().join("environments"));
    let spec = folder.path().join("environments/poc.yaml");
    let text = fs::read_to_string(&spec).unwrap();
    fs::write(&spec, text.replace("    release: \"1.0\"", "    release: \"1.1\"")).unwrap();
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let next: &[&str] = &["apply", "poc", "--yes", "--phase", "next", "--wait", "0s"];
    let steps: [(&str, &[&str]); 9] = [
        ("status", &["status", "poc"]),
        ("plan", &["plan", "poc"]),
        ("provision", next),
        ("verify", next),
        ("shift-10", next),
        ("status in a rollout", &["status", "poc"]),
        ("drift", &["drift", "poc"]),
        ("history", &["history", "poc"]),
        ("rollback", &["rollback", "poc", "--role", "web"]),
    ];
    let (mut text, mut all) = (String::new(), Vec::new());
    for (name, arguments) in steps {
        let measured = measure(&server, &proxy, folder.path(), arguments);
        let Measured { calls, before, time, moved, names } = &measured;
        writeln!(
            text,
            "{name:<20} {calls:>4} calls in {:>6.2} s, {before:>3} to the change in {:>6.2} s",
            time.as_secs_f32(),
            moved.as_secs_f32()
        )
        .unwrap();
        writeln!(text, "    {}", names.join(" ")).unwrap();
        all.push((name, measured));
    }
    (text, all)
}

/// All that a rollback calls before traffic goes back. Three of these are the guard, side by side: nobody is sent to a
/// slot whose alarm rings (`DescribeAlarms`) or whose healthy targets (`DescribeTargetHealth`) are too few for what both
/// groups have grown to (`DescribeAutoScalingGroups`).
const BACK: [&str; 8] = [
    "CreateChangeSet",
    "DescribeAlarms",
    "DescribeAutoScalingGroups",
    "DescribeChangeSet",
    "DescribeStacks",
    "DescribeTargetHealth",
    "ExecuteChangeSet",
    "GetCallerIdentity",
];

#[test]
fn no_command_calls_more_often_than_it_must() {
    let (text, all) = table();
    println!("{text}");
    let most = [
        ("status", 8),
        ("status in a rollout", 10),
        ("drift", 14),
        ("history", 3),
        ("shift-10", 60),
        ("rollback", 40),
    ];
    for (name, most) in most {
        let (_, measured) = all.iter().find(|(it, _)| *it == name).unwrap();
        assert!(measured.calls <= most, "{name}: {} calls\n{text}", measured.calls);
    }
    let (_, back) = all.iter().find(|(it, _)| *it == "rollback").unwrap();
    let mut before: Vec<&str> = back.names[..back.before].iter().map(String::as_str).collect();
    before.sort_unstable();
    assert_eq!(before, BACK, "{text}");
}

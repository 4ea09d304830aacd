//! Several runs of one environment at the same time: one does the work, and whoever comes too late is told so by asagi's
//! own words and exit code 4, with nothing half done.

use std::process::{Command, Output, Stdio};

use crate::repository::Repository;

/// How many begin at once.
const AT_ONCE: usize = 4;
/// So many rounds: the first creation, then the phases of the release.
const ROUNDS: usize = 3;

/// What somebody who was overtaken is told.
const TOLD: [&str; 4] = [
    "the plan is stale: ",
    "their change began at",
    "another run or person was faster",
    "plan again when that is done",
];

fn at_once(repository: &Repository, arguments: &[&[&str]]) -> Vec<Output> {
    let begin = |arguments: &&[&str]| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("asagi"));
        command.current_dir(repository.path("")).env_remove("ASAGI_TARGET").args(*arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = arguments.iter().map(begin).collect();
    running.into_iter().map(|one| one.wait_with_output().unwrap()).collect()
}

#[test]
fn whoever_is_overtaken_is_told_so_and_exits_4() {
    let repository = Repository::new();
    let apply: &[&str] = &["apply", "dev", "--target", "local", "--yes", "--phase", "next"];
    for round in 0..ROUNDS {
        let ended = at_once(&repository, &[apply; AT_ONCE]);
        for output in &ended {
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => {}
                Some(4) => assert!(TOLD.iter().any(|words| said.contains(words)), "{round}: {said}"),
                code => panic!("{round}: {code:?}: {}{said}", String::from_utf8_lossy(&output.stdout)),
            }
        }
        assert!(ended.iter().any(|output| output.status.success()), "somebody does the work");
    }
}

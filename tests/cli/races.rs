//! Several runs of one environment at the same time: one does the work, and whoever comes too late is told so by asagi's
//! own words and exit code 4, with nothing half done.

use std::process::{Command, Output, Stdio};

use crate::repository::{BASE, Repository};

/// How many begin at once.
const AT_ONCE: usize = 4;
/// So many rounds: the first creation, then the phases of the release.
const ROUNDS: usize = 3;

/// What somebody who was overtaken is told.
const TOLD: [&str; 5] = [
    "the plan is stale: ",
    "their change began at",
    "another run or person was faster",
    "is moved again and again while it is looked at",
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

/// How each ended: 0 where it did its work, 4 where it was overtaken and says so, nothing else. How many were not.
fn did_the_work(ended: &[Output], of: &str) -> usize {
    for output in ended {
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {}
            Some(4) => assert!(TOLD.iter().any(|words| said.contains(words)), "{of}: {said}"),
            code => panic!("{of}: {code:?}: {}{said}", String::from_utf8_lossy(&output.stdout)),
        }
    }
    ended.iter().filter(|output| output.status.success()).count()
}

const APPLY: &[&str] = &["apply", "dev", "--target", "local", "--yes"];
const ROLLBACK: &[&str] =
    &["rollback", "dev", "--role", "web", "--target", "local", "--reason", "tried by somebody else"];
const NEXT: &[&str] = &["apply", "dev", "--target", "local", "--yes", "--phase", "next"];

/// The first release is live, and the spec asks for another.
fn asked_for_another() -> Repository {
    let repository = Repository::new();
    assert!(at_once(&repository, &[APPLY])[0].status.success());
    let other = BASE.replace("ami-0123456789abcdef0", "ami-0123456789abcdef1");
    repository.write("environments/base.yaml", &other);
    repository
}

#[test]
fn whoever_is_overtaken_is_told_so_and_exits_4() {
    let repository = Repository::new();
    for round in 0..ROUNDS {
        let ended = at_once(&repository, &[NEXT; AT_ONCE]);
        assert!(did_the_work(&ended, &format!("round {round}")) > 0, "somebody does the work");
    }
}

#[test]
fn eight_whole_rollouts_at_once_are_one() {
    let repository = asked_for_another();
    let ended = at_once(&repository, &[APPLY; 8]);
    assert!(did_the_work(&ended, "a release") > 0, "somebody does the work");
    let after = at_once(&repository, &[APPLY]);
    assert_eq!(did_the_work(&after, "afterwards"), 1);
}

#[test]
fn a_rollback_wins_over_an_apply() {
    for phases in [1, 3] {
        let repository = asked_for_another();
        for _ in 0..phases {
            assert!(at_once(&repository, &[NEXT])[0].status.success());
        }
        let of = format!("after {phases} phases");
        let [applied, back] = at_once(&repository, &[APPLY, ROLLBACK]).try_into().unwrap();
        assert_eq!(did_the_work(&[back], &of), 1, "{of}: everyone is back");
        // Who plans once everyone is back is asked for a word first: that release was taken back.
        let said = String::from_utf8_lossy(&applied.stderr).into_owned();
        if applied.status.code() != Some(5) || !said.contains("was taken back") {
            did_the_work(&[applied], &of);
        }
    }
}

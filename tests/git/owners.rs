//! Whose a repository is: Git's own rule, and the way around it.

use std::os::unix::fs::{MetadataExt as _, chown, lchown};
use std::path::Path;

use asagi::workspace::{GitTree, Workspace};
use assert_cmd::Command;

use crate::fixture::Repository;

/// No user of this machine.
const OTHER: u32 = 54_321;

/// A repository that another user owns, where this test may give files away.
fn given_away(part: &str) -> Option<Repository> {
    let repository = Repository::committed();
    lchown(repository.top().join(part), Some(OTHER), None).ok().map(|()| repository)
}

fn open(repository: &Repository, trusted: Option<&Path>) -> Result<(), String> {
    let workspace = Workspace::open(repository.root()).unwrap();
    match GitTree::open(&workspace, "main", trusted) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{error}\nhelp: {}", error.help().unwrap_or_default())),
    }
}

#[test]
fn another_user_s_repository_is_read_only_where_a_person_says_so() {
    for part in ["", ".git"] {
        let Some(repository) = given_away(part) else { return };
        let top = std::fs::canonicalize(repository.top()).unwrap();
        let owned = if part.is_empty() { top.clone() } else { top.join(part) };
        let told = format!(
            "cannot read `git:main`: `{}` belongs to another user, who says what every name in it means\n\
             help: where you trust them, say `--trust-git {1}`, or set ASAGI_TRUST_GIT={1}",
            owned.display(),
            top.display()
        );
        assert_eq!(open(&repository, None), Err(told.clone()));
        assert_eq!(open(&repository, Some(Path::new("/"))), Err(told.clone()));
        assert_eq!(open(&repository, Some(repository.root())), Err(told));
        assert_eq!(open(&repository, Some(&repository.top())), Ok(()));
    }
}

/// A job's container runs as root over files of another user; `sudo` says who called it.
#[test]
fn the_program_takes_the_word_of_a_person_and_of_sudo() {
    let Some(repository) = given_away(".git") else { return };
    let top = repository.top().display().to_string();
    let other = OTHER.to_string();
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut asagi = Command::cargo_bin("asagi").unwrap();
        asagi.current_dir(repository.root()).env_remove("SUDO_UID").env_remove("ASAGI_TRUST_GIT");
        asagi
            .envs(variables.iter().copied())
            .args(["diff", "prod", "--against", "git:nowhere"])
            .args(arguments);
        String::from_utf8(asagi.output().unwrap().stderr).unwrap()
    };
    repository
        .write("environments/prod.yaml", super::hostile::SPEC.replace("userData: ./user-data/web.sh", ""));
    for (arguments, variables, told) in [
        (&[] as &[&str], &[] as &[(&str, &str)], "belongs to another user"),
        (&["--trust-git", &top], &[], "there is no such branch"),
        (&["--trust-git", "/"], &[], "belongs to another user"),
        (&[], &[("ASAGI_TRUST_GIT", &*top)], "there is no such branch"),
        (&[], &[("SUDO_UID", &*other)], "there is no such branch"),
        (&[], &[("SUDO_UID", "1")], "belongs to another user"),
    ] {
        let error = run(arguments, variables);
        assert!(error.contains(told), "{arguments:?} {variables:?}: {error}");
    }
}

#[test]
fn who_owns_the_objects_of_a_shared_store_does_not_matter() {
    let repository = Repository::committed();
    repository.git(&["clone", "-q", "--shared", "../repo", "../clone"]);
    let objects = repository.top().join(".git/objects");
    if chown(&objects, Some(OTHER), None).is_err() {
        return;
    }
    assert_eq!(objects.metadata().unwrap().uid(), OTHER);
    assert!(crate::fixture::open(&repository.folder().join("clone/infra"), "main").is_ok());
}

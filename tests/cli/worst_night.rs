//! An operator at night: with a spec that is broken or not there, every command that must work does, by deployed stacks
//! alone; and every time that is told says where it is so.

use std::fs;

use crate::account;
use crate::repository::Repository;

/// The account in which release 1.1 holds the old slot, under a folder that has no spec.
fn empty_folder() -> Repository {
    let (repository, held) = account::repository();
    held.iter().for_each(|(path, text)| repository.write(path, text));
    fs::remove_dir_all(repository.path("environments")).unwrap();
    repository
}

/// What it says, both streams, and how it ends.
fn tell(repository: &Repository, command: &[&str]) -> (String, i32) {
    let mut program = repository.asagi(command);
    let output = program.env("ASAGI_TARGET", "local").env("TZ", "Asia/Tokyo").env("NO_COLOR", "1").output();
    let output = output.unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (said, output.status.code().unwrap())
}

/// Commands, how they end, and what they say.
const NIGHT: [(&str, i32, &str); 6] = [
    ("status", 0, "live      green  release 1.1"),
    ("history", 0, "shift-100"),
    ("drift", 0, "no drift"),
    ("mend", 0, "no stack is stuck"),
    ("rollback", 0, "web: blue has everything again"),
    ("status", 0, "live      blue  release 1.0"),
];

fn through_the_night(repository: &Repository, named: &[&str], told: &str) {
    for (command, code, wanted) in NIGHT {
        let command = [&[command], named].concat();
        let (said, ended) = tell(repository, &command);
        assert!(said.contains(wanted) && said.contains(told), "{command:?}: {said}");
        assert_eq!(ended, code, "{command:?}: {said}");
        says_where(&said);
    }
}

/// Every time of day has its offset, on its line or on the line of its day above.
fn says_where(said: &str) {
    let mut told = false;
    for line in said.lines() {
        let here = line.contains(" +09:00");
        let clock = line.split_whitespace().any(|word| {
            let parts: Vec<&str> = word.split(':').collect();
            parts.len() >= 2 && parts.iter().all(|part| part.len() == 2 && part.parse::<u8>().is_ok())
        });
        told |= here;
        assert!(!clock || here || told && line.starts_with("  "), "`{line}` does not say where: {said}");
    }
}

#[test]
fn a_spec_that_is_no_yaml_hinders_no_way_out() {
    let (repository, held) = account::repository();
    held.iter().for_each(|(path, text)| repository.write(path, text));
    let spec = repository.read("environments/poc.yaml");
    repository.write("environments/poc.yaml", &spec.replace("release: \"1.1\"", "release: ["));
    through_the_night(&repository, &["poc"], "");
    let (said, _) = tell(&repository, &["mend", "poc"]);
    assert!(said.starts_with("the spec has 1 error, see `asagi check poc`"), "{said}");
}

#[test]
fn an_empty_folder_hinders_no_way_out() {
    through_the_night(&empty_folder(), &["poc"], "");
    through_the_night(&empty_folder(), &["--project", "poc", "--name", "poc"], "");
}

#[test]
fn what_is_not_there_is_told_as_that() {
    let repository = empty_folder();
    let of = |name: &'static str| ["--project", "poc", "--name", name];
    let cases: [(&str, i32, &str); 5] = [
        ("status", 0, "nothing of it is in account 444455556666, ap-northeast-1"),
        ("history", 0, "no release has been rolled out yet"),
        ("drift", 0, "no stack of a role is there"),
        ("mend", 0, "no stack is stuck, and no role is deployed"),
        ("rollback", 1, "no role is deployed there: nothing can go back"),
    ];
    for (command, code, wanted) in cases {
        let (said, ended) = tell(&repository, &[&[command], &of("nope")[..]].concat());
        assert!(said.contains(wanted) && ended == code, "{command}: {ended}: {said}");
    }
    fs::remove_dir_all(repository.path(".asagi")).unwrap();
    for (command, ..) in cases {
        let (said, ended) = tell(&repository, &[&[command], &of("poc")[..]].concat());
        let wanted = "nothing was ever deployed on the embedded target here";
        assert!(said.contains(wanted) && ended == 1, "{command}: {ended}: {said}");
    }
}

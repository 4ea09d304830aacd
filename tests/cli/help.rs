//! Help, usage errors, and what happens when nobody reads.

use std::process::Stdio;

use crate::repository::{Repository, asagi, run};

#[test]
fn the_first_help_shows_every_command_in_its_group() {
    let (out, err) = run(asagi(&["--help"]), 0);
    for expected in
        ["Write a spec:\n  init", "See what it becomes:\n  render", "Learn:\n  help", "Exit codes: 0"]
    {
        assert!(out.contains(expected), "no {expected:?} in\n{out}");
    }
    assert_eq!(err, "");
}

#[test]
fn without_a_command_the_help_is_shown_and_that_is_an_error() {
    let (out, err) = run(asagi(&[]), 1);
    assert_eq!(out, "");
    assert!(err.contains("Usage: asagi"), "{err}");
}

#[test]
fn usage_errors_exit_1_and_name_what_was_meant() {
    let (out, err) = run(asagi(&["chek"]), 1);
    assert_eq!(out, "");
    assert!(err.contains("'check'"), "{err}");
}

#[test]
fn outside_of_a_repository_the_way_in_is_told() {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = asagi(&["check"]);
    command.current_dir(nowhere.path());
    let (_, err) = run(command, 1);
    assert!(err.contains("no `environments/` in"), "{err}");
    assert!(err.contains("help: go to the repository, or name it with `--root DIR`"), "{err}");
}

#[test]
fn the_root_may_be_named_or_be_above() {
    let repository = Repository::new();
    std::fs::create_dir(repository.path("docs")).unwrap();
    let mut below = asagi(&["check"]);
    below.current_dir(repository.path("docs"));
    run(below, 0);
    run(asagi(&["check", "--root", repository.path("").to_str().unwrap()]), 0);
}

#[test]
fn colours_come_only_when_they_are_asked_for() {
    let repository = Repository::new();
    let (_, plain) = run(repository.asagi(&["check", "nowhere"]), 1);
    let (_, colored) = run(repository.asagi(&["check", "nowhere", "--color", "always"]), 1);
    assert!(!plain.contains('\u{1b}') && colored.contains('\u{1b}'), "{plain}{colored}");
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let (out, _) = run(asagi(&["completions", shell]), 0);
        assert!(out.contains("render"), "{shell}");
    }
}

#[test]
fn a_rule_is_explained_in_every_format() {
    let (human, _) = run(asagi(&["explain", "asg0331"]), 0);
    assert!(human.starts_with("ASG0331: ") && human.contains("This is mended:"), "{human}");
    let (markdown, _) = run(asagi(&["explain", "ASG0331", "--format", "markdown"]), 0);
    assert!(markdown.starts_with("## ASG0331\n") && markdown.contains("```yaml\n"), "{markdown}");
    let (json, _) = run(asagi(&["explain", "ASG0331", "--format", "json"]), 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["version"], &json["rules"][0]["code"]), (&1.into(), &"ASG0331".into()));
    let (all, _) = run(asagi(&["explain", "--all", "--format", "markdown"]), 0);
    assert!(all.contains("| [ASG0331](#asg0331) |") && all.contains(&markdown), "{all}");
    let (_, err) = run(asagi(&["explain", "ASG9999"]), 1);
    assert!(err.contains("there is no page about `ASG9999`"), "{err}");
}

#[test]
fn the_schema_is_json_and_says_what_it_is() {
    let (out, _) = run(asagi(&["schema"]), 0);
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema["title"], "asagi environment");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let program = asagi(&[]).get_program().to_owned();
    let mut child = std::process::Command::new(program)
        .arg("schema")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

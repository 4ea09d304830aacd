//! The README's session is true: every `console` block is run, in order, in one folder, and prints what it says. A line
//! of three dots stands for any lines. A plan's digest stands for any digest: it changes with every template.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be"
)]

use std::path::Path;
use std::process::Command;

/// A command and what it prints.
struct Step {
    command: String,
    expected: Vec<String>,
}

fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step { command: command.to_owned(), expected: Vec::new() }),
                None => steps.last_mut().unwrap().expected.push(line.trim_end().to_owned()),
            },
        }
    }
    steps
}

/// The line with every plan digest (eight groups of four hexadecimal digits) blotted out.
fn blotted(line: &str) -> String {
    let is_group = |group: &str| group.len() == 4 && group.chars().all(|it| it.is_ascii_hexdigit());
    let is_digest = |word: &str| word.split('-').count() == 8 && word.split('-').all(is_group);
    line.split(' ').map(|word| if is_digest(word) { "DIGEST" } else { word }).collect::<Vec<_>>().join(" ")
}

/// Whether the lines are as expected; `...` stands for any number of them.
fn matches(expected: &[String], actual: &[String]) -> bool {
    match (expected, actual) {
        ([], []) => true,
        ([dots, rest @ ..], _) if dots == "..." => {
            (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..]))
        }
        ([first, rest @ ..], [line, others @ ..]) => blotted(first) == blotted(line) && matches(rest, others),
        _ => false,
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_session_prints_what_the_readme_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join("environments"), &folder.path().join("environments"));
    let program = Path::new(env!("CARGO_BIN_EXE_asagi")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let steps = steps(&std::fs::read_to_string(root.join("README.md")).unwrap());
    assert!(steps.len() > 8, "the README shows a session");
    let mut before = String::new();
    for step in &steps {
        if step.command.starts_with("export ") {
            before = format!("{}; ", step.command);
            continue;
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{before}{} 2>&1", step.command)]).env("PATH", &path);
        let output = shell.current_dir(folder.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let actual: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
        let told = format!("$ {}\n{}", step.command, actual.join("\n"));
        assert!(matches(&step.expected, &actual), "the README says otherwise of:\n{told}");
    }
}

#[test]
fn dots_stand_for_any_lines_and_nothing_else_does() {
    let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert!(matches(&lines("a ... d"), &lines("a b c d")));
    assert!(matches(&lines("..."), &lines("a b")));
    assert!(!matches(&lines("a ... d"), &lines("a b c")));
    assert!(!matches(&lines("a b"), &lines("a b c")));
    let (one, other) = ("0123-4567-89ab-cdef-0123-4567-89ab-cdef", "ba98-7654-3210-fedc-ba98-7654-3210-fedc");
    assert!(matches(&lines(&format!("plan {one} x")), &lines(&format!("plan {other} x"))));
    assert!(!matches(&lines(&format!("plan {one} x")), &lines(&format!("plan {other} y"))));
}

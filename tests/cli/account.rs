//! Whatever an account says: its reasons, names, tags, outputs, parameters, records and templates are nothing but text on
//! every screen and in every file, in every command that reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use serde_json::Value;

use crate::hostile::{PAYLOADS, judge, run};
use crate::repository::Repository;

/// What no screen shows, wherever it stands.
const SECRET: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
/// What no screen shows where a sentence quotes it.
const PASSWORD: &str = "hunter2-correct-horse";

/// Every command that reads the account, in each of its formats. `{plan}` is a path.
const COMMANDS: [&[&str]; 17] = [
    &["status", "poc"],
    &["status", "poc", "--format", "json"],
    &["history", "poc"],
    &["history", "poc", "--format", "json"],
    &["diff", "poc"],
    &["diff", "poc", "--format", "markdown"],
    &["diff", "poc", "--format", "json"],
    &["plan", "poc", "--out", "{plan}"],
    &["plan", "poc", "--format", "json"],
    &["drift", "poc"],
    &["drift", "poc", "--format", "json"],
    &["images", "lock", "poc"],
    &["mend", "poc"],
    &["mend", "poc", "--yes"],
    &["apply", "poc", "--yes", "--wait", "0s"],
    &["rollback", "poc", "--reason", "tried"],
    &["status", "poc", "--advance", "2h"],
];

type Files = BTreeMap<String, String>;

/// The repository of the examples, and an account in which a release holds the old slot: some eight hundred texts.
pub(crate) fn repository() -> (Repository, &'static Files) {
    static HELD: OnceLock<Files> = OnceLock::new();
    let repository = Repository::new();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("environments"), &repository.path("environments"));
    let release = |from: &str, to: &str| {
        let spec = repository.read("environments/poc.yaml");
        repository.write("environments/poc.yaml", &spec.replace(from, to));
    };
    let held = HELD.get_or_init(|| {
        let apply = ["apply", "poc", "--yes", "--wait", "0s"];
        run(&repository, &apply);
        release("release: \"1.0\"", "release: \"1.1\"");
        let (said, _) = run(&repository, &apply);
        assert!(said.contains("retire waits"), "{said}");
        let store = repository.files(".asagi/local").into_iter();
        store.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
    });
    release("release: \"1.0\"", "release: \"1.1\"");
    (repository, held)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What kind of text it is: its place without the names of stacks, resources and things, and without numbers.
fn class(path: &[String]) -> String {
    let named = [
        "groups",
        "alarms",
        "rules",
        "resources",
        "launchTemplates",
        "targetGroups",
        "changeSets",
        "pipelines",
    ];
    let mut class = String::new();
    let mut skip = false;
    for part in path {
        let part = if skip || part.parse::<usize>().is_ok() { "*" } else { part.as_str() };
        skip = named.contains(&part) || part == "tokens" || part == "properties";
        class.push('/');
        class.push_str(part);
    }
    class
}

/// Visits every text of a document with its class; a record in a text is looked into.
fn visit(value: &mut Value, path: &mut Vec<String>, each: &mut dyn FnMut(&str, &mut String)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                path.push(key.clone());
                visit(value, path, each);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(index.to_string());
                visit(item, path, each);
                path.pop();
            }
        }
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inside @ Value::Object(_)) if text.starts_with("{\"v\":1") => {
                path.push("record".to_owned());
                visit(&mut inside, path, each);
                path.pop();
                *text = inside.to_string();
            }
            _ => each(&class(path), text),
        },
        _ => {}
    }
}

/// The account with every text of one class replaced; how many there were.
fn poison(repository: &Repository, held: &Files, class: &str, payload: &str) -> usize {
    let mut count = 0;
    let _ = fs::remove_dir_all(repository.path(".asagi"));
    for (path, text) in held {
        let document = classes_of(text).contains(class).then(|| serde_json::from_str::<Value>(text).unwrap());
        let Some(mut document) = document else {
            repository.write(path, text);
            continue;
        };
        visit(&mut document, &mut Vec::new(), &mut |of, text| {
            if of == class {
                count += 1;
                *text = payload.to_owned();
            }
        });
        repository.write(path, &document.to_string());
    }
    count
}

/// The classes of a document's texts; looked for once each.
fn classes_of(text: &str) -> BTreeSet<String> {
    static KNOWN: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    if let Some(found) = known.get(text) {
        return found.clone();
    }
    let mut found = BTreeSet::new();
    if let Ok(mut document) = serde_json::from_str::<Value>(text) {
        visit(&mut document, &mut Vec::new(), &mut |class, _| {
            found.insert(class.to_owned());
        });
    }
    known.insert(text.to_owned(), found.clone());
    found
}

fn classes(held: &Files) -> Vec<String> {
    let all: BTreeSet<String> = held.values().flat_map(|text| classes_of(text)).collect();
    all.into_iter().collect()
}

/// Runs a command on the poisoned account, and looks at what it said and wrote.
fn try_one(repository: &Repository, command: &[&str], of: &dyn std::fmt::Debug) -> String {
    let plan = repository.path("it.plan");
    let command: Vec<&str> =
        command.iter().map(|part| if *part == "{plan}" { plan.to_str().unwrap() } else { part }).collect();
    let (said, _) = run(repository, &command);
    judge(&said, of);
    assert!(said.len() < 1 << 20, "{of:?} says {} bytes", said.len());
    let written = ["it.plan", "environments/images.lock.yaml", ".asagi/journal/poc-poc.jsonl"];
    for file in written.iter().filter(|file| repository.path(file).is_file()) {
        let text = repository.read(file);
        assert!(text.len() < 1 << 20, "{of:?} makes {file} {} bytes long", text.len());
        // The lock's own heading is one of ours.
        judge(
            &text.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n"),
            &(of, file),
        );
    }
    let _ = fs::remove_file(plan);
    said
}

#[test]
fn no_text_of_an_account_writes_to_a_screen_or_a_file() {
    let (repository, held) = repository();
    let all = classes(held);
    assert!(all.len() > 100, "{} classes", all.len());
    let (every, mut tries, mut poisoned) = (std::env::var_os("ASAGI_ALL").is_some(), 0, 0);
    for (index, class) in all.iter().enumerate() {
        // Reasons and records are sentences of people and services: all commands are tried on them.
        let told = ["eason", "record/", "/by", "status", "description", "value"]
            .iter()
            .any(|word| class.contains(word));
        let commands =
            if every { COMMANDS.len() } else { usize::from(index % if told { 2 } else { 4 } == 0) };
        for number in 0..commands {
            let payload = (index * 5 + number * 7) % (PAYLOADS.len() + 1);
            let payload = PAYLOADS.get(payload).copied().unwrap_or(SECRET);
            let command = COMMANDS[(index * 3 + number * 5) % COMMANDS.len()];
            poisoned += poison(&repository, held, class, payload);
            let said = try_one(&repository, command, &(class, payload, command));
            assert!(!said.contains(SECRET), "{class}: {command:?}: {said}");
            tries += 1;
        }
    }
    assert!(tries > 80 && poisoned > 1_000, "{tries} tries, {poisoned} texts");
    println!("{tries} tries, {poisoned} texts in {} classes", all.len());
}

#[test]
fn reasons_of_stacks_that_are_stuck_are_told_without_what_is_secret() {
    let (repository, held) = repository();
    let long = "x".repeat(1 << 20);
    let quoted = format!("token {SECRET}, MasterUserPassword={PASSWORD}");
    let mut tries = 0;
    // Two commands each, others for the next; all of them with `ASAGI_ALL`.
    let some = |tries: &mut usize| {
        *tries += 2;
        let every = std::env::var_os("ASAGI_ALL").is_some();
        (0..if every { COMMANDS.len() } else { 2 })
            .map(|it| COMMANDS[(*tries + it * 7) % COMMANDS.len()])
            .collect::<Vec<_>>()
    };
    for status in [
        "UPDATE_ROLLBACK_FAILED",
        "ROLLBACK_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_IN_PROGRESS",
        "\u{9b}2J\nODD",
    ] {
        for reason in ["\n::error::forged\u{202e}", long.as_str(), quoted.as_str()] {
            for command in some(&mut tries) {
                // These rightly wait for an operation that runs, and this one never ends.
                if status.ends_with("_IN_PROGRESS") && ["apply", "rollback"].contains(&command[0]) {
                    continue;
                }
                poison(&repository, held, "/none", "");
                // A long one in one stack is as long as ten.
                let told = if reason.len() > 1_000 { "web-traffic" } else { "/stacks/" };
                for (path, text) in held.iter().filter(|(path, _)| path.contains(told)) {
                    let Ok(mut stack) = serde_json::from_str::<Value>(text) else { continue };
                    stack["status"] = status.into();
                    stack["statusReason"] = reason.into();
                    let events = stack["events"].as_array_mut().unwrap();
                    for event in events.iter_mut().rev().take(4) {
                        event["status"] = "UPDATE_FAILED".into();
                        event["reason"] = reason.into();
                    }
                    repository.write(path, &stack.to_string());
                }
                let of = (status, reason.chars().take(20).collect::<String>(), command);
                let said = try_one(&repository, command, &of);
                assert!(!said.contains(SECRET) && !said.contains(PASSWORD), "{of:?}: {said}");
            }
        }
    }
}

#[test]
fn a_store_that_is_of_another_form_or_broken_is_told_without_its_values() {
    let (repository, held) = repository();
    let world = held.keys().find(|path| path.ends_with("world.json")).unwrap();
    for (from, to, told) in [
        ("\"form\": 1", "\"form\": 7", "it has form 7 of documents, not 1"),
        (
            "\"revision\": ",
            "\"revision\": \"hunter2-correct-horse\", \"old\": ",
            "something else than was written stands in line",
        ),
        ("\"revision\"", "\u{1b}[2J", "it is no JSON in line"),
    ] {
        poison(&repository, held, "/none", "");
        assert!(held[world].contains(from), "{from}");
        repository.write(world, &held[world].replacen(from, to, 1));
        let said = try_one(&repository, &["status", "poc"], &to);
        assert!(said.contains(told) && said.contains("start the embedded target over"), "{said}");
        assert!(!said.contains(PASSWORD), "{said}");
    }
}

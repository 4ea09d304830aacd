//! Whatever stands in a spec, a template, a file name or an argument: screens, logs and comments say what asagi says, and
//! foreign text is nothing but text.

use std::ffi::OsString;
use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

use asagi::cli::{ExitCode, Streams};
use asagi::words::unseen;
use serde_json::{Value, json};

use crate::repository::{BASE, PROD, Repository};

/// Each would do something on a screen, in a log of a CI, in a comment or in a document.
pub(crate) const PAYLOADS: [&str; 24] = [
    "a\u{1b}[2J\u{1b}[1A\u{1b}[2Knothing",
    "a\u{1b}]0;title\u{7}\u{1b}]52;c;aGk=\u{7}",
    "a\u{1b}]8;;http://x.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "a\u{9b}31m\u{9d}0;t\u{9c}",
    "a\r\u{8}\u{c}nothing changes",
    "\n::error::forged\n",
    "\r\n  ::stop-commands::x\r\n",
    "a ##[error]b ##vso[task.complete]",
    "a\u{202e}txt\u{2066}\u{200f}\u{61c}",
    "a\u{200b}b\u{2060}c\u{feff}d\u{ad}e",
    "a\u{e0041}\u{e0042}\u{2028}b\u{85}c",
    "\n# nothing changes\n@ops ![i](https://x.example/i) #12\n",
    "```\n</details>--><!-- <img src=x> ]]>",
    "nul\u{0}del\u{7f}",
    "::warning file=a::forged",
    "\u{1b}[31mred\u{1b}[0m",
    "ami-0\u{fe0f} a\u{2800}\u{3164}\u{1160}\u{1d159}b",
    "{{resolve:ssm:/a}} {{ resolve:x }} {{resolve:",
    "{{ ''.__class__ }}{% raw %}{# x #}${a}",
    "../../x/./\\..\\y",
    "a\u{180e}\u{34f}\u{fff9}\u{1d173}\u{e0100}z\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{90}x\u{9c}\u{9e}\u{9f}\u{84}\u{8d}",
    "<!-- asagi --> [x](javascript:1) | a | b |",
    "=cmd|' /C calc'!A0\t\u{2066}x\u{2069}",
];

/// What the program wrote: data and progress together.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs it in this process, coloured; what it said, and its exit code.
pub(crate) fn run(repository: &Repository, arguments: &[&str]) -> (String, ExitCode) {
    let root = repository.path("");
    let ours = ["asagi", "--root", root.to_str().unwrap(), "--target", "local", "--color", "always"];
    let all = ours.iter().chain(arguments).map(OsString::from);
    let sink = Sink::default();
    let (output, error) = (Box::new(sink.clone()), Box::new(sink.clone()));
    let streams = Streams { input: Box::new(Cursor::new("")), output, error, terminal: [false; 3] };
    let code = asagi::cli::run(all, streams);
    let said = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    (said, code)
}

/// Nothing but text and our own colours; no line that a CI takes for a command.
pub(crate) fn judge(said: &str, of: &dyn std::fmt::Debug) {
    let plain = anstream::adapter::strip_str(said).to_string();
    let raw: Vec<_> = unseen(&plain).filter(|(_, c)| *c != '\n').collect();
    assert!(raw.is_empty(), "{of:?} reaches the screen: {raw:?} of {plain:?}");
    assert!(
        !plain.contains('\u{1b}') && !plain.contains("##[") && !plain.contains("##vso["),
        "{of:?}: {plain}"
    );
    for line in plain.lines() {
        let start = line.trim_start();
        assert!(!start.starts_with("::") || start.starts_with("::: "), "{of:?} forges the line {line:?}");
        assert!(!line.starts_with("# ") && !line.starts_with("@ops"), "{of:?} forges the line {line:?}");
    }
}

/// Every place of a document where a text stands: its values, and its keys.
fn places(value: &Value, at: &str, found: &mut Vec<(String, bool)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                found.push((format!("{at}/{key}"), true));
                places(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        _ => found.push((at.to_owned(), false)),
    }
}

/// The document with a text at a place.
fn with(document: &Value, (at, is_key): &(String, bool), text: &str) -> Value {
    let mut document = document.clone();
    if *is_key {
        let (parent, key) = at.rsplit_once('/').unwrap();
        let map = document.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
        let value = map.remove(key).unwrap();
        map.insert(format!("{key}{text}"), value);
    } else {
        *document.pointer_mut(at).unwrap() = text.into();
    }
    document
}

/// A fourth of the payloads for each place, others for the next; all of them with `ASAGI_ALL`.
fn is_tried(place: usize, payload: usize) -> bool {
    std::env::var_os("ASAGI_ALL").is_some() || place % 4 == payload % 4
}

#[test]
fn no_place_of_a_spec_or_a_lock_writes_to_the_screen() {
    let repository = Repository::new();
    let spec = json!({
        "asagi": "v1", "extends": "base.yaml", "environment": "prod", "account": "444455556666",
        "loadBalancer": { "certificate": "arn:aws:acm:ap-northeast-1:444455556666:certificate/7d1f" },
        "protection": { "approval": "manual", "window": { "days": ["Mon"], "from": "02:00", "to": "06:00", "timezone": "Asia/Tokyo" } },
        "tags": { "Owner": "ops" },
        "policy": { "ASG0401": { "severity": "note", "reason": "why" } },
        "roles": { "web": { "release": "1.0", "instances": { "userData": "./user-data/web.sh" },
            "routes": [{ "name": "all", "priority": 100, "paths": ["/*"], "headers": { "X-A": ["b"] } }] } },
        "stacks": { "own": { "template": "./stacks/own.yaml", "parameters": { "Name": "x", "Vpc": { "output": "network.VpcId" } } } },
    });
    let lock = json!({ "asagi": "v1", "projects": { "shop": { "web": { "1.0": [{ "build": "1", "images": { "application": "ami-0123456789abcdef0" } }] } } } });
    let formats = ["human", "json", "sarif", "junit"];
    let mut tries = 0;
    for (file, document) in [("environments/prod.yaml", &spec), ("environments/images.lock.yaml", &lock)] {
        let mut all = Vec::new();
        places(document, "", &mut all);
        for (index, place) in all.iter().enumerate() {
            for (number, payload) in
                PAYLOADS.iter().enumerate().filter(|(number, _)| is_tried(index, *number))
            {
                repository.write(file, &with(document, place, payload).to_string());
                let format = formats[(index / 4 + number) % formats.len()];
                judge(&run(&repository, &["check", "prod", "--format", format]).0, &(place, payload, format));
                tries += 1;
            }
        }
        repository.write(file, &document.to_string());
    }
    assert!(tries > 150, "{tries}");
}

#[test]
fn no_text_of_a_template_writes_to_the_screen_or_the_comment() {
    let repository = Repository::new();
    repository.write(
        "environments/prod.yaml",
        &PROD.replace("protection: { approval: manual }\n", "stacks: { own: { template: ./own.yaml } }\n"),
    );
    let own = json!({
        "Description": "text", "Metadata": { "Key": "value" },
        "Parameters": { "Name": { "Type": "String", "Default": "x", "Description": "text" } },
        "Conditions": { "Yes": { "Fn::Equals": ["a", "a"] } },
        "Resources": {
            "Topic": { "Type": "AWS::SNS::Topic", "Metadata": { "Key": "value" },
                "Properties": { "DisplayName": "text", "Tags": [{ "Key": "a", "Value": "b" }] } },
            "Parameter": { "Type": "AWS::SSM::Parameter", "DependsOn": "Topic",
                "Properties": { "Type": "String", "Value": "one\ntwo\nthree\nfour\nfive, which is more than a line of text has room for, so it is told by lines" } },
        },
        "Outputs": { "Out": { "Value": { "Ref": "Topic" }, "Description": "text", "Export": { "Name": "out" } } },
    });
    repository.write("environments/own.yaml", &own.to_string());
    let commands: [&[&str]; 6] = [
        &["diff", "prod"],
        &["diff", "prod", "--format", "markdown"],
        &["diff", "prod", "--format", "json"],
        &["plan", "prod"],
        &["plan", "prod", "--format", "json"],
        &["check", "prod"],
    ];
    let mut all = Vec::new();
    places(&own, "", &mut all);
    let mut tries = 0;
    for (index, place) in all.iter().enumerate() {
        for (number, payload) in PAYLOADS.iter().enumerate().filter(|(number, _)| is_tried(index, *number)) {
            repository.write("environments/own.yaml", &with(&own, place, payload).to_string());
            let command = commands[(index / 4 + number) % commands.len()];
            judge(&run(&repository, command).0, &(place, payload, command));
            tries += 1;
        }
    }
    assert!(tries > 150, "{tries}");
}

#[test]
fn no_argument_or_name_of_a_file_writes_to_the_screen() {
    let repository = Repository::new();
    for payload in PAYLOADS {
        for arguments in [
            &["check", payload][..],
            &[payload],
            &["diff", "prod", "--against", payload],
            &["diff", "prod", "--against", &format!("git:{payload}")],
            &["apply", "prod", "--role", payload, "--yes"],
            &["history", "prod", "--role", payload],
            &["explain", payload],
            &["render", "prod", "--stdout", payload],
            &["simulate", "prod", "--alarm", &format!("web.{payload}@hold")],
            &["status", "prod", "--advance", payload],
        ] {
            if arguments.iter().all(|argument| !argument.contains('\0')) {
                judge(&run(&repository, arguments).0, &arguments);
            }
        }
        let name = payload.replace(['/', '\0'], "");
        repository.write(&format!("environments/{name}.yaml"), "environment: [\n");
        for format in ["human", "json", "sarif", "junit"] {
            judge(&run(&repository, &["check", "--format", format]).0, &(&name, format));
        }
        std::fs::remove_file(repository.path(&format!("environments/{name}.yaml"))).unwrap();
    }
}

#[test]
fn a_plan_that_is_printed_holds_no_secret() {
    let repository = Repository::new();
    let own = "Parameters: { Pw: { Type: String, NoEcho: true, Default: S3cretDefault }, Plain: { Type: String } }\n\
               Resources: { T: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: !Ref Pw } } }\n";
    repository.write("environments/own.yaml", own);
    let policy = "policy: { ASG0414: { severity: note, reason: rotated nightly }, ASG0408: { severity: note, reason: x } }\n";
    let stacks = "stacks: { own: { template: ./own.yaml, parameters: { Pw: S3cretValue, Plain: seen } } }\n";
    repository.write("environments/base.yaml", &format!("{BASE}{policy}{stacks}"));
    for command in [
        &["plan", "dev", "--format", "json"][..],
        &["plan", "dev"],
        &["diff", "dev", "--format", "json"],
        &["check", "dev"],
    ] {
        let (said, code) = run(&repository, command);
        assert_eq!(code, ExitCode::Done, "{said}");
        assert!(!said.contains("S3cret"), "{command:?}: {said}");
    }
    let (said, _) = run(&repository, &["plan", "dev", "--format", "json"]);
    assert!(said.contains("seen") && said.contains("\"templateDigest\": \"sha256:"), "{said}");
}

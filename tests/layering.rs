//! The map of the house, held: which module may name which, and what every file looks like. `MAP` is the map; where a
//! module needs a neighbour that it may not name, think first, then change the map.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be"
)]

#[path = "layering/doors.rs"]
mod doors;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the crate in the order of the pipeline, and the others that it may name.
const MAP: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("source", &[]),
    ("diagnostics", &["source"]),
    ("spec", &["source", "diagnostics"]),
    ("model", &["source", "cfn"]),
    ("resolve", &["source", "diagnostics", "spec", "model", "cfn"]),
    ("cfn", &["source"]),
    // How long a rollout takes is the plan's to say.
    ("check", &["source", "diagnostics", "spec", "model", "resolve", "cfn", "stacks", "plan"]),
    ("stacks", &["source", "diagnostics", "model", "cfn"]),
    ("artifact", &["source", "model", "cfn", "stacks", "plan"]),
    ("diff", &["source", "cfn", "stacks"]),
    ("plan", &["source", "diagnostics", "model", "cfn", "stacks", "diff"]),
    ("cloud", &["source", "cfn"]),
    // The names and the guard that plans, templates and gates share.
    ("rollout", &["diagnostics", "model", "cfn", "stacks", "diff", "plan", "cloud"]),
    ("report", &["model", "diff", "plan", "rollout"]),
    ("workspace", &["source"]),
    (
        "ops",
        &[
            "source",
            "diagnostics",
            "spec",
            "model",
            "resolve",
            "cfn",
            "check",
            "stacks",
            "artifact",
            "diff",
            "plan",
            "cloud",
            "rollout",
            "report",
            "workspace",
        ],
    ),
    (
        "cli",
        &[
            "source",
            "diagnostics",
            "spec",
            "model",
            "resolve",
            "cfn",
            "check",
            "stacks",
            "artifact",
            "diff",
            "plan",
            "cloud",
            "rollout",
            "report",
            "workspace",
            "ops",
        ],
    ),
];

/// Words are below everything: every module may name them.
const WORDS: &str = "words";

/// What one part of a module may name beyond the map: the embedded target keeps files, and the way to AWS may need some of
/// the machine's own.
const BEYOND: &[(&str, &str)] = &[
    ("cloud/local", "workspace"),
    ("cloud/local", "source"),
    ("cloud/aws/network.rs", "workspace"),
    ("cloud/aws/network.rs", "source"),
];

/// The places that know which cloud there is; everybody else knows the traits only.
const CLOUDS: &[&str] = &["cloud::aws", "cloud::local"];
const MAY_NAME_CLOUDS: &[&str] = &["cloud/", "cli/target.rs", "cli/stage.rs", "cli/sabotage.rs"];

/// A longer file is two files.
const LINES: usize = 450;

#[test]
fn modules_name_only_what_the_map_allows() {
    let mut offences = String::new();
    for file in sources() {
        for named in names(&code_of(&file.text), file.depth()) {
            if let Some(why) = offence(&file.path, &named.path) {
                let File { path, .. } = &file;
                writeln!(offences, "src/{path}:{}: names `crate::{}`: {why}", named.line, named.path)
                    .unwrap();
            }
        }
    }
    assert!(offences.is_empty(), "\n{offences}");
}

#[test]
fn modules_are_declared_in_the_order_of_the_pipeline() {
    let library = fs::read_to_string(source_folder().join("lib.rs")).unwrap();
    let declared: Vec<&str> = library
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let unknown: Vec<_> = declared.iter().filter(|module| allowed(module).is_none()).collect();
    assert!(unknown.is_empty(), "src/lib.rs declares what the map does not have: {unknown:?}");
    let ordered: Vec<&str> =
        MAP.iter().map(|(module, _)| *module).filter(|name| declared.contains(name)).collect();
    assert_eq!(declared, ordered, "src/lib.rs declares its modules in another order than the map");
}

/// What asagi reads may come from anybody, so nothing of it can name a program that runs: none is started at all.
#[test]
fn no_program_is_started() {
    let starts = |code: &str| {
        ["process::Command", "process::{", "process::*", "CommandExt"].iter().any(|it| code.contains(it))
    };
    assert!(starts("use std::process::{Command, Stdio};") && starts("std::process::Command::new(\"git\")"));
    let found = sources().into_iter().filter(|file| starts(&code_of(&file.text)));
    let found: Vec<_> = found.map(|file| file.path).collect();
    assert!(found.is_empty(), "files that start programs: {found:#?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources().into_iter().filter(|file| !file.text.starts_with("//! "));
    let silent: Vec<_> = silent.map(|file| file.path).collect();
    assert!(silent.is_empty(), "files that do not open with `//!`: {silent:#?}");
}

#[test]
fn no_file_is_too_long() {
    let length = |file: &File| file.text.lines().count();
    let long: Vec<_> =
        sources().iter().filter(|file| length(file) > LINES).map(|f| (f.path.clone(), length(f))).collect();
    assert!(long.is_empty(), "files of more than {LINES} lines: {long:#?}");
}

#[test]
fn the_map_names_only_modules_it_has() {
    let named = MAP.iter().flat_map(|(_, others)| *others).chain(BEYOND.iter().map(|(_, module)| module));
    let unknown: Vec<_> = named.filter(|module| allowed(module).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn names_are_found_in_code_and_only_there() {
    let text = r##"
        // use crate::comment;
        /* crate::block /* crate::nested */ crate::still */
        use crate::{cfn::{Template, parameter::Parameter}, model as m};
        use super::plan::Phase;
        fn f<'a>(text: &'a str) -> char {
            crate::cloud::aws::connect("crate::string \" crate::string", r#"crate::raw "crate::raw" "#, '"');
            my_crate::no(); $crate::stacks::lower!(); super::diff::inside_a_block();
            '\''
        }
        pub(in crate::source) fn g() {}
        use crate::resolve;
    "##;
    let found: Vec<_> = names(&code_of(text), 1).into_iter().map(|name| (name.line, name.path)).collect();
    let expected = [
        (4, "cfn::Template"),
        (4, "cfn::parameter"),
        (4, "model"),
        (5, "plan::Phase"),
        (7, "cloud::aws"),
        (8, "stacks::lower"),
        (11, "source"),
        (12, "resolve"),
    ];
    assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn offences_are_told() {
    assert_eq!(offence("cfn/template.rs", "source::Span"), None);
    assert_eq!(offence("cfn/template.rs", "cfn::status"), None);
    assert_eq!(offence("cfn/template.rs", "Anything"), None);
    let why = offence("cfn/template.rs", "model::Role").unwrap();
    assert_eq!(why, "`cfn` may name: source");
    assert_eq!(offence("source/mod.rs", "cfn").unwrap(), "`source` may name nothing of this crate");
    assert_eq!(offence("cloud/local/store.rs", "workspace::write"), None);
    assert!(offence("cloud/aws/mod.rs", "workspace::write").is_some());
    assert_eq!(offence("cli/target.rs", "cloud::aws"), None);
    assert!(offence("cli/apply.rs", "cloud::aws").unwrap().contains("cli/target.rs"));
    assert_eq!(offence("ops/apply.rs", "cloud::Cloud"), None);
}

/// A file of `src/`, by its path in there.
struct File {
    path: String,
    text: String,
}

impl File {
    /// How many `super::` lead from this file's module to the crate's root.
    fn depth(&self) -> usize {
        self.path.split('/').filter(|part| *part != "mod.rs").count()
    }
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files of `src/`, in order.
fn sources() -> Vec<File> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&source_folder(), &mut files);
    files.sort();
    let read = |path: PathBuf| File {
        path: path.strip_prefix(source_folder()).unwrap().to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(path).unwrap(),
    };
    files.into_iter().map(read).collect()
}

fn allowed(module: &str) -> Option<&'static [&'static str]> {
    MAP.iter().find(|(name, _)| *name == module).map(|(_, others)| *others)
}

/// Why a file may not name a path, if it may not. The crate's root (`lib.rs`, `main.rs`) may name all.
fn offence(file: &str, path: &str) -> Option<String> {
    let (module, _) = file.split_once('/')?;
    let named = path.split("::").next()?;
    allowed(named)?;
    if CLOUDS.contains(&path) && !MAY_NAME_CLOUDS.iter().any(|place| file.starts_with(place)) {
        return Some(format!("only {} may", MAY_NAME_CLOUDS.join(" and ")));
    }
    if named == WORDS {
        return None;
    }
    let others = allowed(module).unwrap_or_default();
    let beyond = BEYOND.iter().any(|(place, other)| file.starts_with(place) && *other == named);
    if module == named || others.contains(&named) || beyond {
        return None;
    }
    Some(match others {
        [] => format!("`{module}` may name nothing of this crate"),
        others => format!("`{module}` may name: {}", others.join(", ")),
    })
}

/// A path that code names from the crate's root: its first one or two parts.
struct Name {
    line: usize,
    path: String,
}

/// Every path from the crate's root: after `crate::`, and after as many `super::` as lead there. Those count only
/// outside of blocks, since a module inside a file has a root of its own.
fn names(code: &str, depth: usize) -> Vec<Name> {
    let up = "super::".repeat(depth);
    let mut found = Vec::new();
    let (mut line, mut blocks, mut inside_word) = (1, 0_usize, false);
    for (at, character) in code.char_indices() {
        if !inside_word && let Some(rest) = code.get(at..) {
            let from_root =
                rest.strip_prefix("crate").or_else(|| rest.strip_prefix(up.trim_end_matches("::")));
            let counts = rest.starts_with("crate") || blocks == 0;
            if let Some(tree) = from_root.and_then(|rest| rest.strip_prefix("::")).filter(|_| counts) {
                found.extend(leaves(tree).into_iter().map(|path| Name { line, path }));
            }
        }
        inside_word = character.is_alphanumeric() || character == '_' || character == ':';
        match character {
            '\n' => line += 1,
            '{' => blocks += 1,
            '}' => blocks = blocks.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// The paths that a `use` tree stands for, each cut after two parts: `a::{b, c::d}` is `a::b` and `a::c`.
fn leaves(tree: &str) -> Vec<String> {
    let (name, rest) = word(tree);
    if name.is_empty() {
        return branches(tree).into_iter().flat_map(leaves).collect();
    }
    let Some(below) = rest.strip_prefix("::") else { return vec![name.to_owned()] };
    let firsts = match word(below).0 {
        "" => branches(below).into_iter().map(|branch| word(branch).0).collect(),
        first => vec![first],
    };
    let join = |first: &str| if first.is_empty() { name.to_owned() } else { format!("{name}::{first}") };
    firsts.into_iter().map(join).collect()
}

/// The identifier at the start of a text, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end =
        text.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(text.len());
    text.split_at(end)
}

/// The parts between the commas of a brace group that a text opens with.
fn branches(text: &str) -> Vec<&str> {
    let Some(group) = text.trim_start().strip_prefix('{') else { return Vec::new() };
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                parts.extend(group.get(start..at).filter(|part| !part.trim().is_empty()));
                start = at + 1;
            }
            '}' => depth -= 1,
            _ => {}
        }
        if character == '}' && start == at + 1 {
            break;
        }
    }
    parts
}

/// Rust text with its comments, strings and character literals blanked out; lines stay where they are.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = blank_length(rest, code.chars().last());
        let skipped = rest.get(..length).unwrap_or(rest);
        if length == 0 {
            code.push(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        } else {
            code.extend(skipped.chars().map(|skipped| if skipped == '\n' { '\n' } else { ' ' }));
            rest = rest.get(skipped.len()..).unwrap_or_default();
        }
    }
    code
}

/// The length of the comment or literal that a text opens with; 0 where it opens with code.
fn blank_length(text: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|character| character.is_alphanumeric() || character == '_');
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment_length(text);
    }
    if text.starts_with('"') {
        return 1 + quoted_length(text.get(1..).unwrap_or_default(), '"');
    }
    if !in_word && let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.chars().take_while(|character| *character == '#').count();
        if raw.get(hashes..).is_some_and(|after| after.starts_with('"')) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = 1 + hashes + 1;
            let body = text.get(start..).unwrap_or_default();
            return body.find(&end).map_or(text.len(), |at| start + at + end.len());
        }
    }
    if let Some(after) = text.strip_prefix('\'') {
        let mut characters = after.chars();
        return match (characters.next(), characters.next()) {
            (Some('\\'), _) => 1 + quoted_length(after, '\''),
            (Some(character), Some('\'')) => 2 + character.len_utf8(),
            _ => 0,
        };
    }
    0
}

/// The length of what stands before the closing quote, with the quote.
fn quoted_length(body: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        if character == quote && !escaped {
            return at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    body.len()
}

fn block_comment_length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let step = if rest.starts_with("/*") {
            depth += 1;
            2
        } else if rest.starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

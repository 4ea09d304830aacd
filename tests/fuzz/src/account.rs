//! Answers of an account that somebody else fills: a deployed environment of the embedded target with values of its
//! documents exchanged, looked at and worked on by the commands themselves. Each ends with a code of its own, and what it
//! prints is text.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use asagi::cli::{ExitCode, Streams};
use serde_json::Value;

use super::seen::shows_as_itself;
use super::spec::TEXTS;
use super::values::edits;

/// What is run on it; those that work on it come last.
const COMMANDS: &[&[&str]] = &[
    &["status", "poc"],
    &["history", "poc"],
    &["drift", "poc"],
    &["plan", "poc"],
    &["diff", "poc"],
    &["status", "poc", "--format", "json"],
    &["history", "poc", "--format", "json"],
    &["drift", "poc", "--format", "json"],
    &["plan", "poc", "--format", "json"],
    &["diff", "poc", "--format", "json"],
    &["mend", "poc", "--yes"],
    &["rollback", "poc", "--yes"],
    &["apply", "poc", "--yes", "--wait", "0s"],
];

/// The documents of an account in which `poc` was applied: by path below the target's folder.
static DEPLOYED: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder can be made");
    lay(folder.path(), &[]);
    let (code, output) = run_in(folder.path(), &["apply", "poc", "--yes"]);
    assert_eq!(code, ExitCode::Done, "{output}");
    let mut found = Vec::new();
    collect(&folder.path().join(".asagi"), Path::new(".asagi"), &mut found);
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(found.len() > 8, "{}", found.len());
    found
});

pub fn run(data: &[u8]) {
    let [command, which, rest @ ..] = data else { return };
    let folder = tempfile::tempdir_in(super::git::memory()).expect("a folder can be made");
    let mut documents = DEPLOYED.clone();
    let at = usize::from(*which) % documents.len();
    edits(&mut documents[at].1, rest);
    lay(folder.path(), &documents);
    let command = COMMANDS[usize::from(*command) % COMMANDS.len()];
    let (code, output) = run_in(folder.path(), command);
    shows_as_itself(&output);
    if command.contains(&"json") && code == ExitCode::Done {
        let read: Result<Value, _> = serde_json::from_str(&output);
        assert!(read.is_ok(), "{read:?}: {output}");
    }
}

/// The repository's files, and those documents.
fn lay(root: &Path, documents: &[(String, Value)]) {
    let write = |path: &str, bytes: &[u8]| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("it is below")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    };
    TEXTS.iter().for_each(|(path, text)| write(path, text));
    documents.iter().for_each(|(path, value)| write(path, value.to_string().as_bytes()));
}

fn collect(folder: &Path, below: &Path, found: &mut Vec<(String, Value)>) {
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it is there").path();
        let below = below.join(path.file_name().expect("it has one"));
        if path.is_dir() {
            collect(&path, &below, found);
        } else if let Some(value) = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok()) {
            found.push((below.to_string_lossy().into_owned(), value));
        }
    }
}

/// How a command ended, and what it printed: its data, then what it said.
fn run_in(root: &Path, command: &[&str]) -> (ExitCode, String) {
    let (data, said) = (Printed::default(), Printed::default());
    let before = ["asagi", "--target", "local", "--color", "never", "--root"].map(OsString::from);
    let arguments = before.into_iter().chain([root.into()]).chain(command.iter().map(OsString::from));
    let streams = Streams {
        input: Box::new(io::empty()),
        output: Box::new(data.clone()),
        error: Box::new(said.clone()),
        terminal: [false; 3],
    };
    let code = asagi::cli::run(arguments, streams);
    let text = if command.contains(&"json") && code == ExitCode::Done {
        data.text()
    } else {
        data.text() + &said.text()
    };
    (code, text)
}

/// A stream that is kept.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Printed {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panicked").clone()).expect("it is text")
    }
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Mistakes that people make in specs: a folder for each, with the spec and what `asagi check` says of it
//! (`expected.txt`). Each message was judged by eye: someone new must be able to mend the spec from it alone.
//! `ASAGI_UPDATE=1 cargo test --test cli specs` writes what is said now.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use asagi::cli::Streams;
use serde_json::Value;
use similar::TextDiff;

#[test]
fn every_mistake_is_told_as_it_was_judged() {
    let cases = cases();
    let update = std::env::var("ASAGI_UPDATE").is_ok_and(|value| value == "1");
    let mut stale = String::new();
    for case in &cases {
        let (found, path) = (said(case), case.join("expected.txt"));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if update {
            fs::write(path, found).unwrap();
        } else if found != expected {
            let diff = TextDiff::from_lines(&expected, &found);
            let name = case.file_name().unwrap_or_default().to_string_lossy();
            writeln!(stale, "{}", diff.unified_diff().header(&name, "said now")).unwrap();
        }
    }
    assert!(cases.len() >= 30, "{} cases", cases.len());
    assert!(stale.is_empty(), "\n{stale}\nif that is better: `ASAGI_UPDATE=1 cargo test --test cli specs`");
}

#[test]
fn every_finding_has_a_place_and_every_place_is_inside_of_its_file() {
    for case in cases() {
        let (out, _, _) = check(&case, &["--format", "json"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        let environments = report["environments"].as_array().unwrap();
        let findings: Vec<_> =
            environments.iter().flat_map(|one| one["findings"].as_array().unwrap()).collect();
        assert!(!findings.is_empty(), "{} is no mistake", case.display());
        for finding in findings {
            let places = finding["places"].as_array().unwrap();
            assert!(places.iter().any(|place| place["primary"] == true), "no place: {finding:#}");
            places.iter().for_each(|place| inside(&case, place));
        }
    }
}

/// Whether a place begins and ends in its file; an end is the character after the last.
fn inside(case: &Path, place: &Value) {
    let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
    let bytes = fs::read(case.join(place["file"].as_str().unwrap())).unwrap();
    // What is not UTF-8 is told by lines.
    let text = String::from_utf8(bytes.clone());
    let lossy = text.clone().unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned());
    let lines: Vec<&str> = lossy.split('\n').collect();
    for (line, column) in [("line", "column"), ("endLine", "endColumn")] {
        let (line, column) = (number(line), number(column));
        let found = lines.get(line.wrapping_sub(1)).unwrap_or_else(|| panic!("{place:#}"));
        assert!(column >= 1 && (text.is_err() || column <= found.chars().count() + 1), "{place:#}");
    }
    assert!((number("line"), number("column")) <= (number("endLine"), number("endColumn")), "{place:#}");
}

/// The folders of the mistakes.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/specs");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// Everything that is said, and how it ends.
fn said(case: &Path) -> String {
    let (output, error, code) = check(case, &[]);
    format!("{output}\n{error}exit {code}\n")
}

/// Stdout, stderr and the exit code of a check. All cases run in this process: the schema is made ready once.
fn check(case: &Path, options: &[&str]) -> (String, String, u8) {
    let (output, error) = (Shared::default(), Shared::default());
    let streams = Streams {
        input: Box::new(std::io::empty()),
        output: Box::new(output.clone()),
        error: Box::new(error.clone()),
        terminal: [false; 3],
    };
    let arguments = ["asagi", "check", "--root"].map(OsString::from).into_iter().chain([case.into()]);
    let arguments = arguments.chain(options.iter().map(OsString::from));
    let code = asagi::cli::run(arguments, streams).number();
    (output.text(), error.text(), code)
}

/// A stream that is read afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

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
use similar::TextDiff;

#[test]
fn every_mistake_is_told_as_it_was_judged() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/specs");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
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

/// Everything that is said, and how it ends. All cases run in this process: the schema is made ready once.
fn said(case: &Path) -> String {
    let (output, error) = (Shared::default(), Shared::default());
    let streams = Streams {
        input: Box::new(std::io::empty()),
        output: Box::new(output.clone()),
        error: Box::new(error.clone()),
        terminal: [false; 3],
    };
    let arguments = ["asagi", "check", "--root"].map(OsString::from).into_iter().chain([case.into()]);
    let code = asagi::cli::run(arguments, streams).number();
    format!("{}\n{}exit {code}\n", output.text(), error.text())
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

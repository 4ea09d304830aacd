//! Whose file the journal is, and what becomes of a torn line.

use std::fs;
use std::path::Path;

use super::*;

const LINE: &str = r#"{"at":"2026-11-16T02:00:00Z","stack":"poc-web","verb":"CreateChangeSet","token":"t"}"#;

#[derive(Serialize)]
struct Line(#[serde(serialize_with = "entry")] ());

fn entry<S: serde::Serializer>(_: &(), serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<serde_json::Value>(LINE).unwrap().serialize(serializer)
}

fn root() -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("environments")).unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    (folder, workspace)
}

fn put(folder: &Path, text: &str) {
    fs::create_dir_all(folder.join(".asagi/journal")).unwrap();
    fs::write(folder.join(".asagi/journal/p-poc.jsonl"), text).unwrap();
}

fn text(folder: &Path) -> String {
    fs::read_to_string(folder.join(".asagi/journal/p-poc.jsonl")).unwrap()
}

#[test]
fn what_was_appended_stays_and_a_torn_line_goes() {
    let (folder, workspace) = root();
    workspace.journal("p", "poc").unwrap().append(&Line(())).unwrap();
    for torn in ["{", r#"{"at""#, r#"{"at":"2026-11"#] {
        put(folder.path(), &format!("{LINE}\n{torn}"));
        workspace.journal("p", "poc").unwrap().append(&Line(())).unwrap();
        assert_eq!(text(folder.path()), format!("{LINE}\n{LINE}\n"), "{torn}");
    }
    put(folder.path(), r#"{"at":"#);
    workspace.journal("p", "poc").unwrap().append(&Line(())).unwrap();
    assert_eq!(text(folder.path()), format!("{LINE}\n"));
    assert_eq!(fs::read_to_string(folder.path().join(".asagi/.gitignore")).unwrap(), "*\n");
}

#[test]
fn a_file_of_somebody_else_is_refused_and_stays_as_it_is() {
    let (folder, workspace) = root();
    let long = "x".repeat(300_000);
    let credentials = "[default]\naws_access_key_id = A\naws_secret_access_key = B";
    let after = format!("{LINE}\nmine");
    let between = format!("{LINE}\nmine\n");
    let json = "{\"a\":1}\n";
    for text in ["mine", "mine\n", "\n", json, credentials, &after, &between, &long] {
        put(folder.path(), text);
        let error = workspace.journal("p", "poc").unwrap_err();
        assert!(matches!(error, WorkspaceError::NoJournal(_)), "{error}");
        assert_eq!(self::text(folder.path()), text);
    }
}

#[test]
fn a_long_journal_is_read_at_its_ends_only() {
    let (folder, workspace) = root();
    let lines = format!("{LINE}\n").repeat(5_000);
    put(folder.path(), &format!("{lines}{{\"at\":\"20"));
    workspace.journal("p", "poc").unwrap();
    assert_eq!(text(folder.path()), lines);
}

#[test]
fn names_that_are_paths_are_refused() {
    let (_folder, workspace) = root();
    for name in ["../x", "a/b", "..", "", "a.b", "a\0b", "ａ", &"a".repeat(256)] {
        let error = workspace.journal(name, "poc").unwrap_err();
        assert!(matches!(error, WorkspaceError::NotPlain { what: "project", .. }), "{error}");
        let error = workspace.journal("p", name).unwrap_err();
        assert!(matches!(error, WorkspaceError::NotPlain { what: "environment", .. }), "{error}");
    }
}

//! What happens to files that are there already.

use std::fs;

use super::*;

fn set(files: &[(&str, &str)], previous: &[(&str, &str)]) -> FileSet {
    let bytes = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    let digests = previous.iter().map(|(path, text)| ((*path).to_owned(), sha256(text.as_bytes())));
    FileSet { files: bytes.collect(), previous: digests.collect(), last: "manifest.json".to_owned() }
}

fn output(files: &[(&str, &str)]) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let target = folder.path().join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, text).unwrap();
    }
    let output = Output::at(folder.path());
    (folder, output)
}

fn write(output: &Output, set: &FileSet) -> Result<Written, WorkspaceError> {
    {
        let writing = output.begin(&|_| ())?;
        writing.place(&[writing.stage(set)?])
    }
}

fn text(output: &Output, path: &str) -> Option<String> {
    output.read(path).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn an_empty_folder_is_filled_and_the_second_time_nothing_is_written() {
    let (_folder, output) = output(&[]);
    let set = set(&[("p/a/x.yaml", "x"), ("p/manifest.json", "{}")], &[]);
    assert_eq!(write(&output, &set).unwrap().written, ["p/a/x.yaml", "p/manifest.json"]);
    assert_eq!(write(&output, &set).unwrap(), Written { unchanged: 2, ..Written::default() });
    assert_eq!(output.compare(&set).unwrap(), []);
}

#[test]
fn a_foreign_file_is_refused_and_nothing_is_touched() {
    let (_folder, output) = output(&[("p/b.yaml", "mine")]);
    let error = write(&output, &set(&[("p/a.yaml", "a"), ("p/b.yaml", "b")], &[])).unwrap_err();
    assert!(matches!(&error, WorkspaceError::Foreign(paths) if paths.len() == 1), "{error}");
    assert_eq!((text(&output, "p/a.yaml"), text(&output, "p/b.yaml")), (None, Some("mine".to_owned())));
}

#[test]
fn what_was_written_before_is_replaced_or_removed_with_its_empty_folder() {
    let (folder, output) = output(&[("p/b.yaml", "old"), ("p/gone/c.yaml", "c")]);
    let set = set(&[("p/b.yaml", "new")], &[("p/b.yaml", "old"), ("p/gone/c.yaml", "c")]);
    let written = write(&output, &set).unwrap();
    assert_eq!((written.written, written.removed), (vec!["p/b.yaml".into()], vec!["p/gone/c.yaml".into()]));
    assert_eq!(text(&output, "p/b.yaml").as_deref(), Some("new"));
    assert!(!folder.path().join("p/gone").exists());
}

#[test]
fn a_file_edited_by_hand_is_foreign_unless_it_says_that_it_is_generated() {
    let headed = format!("# {HEADER}\nedited: true\n");
    let (_folder, output) = output(&[("p/a.yaml", "edited"), ("p/b.yaml", &headed)]);
    let previous = [("p/a.yaml", "as written"), ("p/b.yaml", "as written")];
    assert!(write(&output, &set(&[("p/a.yaml", "new")], &previous)).is_err());
    assert!(write(&output, &set(&[("p/b.yaml", "new")], &previous[1..])).is_ok());
}

#[test]
fn a_stale_file_edited_by_hand_is_not_removed() {
    let (_folder, output) = output(&[("p/a.yaml", "edited")]);
    assert!(write(&output, &set(&[], &[("p/a.yaml", "as written")])).is_err());
    assert_eq!(text(&output, "p/a.yaml").as_deref(), Some("edited"));
}

#[test]
fn paths_of_a_manifest_do_not_lead_out() {
    let (_folder, output) = output(&[]);
    let error = write(&output, &set(&[], &[("../../etc/passwd", "x")])).unwrap_err();
    assert!(matches!(error, WorkspaceError::Outside(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (folder, output) = output(&[]);
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("p")).unwrap();
    let error = write(&output, &set(&[("p/a.yaml", "a")], &[])).unwrap_err();
    assert!(matches!(error, WorkspaceError::Link(_)), "{error}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn differences_are_told_by_kind() {
    let (_folder, output) = output(&[("p/a", "old"), ("p/c", "c")]);
    let differences = output.compare(&set(&[("p/a", "new"), ("p/b", "b")], &[("p/c", "c")])).unwrap();
    let told: Vec<_> = differences.iter().map(|found| (found.as_str(), found.path())).collect();
    assert_eq!(told, [("changed", "p/a"), ("missing", "p/b"), ("stale", "p/c")]);
}

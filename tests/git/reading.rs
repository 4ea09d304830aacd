//! Files are read from a commit as they are read from the disk.

use asagi::source::{FileError, Files, limits};

use crate::fixture::Repository;

#[test]
fn files_are_as_they_were_committed() {
    let repository = Repository::new();
    repository.write("environments/本番.yaml", "committed");
    repository.write("environments/user-data/web.sh", "#!/bin/sh");
    let id = repository.commit("first");
    repository.write("environments/本番.yaml", "changed");
    let tree = repository.open("main").unwrap();
    assert_eq!(tree.commit(), id);
    assert_eq!(tree.list("environments").unwrap(), ["本番.yaml"]);
    assert_eq!(tree.read("environments/本番.yaml").unwrap(), b"committed");
    assert_eq!(tree.read("environments/user-data/web.sh").unwrap(), b"#!/bin/sh");
    assert_eq!(tree.read("environments/new.yaml"), Err(FileError::Missing));
    assert_eq!(tree.list("nowhere"), Err(FileError::Missing));
    assert!(tree.has("environments/本番.yaml") && !tree.has("environments/new.yaml"));
}

/// Every way a path can lead somewhere, asked of the disk and of the commit of just this.
#[test]
fn links_are_followed_as_on_the_disk() {
    let repository = Repository::new();
    repository.write("environments/real.yaml", "real");
    repository.write("environments/parts/a.yaml", "a");
    repository.write("shared/b.yaml", "b");
    repository.write("../outside.yaml", "outside the root");
    repository.link("real.yaml", "environments/link.yaml");
    repository.link("link.yaml", "environments/again.yaml");
    repository.link("../shared/b.yaml", "environments/up.yaml");
    repository.link("../shared", "environments/folder");
    repository.link("parts", "environments/near");
    repository.link(".", "environments/here");
    repository.link("../../infra/shared/b.yaml", "environments/out-and-in.yaml");
    repository.link("../../outside.yaml", "environments/out.yaml");
    repository.link("../..", "environments/top");
    repository.link("/etc/passwd", "environments/absolute.yaml");
    repository.link(repository.root().join("shared/b.yaml"), "environments/absolute-inside.yaml");
    repository.link("none.yaml", "environments/dangling.yaml");
    repository.link("loop.yaml", "environments/loop.yaml");
    repository.link("pong", "environments/ping");
    repository.link("ping", "environments/pong");
    repository.link("real.yaml/", "environments/file-as-folder.yaml");
    repository.commit("first");
    let disk = repository.workspace();
    let tree = repository.open("HEAD").unwrap();
    let paths = [
        "environments/real.yaml",
        "environments/link.yaml",
        "environments/again.yaml",
        "environments/up.yaml",
        "environments/folder/b.yaml",
        "environments/near/a.yaml",
        "environments/near/../real.yaml",
        "environments/folder/../environments/real.yaml",
        "environments/here/here/real.yaml",
        "environments/out-and-in.yaml",
        "environments/out.yaml",
        "environments/top/outside.yaml",
        "environments/top/infra/shared/b.yaml",
        "environments/absolute.yaml",
        "environments/absolute-inside.yaml",
        "environments/dangling.yaml",
        "environments/none.yaml",
        "environments/./real.yaml",
        "environments//real.yaml",
        "environments/../../outside.yaml",
        "../outside.yaml",
        "../infra/shared/b.yaml",
        "/etc/passwd",
        "environments/top",
    ];
    for path in paths {
        let alike = (Files::read(&disk, path), tree.read(path));
        assert_eq!(alike.0, alike.1, "{path}");
    }
    // Unreadable on both, in the words of each.
    for path in [
        "environments/loop.yaml",
        "environments/ping",
        "environments/real.yaml/x",
        "environments",
        "environments/near",
        "environments/file-as-folder.yaml",
    ] {
        for read in [Files::read(&disk, path), tree.read(path)] {
            assert!(matches!(read, Err(FileError::Unreadable(_))), "{path}: {read:?}");
        }
    }
    for folder in [
        "",
        "environments",
        "environments/folder",
        "environments/near",
        "environments/here",
        "environments/top",
        "environments/none",
        "..",
        "shared",
    ] {
        assert_eq!(disk.list(folder), tree.list(folder), "{folder}");
    }
}

#[test]
fn names_that_are_not_utf_8_are_passed_over_on_both_sides() {
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::committed();
    let name = std::ffi::OsStr::from_bytes(b"environments/caf\xe9.yaml");
    std::fs::write(repository.root().join(name), "x").unwrap();
    repository.commit("second");
    assert_eq!(repository.workspace().list("environments").unwrap(), ["prod.yaml"]);
    assert_eq!(repository.open("main").unwrap().list("environments").unwrap(), ["prod.yaml"]);
}

#[test]
fn a_file_in_a_submodule_is_told_as_such() {
    let library = Repository::committed();
    let repository = Repository::committed();
    repository.git(&["submodule", "--quiet", "add", library.top().to_str().unwrap(), "infra/vendor"]);
    repository.commit("with a submodule");
    let told = FileError::Unreadable(
        "it lies in the submodule `vendor`, whose commits asagi does not read".to_owned(),
    );
    let tree = repository.open("main").unwrap();
    assert_eq!(tree.read("vendor/infra/environments/prod.yaml"), Err(told.clone()));
    assert_eq!(tree.list("vendor"), Err(told));
    assert!(tree.has("vendor/infra/environments/prod.yaml"));
    assert_eq!(tree.list("").unwrap(), [""; 0]);
}

#[test]
fn a_large_file_is_told_before_it_is_read() {
    let repository = Repository::committed();
    let bytes = limits::SOURCE + 1;
    repository.write("environments/large.sh", vec![b'x'; usize::try_from(bytes).unwrap()]);
    repository.write("environments/most.sh", vec![b'y'; usize::try_from(limits::SOURCE).unwrap()]);
    repository.commit("large");
    for packed in [false, true] {
        if packed {
            repository.git(&["gc", "-q"]);
        }
        let read = repository.try_read("main", "environments/large.sh");
        assert_eq!(read, Err(FileError::TooLarge { bytes, limit: limits::SOURCE }), "packed: {packed}");
        assert_eq!(repository.try_read("main", "environments/most.sh").unwrap().len() as u64, limits::SOURCE);
    }
}

#[test]
fn a_file_that_git_lfs_keeps_is_told() {
    let repository = Repository::committed();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    repository.write("environments/user-data.sh", pointer);
    repository.commit("with a pointer");
    let told = "Git LFS keeps it, so its text is not in Git".to_owned();
    assert_eq!(repository.try_read("main", "environments/user-data.sh"), Err(FileError::Unreadable(told)));
}

/// The disk has what a filter made of it; Git has what was committed. Neither is changed, and no filter is run.
#[test]
fn line_ends_are_as_git_keeps_them() {
    let repository = Repository::new();
    repository.write("../.gitattributes", "*.sh text eol=crlf\n");
    repository.write("environments/web.sh", "#!/bin/sh\necho\n");
    repository.commit("first");
    std::fs::remove_file(repository.root().join("environments/web.sh")).unwrap();
    repository.git(&["checkout", "-q", "."]);
    assert_eq!(
        Files::read(&repository.workspace(), "environments/web.sh").unwrap(),
        b"#!/bin/sh\r\necho\r\n"
    );
    assert_eq!(repository.read("main", "environments/web.sh"), "#!/bin/sh\necho\n");
}

#[test]
fn a_commit_without_the_root_has_no_files() {
    let repository = Repository::new();
    std::fs::write(repository.top().join("README"), "x").unwrap();
    let before = repository.commit("no infra/ yet");
    repository.write("environments/prod.yaml", "new");
    repository.commit("infra/");
    let tree = repository.open(&before).unwrap();
    assert!(!tree.has("environments/prod.yaml"));
    assert_eq!(tree.list("environments"), Err(FileError::Missing));
    assert_eq!(repository.read("main", "environments/prod.yaml"), "new");
}

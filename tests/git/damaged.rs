//! Repositories that are damaged, by accident or on purpose: an error that names what, in bounded time and memory, and
//! never other bytes than were committed.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use asagi::source::{FileError, Files};
use gix_zlib::stream::deflate;

use crate::fixture::Repository;

/// The file of a loose object.
fn loose(repository: &Repository, id: &str) -> PathBuf {
    let (folder, name) = id.split_at(2);
    repository.top().join(".git/objects").join(folder).join(name)
}

fn replace(path: &PathBuf, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
}

fn deflated(write: impl FnOnce(&mut dyn std::io::Write)) -> Vec<u8> {
    let mut stream = deflate::Write::new(Vec::new(), gix_zlib::Compression::DEFAULT);
    write(&mut stream);
    stream.flush().unwrap();
    stream.into_inner()
}

/// An id as folders have it.
fn bytes_of(id: &str) -> Vec<u8> {
    (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()).collect()
}

/// The id of a folder with those lines, which name objects that are there.
fn tree_of(repository: &Repository, rows: &str) -> String {
    let file = repository.folder().join("rows");
    fs::write(&file, rows).unwrap();
    let made = std::process::Command::new("git")
        .args(["mktree"])
        .current_dir(repository.top())
        .stdin(fs::File::open(file).unwrap())
        .output()
        .unwrap();
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

fn told(repository: &Repository) -> String {
    match repository.open("main") {
        Ok(tree) => {
            tree.read("environments/prod.yaml").map_or_else(|error| error.to_string(), |_| "read".to_owned())
        }
        Err(error) => error.lines().next().unwrap().to_owned(),
    }
}

#[test]
fn an_object_that_is_not_what_it_says_is_damaged() {
    let repository = Repository::committed();
    let spec = repository.git(&["rev-parse", "main:infra/environments/prod.yaml"]);
    let path = loose(&repository, &spec);
    let right = fs::read(&path).unwrap();
    let short = spec.get(..12).unwrap();
    let damaged =
        format!("object {short} is damaged; `git fsck` tells what is damaged; a fresh clone mends it");
    let zeros = |header: &'static str, mebibytes: usize| {
        deflated(|stream| {
            stream.write_all(header.as_bytes()).unwrap();
            (0..mebibytes).for_each(|_| stream.write_all(&[0; 1 << 20]).unwrap());
        })
    };
    for (case, bytes) in [
        ("empty", Vec::new()),
        ("cut short", right[..right.len() / 2].to_vec()),
        ("no zlib", b"blob 9\0committed".to_vec()),
        ("no header", deflated(|stream| stream.write_all(b"committed").unwrap())),
        ("other bytes", deflated(|stream| stream.write_all(b"blob 9\0Committed").unwrap())),
        ("fewer bytes", deflated(|stream| stream.write_all(b"blob 9\0commit").unwrap())),
        ("more bytes", deflated(|stream| stream.write_all(b"blob 9\0committed and more").unwrap())),
        ("another kind", deflated(|stream| stream.write_all(b"tree 9\0committed").unwrap())),
        ("a kind that is none", deflated(|stream| stream.write_all(b"bomb 9\0committed").unwrap())),
        ("a size that is none", deflated(|stream| stream.write_all(b"blob 99999999999999999999\0").unwrap())),
        ("much more than it says", zeros("blob 9\0", 48)),
        ("a size below zero", deflated(|stream| stream.write_all(b"blob -9\0committed").unwrap())),
    ] {
        replace(&path, &bytes);
        assert_eq!(told(&repository), damaged, "{case}");
    }
    for (bytes, size) in
        [(zeros("blob 1073741824\0", 8), 1_u64 << 30), (zeros("blob 18446744073709551615\0", 1), u64::MAX)]
    {
        replace(&path, &bytes);
        let error = repository.try_read("main", "environments/prod.yaml").unwrap_err();
        assert!(matches!(error, FileError::TooLarge { bytes, .. } if bytes == size), "{error}");
    }
    replace(&path, &right);
    assert_eq!(told(&repository), "read");
    fs::remove_file(&path).unwrap();
    assert_eq!(
        told(&repository),
        format!("object {short} is not here; `git fsck` tells what the repository has lost")
    );
}

#[test]
fn commits_tags_and_folders_that_git_would_not_write_are_told() {
    let repository = Repository::committed();
    let tree = repository.git(&["rev-parse", "main^{tree}"]);
    let spec = repository.git(&["rev-parse", "main:infra/environments/prod.yaml"]);
    let id = bytes_of(&spec);
    let entry = |mode: &str, name: &str| [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &id].concat();
    let commit = |tree: &str| format!("tree {tree}\nauthor t <t> 1 +0000\ncommitter t <t> 1 +0000\n\nx\n");
    let of = |kind: &str, bytes: &[u8]| {
        let id = repository.object(kind, bytes);
        fs::write(repository.top().join(".git/refs/heads/main"), format!("{id}\n")).unwrap();
        told(&repository)
    };
    for (case, bytes) in [
        ("no tree", "author t <t> 1 +0000\ncommitter t <t> 1 +0000\n\nx\n".to_owned()),
        ("nothing", String::new()),
        ("half an id", commit(&tree[..20])),
        ("its tree is a file", commit(&spec)),
    ] {
        let error = of("commit", bytes.as_bytes());
        assert!(
            error.starts_with("cannot read `git:main`: object ") && error.ends_with(" is damaged"),
            "{case}: {error}"
        );
    }
    for (case, bytes) in [
        ("two of a name", [entry("100644", "infra"), entry("100644", "infra")].concat()),
        ("cut short", entry("40000", "infra")[..20].to_vec()),
        ("no mode", b"infra".to_vec()),
    ] {
        let tree = repository.object("tree", &bytes);
        let error = of("commit", commit(&tree).as_bytes());
        assert!(error.ends_with(" is damaged"), "{case}: {error}");
    }
    let mut tag = repository.git(&["rev-parse", "HEAD"]);
    for depth in 0..70 {
        let kind = if depth == 0 { "commit" } else { "tag" };
        tag = repository.object(
            "tag",
            format!("object {tag}\ntype {kind}\ntag t\ntagger t <t> 1 +0000\n\nx\n").as_bytes(),
        );
    }
    fs::write(repository.top().join(".git/refs/heads/main"), format!("{tag}\n")).unwrap();
    assert!(told(&repository).ends_with(" is damaged"));
}

/// Names in a tree that would lead elsewhere if anybody joined them to a path.
#[test]
fn names_that_lead_elsewhere_are_not_listed() {
    let repository = Repository::committed();
    let spec = repository.git(&["rev-parse", "main:infra/environments/prod.yaml"]);
    let id = bytes_of(&spec);
    let names = ["", ".", "..", "../../x.yaml", "/etc/x.yaml", "a/b.yaml", "ok.yaml"];
    let bytes = names.map(|name| [b"100644 ", name.as_bytes(), b"\0", &id].concat()).concat();
    let folder = |name: &str, tree: &str| {
        repository.object("tree", &[b"40000 ", name.as_bytes(), b"\0", &bytes_of(tree)].concat())
    };
    let tree = folder("infra", &folder("environments", &repository.object("tree", &bytes)));
    let commit = repository.git(&["commit-tree", "-m", "x", &tree]);
    let tree = repository.open(&commit).unwrap();
    assert_eq!(tree.list("environments").unwrap(), ["ok.yaml"]);
    assert_eq!(tree.read("environments/../../x.yaml"), Err(FileError::Outside));
    assert_eq!(tree.read("environments/a/b.yaml"), Err(FileError::Missing));
}

#[test]
fn a_folder_of_very_many_names_is_told_and_its_neighbours_are_read() {
    let repository = Repository::committed();
    let spec = repository.git(&["rev-parse", "main:infra/environments/prod.yaml"]);
    let id = bytes_of(&spec);
    let many = |count: usize| {
        let mut bytes = Vec::new();
        for number in 0..count {
            bytes.extend_from_slice(format!("100644 {number:08}.yaml\0").as_bytes());
            bytes.extend_from_slice(&id);
        }
        repository.object("tree", &bytes)
    };
    let (huge, large) = (many(1_000_000), many(150_000));
    let tree = repository.git(&["rev-parse", "main:infra/environments"]);
    let rows =
        format!("040000 tree {tree}\tenvironments\n040000 tree {huge}\thuge\n040000 tree {large}\tlarge\n");
    let infra = tree_of(&repository, &rows);
    let top = tree_of(&repository, &format!("040000 tree {infra}\tinfra\n"));
    let commit = repository.git(&["commit-tree", "-m", "x", &top]);
    let tree = repository.open(&commit).unwrap();
    assert_eq!(tree.list("huge"), Err(FileError::TooLarge { bytes: 41_000_000, limit: 8 << 20 }));
    assert_eq!(
        tree.read("huge/00000001.yaml"),
        Err(FileError::TooLarge { bytes: 41_000_000, limit: 8 << 20 })
    );
    assert_eq!(tree.list("large").unwrap().len(), 150_000);
    assert_eq!(tree.read("environments/prod.yaml").unwrap(), b"committed");
}

/// Packs and their indexes with bytes changed, cut short or emptied: 600 tries.
#[test]
fn damaged_packs_never_give_other_bytes() {
    let repository = Repository::new();
    let mut text = String::new();
    for number in 0..20 {
        text.push_str(&format!("line {number} of the spec\n"));
        repository.write("environments/prod.yaml", &text);
        repository.commit("more");
    }
    repository.git(&["repack", "-q", "-a", "-d", "-f", "--depth=50"]);
    let packs = repository.top().join(".git/objects/pack");
    let files: Vec<PathBuf> = fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path()).collect();
    let files = files.iter().filter(|file| file.extension().is_some_and(|it| it == "pack" || it == "idx"));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let (mut right, mut refused) = (0, 0);
    for file in files {
        let before = fs::read(file).unwrap();
        for attempt in 0..300 {
            let mut bytes = before.clone();
            match attempt % 10 {
                0 => bytes.truncate(random(before.len())),
                1 => bytes.fill(0xff),
                _ => (0..=random(4))
                    .for_each(|_| bytes[random(before.len())] = u8::try_from(random(256)).unwrap()),
            }
            replace(file, &bytes);
            for name in ["main", "main~10"] {
                match repository.open(name).map(|tree| tree.read("environments/prod.yaml")) {
                    Ok(Ok(read)) => {
                        let lines = if name == "main" { 20 } else { 10 };
                        assert!(
                            text.as_bytes().starts_with(&read)
                                && read.iter().filter(|it| **it == b'\n').count() == lines
                        );
                        right += 1;
                    }
                    Ok(Err(error)) => {
                        assert!(
                            matches!(error, FileError::Unreadable(_) | FileError::TooLarge { .. }),
                            "{error}"
                        );
                        refused += 1;
                    }
                    Err(_) => refused += 1,
                }
            }
        }
        replace(file, &before);
    }
    assert!(right > 100 && refused > 100, "right {right}, refused {refused}");
}

//! Any repository: folders that Git would not write, links that lead out, references, settings and packs that somebody
//! wrote by hand. Only what was committed below the root is read, and what is listed is there.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use asagi::source::{FileError, Files};
use asagi::workspace::{GitTree, Workspace};
use gix_hash::ObjectId;
use gix_object::Kind;
use gix_zlib::stream::deflate;

/// Beside the root, and in no file below it.
const OUTSIDE: &[u8] = b"outside of the root";
/// A text that is committed, so that a file of it can be read.
const INSIDE: &[u8] = b"asagi: v1\n";
/// Files of a repository that are read beside its objects.
const WRITTEN: &[&str] = &[
    "config",
    "HEAD",
    "packed-refs",
    "refs/heads/main",
    "refs/tags/main",
    "shallow",
    "commondir",
    "gitdir",
    "objects/info/alternates",
    "info/grafts",
    "refs/replace/main",
    "objects/pack/pack-0000000000000000000000000000000000000000.idx",
    "objects/pack/multi-pack-index",
];

/// What is named by a reference, and what an input may name.
const NAMES: &[&str] = &["main", "HEAD", "main~1", "main^2", "refs/heads/main", "tags/main"];

pub fn run(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let folder = tempfile::tempdir_in(memory()).expect("a folder can be made");
    let root = folder.path().join("infra");
    fs::create_dir_all(root.join("environments")).expect("a folder can be made");
    let git = folder.path().join(".git");
    for below in ["objects/pack", "objects/info", "refs/heads", "refs/tags", "refs/replace", "info"] {
        fs::create_dir_all(git.join(below)).expect("a folder can be made");
    }
    let mut repository = Repository { git: &git, committed: BTreeSet::from([INSIDE.to_vec()]) };
    repository.write("HEAD", b"ref: refs/heads/main\n");
    match how % 4 {
        0 => repository.packed(rest),
        _ => repository.made(rest),
    }
    let workspace = Workspace::open(&root).expect("it is there");
    let name = NAMES[usize::from(how / 4) % NAMES.len()];
    match GitTree::open(&workspace, name, None) {
        Ok(tree) => repository.looked_at(&tree),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Files that live for a moment need no disk.
pub fn memory() -> &'static Path {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory } else { Path::new("/tmp") }
}

struct Repository<'a> {
    git: &'a Path,
    committed: BTreeSet<Vec<u8>>,
}

impl Repository<'_> {
    fn write(&self, path: &str, bytes: &[u8]) {
        fs::write(self.git.join(path), bytes).expect("a file can be written");
    }

    /// Puts an object into the store.
    fn object(&mut self, kind: Kind, bytes: &[u8]) -> ObjectId {
        if kind == Kind::Blob && bytes != OUTSIDE {
            self.committed.insert(bytes.to_vec());
        }
        let id = gix_object::compute_hash(gix_hash::Kind::Sha1, kind, bytes).expect("it has one");
        let hex = id.to_string();
        let (folder, name) = hex.split_at(2);
        let folder = self.git.join("objects").join(folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        let mut stream = deflate::Write::new(Vec::new(), gix_zlib::Compression::DEFAULT);
        write!(stream, "{kind} {}\0", bytes.len()).expect("memory can be written");
        stream.write_all(bytes).and_then(|()| stream.flush()).expect("memory can be written");
        fs::write(folder.join(name), stream.into_inner()).expect("a file can be written");
        id
    }

    /// Folders as the input says, below each other, and one of the other files of a repository.
    fn made(&mut self, mut rest: &[u8]) {
        let inside = self.object(Kind::Blob, INSIDE);
        let outside = self.object(Kind::Blob, OUTSIDE);
        let mut folder = entry(b"100644", b"prod.yaml", &inside);
        let mut deepest = self.object(Kind::Tree, &[]);
        let mut top = entry(b"100644", b"outside", &outside);
        for _ in 0..16 {
            let [what, length, more @ ..] = rest else { break };
            let (text, after) = more.split_at(usize::from(length % 64).min(more.len()));
            rest = after;
            let (name, target) =
                text.split_at(text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len()));
            let target = target.strip_prefix(b"\n").unwrap_or(target);
            let entry = match what % 8 {
                0 => entry(b"100644", name, &self.object(Kind::Blob, target)),
                1 | 2 => entry(b"120000", name, &self.object(Kind::Blob, target)),
                3 => entry(b"40000", name, &deepest),
                4 => entry(b"160000", name, &inside),
                5 => entry(target, name, &inside),
                6 => entry(b"40000", name, &inside),
                _ => {
                    deepest = self.object(Kind::Tree, &folder);
                    entry(b"40000", name, &deepest)
                }
            };
            match what / 64 {
                0 => top.extend(entry),
                _ => folder.extend(entry),
            }
        }
        let folder = self.object(Kind::Tree, &folder);
        let infra = self.object(Kind::Tree, &entry(b"40000", b"environments", &folder));
        top.extend(entry(b"40000", b"infra", &infra));
        let tree = self.object(Kind::Tree, &top);
        let commit = format!("tree {tree}\nauthor t <t> 1 +0000\ncommitter t <t> 1 +0000\n\nx\n");
        let commit = self.object(Kind::Commit, commit.as_bytes());
        self.write("refs/heads/main", format!("{commit}\n").as_bytes());
        if let [which, text @ ..] = rest {
            self.write(WRITTEN[usize::from(*which) % WRITTEN.len()], text);
        }
    }

    /// A pack of two commits with its index, and bytes of them changed.
    fn packed(&mut self, mut rest: &[u8]) {
        let mut pack = include_bytes!("../packed/pack").to_vec();
        let mut index = include_bytes!("../packed/idx").to_vec();
        self.write("refs/heads/main", include_bytes!("../packed/main"));
        self.committed.extend([b"first\n".to_vec(), b"first\nsecond\n".to_vec()]);
        while let [which, low, high, value, more @ ..] = rest {
            rest = more;
            let file = if which % 2 == 0 { &mut pack } else { &mut index };
            let at = usize::from(u16::from_le_bytes([*low, *high])) % file.len().max(1);
            match which / 2 {
                0..120 => file.get_mut(at).into_iter().for_each(|byte| *byte = *value),
                _ => file.truncate(at),
            }
        }
        self.write("objects/pack/pack-1111111111111111111111111111111111111111.pack", &pack);
        self.write("objects/pack/pack-1111111111111111111111111111111111111111.idx", &index);
    }

    fn looked_at(&self, tree: &GitTree) {
        for folder in ["environments", ".", "environments/.."] {
            let Ok(names) = tree.list(folder) else { continue };
            assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
            for name in &names {
                assert!(!name.contains('/') && !matches!(name.as_str(), "" | "." | ".."), "{name:?}");
                let read = self.read(tree, &format!("{folder}/{name}"));
                assert!(!matches!(read, Err(FileError::Missing | FileError::Outside)), "{name:?}: {read:?}");
            }
        }
        for path in [
            "environments/prod.yaml",
            "../outside",
            "environments/../../outside",
            "/etc/passwd",
            "environments/a",
        ] {
            let read = self.read(tree, path);
            assert!(!path.contains("outside") || read == Err(FileError::Outside), "{path}: {read:?}");
        }
    }

    fn read(&self, tree: &GitTree, path: &str) -> Result<Vec<u8>, FileError> {
        let read = tree.read(path);
        if let Ok(bytes) = &read {
            assert!(
                self.committed.contains(bytes),
                "{path}: {:?} was never committed",
                bytes.escape_ascii().to_string()
            );
        }
        read
    }
}

/// A line of a folder.
fn entry(mode: &[u8], name: &[u8], id: &ObjectId) -> Vec<u8> {
    [mode, b" ", name, b"\0", id.as_slice()].concat()
}

//! A repository in a temporary folder, made by Git, and reading it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use asagi::source::{FileError, Files};
use asagi::workspace::{GitTree, Workspace};

/// A folder with a working tree `repo` in it; the workspace is `repo` or a folder of it.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
    root: PathBuf,
}

impl Repository {
    /// An empty repository whose workspace is its folder `infra`.
    pub(crate) fn new() -> Self {
        Self::with(&["init", "-q"])
    }

    /// The same, made by `git init` with these arguments.
    pub(crate) fn with(init: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repo/infra");
        fs::create_dir_all(root.join("environments")).unwrap();
        fs::create_dir(folder.path().join("home")).unwrap();
        let repository = Self { folder, root };
        repository.git(init);
        repository
    }

    /// The same with one commit, of `environments/prod.yaml`.
    pub(crate) fn committed() -> Self {
        let repository = Self::new();
        repository.write("environments/prod.yaml", "committed");
        repository.commit("first");
        repository
    }

    /// The temporary folder that everything is in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that holds `.git`.
    pub(crate) fn top(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    /// The folder that holds `environments/`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file below the root.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Makes a link below the root.
    pub(crate) fn link(&self, target: impl AsRef<Path>, path: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// Commits all there is, and gives the commit's id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs Git in the working tree, and gives what it prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.top(), arguments)
    }

    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.try_git_in(folder, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(crate) fn try_git_in(&self, folder: &Path, arguments: &[&str]) -> Output {
        let settings = [
            "user.name=t",
            "user.email=t@example.com",
            "init.defaultBranch=main",
            "protocol.file.allow=always",
            "advice.detachedHead=false",
            "gc.auto=0",
        ];
        let mut git = Command::new("git");
        git.arg("-C").arg(folder);
        for setting in settings {
            git.args(["-c", setting]);
        }
        git.env("HOME", self.folder.path().join("home")).env("GIT_CONFIG_NOSYSTEM", "1");
        git.env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z").env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
        git.args(arguments).output().unwrap()
    }

    /// Puts an object into the store, as it is, and gives its id.
    pub(crate) fn object(&self, kind: &str, bytes: &[u8]) -> String {
        let file = self.folder.path().join("object");
        fs::write(&file, bytes).unwrap();
        let file = file.to_str().unwrap();
        self.git(&["hash-object", "-w", "-t", kind, "--literally", file])
    }

    pub(crate) fn workspace(&self) -> Workspace {
        Workspace::open(&self.root).unwrap()
    }

    /// The files at a reference, or the error and its help.
    pub(crate) fn open(&self, reference: &str) -> Result<GitTree, String> {
        open(&self.root, reference)
    }

    /// The text of the file at a reference, where it is known to be there.
    pub(crate) fn read(&self, reference: &str, path: &str) -> String {
        String::from_utf8(self.try_read(reference, path).unwrap()).unwrap()
    }

    pub(crate) fn try_read(&self, reference: &str, path: &str) -> Result<Vec<u8>, FileError> {
        self.open(reference).unwrap().read(path)
    }
}

/// The files at a reference, or the error and its help in two lines.
pub(crate) fn open(root: &Path, reference: &str) -> Result<GitTree, String> {
    let workspace = Workspace::open(root).unwrap();
    GitTree::open(&workspace, reference, None)
        .map_err(|error| format!("{error}\nhelp: {}", error.help().unwrap_or_default()))
}

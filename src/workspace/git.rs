//! Files as they are at a git reference, by asking git itself.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use super::{Workspace, WorkspaceError};
use crate::source::{FileError, Files};

/// The files below the workspace's root as they are at a branch, tag or commit. They are read when they are asked for.
#[derive(Debug, Clone)]
pub struct GitTree {
    git: Git,
    /// The commit the reference named when it was opened.
    commit: String,
    /// Paths below the root.
    paths: BTreeSet<String>,
}

impl GitTree {
    /// Opens the tree at that reference.
    ///
    /// # Errors
    ///
    /// git does not run, or there is no such reference.
    pub fn open(workspace: &Workspace, reference: &str) -> Result<Self, WorkspaceError> {
        let git = Git { root: workspace.root().to_owned(), reference: reference.to_owned() };
        // `--end-of-options`: a reference is never an option, whatever it is called.
        let named = format!("{reference}^{{commit}}");
        let commit =
            git.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &named])?.trim().to_owned();
        let listing = git.text(&["ls-tree", "-r", "-z", "--name-only", &commit])?;
        let paths = listing.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        Ok(Self { git, commit, paths })
    }

    /// Whether the file was there.
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// The commit the reference named when it was opened.
    pub fn commit(&self) -> &str {
        &self.commit
    }
}

impl Files for GitTree {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if !self.paths.contains(path) {
            return Err(FileError::Missing);
        }
        let shown = self.git.run(&["show", &format!("{}:./{path}", self.commit)]);
        shown.map_err(|error| FileError::Unreadable(error.to_string()))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below: Vec<&str> = self.paths.iter().filter_map(|path| path.strip_prefix(&prefix)).collect();
        if below.is_empty() {
            return Err(FileError::Missing);
        }
        Ok(below.into_iter().filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }
}

#[derive(Debug, Clone)]
struct Git {
    root: PathBuf,
    reference: String,
}

impl Git {
    fn text(&self, arguments: &[&str]) -> Result<String, WorkspaceError> {
        String::from_utf8(self.run(arguments)?).map_err(|_| self.failed("it names files that are not UTF-8"))
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, WorkspaceError> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .output()
            .map_err(|error| self.failed(&format!("git does not run: {error}")))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().next().unwrap_or("there is no such branch, tag or commit");
        Err(self.failed(line.trim_start_matches("fatal: ")))
    }

    fn failed(&self, message: &str) -> WorkspaceError {
        WorkspaceError::Git { reference: self.reference.clone(), message: message.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let settings =
            ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
        let output =
            Command::new("git").arg("-C").arg(folder).args(settings).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A repository whose workspace is a folder of it, committed once and changed since.
    fn repository() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("infra");
        std::fs::create_dir_all(root.join("environments/user-data")).unwrap();
        std::fs::write(root.join("environments/本番.yaml"), "committed").unwrap();
        std::fs::write(root.join("environments/user-data/web.sh"), "#!/bin/sh").unwrap();
        git(folder.path(), &["init", "-q"]);
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "-q", "-m", "first"]);
        std::fs::write(root.join("environments/本番.yaml"), "changed").unwrap();
        let workspace = Workspace::open(&root).unwrap();
        (folder, workspace)
    }

    #[test]
    fn files_are_as_they_were_committed() {
        let (_folder, workspace) = repository();
        let tree = GitTree::open(&workspace, "main").unwrap();
        assert_eq!(tree.list("environments").unwrap(), ["本番.yaml"]);
        assert_eq!(tree.read("environments/本番.yaml").unwrap(), b"committed");
        assert_eq!(tree.read("environments/user-data/web.sh").unwrap(), b"#!/bin/sh");
        assert_eq!(tree.read("environments/new.yaml"), Err(FileError::Missing));
        assert_eq!(tree.list("nowhere"), Err(FileError::Missing));
        assert_eq!(tree.commit().len(), 40);
    }

    #[test]
    fn an_unknown_reference_is_named() {
        let (_folder, workspace) = repository();
        for reference in ["nowhere", "--output=x"] {
            let error = GitTree::open(&workspace, reference).unwrap_err();
            let expected = format!("git cannot read `{reference}`: ");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}

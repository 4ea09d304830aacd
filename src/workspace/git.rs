//! Files as they are at a git reference, by asking git itself.

use std::collections::BTreeMap;
use std::process::Command;

use super::{Workspace, WorkspaceError};

/// The text files below the workspace's root at a branch, tag or commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitTree {
    /// The commit the reference named when it was read.
    pub commit: String,
    /// Text by path below the root; what is not UTF-8 is left out.
    pub files: BTreeMap<String, String>,
}

impl GitTree {
    /// Reads all files under those folders (`environments`) as they are at the reference.
    pub fn read(workspace: &Workspace, reference: &str, folders: &[&str]) -> Result<Self, WorkspaceError> {
        let git = Git { workspace, reference };
        // `--end-of-options`: a reference is never an option, whatever it is called.
        let commit = git.text(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{reference}^{{commit}}"),
        ])?;
        let commit = commit.trim().to_owned();
        let mut list = vec!["ls-tree", "-r", "-z", "--name-only", &commit, "--"];
        list.extend(folders);
        let names = git.text(&list)?;
        let mut files = BTreeMap::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let bytes = git.run(&["show", &format!("{commit}:./{name}")])?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.insert(name.to_owned(), text);
            }
        }
        Ok(Self { commit, files })
    }
}

struct Git<'a> {
    workspace: &'a Workspace,
    reference: &'a str,
}

impl Git<'_> {
    fn text(&self, arguments: &[&str]) -> Result<String, WorkspaceError> {
        String::from_utf8(self.run(arguments)?).map_err(|_| self.failed("it names files that are not UTF-8"))
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, WorkspaceError> {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.workspace.root())
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
        WorkspaceError::Git { reference: self.reference.to_owned(), message: message.to_owned() }
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
        let tree = GitTree::read(&workspace, "main", &["environments"]).unwrap();
        let files: Vec<_> = tree.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(
            files,
            [("environments/user-data/web.sh", "#!/bin/sh"), ("environments/本番.yaml", "committed")]
        );
        assert_eq!(tree.commit.len(), 40);
    }

    #[test]
    fn an_unknown_reference_is_named() {
        let (_folder, workspace) = repository();
        for reference in ["nowhere", "--output=x"] {
            let error = GitTree::read(&workspace, reference, &["environments"]).unwrap_err();
            let expected = format!("git cannot read `{reference}`: ");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}

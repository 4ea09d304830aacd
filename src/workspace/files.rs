//! The repository: its root, its environments, and reading below the root and nowhere else.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::WorkspaceError;
use crate::source::{FileError, Files};

/// Folder of the specs, below the root.
const ENVIRONMENTS: &str = "environments";

/// The repository that holds `environments/`.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Absolute, without symbolic links.
    root: PathBuf,
}

impl Workspace {
    /// The nearest folder above the current one that holds `environments/`.
    pub fn find() -> Result<Self, WorkspaceError> {
        let here = std::env::current_dir().map_err(|error| WorkspaceError::io("read", ".", error))?;
        let root = here.ancestors().find(|folder| folder.join(ENVIRONMENTS).is_dir());
        root.ok_or_else(|| WorkspaceError::NoRoot(here.clone())).and_then(Self::open)
    }

    /// That folder.
    pub fn open(root: &Path) -> Result<Self, WorkspaceError> {
        let real = fs::canonicalize(root).ok().filter(|real| real.is_dir());
        real.map(|root| Self { root }).ok_or_else(|| WorkspaceError::NotAFolder(root.to_owned()))
    }

    /// Absolute, without symbolic links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is such a file below the root.
    pub fn exists(&self, path: &str) -> bool {
        self.below(path).is_ok_and(|real| real.is_file())
    }

    /// Where a path below the root really is. Links are followed first, so none leads out.
    fn below(&self, path: &str) -> Result<PathBuf, WorkspaceError> {
        let plain = Path::new(path).components().try_fold(0_i32, |depth, part| match part {
            Component::Normal(_) => Some(depth + 1),
            Component::CurDir => Some(depth),
            Component::ParentDir if depth > 0 => Some(depth - 1),
            _ => None,
        });
        plain.ok_or_else(|| WorkspaceError::Outside(path.to_owned()))?;
        let real = fs::canonicalize(self.root.join(path))
            .map_err(|error| WorkspaceError::io("read", path, error))?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(WorkspaceError::Outside(path.to_owned())) }
    }

    /// The YAML files of `environments/`, sorted, as paths below the root; bases and locks among them.
    pub fn specs(&self) -> Result<Vec<String>, WorkspaceError> {
        let entries = fs::read_dir(self.root.join(ENVIRONMENTS))
            .map_err(|_| WorkspaceError::NoRoot(self.root.clone()))?;
        let files = entries.flatten().filter(|entry| !entry.path().is_dir());
        let names = files.filter_map(|entry| entry.file_name().into_string().ok());
        let mut paths: Vec<String> = names
            .filter(|name| is_yaml(name) && !name.contains(".lock."))
            .map(|name| format!("{ENVIRONMENTS}/{name}"))
            .collect();
        paths.sort();
        Ok(paths)
    }

    /// The spec that a person means by a file's stem (`prod`) or by path.
    pub fn spec(&self, name: &str) -> Result<String, WorkspaceError> {
        if name.contains(['/', '\\']) || is_yaml(name) {
            return self.relative(Path::new(name));
        }
        let candidates = ["yaml", "yml"].map(|extension| format!("{ENVIRONMENTS}/{name}.{extension}"));
        // A link that leads out or nowhere is found too: reading it says what is wrong with it.
        let stands = |path: &String| self.exists(path) || self.root.join(path).is_symlink();
        candidates.into_iter().find(stands).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> WorkspaceError {
        let known = self.specs().unwrap_or_default().iter().map(|path| stem(path).to_owned()).collect();
        WorkspaceError::NoEnvironment { name: name.to_owned(), known }
    }

    /// A path as a person gave it, seen from the current folder, or else from the root or from `environments/`, as one
    /// below the root.
    fn relative(&self, given: &Path) -> Result<String, WorkspaceError> {
        let folders = [Path::new(""), &self.root, &self.root.join(ENVIRONMENTS)];
        let candidates = folders.map(|folder| fs::canonicalize(folder.join(given)));
        let mut found = Err(WorkspaceError::Outside(given.display().to_string()));
        for real in candidates.iter().flatten() {
            found = found.or_else(|error| real.strip_prefix(&self.root).map_err(|_| error));
        }
        if candidates.iter().all(Result::is_err) {
            return Err(self.unknown(stem(&given.to_string_lossy())));
        }
        let below = found?;
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Ok(parts.join("/"))
    }
}

impl Files for Workspace {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let real = self.below(path).map_err(file_error)?;
        regular(&real).map_err(|error| system_error(&error))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let real = self.below(if folder.is_empty() { "." } else { folder }).map_err(file_error)?;
        let entries = fs::read_dir(real).map_err(|error| system_error(&error))?.flatten();
        let files = entries.filter(|entry| entry.path().is_file());
        let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        Ok(names)
    }
}

/// What a file holds. A folder is told in our words; a pipe or a device would be read for ever.
pub(super) fn regular(path: &Path) -> std::io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?;
    let refused = |words: &str| Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, words));
    match (kind.is_file(), kind.is_dir()) {
        (true, _) => fs::read(path),
        (_, true) => refused("it is a folder"),
        _ => refused("it is no regular file"),
    }
}

fn file_error(error: WorkspaceError) -> FileError {
    match error {
        WorkspaceError::Io { source, .. } => system_error(&source),
        _ => FileError::Outside,
    }
}

fn system_error(error: &std::io::Error) -> FileError {
    match error.kind() {
        std::io::ErrorKind::NotFound => FileError::Missing,
        _ => FileError::Unreadable(error.to_string()),
    }
}

/// `prod` of `environments/prod.yaml`.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(ENVIRONMENTS)).unwrap();
        for name in ["prod.yaml", "base.yaml", "images.lock.yaml", "notes.txt"] {
            fs::write(folder.path().join(ENVIRONMENTS).join(name), name).unwrap();
        }
        let workspace = Workspace::open(folder.path()).unwrap();
        (folder, workspace)
    }

    #[test]
    fn specs_are_the_yaml_files_but_not_the_lock() {
        let (_folder, workspace) = repository();
        assert_eq!(workspace.specs().unwrap(), ["environments/base.yaml", "environments/prod.yaml"]);
    }

    #[test]
    fn an_environment_is_named_by_stem_or_path() {
        let (_folder, workspace) = repository();
        for name in ["prod", "environments/prod.yaml"] {
            assert_eq!(workspace.spec(name).unwrap(), "environments/prod.yaml");
        }
        let error = workspace.spec("prd").unwrap_err();
        assert_eq!(error.to_string(), "there is no environment `prd`");
        assert_eq!(error.help().as_deref(), Some("did you mean `prod`?"));
    }

    #[test]
    fn reading_stays_below_the_root() {
        let (_folder, workspace) = repository();
        assert_eq!(workspace.read("environments/./prod.yaml").unwrap(), b"prod.yaml");
        assert_eq!(workspace.read("environments/../environments/prod.yaml").unwrap(), b"prod.yaml");
        for path in ["/etc/passwd", "../secret", "environments/../../secret"] {
            assert_eq!(workspace.read(path), Err(FileError::Outside), "{path}");
        }
    }

    #[test]
    fn a_file_s_name_alone_is_looked_for_beside_the_specs() {
        let (_folder, workspace) = repository();
        assert_eq!(workspace.spec("prod.yaml").unwrap(), "environments/prod.yaml");
        let error = workspace.spec("prd.yaml").unwrap_err();
        assert_eq!(error.help().as_deref(), Some("did you mean `prod`?"));
    }

    #[test]
    fn a_folder_is_no_spec_and_not_read() {
        let (folder, workspace) = repository();
        fs::create_dir(folder.path().join("environments/old.yaml")).unwrap();
        assert_eq!(workspace.specs().unwrap().len(), 2);
        let error = Files::read(&workspace, "environments/old.yaml").unwrap_err();
        assert_eq!(error, FileError::Unreadable("it is a folder".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_read_and_a_broken_link_is_told_as_one() {
        let (folder, workspace) = repository();
        let error = regular(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(error.to_string(), "it is no regular file");
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("environments/out.yaml")).unwrap();
        let path = workspace.spec("out").unwrap();
        assert_eq!(Files::read(&workspace, &path), Err(FileError::Outside));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out() {
        let (folder, workspace) = repository();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        assert_eq!(workspace.read("link"), Err(FileError::Outside));
    }

    #[test]
    fn a_folder_is_listed_in_order() {
        let (_folder, workspace) = repository();
        assert_eq!(
            workspace.list(ENVIRONMENTS).unwrap(),
            ["base.yaml", "images.lock.yaml", "notes.txt", "prod.yaml"]
        );
        assert_eq!(workspace.list("").unwrap(), [""; 0]);
        assert_eq!(workspace.list("nowhere"), Err(FileError::Missing));
        assert_eq!(workspace.list(".."), Err(FileError::Outside));
    }

    #[test]
    fn a_missing_file_is_told_as_missing() {
        let (_folder, workspace) = repository();
        assert_eq!(workspace.read("environments/none.yaml"), Err(FileError::Missing));
    }
}

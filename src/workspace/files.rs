//! The repository: its root, its environments, and reading below the root and nowhere else.

use std::path::{Component, Path, PathBuf};

use super::WorkspaceError;
use super::door::{Door, Kind};
use crate::source::{FileError, Files, limits};

/// Folder of the specs, below the root.
pub(super) const ENVIRONMENTS: &str = "environments";

/// The repository that holds `environments/`.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Its folder is absolute, without symbolic links.
    door: Door,
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
        let real = std::fs::canonicalize(root).ok().filter(|real| real.is_dir());
        let real = real.ok_or_else(|| WorkspaceError::NotAFolder(root.to_owned()))?;
        Ok(Self { door: Door::open(&real)? })
    }

    /// Absolute, without symbolic links.
    pub fn root(&self) -> &Path {
        self.door.folder()
    }

    /// The way to what is below the root.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// Whether there is such a file below the root.
    pub fn exists(&self, path: &str) -> bool {
        self.kind(path) == Some(Kind::File)
    }

    /// What a path leads to, links followed as far as they stay below the root.
    fn kind(&self, path: &str) -> Option<Kind> {
        match self.door.look(path) {
            Ok(Some(looked)) if looked.kind != Kind::Link => Some(looked.kind),
            Ok(None) => None,
            _ => Some(self.door.look(&self.below(path).ok()?).ok()??.kind),
        }
    }

    /// Where a path below the root really is: the same path without links, as one below the root. Whoever opens it
    /// follows no link, so nothing that is swapped in meanwhile leads out.
    fn below(&self, path: &str) -> Result<String, WorkspaceError> {
        let outside = || WorkspaceError::Outside(path.to_owned());
        let plain = Path::new(path).components().try_fold(0_i32, |depth, part| match part {
            Component::Normal(_) => Some(depth + 1),
            Component::CurDir => Some(depth),
            Component::ParentDir if depth > 0 => Some(depth - 1),
            _ => None,
        });
        plain.ok_or_else(outside)?;
        let real = std::fs::canonicalize(self.root().join(path))
            .map_err(|error| WorkspaceError::io("read", path, error))?;
        let real = real.strip_prefix(self.root()).map_err(|_| outside())?;
        let parts: Option<Vec<&str>> = real.components().map(|part| part.as_os_str().to_str()).collect();
        parts.map(|parts| parts.join("/")).ok_or_else(outside)
    }

    /// Does it where a path leads: first as it stands, and where there are links on the way, as it really is.
    fn at<T>(
        &self,
        path: &str,
        act: impl Fn(&str) -> Result<Option<T>, WorkspaceError>,
    ) -> Result<T, WorkspaceError> {
        let found = match act(path) {
            Err(WorkspaceError::Link(_) | WorkspaceError::Outside(_)) => act(&self.below(path)?)?,
            found => found?,
        };
        found.ok_or_else(|| WorkspaceError::io("read", path, std::io::ErrorKind::NotFound.into()))
    }

    /// The YAML files of `environments/`, sorted, as paths below the root; bases and locks among them.
    pub fn specs(&self) -> Result<Vec<String>, WorkspaceError> {
        let names = self.at(ENVIRONMENTS, |folder| self.door.names(folder));
        let names = names.map_err(|_| WorkspaceError::NoRoot(self.root().to_owned()))?.into_iter();
        let paths = names
            .filter(|name| is_yaml(name) && !name.contains(".lock."))
            .map(|name| format!("{ENVIRONMENTS}/{name}"));
        Ok(paths.filter(|path| self.kind(path) != Some(Kind::Folder)).collect())
    }

    /// The spec that a person means by a file's stem (`prod`) or by path.
    pub fn spec(&self, name: &str) -> Result<String, WorkspaceError> {
        if name.contains(['/', '\\']) || is_yaml(name) {
            return self.relative(Path::new(name));
        }
        let candidates = ["yaml", "yml"].map(|extension| format!("{ENVIRONMENTS}/{name}.{extension}"));
        // A link that leads out or nowhere is found too: reading it says what is wrong with it.
        let is_link =
            |path: &str| matches!(self.door.look(path), Ok(Some(found)) if found.kind == Kind::Link);
        let stands = |path: &String| self.exists(path) || is_link(path);
        candidates.into_iter().find(stands).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> WorkspaceError {
        let known = self.specs().unwrap_or_default().iter().map(|path| stem(path).to_owned()).collect();
        WorkspaceError::NoEnvironment { name: name.to_owned(), known }
    }

    /// A path as a person gave it, seen from the current folder, or else from the root or from `environments/`, as one
    /// below the root.
    fn relative(&self, given: &Path) -> Result<String, WorkspaceError> {
        let root = self.root();
        let folders = [PathBuf::new(), root.to_owned(), root.join(ENVIRONMENTS)];
        let candidates = folders.map(|folder| std::fs::canonicalize(folder.join(given)));
        let mut found = Err(WorkspaceError::Outside(given.display().to_string()));
        for real in candidates.iter().flatten() {
            found = found.or_else(|error| real.strip_prefix(root).map_err(|_| error));
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
        self.at(path, |path| self.door.read(path, limits::SOURCE)).map_err(file_error)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let names = self.at(folder, |folder| self.door.names(folder)).map_err(file_error)?;
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        Ok(names.into_iter().filter(|name| self.exists(&path(name))).collect())
    }
}

fn file_error(error: WorkspaceError) -> FileError {
    match error {
        WorkspaceError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            FileError::Missing
        }
        WorkspaceError::Io { source, .. } => FileError::Unreadable(source.to_string()),
        WorkspaceError::TooLarge { bytes, limit, .. } => FileError::TooLarge { bytes, limit },
        WorkspaceError::NoFile { what, .. } => FileError::Unreadable(format!("it is {what}")),
        _ => FileError::Outside,
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
    use std::fs;

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
        let error = crate::workspace::read_file(Path::new("/dev/zero"), 10).unwrap_err();
        assert_eq!(error.to_string(), "`/dev/zero` is a device, not a regular file");
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

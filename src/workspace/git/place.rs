//! The repository that a folder belongs to: the nearest `.git` above it, and no other that lies on the way.
//!
//! Only `.git` counts, because no commit can bring a path with that name. A bare repository's files (`HEAD`, `objects/`,
//! `refs/`), which any commit can bring, are never taken for a repository, and no variable (`GIT_DIR` and the like) names one.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::GitError;
use super::settings::{self, Settings};
use super::small::{self, small};

const DOT_GIT: &str = ".git";

/// Where a repository is.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder that holds the `.git`: absolute, without links.
    pub top: PathBuf,
    /// What belongs to this worktree alone: `HEAD`.
    pub own: PathBuf,
    /// What all worktrees share: objects and references.
    pub common: PathBuf,
    /// How it is kept.
    pub settings: Settings,
}

impl Place {
    /// The repository that a folder belongs to; the folder's path has no links. `trusted` is a folder whose repository
    /// may be another user's.
    pub(super) fn of(folder: &Path, trusted: Option<&Path>) -> Result<Self, GitError> {
        let (top, link) = nearest(folder)?;
        let own = follow(&link)?;
        let common = common(&own)?;
        let place = Self { settings: settings::read(&common)?, top, own, common };
        place.must_be_whole()?;
        place.must_not_lie_among_files()?;
        if trusted.and_then(|trusted| fs::canonicalize(trusted).ok()).as_ref() != Some(&place.top) {
            place.must_be_the_caller_s(&link)?;
        }
        Ok(place)
    }

    /// The objects' folder.
    pub(super) fn objects(&self) -> PathBuf {
        self.common.join("objects")
    }

    /// Whether the clone leaves out old commits.
    pub(super) fn is_shallow(&self) -> bool {
        self.common.join("shallow").exists()
    }

    /// What makes a folder a repository, as Git sees it.
    fn must_be_whole(&self) -> Result<(), GitError> {
        let parts = [
            (self.own.join("HEAD").symlink_metadata().is_ok(), "it has no `HEAD`"),
            (self.objects().is_dir(), "it has no `objects/`"),
            (self.common.join("refs").is_dir(), "it has no `refs/`"),
        ];
        match parts.iter().find(|(stands, _)| !stands) {
            Some((_, why)) => Err(not_a_repository(&self.own, *why)),
            None => Ok(()),
        }
    }

    /// A `.git` may be a link or a file that leads anywhere: then to no place that a commit can fill.
    fn must_not_lie_among_files(&self) -> Result<(), GitError> {
        let parts = ["HEAD", "refs", "packed-refs", "objects"].map(|part| self.common.join(part));
        let linked = parts.iter().filter_map(|part| fs::canonicalize(part).ok());
        let alternates = gix_odb::alternate::resolve(self.objects(), &self.common)
            .map_err(|_| GitError::Damaged(shown(&self.objects().join("info/alternates"))))?;
        let stores = alternates.iter().filter_map(|store| fs::canonicalize(store).ok());
        let all = [self.own.clone(), self.common.clone()].into_iter().chain(linked).chain(stores);
        match all.into_iter().find(|path| is_among_files(&self.top, path)) {
            Some(path) => Err(GitError::AmongFiles(path)),
            None => Ok(()),
        }
    }

    /// Git's own rule: who owns the repository decides what is in it, so that must be the caller (or who called `sudo`).
    fn must_be_the_caller_s(&self, link: &Path) -> Result<(), GitError> {
        for path in [&self.top, link, &self.own, &self.common] {
            let own = gix_sec::identity::is_path_owned_by_current_user(path);
            if !own.map_err(|error| small::failed(path, &error))? {
                return Err(GitError::Owner { path: path.to_path_buf(), top: self.top.clone() });
            }
        }
        Ok(())
    }
}

/// The nearest folder upwards that has a `.git`, and that.
fn nearest(folder: &Path) -> Result<(PathBuf, PathBuf), GitError> {
    for top in folder.ancestors() {
        let link = top.join(DOT_GIT);
        match link.symlink_metadata() {
            Ok(_) => return Ok((top.to_owned(), link)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(small::failed(&link, &error)),
        }
    }
    Err(GitError::NoRepository(folder.to_owned()))
}

/// Where a `.git` leads: it is the folder, or a link to it, or a file that names it (of linked worktrees and submodules).
fn follow(link: &Path) -> Result<PathBuf, GitError> {
    let real = fs::canonicalize(link).map_err(|error| small::failed(link, &error))?;
    if real.is_dir() {
        return Ok(real);
    }
    let text = small(&real)?;
    let named = text.strip_prefix("gitdir: ").map(|rest| rest.trim_end_matches(['\n', '\r']));
    let named = named.filter(|named| !named.is_empty());
    let named = named.ok_or_else(|| not_a_repository(link, "it is a file without `gitdir: FOLDER`"))?;
    folder_at(link.parent().unwrap_or(link), named)
}

/// The shared part of a linked worktree's repository, which the file `commondir` names.
fn common(own: &Path) -> Result<PathBuf, GitError> {
    let file = own.join("commondir");
    if file.symlink_metadata().is_err() {
        return Ok(own.to_owned());
    }
    folder_at(own, small(&file)?.trim_end_matches(['\n', '\r']))
}

fn folder_at(base: &Path, named: &str) -> Result<PathBuf, GitError> {
    let path = base.join(named);
    let real = fs::canonicalize(&path).ok().filter(|real| real.is_dir());
    real.ok_or_else(|| not_a_repository(&path, "there is no such folder"))
}

fn is_among_files(top: &Path, path: &Path) -> bool {
    let in_git = |below: &Path| below.components().any(|part| part == Component::Normal(DOT_GIT.as_ref()));
    path.strip_prefix(top).is_ok_and(|below| !in_git(below))
}

fn not_a_repository(path: &Path, why: impl Into<String>) -> GitError {
    GitError::NotARepository { path: path.to_owned(), why: why.into() }
}

fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}

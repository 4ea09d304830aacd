//! Why Git's references and objects were not read, in words that say what to do.

use std::path::PathBuf;

use crate::source::FileError;

/// Why Git's references and objects were not read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// Neither the root nor a folder above it has a `.git`.
    #[error("no Git repository holds `{}`", .0.display())]
    NoRepository(PathBuf),
    /// A `.git` that leads to none.
    #[error("`{}` is no Git repository: {why}", path.display())]
    NotARepository {
        /// The `.git`, or where it leads.
        path: PathBuf,
        /// What it lacks.
        why: String,
    },
    /// The repository is not the caller's own.
    #[error("`{}` belongs to another user, who says what every name in it means", path.display())]
    Owner {
        /// Whose owner is another.
        path: PathBuf,
        /// The folder that holds the `.git`.
        top: PathBuf,
    },
    /// A part of the repository lies among the files that commits bring.
    #[error("`{}` is a part of the repository and lies among its files, where any commit can write", .0.display())]
    AmongFiles(PathBuf),
    /// The repository is of a kind that asagi cannot read.
    #[error("the repository {0}, which asagi does not read")]
    Unsupported(String),
    /// What was given is no name.
    #[error("{0}")]
    NotAName(&'static str),
    /// Nothing is called like this.
    #[error("there is no such branch, tag or commit here")]
    Unknown {
        /// The names that are nearest, nearest first.
        near: Vec<String>,
        /// Only a part of the history was cloned.
        shallow: bool,
    },
    /// Several commits are called like this: each with what it is.
    #[error("the name means {} commits: {}", .0.len(), .0.join(", "))]
    Ambiguous(Vec<String>),
    /// The name is of something that has no files.
    #[error("it names a {kind}, not a commit")]
    NotACommit {
        /// `blob` or `tree`.
        kind: String,
    },
    /// `^2` of a commit with one parent, `~9` of a young history.
    #[error("commit {id} has no parent {parent}")]
    NoParent {
        /// Of the commit, shortened.
        id: String,
        /// From 1.
        parent: usize,
    },
    /// An object that is referred to is not stored.
    #[error("object {id} is not here{}", .absence.words())]
    Absent {
        /// Of the object.
        id: String,
        /// What is known of the reason.
        absence: Absence,
    },
    /// An object, reference or pack is not what it should be.
    #[error("{0} is damaged")]
    Damaged(String),
    /// The folder of the specs cannot be read in that commit.
    #[error("the folder of `environments/` cannot be read there: {0}")]
    Root(String),
    /// An object would take more memory than it is given.
    #[error("object {id} has {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// Of the object.
        id: String,
        /// As many as it says.
        bytes: u64,
        /// As many as may be.
        limit: u64,
    },
    /// The operating system said no.
    #[error("cannot read {what}: {said}")]
    Io {
        /// A path, or an object.
        what: String,
        /// What it said.
        said: String,
    },
}

/// Why an object is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The clone leaves objects out until they are asked for.
    Partial,
    /// The clone leaves old commits out.
    Shallow,
    /// It should be there.
    Lost,
}

impl Absence {
    fn words(self) -> &'static str {
        match self {
            Self::Partial => ": this is a partial clone, and asagi fetches nothing",
            Self::Shallow => ": this is a shallow clone, and asagi fetches nothing",
            Self::Lost => "",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Partial => "run `git fetch --refetch --no-filter`, which brings every object",
            Self::Shallow => "run `git fetch --unshallow`, which brings every commit",
            Self::Lost => "`git fsck` tells what the repository has lost",
        }
    }
}

impl GitError {
    /// What to do instead, for the name as it was given.
    pub fn help(&self, reference: &str) -> Option<String> {
        let help = match self {
            Self::NoRepository(_) => {
                "`git:` compares with a commit of the repository that holds `environments/`"
            }
            Self::NotARepository { .. } => {
                "remove it, or make it a repository again; asagi looks no further up"
            }
            Self::Owner { top, .. } => {
                return Some(format!(
                    "where you trust them, say `--trust-git {0}`, or set ASAGI_TRUST_GIT={0}",
                    top.display()
                ));
            }
            Self::AmongFiles(_) => "keep it in `.git`, or outside of the folder that holds `.git`",
            Self::Unsupported(_) => {
                "compare in a clone with Git's usual formats: `git clone --ref-format=files`"
            }
            Self::NotAName(_) => {
                "write a branch, tag or commit, and `~` or `^` behind it: `git:main`, `git:HEAD~1`"
            }
            Self::Unknown { near, shallow } => return Some(unknown(reference, near, *shallow)),
            Self::Ambiguous(_) => "write one of these, or the commit's id",
            Self::NotACommit { .. } => "name a branch, tag or commit of this repository: `git:main`",
            Self::NoParent { .. } => "name a commit of this repository's history",
            Self::Absent { absence, .. } => absence.help(),
            Self::Damaged(_) => "`git fsck` tells what is damaged; a fresh clone mends it",
            Self::TooLarge { .. } => "asagi reads specs and what they name, no large files",
            Self::Io { .. } | Self::Root(_) => return None,
        };
        Some(help.to_owned())
    }
}

fn unknown(reference: &str, near: &[String], shallow: bool) -> String {
    let near: Vec<String> = near.iter().map(|name| format!("`git:{name}`")).collect();
    match (near.as_slice(), shallow) {
        ([], true) => {
            format!("the clone is shallow; `git fetch --depth 1 origin {reference}`, then `git:FETCH_HEAD`")
        }
        ([], false) => format!("fetch it first: `git fetch origin {reference}`, then `git:FETCH_HEAD`"),
        (near, _) => format!("did you mean {}?", near.join(" or ")),
    }
}

/// What reading one file tells: the help stands behind the words, since a finding quotes them in one line.
impl From<GitError> for FileError {
    fn from(error: GitError) -> Self {
        match error {
            GitError::TooLarge { bytes, limit, .. } => Self::TooLarge { bytes, limit },
            error => match error.help("") {
                Some(help) => Self::Unreadable(format!("{error}; {help}")),
                None => Self::Unreadable(error.to_string()),
            },
        }
    }
}

//! Why a file could not be read or written, in words that name it.

use std::path::PathBuf;

use super::git::GitError;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Nothing above holds `environments/`.
    #[error("no `environments/` in `{}` or above it", .0.display())]
    NoRoot(PathBuf),
    /// The root is no folder.
    #[error("`{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// No such environment.
    #[error("there is no environment `{name}`")]
    NoEnvironment {
        /// As it was asked for.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// `environments/` describes no environment.
    #[error("there is no environment in `environments/` of `{}`", .0.display())]
    NoEnvironments(PathBuf),
    /// A path leads out of the repository.
    #[error("`{0}` leads out of the repository")]
    Outside(String),
    /// A file is no text.
    #[error("`{0}` is not UTF-8 text")]
    NotText(String),
    /// The operating system said no.
    #[error("cannot {verb} `{path}`: {source}")]
    Io {
        /// `read`, `write`, `remove`.
        verb: &'static str,
        /// Of this file.
        path: String,
        /// What it said.
        source: std::io::Error,
    },
    /// Files stand where asagi would write, and asagi did not write them.
    #[error("asagi did not write {} as it is now, and does not overwrite it", list(.0))]
    Foreign(Vec<String>),
    /// A symbolic link stands where asagi would write.
    #[error("`{0}` is a symbolic link, and asagi does not write through it")]
    Link(String),
    /// A commit cannot be read.
    #[error("cannot read `git:{reference}`: {error}")]
    Git {
        /// Branch, tag or commit.
        reference: String,
        /// Why.
        error: GitError,
    },
}

impl WorkspaceError {
    pub(super) fn io(verb: &'static str, path: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io { verb, path: path.into(), source }
    }

    /// Whether the file is simply not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    /// What to do instead.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoRoot(_) => Some("go to the repository, or name it with `--root DIR`".to_owned()),
            Self::NoEnvironments(_) => {
                Some("write `environments/<name>.yaml`, with a key `environment: <name>` in it".to_owned())
            }
            Self::NoEnvironment { known, .. } if known.is_empty() => {
                Some("write `environments/<name>.yaml` first".to_owned())
            }
            Self::NoEnvironment { name, known } => Some(nearest(name, known)),
            Self::Foreign(_) => Some(
                "move it away or delete it, then render again; or give another folder with `--out`"
                    .to_owned(),
            ),
            Self::Link(_) => {
                Some("replace the link by a folder, or give another folder with `--out`".to_owned())
            }
            Self::Outside(_) => Some("paths stay below the folder that holds `environments/`".to_owned()),
            Self::Git { reference, error } => error.help(reference),
            Self::NotAFolder(_) | Self::NotText(_) | Self::Io { .. } => None,
        }
    }
}

fn nearest(name: &str, known: &[String]) -> String {
    let near = known.iter().min_by_key(|other| strsim::damerau_levenshtein(name, other));
    match near.filter(|other| strsim::damerau_levenshtein(name, other) <= 2) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    }
}

fn list(paths: &[String]) -> String {
    let shown: Vec<String> = paths.iter().take(3).map(|path| format!("`{path}`")).collect();
    match paths.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

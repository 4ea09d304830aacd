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
    /// A symbolic link stands where asagi keeps files of its own.
    #[error("`{0}` is a symbolic link, and asagi does not go through it")]
    Link(String),
    /// Something else than a regular file stands there.
    #[error("`{path}` is {what}, not a regular file")]
    NoFile {
        /// The path.
        path: String,
        /// `a pipe`, `a folder`.
        what: &'static str,
    },
    /// A file that would be appended to is also somebody else's.
    #[error("`{0}` has a second name (it is a hard link), and asagi does not write to it")]
    SecondName(String),
    /// More bytes than are read of such a file.
    #[error("`{path}` has {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// The file.
        path: String,
        /// As many as there are, or were when reading stopped.
        bytes: u64,
        /// As many as may be.
        limit: u64,
    },
    /// A text that would be a part of a path is none.
    #[error("{what} {name:?} is no name: letters, digits and hyphens")]
    NotPlain {
        /// `project`, `account`.
        what: &'static str,
        /// Its first characters.
        name: String,
    },
    /// A file in the journal's place is something else.
    #[error("`{0}` is not a journal that asagi wrote, and asagi does not write to it")]
    NoJournal(String),
    /// Files are not written to such a folder.
    #[error("`{folder}` is {what}, and asagi does not render to it")]
    NoOutput {
        /// The folder.
        folder: String,
        /// What it is.
        what: &'static str,
    },
    /// Another process holds a lock and does not let go.
    #[error("{} holds `{}` for {} s", .0.holder, .0.path, .0.waited.as_secs())]
    Held(Box<super::Waiting>),
    /// A variable of the environment has no value that can be read.
    #[error("`{name}` is {value:?}, which is not {wanted}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// Its value, the first characters.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
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

    /// The same of a path as a person wrote it.
    pub(super) fn named(self, shown: &str) -> Self {
        let shown = shown.to_owned();
        match self {
            Self::Io { verb, source, .. } => Self::Io { verb, path: shown, source },
            Self::NoFile { what, .. } => Self::NoFile { path: shown, what },
            Self::TooLarge { bytes, limit, .. } => Self::TooLarge { path: shown, bytes, limit },
            other => other,
        }
    }

    /// Whether nothing can be written there, by this user or by anybody.
    pub fn is_read_only(&self) -> bool {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem))
    }

    /// Whether the file is simply not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }

    /// What to do instead.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoRoot(_) => {
                Some("go to the repository, or name it with `--root DIR`; `asagi init` begins one".to_owned())
            }
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
            Self::Link(_) => Some("put a file or folder in the link's place, or name another".to_owned()),
            Self::NoFile { .. } => Some("move it away, or name another file".to_owned()),
            Self::SecondName(_) => Some("put a copy in its place: `cp FILE copy && mv copy FILE`".to_owned()),
            Self::TooLarge { .. } => Some("it may be another file than was meant".to_owned()),
            Self::NotPlain { what, .. } => Some(format!("mend the {what} where it is written")),
            Self::NoJournal(_) => {
                Some("move it away: a journal only speeds resuming, and losing it loses nothing".to_owned())
            }
            Self::NoOutput { .. } => Some("name a folder of its own with `--out`: `rendered`".to_owned()),
            Self::Held(waiting) => Some(release(&waiting.holder)),
            Self::Variable { wanted, name, .. } => Some(format!("set `{name}` to {wanted}, or unset it")),
            Self::Outside(_) => Some("paths stay below the folder that holds `environments/`".to_owned()),
            Self::Git { reference, error } => error.help(reference),
            Self::NotAFolder(_) | Self::NotText(_) | Self::Io { .. } => None,
        }
    }
}

/// How a lock becomes free.
fn release(holder: &super::Holder) -> String {
    match holder.process {
        Some(process) if holder.is_stopped() => {
            format!(
                "let it go on with `kill -CONT {process}`, or end it with `kill -9 {process}`: what it began is taken up"
            )
        }
        Some(process) => format!("wait for it, or end it with `kill {process}`: what it began is taken up"),
        None => "wait for it or end it: what it began is taken up".to_owned(),
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

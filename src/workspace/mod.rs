//! The rest of the outside: files, git, the journal. Every path a spec names stays below the repository's root.
#![expect(clippy::disallowed_methods, reason = "this is where files and the environment are touched")]

mod clock;
mod door;
mod error;
mod files;
mod git;
mod journal;
mod output;
mod place;
pub mod private;
mod single;
mod staging;
mod steps;
mod variables;

pub use clock::start_of_local_time;
pub use door::{Door, Holder, Kind, Lock, Looked, PlainName, Privacy, Waiting, Waits};
pub use error::WorkspaceError;
pub use files::{Workspace, stem};
pub use git::{Absence, GitError, GitTree};
pub use journal::Journal;
pub use output::{Difference, FileSet, HEADER, Output};
pub use place::Place;
pub use single::{read_bytes, read_file};
pub use staging::{Staged, Writing, Written};
pub use variables::variable;

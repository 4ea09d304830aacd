//! The rest of the outside: files, git, the journal. Every path a spec names stays below the repository's root.
#![expect(clippy::disallowed_methods, reason = "this is where files and the environment are touched")]

mod clock;
mod error;
mod files;
mod git;
mod journal;
mod output;
mod single;
mod staging;

pub use clock::start_of_local_time;
pub use error::WorkspaceError;
pub use files::{Workspace, stem};
pub use git::{Absence, GitError, GitTree};
pub use journal::Journal;
pub use output::{Difference, FileSet, HEADER, Output};
pub use single::{read_file, write_file};
pub use staging::{Staged, Written};

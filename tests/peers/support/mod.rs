//! The peers, ready to use: each is started from a virtual environment that the first test to need it makes.
//!
//! A test crate outside this folder takes them with `#[path = "peers/support/mod.rs"] mod peers;`.

#![allow(dead_code, unused_imports, reason = "every test crate uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness that cannot go on stops"
)]
#![allow(clippy::print_stderr, reason = "what went wrong is shown with the failed test")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests stand outside: files, clocks and processes are their business"
)]

mod account;
mod boto;
mod collection;
mod http;
mod lint;
mod rendered;
mod sceptre;
mod server;
mod venv;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) use account::{Account, Seen, changes, copy, seen};
pub(crate) use boto::{Boto, Refusal};
pub(crate) use collection::{Given, collection};
pub(crate) use http::{Response, TextServer, get};
pub(crate) use lint::{Finding, cfn_lint, cloudformation_validate};
pub(crate) use rendered::{Rendered, render, render_from};
pub(crate) use sceptre::{Sceptre, generated};
pub(crate) use server::Server;
pub(crate) use venv::program;

/// The region and account that every peer is told.
pub(crate) const REGION: &str = "ap-northeast-1";
/// See [`REGION`].
pub(crate) const ACCOUNT: &str = "123456789012";

/// A path inside the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder that goes when the test ends.
pub(crate) fn temporary_folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// Runs a command to its end, and stops the test where it cannot even start.
pub(crate) fn finished(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"))
}

/// Everything a finished command said, for messages.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

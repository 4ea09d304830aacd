//! Options that every command has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Color;
use crate::model::Period;

/// Options that every command has.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// Folder that holds `environments/` [default: the nearest one above]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// Where stacks live: the account, or the embedded engine in `.asagi/local/`
    #[arg(
        long,
        global = true,
        value_enum,
        env = "ASAGI_TARGET",
        default_value = "aws",
        hide_env_values = true
    )]
    pub target: Target,

    /// Let so much time pass on the embedded target first, such as `24h`
    #[arg(long, global = true, value_name = "TIME")]
    pub advance: Option<Period>,

    /// Profile of the shared AWS configuration [default: AWS_PROFILE and the usual chain]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// Role to assume with those credentials
    #[arg(long, global = true, value_name = "ARN", env = "ASAGI_ASSUME_ROLE", hide_env_values = true)]
    pub assume_role: Option<String>,

    /// When output is coloured
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Say nothing of progress; data and errors are still printed
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// Where stacks live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// The account that the credentials belong to.
    Aws,
    /// The embedded engine, kept in `.asagi/local/`.
    Local,
}

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs; every document says its version.
    Json,
}

/// How pages are printed, which people also read elsewhere than in a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum PageFormat {
    /// For people.
    #[default]
    Human,
    /// For a comment on a pull request, or a wiki.
    Markdown,
    /// For programs; every document says its version.
    Json,
}

//! `asagi check`: what is wrong with the specs, offline.

use clap::Args;

use super::{Context, ExitCode, Failure, Format, findings};
use crate::diagnostics::Severity;
use crate::ops;

/// Check specs: every environment, offline, without credentials
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  asagi check                       every file in environments/ that has an `environment:` key
  asagi check prod stg              these two
  asagi check --format json         for programs
  asagi check --deny-warnings       warnings fail too

Exits 3 when there are errors.")]
pub(super) struct Arguments {
    /// Environments, by name or path [default: all]
    #[arg(value_name = "ENV")]
    environments: Vec<String>,
    /// How findings are printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Exit 3 on warnings too
    #[arg(long)]
    deny_warnings: bool,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let workspace = context.workspace()?;
    let report = ops::check::check(&workspace, &arguments.environments)?;
    match arguments.format {
        Format::Human => {
            let shown = findings::human(report.environments(), context.console.is_colored());
            context.console.data(&shown.text)?;
            context.console.progress(findings::summary(report.environments().count(), &shown));
        }
        Format::Json => context.console.json(&findings::json(&report))?,
    }
    let denied = arguments.deny_warnings && report.count(Severity::Warning) > 0;
    let found = denied || report.count(Severity::Error) > 0;
    Ok(if found { ExitCode::Findings } else { ExitCode::Done })
}

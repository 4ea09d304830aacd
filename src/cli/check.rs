//! `asagi check`: what is wrong with the specs, offline.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Context, ExitCode, Failure, findings};
use crate::check;
use crate::diagnostics::{Report, RuleText, Severity, render};
use crate::ops;

/// Check specs: every environment, offline, without credentials
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  asagi check                             every file in environments/ that has an `environment:` key
  asagi check prod stg                    these two
  asagi check --deny-warnings             warnings fail too
  asagi check --format sarif > asagi.sarif
                                          for code hosts and editors; junit for CIs, json for programs
  asagi check --write-baseline known.json
  asagi check --baseline known.json       fail on findings that are new since then, and say which are gone

What a finding means: `asagi explain CODE`. How much one matters in an environment can be set in its spec:
`policy: { ASG0401: { severity: note, reason: why } }`.

Exit codes: 0 nothing that fails, 1 it could not be checked, 3 errors (with --deny-warnings warnings too)")]
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
    /// Leave out findings that this file knows
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write every finding of today to this file, for `--baseline`, and exit 0
    #[arg(long, value_name = "FILE", conflicts_with_all = ["environments", "baseline"])]
    write_baseline: Option<PathBuf>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With their source, for people.
    Human,
    /// For programs; the document says its version.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let workspace = context.workspace()?;
    let baseline = arguments.baseline.as_deref().map(ops::check::read_baseline).transpose()?;
    let checked = ops::check::check(&workspace, &arguments.environments)?.against(baseline);
    let report = checked.report();
    print(arguments, &report, context)?;
    if let Some(path) = &arguments.write_baseline {
        let count = ops::check::write_baseline(&context.workspace()?, path, &report)?;
        let known = findings::plural(count, "finding");
        context.console.progress(format!("wrote {}: {known}, known from now on", path.display()));
        return Ok(ExitCode::Done);
    }
    let denied = arguments.deny_warnings && report.count(Severity::Warning) > 0;
    let found = denied || report.count(Severity::Error) > 0;
    Ok(if found { ExitCode::Findings } else { ExitCode::Done })
}

fn print(arguments: &Arguments, report: &Report<'_>, context: &mut Context) -> Result<(), Failure> {
    let rules = check::RULES.iter().map(|rule| RuleText {
        code: rule.code,
        title: rule.title,
        docs: rule.docs,
        severity: rule.severity.first().copied().unwrap_or(Severity::Error),
    });
    match arguments.format {
        Format::Human => {
            let shown = findings::human(report, context.console.is_colored());
            context.console.data(shown)?;
            for line in findings::summary(report) {
                context.console.progress(line);
            }
        }
        Format::Json => context.console.json(&render::json(report))?,
        Format::Sarif => context.console.json(&render::sarif(report, &rules.collect::<Vec<_>>()))?,
        Format::Junit => context.console.document(&render::junit(report, arguments.deny_warnings))?,
    }
    Ok(())
}

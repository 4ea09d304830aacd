//! `asagi drift`: what was moved outside CloudFormation.

use clap::Args;

use crate::ops::{self, DriftReport};
use crate::shown;
use crate::words::Shown;

use super::{Context, ExitCode, Failure, Format};

/// Show traffic that was moved by hand: weights, rules and the record, against what the stacks say
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi drift prod
  asagi drift prod --detailed-exitcode    exit 2 when something was moved by hand")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path
    environment: String,
    /// Exit 2 when there is drift
    #[arg(long)]
    detailed_exitcode: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let loaded = context.load(&arguments.environment)?;
    let target = context.target(&loaded.environment)?;
    let report = target.wait(ops::drift(target.cloud(), &loaded.environment))?;
    match arguments.format {
        Format::Json => context.console.json(&report)?,
        Format::Human => context.console.data(human(&report))?,
    }
    let found = arguments.detailed_exitcode && !report.roles.is_empty();
    Ok(if found { ExitCode::Changes } else { ExitCode::Done })
}

fn human(report: &DriftReport) -> Shown {
    let mut text = Shown::default();
    for role in &report.roles {
        for drift in &role.drift {
            text.line(shown!("{}: {}", role.role, drift));
        }
        let (role, mend, back) = (&role.role, &role.mend, &role.back);
        text.line(shown!(
            "{}: `{}` puts it back to what the stack says, `{}` gives the old release all",
            role,
            mend,
            back
        ));
    }
    if text.is_empty() {
        shown!("no drift: rules, weights and records are as the stacks say\n")
    } else {
        text
    }
}

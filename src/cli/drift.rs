//! `asagi drift`: what was moved outside CloudFormation.

use clap::Args;

use crate::ops::{self, DriftReport};
use crate::shown;
use crate::words::Shown;

use super::place::PlaceArguments;
use super::{Context, ExitCode, Failure, Format};

/// Show traffic that was moved by hand: weights, rules and the record, against what the stacks say
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi drift prod
  asagi drift prod --detailed-exitcode    exit 2 when something was moved by hand")]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Exit 2 when there is drift
    #[arg(long)]
    detailed_exitcode: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let (place, target) = context.place(&arguments.place)?;
    let report = target.wait(ops::drift(target.cloud(), &place.identity, &place.typed))?;
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
        for drift in role.drift.iter().chain(&role.beside) {
            text.line(shown!("{}: {}", role.role, drift));
        }
        if role.drift.is_empty() {
            continue;
        }
        let (role, mend, back) = (&role.role, &role.mend, &role.back);
        text.line(shown!(
            "{}: `{}` puts it back to what the stack says, `{}` gives the old release all",
            role,
            mend,
            back
        ));
    }
    if !report.deployed {
        return shown!("no stack of a role is there, so nothing of it was moved\n");
    }
    if text.is_empty() {
        shown!("no drift: rules, weights, records, sizes and alarms are as the stacks say\n")
    } else {
        text
    }
}

//! `asagi drift`: what was changed outside CloudFormation.

use clap::Args;

use crate::ops::{self, DriftReport};
use crate::shown;
use crate::words::Shown;

use super::place::PlaceArguments;
use super::{Context, ExitCode, Failure, Format};

/// Show what was changed by hand: weights, rules, records, sizes, launch templates, alarms and termination protection
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi drift prod
  asagi drift prod --detailed-exitcode    exit 2 when something was changed by hand")]
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
    let zone = place.zone();
    let report = target.wait(ops::drift(target.cloud(), place.look(&zone)))?;
    match arguments.format {
        Format::Json => context.console.json(&report)?,
        Format::Human => context.console.data(human(&report, &place.typed))?,
    }
    let found = arguments.detailed_exitcode && !report.is_empty();
    Ok(if found { ExitCode::Changes } else { ExitCode::Done })
}

fn human(report: &DriftReport, typed: &str) -> Shown {
    let mut text = Shown::default();
    for role in &report.roles {
        let beside = role.beside.iter().flat_map(|stray| &stray.drift);
        for drift in role.drift.iter().chain(beside) {
            text.line(shown!("{}: {}", role.role, drift));
        }
        let (role, mend, back) = (&role.role, &role.mend, (!role.drift.is_empty()).then_some(&role.back));
        text.line(match back {
            Some(back) => shown!(
                "{}: `{}` puts it back to what the stack says, `{}` gives the old release all",
                role,
                mend,
                back
            ),
            None => shown!("{}: `{}` puts it back to what the stack says", role, mend),
        });
    }
    for switched in &report.protection {
        text.line(shown!("{}; `asagi mend {}` does too", switched.to_string(), typed));
    }
    if !report.deployed && text.is_empty() {
        return shown!("no stack of a role is there, so nothing of it was moved\n");
    }
    if text.is_empty() {
        shown!(
            "no drift: rules, weights, records, sizes, launch templates and alarms are as the stacks say\n"
        )
    } else {
        text
    }
}

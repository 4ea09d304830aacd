//! `asagi iam-policy`: what whoever runs asagi must be allowed, and no more.

use clap::{Args, ValueEnum};

use super::{Context, ExitCode, Failure};
use crate::ops::{self, Audience};

/// Print a least-privilege policy for CI or for operators
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi iam-policy ci prod > ci.json              reads: diff, plan, status, history, drift
  asagi iam-policy operator prod > operator.json  reads and rolls out, through the service role
  asagi iam-policy founder prod > founder.json    makes the foundation stack as well, which makes that role")]
pub(super) struct Arguments {
    /// For whom
    #[arg(value_enum)]
    audience: Who,
    /// The environment: its file's stem or path
    environment: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Who {
    /// Reads.
    Ci,
    /// Reads and rolls out.
    Operator,
    /// Makes the foundation too.
    Founder,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let loaded = context.load(&arguments.environment)?;
    let audience = match arguments.audience {
        Who::Ci => Audience::Ci,
        Who::Operator => Audience::Operator,
        Who::Founder => Audience::Founder,
    };
    context.console.json(&ops::iam_policy(&loaded.environment, audience))?;
    if let Some(reach) = ops::reach(&loaded.environment, audience) {
        context.console.say(format!("note: {reach}"));
    }
    Ok(ExitCode::Done)
}

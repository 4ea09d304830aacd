//! `asagi schema`: what a spec may contain, for editors and other programs.

use clap::Args;

use super::{Context, ExitCode, Failure};
use crate::spec;

/// Print the JSON Schema of specs
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  asagi schema > environment.schema.json
  asagi schema --part > environment-part.schema.json

In an editor with the YAML language server, the first line of a spec may say
  # yaml-language-server: $schema=environment-part.schema.json")]
pub(super) struct Arguments {
    /// Of one file among several that are laid over each other: nothing has to be there
    #[arg(long)]
    part: bool,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let schema = if arguments.part { spec::schema::part() } else { spec::schema::environment() };
    context.console.json(&schema)?;
    Ok(ExitCode::Done)
}

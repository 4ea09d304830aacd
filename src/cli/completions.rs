//! `asagi completions`: what a shell completes.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Context, ExitCode, Failure};

/// Print the completion script of a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  asagi completions bash > /etc/bash_completion.d/asagi
  asagi completions zsh > ~/.zfunc/_asagi")]
pub(super) struct Arguments {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Cli::command(), "asagi", &mut script);
    context.console.document(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Done)
}

//! One file per command: arguments, human and JSON views. Commands print; operations do not.
//!
//! A new command is a file here with `Arguments` (a `clap::Args`) and
//! `run(&Arguments, &mut Context) -> Result<ExitCode, Failure>`, an arm of `Command` and its line in `dispatch`.

mod console;
mod context;
mod exit_code;
mod failure;
mod options;
mod outputs;
mod place;

mod findings;
mod help;

mod faults;
mod sabotage;
mod stage;
mod target;
mod watch;
mod wrong;

mod apply;
mod check;
mod completions;
mod destroy;
mod diff;
mod drift;
mod explain;
mod history;
mod iam_policy;
mod images;
mod init;
mod manual;
mod mend;
mod plan;
mod put_back;
mod render;
mod rollback;
mod schema;
mod simulate;
mod status;

pub use console::{Color, Console, Streams};
pub use context::Context;
pub use exit_code::ExitCode;
pub use failure::Failure;
pub use options::{Format, Options, Target};

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::words::{Shown, visible};

/// Compile immutable EC2 environments into CloudFormation stacks, and roll releases out phase by phase
#[derive(Debug, Parser)]
#[command(name = "asagi", version, max_term_width = 110, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    Render(render::Arguments),
    Diff(diff::Arguments),
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Status(status::Arguments),
    Rollback(rollback::Arguments),
    History(history::Arguments),
    Simulate(simulate::Arguments),
    Images(images::Arguments),
    Drift(drift::Arguments),
    Mend(mend::Arguments),
    Destroy(destroy::Arguments),
    IamPolicy(iam_policy::Arguments),
    Completions(completions::Arguments),
    Help(manual::Arguments),
}

fn dispatch(command: &Command, context: &mut Context) -> Result<ExitCode, Failure> {
    match command {
        Command::Init(arguments) => init::run(arguments, context),
        Command::Check(arguments) => check::run(arguments, context),
        Command::Explain(arguments) => explain::run(arguments, context),
        Command::Schema(arguments) => schema::run(arguments, context),
        Command::Render(arguments) => render::run(arguments, context),
        Command::Diff(arguments) => diff::run(arguments, context),
        Command::Plan(arguments) => plan::run(arguments, context),
        Command::Apply(arguments) => apply::run(arguments, context),
        Command::Status(arguments) => status::run(arguments, context),
        Command::Rollback(arguments) => rollback::run(arguments, context),
        Command::History(arguments) => history::run(arguments, context),
        Command::Simulate(arguments) => simulate::run(arguments, context),
        Command::Images(arguments) => images::run(arguments, context),
        Command::Drift(arguments) => drift::run(arguments, context),
        Command::Mend(arguments) => mend::run(arguments, context),
        Command::Destroy(arguments) => destroy::run(arguments, context),
        Command::IamPolicy(arguments) => iam_policy::run(arguments, context),
        Command::Completions(arguments) => completions::run(arguments, context),
        Command::Help(arguments) => manual::run(arguments, context),
    }
}

/// Runs one command line. Nothing here ends the process.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: Streams) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&as_shown(&arguments).unwrap_or(error), streams),
    };
    let console = Console::new(streams, cli.options.color, cli.options.quiet);
    let mut context = Context { options: cli.options, console };
    match dispatch(&cli.command, &mut context) {
        Ok(code) => code,
        Err(failure) if failure.closed_pipe => ExitCode::Done,
        Err(failure) => {
            context.console.fail(&failure);
            failure.code
        }
    }
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = help::grouped(Cli::command()).try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

/// The error of arguments as it is told of what is seen of them: an error's text holds them, and lines of their own.
fn as_shown(arguments: &[OsString]) -> Option<clap::Error> {
    let seen: Vec<OsString> =
        arguments.iter().map(|argument| visible(&argument.to_string_lossy()).into()).collect();
    let mut error = parse(&seen).err()?;
    // Values that came from the environment.
    let strings: Vec<(ContextKind, String)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, visible(text))),
            _ => None,
        })
        .collect();
    for (kind, text) in strings {
        error.insert(kind, ContextValue::String(text));
    }
    Some(error)
}

/// Help and version are data and success; anything else is an error, exit 1.
fn usage(error: &clap::Error, streams: Streams) -> ExitCode {
    let mut console = Console::new(streams, Color::Auto, false);
    let text = Shown::rendered(&error.render().ansi().to_string());
    if error.use_stderr() {
        console.say(text.trim_end());
        return ExitCode::Error;
    }
    match console.data(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::Error,
        _ => ExitCode::Done,
    }
}

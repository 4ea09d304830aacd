//! `asagi render`: templates and the Sceptre project, written or compared.

use std::path::PathBuf;

use clap::Args;

use super::{Context, ExitCode, Failure, findings};
use crate::ops::load::Loaded;
use crate::ops::{self, render};
use crate::workspace::{Output, Workspace};

/// Write templates and the Sceptre project
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  asagi render                          all environments, to rendered/
  asagi render prod --out build         one of them, elsewhere
  asagi render --check                  exit 2 when what is there is stale; writes nothing
  asagi render prod --stdout web-traffic | less

Files that asagi did not write are never overwritten.")]
pub(super) struct Arguments {
    /// Environments, by name or path [default: all]
    #[arg(value_name = "ENV")]
    environments: Vec<String>,
    /// Folder to write to [default: rendered/ beside environments/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Compare only: exit 2 when a file would change
    #[arg(long)]
    check: bool,
    /// Print one stack's template instead
    #[arg(long, value_name = "STACK", conflicts_with_all = ["check", "out"])]
    stdout: Option<String>,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let workspace = context.workspace()?;
    let loaded = ops::load::all(&workspace, &arguments.environments)?
        .map_err(|broken| findings::fail(&broken, &mut context.console))?;
    for environment in &loaded {
        if let Some(hint) = findings::hint(&environment.read.findings, environment.read.name()) {
            context.console.progress(hint);
        }
    }
    if let Some(stack) = &arguments.stdout {
        return print(&loaded, stack, context);
    }
    let output = output(arguments, &workspace)?;
    let scope = if arguments.environments.is_empty() { render::Scope::All } else { render::Scope::Named };
    let set = render::set(&loaded, scope, &output)?;
    if arguments.check { compare(&output, &set, context) } else { write(&output, &set, context) }
}

fn output(arguments: &Arguments, workspace: &Workspace) -> Result<Output, Failure> {
    match &arguments.out {
        Some(folder) => Ok(Output::at(std::path::absolute(folder)?)),
        None => Ok(Output::at(workspace.root().join(render::FOLDER))),
    }
}

fn write(
    output: &Output,
    set: &crate::workspace::FileSet,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    let written = output.write(set)?;
    context.console.progress(format_args!(
        "{}: {} written, {} unchanged, {} removed",
        output.folder().display(),
        written.written.len(),
        written.unchanged,
        written.removed.len(),
    ));
    Ok(ExitCode::Done)
}

fn compare(
    output: &Output,
    set: &crate::workspace::FileSet,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    let differences = output.compare(set)?;
    if differences.is_empty() {
        context.console.progress(format_args!("{} is up to date", output.folder().display()));
        return Ok(ExitCode::Done);
    }
    let lines = differences.iter().map(|found| format!("{:<8} {}\n", found.as_str(), found.path()));
    context.console.data(&lines.collect::<String>())?;
    let stale =
        format!("{} is stale: {}", output.folder().display(), findings::plural(differences.len(), "file"));
    Err(Failure::new(stale).help("run `asagi render` and commit what it writes").code(ExitCode::Changes))
}

fn print(loaded: &[Loaded], stack: &str, context: &mut Context) -> Result<ExitCode, Failure> {
    let [only] = loaded else {
        return Err(
            Failure::new("`--stdout` needs one environment").help("name it: `asagi render prod --stdout …`")
        );
    };
    let Some(found) = only.graph.get(stack) else {
        let known: Vec<&str> = only.graph.stacks.keys().map(String::as_str).collect();
        let message = format!("`{}` has no stack `{stack}`", only.environment.name);
        return Err(Failure::new(message).help(format!("there are: {}", known.join(", "))));
    };
    context.console.data(&found.text)?;
    Ok(ExitCode::Done)
}

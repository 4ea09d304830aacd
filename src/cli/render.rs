//! `asagi render`: templates and the Sceptre project, written or compared.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::console::waits;
use super::{Context, ExitCode, Failure, findings};
use crate::artifact::MANIFEST;
use crate::diagnostics::Severity;
use crate::ops::load::{self, Read};
use crate::ops::render::{self, RenderError, Rendered};
use crate::shown;
use crate::words::Shown;
use crate::workspace::{Difference, Output, Written};

/// So many files that differ are named.
const LISTED: usize = 60;

/// So many environments with warnings have a line of their own.
const HINTS: usize = 5;

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
    if let Some(stack) = &arguments.stdout {
        return print(arguments, stack, context);
    }
    let output = workspace.output(arguments.out.as_deref(), render::FOLDER)?;
    let names = &arguments.environments;
    if arguments.check {
        let compared = render::compare(&workspace, names, &output);
        compare(&output, &told(compared, context)?, context)
    } else {
        let written = render::write(&workspace, names, &output, &waits(context.options.quiet));
        write(&output, &told(written, context)?, context)
    }
}

/// What was done; says what was found on the way.
fn told<T>(rendered: Result<Rendered<T>, RenderError>, context: &mut Context) -> Result<T, Failure> {
    match rendered {
        Ok(Rendered { reads, done }) => {
            for hint in hints(&reads) {
                context.console.progress(hint);
            }
            Ok(done)
        }
        Err(RenderError::Findings(broken)) => Err(findings::fail(&broken, &mut context.console)),
        Err(error) => Err(error.into()),
    }
}

/// A line for each environment with warnings, or one for all when there are many.
fn hints(reads: &[Read]) -> Vec<String> {
    let hints: Vec<String> =
        reads.iter().filter_map(|read| findings::hint(&read.findings, read.name())).collect();
    if hints.len() <= HINTS {
        return hints;
    }
    let warnings = reads.iter().map(|read| read.findings.count(Severity::Warning)).sum();
    let warnings = findings::plural(warnings, "warning");
    vec![format!("{warnings} in {} environments: see `asagi check`", hints.len())]
}

fn write(output: &Output, written: &Written, context: &mut Context) -> Result<ExitCode, Failure> {
    context.console.progress(format!(
        "{}: {} written, {} unchanged, {} removed",
        output.folder().display(),
        written.written.len(),
        written.unchanged,
        written.removed.len(),
    ));
    Ok(ExitCode::Done)
}

fn compare(output: &Output, differences: &[Difference], context: &mut Context) -> Result<ExitCode, Failure> {
    if differences.is_empty() {
        context.console.progress(format!("{} is up to date", output.folder().display()));
        return Ok(ExitCode::Done);
    }
    let (absent, others) = absent(output, differences);
    let whole = absent.iter().map(|folder| shown!("missing  {}/: nothing is rendered for it\n", folder));
    let lines = others.iter().take(LISTED);
    let lines = lines.map(|found| shown!("{:<8} {}\n", found.as_str(), found.path()));
    let more = others.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| shown!("and {}\n", findings::plural(more, "more file")));
    context.console.data(whole.chain(lines).chain(more).collect::<Shown>())?;
    let counted = [(absent.len(), "whole environment"), (others.len(), "file")];
    let counted = counted.into_iter().filter(|(count, _)| *count > 0);
    let counted: Vec<_> = counted.map(|(count, word)| findings::plural(count, word)).collect();
    let stale = format!("{} is stale: {}", output.folder().display(), counted.join(" and "));
    Err(Failure::new(stale).help("run `asagi render` and commit what it writes").code(ExitCode::Changes))
}

/// The folders of environments for which there is nothing at all, and what differs elsewhere.
fn absent<'a>(output: &Output, differences: &'a [Difference]) -> (BTreeSet<&'a str>, Vec<&'a Difference>) {
    let environment = |found: &&'a Difference| found.path().strip_suffix(&format!("/{MANIFEST}"));
    let absent: BTreeSet<&str> = differences
        .iter()
        .filter_map(|it| environment(&it))
        .filter(|folder| output.is_empty(folder))
        .collect();
    let is_there = |found: &&Difference| {
        !absent
            .iter()
            .any(|folder| found.path().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    let others = differences.iter().filter(is_there).collect();
    (absent, others)
}

fn print(arguments: &Arguments, stack: &str, context: &mut Context) -> Result<ExitCode, Failure> {
    let paths = load::paths(&context.workspace()?, &arguments.environments)?;
    let [only] = paths.as_slice() else {
        return Err(
            Failure::new("`--stdout` needs one environment").help("name it: `asagi render prod --stdout …`")
        );
    };
    let loaded = context.load(only)?;
    let Some(found) = loaded.graph.get(stack) else {
        let known: Vec<&str> = loaded.graph.stacks.keys().map(String::as_str).collect();
        let message = format!("`{}` has no stack `{stack}`", loaded.environment.name);
        return Err(Failure::new(message).help(format!("there are: {}", known.join(", "))));
    };
    context.console.document(&found.text)?;
    Ok(ExitCode::Done)
}

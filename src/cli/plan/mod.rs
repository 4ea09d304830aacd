//! `asagi plan`: every phase predicted, on one screen.

mod leaving;
mod page;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::ops::{Looking, PlanOptions};
use crate::plan::{Going, Passes};
use crate::source::limits;
use crate::workspace::Privacy;

use super::context::{OfProcess, zone};
use super::target::OpenTarget;
use super::{Context, ExitCode, Failure, Format};

pub(super) use page::page;

/// Show every phase of what apply would do: changes, times, and what takes it back
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi plan prod                        what apply would do now
  asagi plan prod --out prod.plan        the same, kept: apply runs exactly that
  asagi plan prod --prune                with stacks that left the spec removed
  asagi plan prod --detailed-exitcode    exit 2 when there is something to do")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path
    environment: String,
    /// Roll out a release that was taken back before
    #[arg(long)]
    again: bool,
    /// Profile that reads the environment releases come from, where that is in another account
    #[arg(long, value_name = "NAME")]
    promotion_profile: Option<String>,
    /// Take over that stack, which has a name of this environment and was not made for it
    #[arg(long, value_name = "STACK")]
    adopt: Vec<String>,
    /// Remove stacks that are deployed and no longer in the spec, too
    #[arg(long)]
    prune: bool,
    /// Write the plan to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit 2 when there is something to do, 5 when apply would not do all of it now
    #[arg(long)]
    detailed_exitcode: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    if let Some(path) = &arguments.out {
        only_over_a_plan(path)?;
    }
    let loaded = context.load(&arguments.environment)?;
    let target = context.target(&loaded.environment)?;
    let options = PlanOptions {
        again: arguments.again,
        adopt: &arguments.adopt,
        variables: Some(&OfProcess),
        prune: arguments.prune,
    };
    let plan = target.wait(crate::ops::plan_with(target.cloud(), &loaded, options))?;
    let origin = context.origin(&plan, arguments.promotion_profile.as_deref())?;
    let zone = zone(&loaded.environment);
    let looking =
        Looking { cloud: target.cloud(), origin: origin.as_ref().map(OpenTarget::cloud), zone: &zone };
    let stands = crate::ops::stands_between(looking, &plan, Going::default(), Passes::default());
    let obstacles = target.ask(stands);
    match arguments.format {
        Format::Json => context.console.json(&crate::plan::told(&plan, &obstacles))?,
        Format::Human => context.console.data(page(&plan, &obstacles))?,
    }
    if let Some(path) = &arguments.out {
        let text = crate::ops::plan_file(&loaded, &plan).to_text();
        context.workspace()?.write_file(path, text.as_bytes(), Privacy::Private)?;
        let option = if path.extension().is_some_and(|it| it == "plan") { "" } else { "--plan " };
        let shown = path.display();
        let prune = if arguments.prune { " --prune" } else { "" };
        let hint = format!(
            "wrote {shown}; from this repository, `asagi apply {option}{shown}{prune}` runs that or nothing"
        );
        context.console.progress(hint);
    }
    Ok(match arguments.detailed_exitcode {
        true if plan.only_sends_again() => ExitCode::Done,
        true if !obstacles.is_empty() => ExitCode::Withheld,
        true if plan.differs() => ExitCode::Changes,
        _ => ExitCode::Done,
    })
}

/// What stands where the plan goes may be an older plan and nothing else.
fn only_over_a_plan(path: &Path) -> Result<(), Failure> {
    match crate::workspace::read_file(path, limits::PLAN) {
        Err(error) if error.is_absent() => Ok(()),
        Ok(text) if text.is_empty() || says_plan(&text) => Ok(()),
        _ => Err(Failure::new(format!("`{}` is no plan, and asagi does not overwrite it", path.display()))
            .help("give another file with `--out`, or move that one away")),
    }
}

/// A plan file of this or another version of asagi.
fn says_plan(text: &str) -> bool {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let has = |keys: [&str; 3]| keys.iter().all(|key| value.get(key).is_some());
    has(["version", "made", "digest"]) || has(["version", "made", "levels"])
}

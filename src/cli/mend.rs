//! `asagi mend`: stacks that are stuck, why, and the one call that gets each on its way; then traffic that was moved by
//! hand.

use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;

use crate::ops::{self, Loaded, Mend, Reverted, RoleDrift, StuckStack, Surroundings};
use crate::rollout::Cancellation;

use super::target::OpenTarget;
use super::watch::Watch;
use super::{Context, ExitCode, Failure};

/// Get stuck stacks on their way, and traffic that was moved by hand back to what its stack says
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi mend prod          asks before each call
  asagi mend prod --yes    makes them all")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path
    environment: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let loaded = context.load(&arguments.environment)?;
    let target = context.target(&loaded.environment)?;
    let stuck = target.wait(ops::stuck(target.cloud(), &loaded.graph))?;
    if stuck.is_empty() {
        context.console.say("no stack is stuck");
    }
    let mut left = 0;
    for stack in &stuck {
        context.console.say(told(stack));
        let agreed = stack.mend.is_a_call() && (arguments.yes || agrees(&call(stack), context)?);
        if agreed {
            target.wait(ops::mend(target.cloud(), stack))?;
            context.console.say(format!("{}: asked for", stack.stack));
        } else {
            left += 1;
        }
    }
    for role in target.wait(ops::drift(target.cloud(), &loaded.environment))?.roles {
        role.drift.iter().for_each(|drift| context.console.say(format!("{}: {drift}", role.role)));
        let question = format!("put {} back to what its stack says", role.role);
        let agreed = arguments.yes || agrees(&question, context)?;
        if !(agreed && put_back(&loaded, &target, &role, context)?) {
            left += 1;
        }
    }
    Ok(if left == 0 { ExitCode::Done } else { ExitCode::Withheld })
}

/// Whether everything is as the stack says afterwards.
fn put_back(
    loaded: &Loaded,
    target: &OpenTarget,
    role: &RoleDrift,
    context: &mut Context,
) -> Result<bool, Failure> {
    let environment = &loaded.environment;
    let journal = context.journal(&environment.project, &environment.name)?;
    let cancelled = Arc::new(Cancellation::default());
    let outcome = {
        let watch = Watch::new(&mut context.console, TimeZone::system());
        let around = Surroundings {
            cloud: target.cloud(),
            observer: &watch,
            journal: &journal,
            cancelled: &cancelled,
        };
        let prefix = ops::prefix(environment);
        let work = ops::revert(&around, &prefix, &environment.account, &role.role);
        target.follow(Arc::clone(&cancelled), work)
    };
    let name = &role.role;
    let (put, said) = match outcome.map_err(|error| Failure::new(error.to_string()).help("run it again"))? {
        Reverted::Done => (true, format!("{name}: everything is as its stack says")),
        Reverted::Unseen(left) => {
            let left = left.join("; ");
            (false, format!("{name}: CloudFormation put nothing back: {left}\n  next  {}", role.back))
        }
        Reverted::Failed(why) => (false, format!("{name}: {why}\n  next  {}", role.back)),
    };
    context.console.say(said);
    Ok(put)
}

fn agrees(question: &str, context: &mut Context) -> Result<bool, Failure> {
    Ok(context.console.ask(&format!("{question}? type `yes`:"))?.is_some_and(|answer| answer == "yes"))
}

/// Why it is stuck comes first, then the one right command.
pub(super) fn told(stack: &StuckStack) -> String {
    let reason = stack.reason.as_deref().unwrap_or("no reason is told");
    format!("{} is {}\n  why   {reason}\n  next  {}", stack.stack, stack.status, call(stack))
}

fn call(stack: &StuckStack) -> String {
    let name = &stack.stack;
    match stack.mend {
        Mend::Delete => format!("delete {name}, which was never made whole"),
        Mend::ContinueRollback => format!("mend the cause, then continue the rollback of {name}"),
        Mend::RollBack => format!("roll {name} back to how it was before its failed update"),
        Mend::Wait => format!("wait for {name}; `asagi apply` follows what it does to a role"),
    }
}

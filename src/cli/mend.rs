//! `asagi mend`: stacks that are stuck, why, and the one call that gets each on its way; then what was changed by hand.

use clap::Args;

use crate::cfn::StackStatus;
use crate::ops::{self, Mend, StuckStack};
use crate::shown;
use crate::words::Shown;

use super::place::PlaceArguments;
use super::{Context, ExitCode, Failure, put_back};

/// Get stuck stacks on their way, and what was changed by hand back to what its stack says
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi mend prod              asks before each call
  asagi mend prod --yes        makes those by which nothing is lost
  asagi mend prod --skip Rule  continues a rollback that failed, and leaves that resource as it is
  asagi mend --project idhub-40 --name prod    without a checkout

It needs no valid spec. Nothing that takes requests, runs instances or may hold data is deleted by `--yes`.")]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Do not ask where nothing can be lost
    #[arg(long, short)]
    yes: bool,
    /// A resource whose way back failed, left as it is when the rollback of its stack is continued
    #[arg(long, value_name = "LOGICAL_ID")]
    skip: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let (place, target) = context.place(&arguments.place)?;
    let zone = place.zone();
    let stuck = target.wait(ops::stuck(target.cloud(), place.look(&zone)))?;
    let drift = target.wait(ops::drift(target.cloud(), place.look(&zone)));
    if stuck.is_empty() {
        let there = drift.as_ref().is_ok_and(|drift| drift.deployed);
        let absent = if there { "" } else { ", and no role is deployed" };
        context.console.say(format!("no stack is stuck{absent}"));
    }
    let mut end = ExitCode::Done;
    for stack in &stuck {
        context.console.say(told(stack));
        let skip: Vec<String> =
            stack.failed_resources.iter().filter(|id| arguments.skip.contains(id)).cloned().collect();
        match stack.mend {
            Mend::Wait => {}
            Mend::Leave => end = worse(end, ExitCode::Error),
            _ if agreed(stack, &skip, arguments.yes, context)? => {
                target.wait(ops::mend_without(target.cloud(), stack, &skip))?;
                context.console.say(format!("{}: asked for", stack.stack));
            }
            _ => end = worse(end, ExitCode::Withheld),
        }
    }
    Ok(worse(end, put_back::all(&drift?, &place, &target, arguments.yes, context)?))
}

/// What could not be done outweighs what nobody agreed to.
pub(super) fn worse(end: ExitCode, then: ExitCode) -> ExitCode {
    match (end, then) {
        (ExitCode::Done | ExitCode::Withheld, then) if then != ExitCode::Done => then,
        (end, _) => end,
    }
}

pub(super) fn agrees(question: &str, context: &mut Context) -> Result<bool, Failure> {
    Ok(context.console.ask(format!("{question}? type `yes`:"))?.is_some_and(|answer| answer == "yes"))
}

/// A stack by which something is lost is named by a person, who has read what that is.
fn agreed(stack: &StuckStack, skip: &[String], yes: bool, context: &mut Context) -> Result<bool, Failure> {
    let mut question = call(stack);
    if !skip.is_empty() {
        question = format!("{question}, and leave {} as they are", skip.join(", "));
    }
    if stack.is_safe() {
        return Ok(yes || agrees(&question, context)?);
    }
    if yes {
        context.console.say(format!("{}: not by `--yes`; run it again without, and name it", stack.stack));
        return Ok(false);
    }
    let answer = context.console.ask(format!("{question}? type its name, `{}`:", stack.stack))?;
    Ok(answer.is_some_and(|answer| answer == stack.stack))
}

/// Why it is stuck and what would be lost with it come first, then the one right command.
pub(super) fn told(stack: &StuckStack) -> Shown {
    let reason = stack.reason.as_deref().unwrap_or("no reason is told");
    let mut text = shown!("{} is {}\n  why   {}", stack.stack, stack.status, reason);
    let lines = stack.holds.iter().map(|hold| ("holds", hold.text().to_owned()));
    let needed =
        stack.needed_by.iter().map(|name| ("used", format!("by {name}, which takes values from it")));
    for (head, line) in lines.chain(needed) {
        text.push(shown!("\n  {:<5} {}", head, line));
    }
    text.push(shown!("\n  next  {}", call(stack)));
    if let (Mend::ContinueRollback, [_, ..]) = (stack.mend, stack.failed_resources.as_slice()) {
        let ids = stack.failed_resources.join(" --skip ");
        text.push(shown!("\n        where that cannot be mended: `--skip {}` leaves it as it is", ids));
    }
    text
}

fn call(stack: &StuckStack) -> String {
    let name = &stack.stack;
    match stack.mend {
        Mend::Delete if stack.delete_failed() => {
            format!("delete {name} again: it was whole, a delete of it was tried and failed")
        }
        Mend::Delete if stack.status == StackStatus::ReviewInProgress => {
            format!("delete {name}, which is a name and nothing else")
        }
        Mend::Delete => format!("delete {name}, which was never made whole"),
        Mend::ContinueRollback => format!("mend the cause, then continue the rollback of {name}"),
        Mend::RollBack => format!("roll {name} back to how it was before its failed update"),
        Mend::Wait => format!("wait for {name}; `asagi apply` follows what it does to a role"),
        Mend::Leave if stack.delete_failed() => "a delete of it was tried and failed, and it is in use: asagi leaves it as it is. CloudFormation changes \
             no such stack: delete it with `--retain-resources` for all that is left, which keeps them running, and \
             import them into a stack of the same name"
            .to_owned(),
        Mend::Leave if stack.holds.is_empty() => {
            format!("no call of asagi's gets {name} on its way; the console shows what CloudFormation offers")
        }
        Mend::Leave => format!("{name} was never made whole, and it is in use: asagi leaves it as it is"),
    }
}

//! `asagi mend`: stacks that are stuck, why, and the one call that gets each on its way.

use clap::Args;

use crate::ops::{self, Mend, StuckStack};

use super::{Context, ExitCode, Failure};

/// Get stuck stacks on their way: show why each is stuck, and make the one right call
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
        let agreed = stack.mend.is_a_call() && (arguments.yes || agrees(stack, context)?);
        if agreed {
            target.wait(ops::mend(target.cloud(), stack))?;
            context.console.say(format!("{}: asked for", stack.stack));
        } else {
            left += 1;
        }
    }
    Ok(if left == 0 { ExitCode::Done } else { ExitCode::Withheld })
}

fn agrees(stack: &StuckStack, context: &mut Context) -> Result<bool, Failure> {
    Ok(context.console.ask(&format!("{}? type `yes`:", call(stack)))?.is_some_and(|answer| answer == "yes"))
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
        Mend::RollBackByHand => format!("aws cloudformation rollback-stack --stack-name {name}"),
        Mend::Wait => format!("wait for {name}"),
    }
}

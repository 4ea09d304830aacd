//! What was changed by hand, put back to what its stack says, each part once somebody agrees: traffic and record, sizes,
//! launch templates and alarms, termination protection.

use crate::ops::{self, ApplyError, DriftReport, Reverted, RoleDrift, Stray, Surroundings, Switched};
use crate::shown;

use super::mend::{agrees, worse};
use super::place::Place;
use super::target::OpenTarget;
use super::{Context, ExitCode, Failure};

/// All of it, as far as it is agreed to; `--yes` agrees to what nobody loses anything by.
pub(super) fn all(
    report: &DriftReport,
    place: &Place,
    target: &OpenTarget,
    yes: bool,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    let mut end = ExitCode::Done;
    for role in &report.roles {
        if !role.drift.is_empty() {
            end = worse(end, traffic(role, place, target, yes, context)?);
        }
        for stray in &role.beside {
            end = worse(end, beside((&role.role, stray), place, target, yes, context)?);
        }
    }
    for switched in &report.protection {
        end = worse(end, protection(switched, target, yes, context)?);
    }
    Ok(end)
}

fn traffic(
    role: &RoleDrift,
    place: &Place,
    target: &OpenTarget,
    yes: bool,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    let name = &role.role;
    role.drift.iter().for_each(|drift| context.console.say(format!("{name}: {drift}")));
    if !(yes || agrees(&format!("put {name} back to what its stack says"), context)?) {
        return Ok(ExitCode::Withheld);
    }
    let (owner, account) = (place.identity.owner(), place.identity.account.as_deref());
    let outcome = follow(place, target, context, async |around| {
        ops::revert(around, &owner, account, &role.role).await
    })?;
    Ok(tell(name, outcome, std::slice::from_ref(&role.back), context))
}

fn beside(
    (role, stray): (&str, &Stray),
    place: &Place,
    target: &OpenTarget,
    yes: bool,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    let stack = &stray.stack;
    stray.drift.iter().for_each(|drift| context.console.say(format!("{role}: {drift}")));
    if !stray.by_stack {
        let told = "not by CloudFormation, which does not know what was there before";
        stray
            .by_hand
            .iter()
            .for_each(|next| context.console.say(shown!("{}: {}\n  next  {}", role, told, next)));
        return Ok(ExitCode::Error);
    }
    let agreed = match &stray.costs {
        None => yes || agrees(&format!("put {stack} back to what it says"), context)?,
        Some(costs) => {
            context.console.say(format!("{role}: {costs}"));
            by_name(stack, yes, context)?
        }
    };
    if !agreed {
        return Ok(ExitCode::Withheld);
    }
    let (owner, account) = (place.identity.owner(), place.identity.account.as_deref());
    let outcome = follow(place, target, context, async |around| {
        ops::put_back(around, &owner, account, (role, stack)).await
    })?;
    Ok(tell(stack, outcome, &stray.by_hand, context))
}

/// Instances that carry users are ended only by a person who names the stack.
fn by_name(stack: &str, yes: bool, context: &mut Context) -> Result<bool, Failure> {
    if yes {
        context.console.say(format!("{stack}: not by `--yes`; run it again without, and name it"));
        return Ok(false);
    }
    let question = format!("put {stack} back to what it says all the same? type its name, `{stack}`:");
    Ok(context.console.ask(question)?.is_some_and(|answer| answer == *stack))
}

/// Who switched protection on had a reason: it is taken away only by somebody who is asked.
fn protection(
    switched: &Switched,
    target: &OpenTarget,
    yes: bool,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    context.console.say(switched.to_string());
    let (stack, word) = (&switched.stack, if switched.wanted { "on" } else { "off" });
    let agreed = yes && switched.wanted
        || agrees(&format!("switch termination protection of {stack} {word}"), context)?;
    if !agreed {
        return Ok(ExitCode::Withheld);
    }
    target.wait(target.cloud().update_termination_protection(stack, switched.wanted))?;
    context.console.say(format!("{stack}: termination protection is {word}"));
    Ok(ExitCode::Done)
}

fn follow(
    place: &Place,
    target: &OpenTarget,
    context: &mut Context,
    work: impl AsyncFnOnce(&Surroundings<'_>) -> Result<Reverted, ApplyError>,
) -> Result<Reverted, Failure> {
    let identity = &place.identity;
    let journal = context.journal_if_any(&identity.project, &identity.environment);
    let outcome = context.follow(target, &journal, &place.zone(), work);
    outcome.map_err(|error| Failure::new(error.to_string()).help("run it again"))
}

/// Says what came of it, and what puts back what is left.
fn tell(what: &str, outcome: Reverted, next: &[String], context: &mut Context) -> ExitCode {
    let (end, mut said) = match outcome {
        Reverted::Done => (ExitCode::Done, shown!("{}: everything is as its stack says", what)),
        Reverted::Unseen(left) => {
            let left = left.join("; ");
            (ExitCode::Error, shown!("{}: CloudFormation put nothing back: {}", what, left))
        }
        Reverted::Failed(why) => (ExitCode::Error, shown!("{}: {}", what, why)),
    };
    if end != ExitCode::Done {
        next.iter().for_each(|next| said.push(shown!("\n  next  {}", next)));
    }
    context.console.say(said);
    end
}

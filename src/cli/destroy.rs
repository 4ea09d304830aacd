//! `asagi destroy`: a whole environment goes, in the order in which its stacks let go of one another.

use anstyle::{AnsiColor, Style};
use clap::Args;

use crate::ops::{self, Teardown};
use crate::plan::{Ended, Leaving};
use crate::shown;
use crate::words::Shown;

use super::place::{Place, PlaceArguments};
use super::{Context, ExitCode, Failure};

/// Remove a whole environment, by deployed stacks alone; protected ones refuse
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi destroy dev                      shows what goes and what stays, and asks for the environment's name
  asagi destroy dev --yes                without asking, where nothing holds data and no person must agree
  asagi destroy dev --allow-loss shop-dev-database/Table
                                         with a resource that holds data, by its name; or all of a stack by its own
  asagi destroy --project shop --name dev    without a checkout
  asagi destroy dev --target local       on the embedded target

It needs no valid spec. Each stack goes after those that use what is in it. What the templates keep stays in the account, and so
do images and their snapshots; a bucket goes only when it is empty. What fails stays: run it again once the cause is mended.")]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Agree without being asked, where no person must agree
    #[arg(long)]
    yes: bool,
    /// Let go of a resource that holds data, by its name; or of all of a stack, by its own
    #[arg(long, value_name = "STACK/RESOURCE")]
    allow_loss: Vec<String>,
    /// Remove that stack too, which has this environment's name and tags and was not made by asagi
    #[arg(long, value_name = "STACK")]
    adopt: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let (place, target) = context.place(&arguments.place)?;
    let zone = place.zone();
    let found = target.wait(ops::teardown_of(target.cloud(), place.look(&zone), &arguments.adopt))?;
    let identity = &place.identity;
    if found.stacks.is_empty() {
        let (account, region) = (&found.account, &identity.region);
        context.console.say(format!("nothing of it is in account {account}, {region}"));
        return Ok(ExitCode::Done);
    }
    context.console.data(page(&found, &place))?;
    withheld(&found, &place, arguments)?;
    agreed(&found, &place, arguments, context)?;
    let journal = context.journal(&identity.project, &identity.environment)?;
    let owner = identity.owner();
    let ended =
        context.follow(&target, &journal, &zone, async |around| ops::destroy(around, &owner, &found).await);
    let again = command(&place);
    match ended {
        Ok(None) => {
            context.console.say(format!("{} is gone: {} stacks", identity.environment, found.stacks.len()));
            Ok(ExitCode::Done)
        }
        Ok(Some((stack, failure))) => {
            let message = format!("stack {stack} could not be removed: {}", failure.reason());
            let help = format!(
                "what is left of it stays; mend the cause (a bucket must be empty, say), then `{again}` goes on"
            );
            Err(Failure::new(message).help(help))
        }
        Err(error) => {
            let failure = super::apply::failure(&error, &place.typed);
            Err(if failure.code == ExitCode::Cancelled {
                failure.help(format!("`{again}` goes on from here"))
            } else {
                failure
            })
        }
    }
}

fn command(place: &Place) -> String {
    format!("asagi destroy {}", place.typed)
}

/// Nothing is asked for what will not begin.
fn withheld(found: &Teardown, place: &Place, arguments: &Arguments) -> Result<(), Failure> {
    let refuse =
        |message: String, help: String| Err(Failure::new(message).help(help).code(ExitCode::Withheld));
    let name = &place.identity.environment;
    if !found.protected.is_empty() {
        let help = format!("whoever means it {}", unprotected(found, place).join("; "));
        return refuse(format!("{name} is protected: {}", found.protected.join("; ")), help);
    }
    if !found.hindered.is_empty() {
        return refuse(found.hindered.join("; "), format!("see `asagi status {}`", place.typed));
    }
    let asked = found.asked(&arguments.allow_loss);
    if !asked.is_empty() {
        let told: Vec<String> = asked.iter().map(crate::plan::Loss::words).collect();
        let names: Vec<String> = asked.iter().map(|loss| format!("--allow-loss {}", loss.name())).collect();
        let help = format!("`{} {}` lets go of it", command(place), names.join(" "));
        return refuse(told.join("; "), help);
    }
    Ok(())
}

/// How the protection is taken off: by the spec what is in it, and by hand what is not.
fn unprotected(found: &Teardown, place: &Place) -> Vec<String> {
    let again = command(place);
    let planned = |name: &str| {
        let graph = place.loaded.as_ref().map(|loaded| &loaded.graph);
        graph.is_some_and(|graph| graph.stacks.values().any(|stack| stack.name == name))
    };
    let locked = found.stacks.iter().filter(|it| it.protected).map(|it| it.name.as_str());
    let left: Vec<&str> = locked.filter(|name| !planned(name)).collect();
    let mut ways = Vec::new();
    if !left.is_empty() {
        let off = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name";
        ways.push(match left.as_slice() {
            [only] => format!("takes that off: `{off} {only}`"),
            left => format!("takes that off: `for stack in {}; do {off} $stack; done`", left.join(" ")),
        });
    }
    if place.loaded.is_some() {
        let name = &place.identity.environment;
        ways.push(format!(
            "sets `protection: {{ approval: none, termination: false }}` (and `loadBalancer: {{ deletionProtection: false }}`) \
             in its spec, then `asagi apply {name}`, which takes the protection off, then `{again}`"
        ));
    } else if found.stacks.iter().all(|it| !it.protected) {
        ways.push("takes off the deletion protection of that load balancer".to_owned());
    }
    ways
}

fn agreed(
    found: &Teardown,
    place: &Place,
    arguments: &Arguments,
    context: &mut Context,
) -> Result<(), Failure> {
    if arguments.yes && !found.manual {
        return Ok(());
    }
    let identity = &place.identity;
    let (name, account, region) = (&identity.environment, &found.account, &identity.region);
    let count = found.stacks.len();
    let question = format!("destroy {name}, {count} stacks in account {account}, {region}? type `{name}`:");
    match context.console.ask(question)? {
        Some(answer) if answer == *name => Ok(()),
        Some(answer) => {
            let said = format!("`{}` is not `{name}`: nothing was done", answer.escape_debug());
            Err(Failure::new(said).code(ExitCode::Withheld))
        }
        None => {
            let what =
                format!("nobody agreed to destroy {name}, {count} stacks in account {account}, {region}");
            let help = match found.manual {
                true => {
                    format!("a person types its name where this is asked: `{}` in a terminal", command(place))
                }
                false => format!("`{} --yes` agrees without being asked", command(place)),
            };
            Err(Failure::new(format!("{what}: nothing was done")).help(help).code(ExitCode::Withheld))
        }
    }
}

fn head(text: &str) -> Shown {
    Shown::from(text).painted(Style::new().bold())
}

/// What goes, in its order, and what stays.
fn page(found: &Teardown, place: &Place) -> Shown {
    let identity = &place.identity;
    let (project, name, region) = (&identity.project, &identity.environment, &identity.region);
    let mut text = shown!("{} {} {} in {} {}\n\n", head("destroy"), project, name, found.account, region);
    for it in &found.stacks {
        text.line(stack(it));
    }
    for name in &found.beside {
        text.line(shown!(
            "     {} is left alone: no run of asagi made it; `--adopt {}` removes it too",
            name,
            name
        ));
    }
    let kept: Vec<(&str, &Ended)> =
        found.stacks.iter().flat_map(|it| it.kept().map(|kept| (it.name.as_str(), kept))).collect();
    let images = found.stacks.iter().any(|it| it.key.contains("-images-"));
    if !kept.is_empty() || images {
        text.line(shown!("\n{}", head("stays in the account")));
    }
    for (stack, it) in kept {
        let (kind, id, physical) = (&it.resource_type, &it.logical_id, &it.physical_id);
        text.line(shown!("  {} {} of {}: {}", kind, id, stack, physical));
    }
    if images {
        text.line("  images that its pipelines built, and their snapshots");
    }
    let lost: Vec<String> = found.asked(&[]).iter().map(crate::plan::Loss::words).collect();
    if !lost.is_empty() {
        text.line(shown!("\n{}", head("holds data that is in no repository")));
    }
    lost.iter().for_each(|line| text.line(shown!("  {}", line)));
    text
}

/// `  1  - shop-dev-web-alarms  9 resources`
fn stack(it: &Leaving) -> Shown {
    let sign = Shown::from("-").painted(AnsiColor::Red.on_default());
    let turn = it.goes.map_or(0, |goes| goes.turn) + 1;
    let count = it.ends.len();
    let noun = if count == 1 { "resource" } else { "resources" };
    let serves = if it.ends.iter().any(|end| end.serves) { ", users reach it" } else { "" };
    shown!("  {:<3}{} {:<36} {} {}{}", turn, sign, it.name, count, noun, serves)
}

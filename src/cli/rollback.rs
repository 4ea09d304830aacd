//! `asagi rollback`: everything back, from any state.

use clap::Args;

use crate::ops::{BackError, RollbackOptions};
use crate::rollout::{RunError, observe};
use crate::shown;

use super::context::known_role;
use super::faults::Fault;
use super::help::WRONG_THERE;
use super::place::PlaceArguments;
use super::sabotage::Plot;
use super::wrong::WrongThere;
use super::{Context, ExitCode, Failure};

/// Give everything back to the old release, from any state, by deployed stacks alone
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi rollback prod --role web
  asagi rollback prod --role web --reason 'login fails' --keep-candidate
  asagi rollback --project idhub-40 --name prod --role web    without a checkout
  asagi rollback poc --role web --target local --launch-fails web.live@refill
                                                               on the embedded target, and no instance starts

It needs no plan, approval, window or valid spec, and asks nothing. Its phases, as far as each is needed: refill or restore,
verify, rollback, clean-up.")]
pub(super) struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// The role [default: the only one]
    #[arg(long)]
    role: Option<String>,
    /// Recorded, and told to the topic
    #[arg(long, default_value = "asked for by the operator")]
    reason: String,
    /// Leave the candidate's instances running, to be looked at
    #[arg(long)]
    keep_candidate: bool,
    /// Go back though users would be worse off there, as an earlier run has said
    #[arg(long)]
    all_the_same: bool,
    #[command(flatten, next_help_heading = WRONG_THERE)]
    wrong: WrongThere,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let wrong = arguments.wrong.on(context.options.target)?;
    wrong.iter().try_for_each(Fault::check_way_back)?;
    let (place, mut target) = context.place(&arguments.place)?;
    arguments.wrong.begin(&target)?;
    let role = match &arguments.role {
        Some(role) => role.clone(),
        None => only_role(&place.roles(&target)?)?,
    };
    let identity = &place.identity;
    let options = RollbackOptions {
        owner: identity.owner(),
        account: identity.account.clone(),
        role: role.clone(),
        reason: arguments.reason.clone(),
        keep_candidate: arguments.keep_candidate,
        all_the_same: arguments.all_the_same,
    };
    if !wrong.is_empty() {
        wrong.iter().try_for_each(|fault| fault.check_role(&[&role]))?;
        let prefix = identity.owner().prefix();
        let seen = target.wait(observe(target.cloud(), &prefix, &role))?;
        let sabotage = target.sabotage(&prefix, &identity.region);
        target.let_go_wrong(sabotage.map(|it| Plot::of_role(it, wrong, &seen.state)));
    }
    let journal = context.journal_if_any(&identity.project, &identity.environment);
    let outcome = context.follow(&target, &journal, &place.zone(), async |around| {
        crate::ops::rollback(around, &options).await
    });
    if let Ok(report) = &outcome
        && let Some(why) = &report.left
    {
        let other = report.to.other();
        context.console.say(shown!("{}: {} was not emptied: {}; run it again for that", role, other, why));
    }
    match outcome {
        Ok(report) if report.already => {
            context.console.say(format!("{role}: {} had everything already", report.to));
            Ok(ExitCode::Done)
        }
        Ok(report) => {
            context.console.say(format!("{role}: {} has everything again", report.to));
            if arguments.keep_candidate {
                let (name, other) = (&place.typed, report.to.other());
                let back = format!("asagi rollback {name} --role {role}");
                context.console.say(format!(
                    "{role}: {other} keeps its instances, to be looked at; `{back}` empties it"
                ));
            }
            Ok(ExitCode::Done)
        }
        // A slip in the name looks like a role that is not there; who reads the roles has time for it now.
        Err(error @ BackError::Absent { .. }) => {
            known_role(arguments.role.as_deref(), &place.roles(&target)?)?;
            Err(failure(&error, &place.typed))
        }
        Err(error) => Err(failure(&error, &place.typed)),
    }
}

/// The role, where there is no other.
fn only_role(roles: &[String]) -> Result<String, Failure> {
    match roles {
        [only] => Ok(only.clone()),
        [] => Err(Failure::new("no role is deployed there: nothing can go back")
            .help("is it the right account, region and name? `asagi status` says what is there")),
        roles => Err(Failure::new("which role is to go back?")
            .help(format!("give `--role` with one of: {}", roles.join(", ")))),
    }
}

fn failure(error: &BackError, environment: &str) -> Failure {
    let (code, help) = match error {
        BackError::None(_) | BackError::Absent { .. } => {
            (ExitCode::Error, format!("see `asagi status {environment}`"))
        }
        BackError::Unfit(dilemma) => (ExitCode::Withheld, super::apply::choices(dilemma, environment)),
        BackError::Stranger(_) => (ExitCode::Withheld, "see to the tags of that stack".to_owned()),
        BackError::Account { .. } => (ExitCode::Error, super::failure::CREDENTIALS.to_owned()),
        BackError::Failed { begun, .. } => (
            if *begun { ExitCode::TakingBackFailed } else { ExitCode::Error },
            format!("see `asagi status {environment}`, then run it again"),
        ),
        error if error.is_of_others() => (
            ExitCode::StalePlan,
            format!("somebody else is at it: see `asagi status {environment}`, then run it again"),
        ),
        BackError::NotBegun(error) => {
            let help = match error {
                RunError::Cloud(error) => super::failure::mend(error),
                _ => None,
            };
            (ExitCode::Error, help.unwrap_or("run it again").to_owned())
        }
        BackError::Run(RunError::Cancelled) => (ExitCode::Cancelled, "run it again to finish".to_owned()),
        BackError::Run(_) => (ExitCode::TakingBackFailed, "run it again".to_owned()),
    };
    Failure::new(error.to_string()).help(help).code(code)
}

//! `asagi rollback`: everything back, from any state.

use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;

use crate::ops::{BackError, RollbackOptions, Surroundings};
use crate::rollout::{Cancellation, RunError};
use crate::shown;

use super::watch::Watch;
use super::{Context, ExitCode, Failure};

/// Give everything back to the old release, from any state, by deployed stacks alone
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi rollback prod --role web
  asagi rollback prod --role web --reason 'login fails' --keep-candidate
  asagi rollback --project idhub-40 --name prod --account 123456789012 --role web    without a checkout

It needs no plan, approval, window or valid spec, and asks nothing.")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path
    #[arg(required_unless_present = "project")]
    environment: Option<String>,
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
    /// The project, where there is no spec to read
    #[arg(long, requires_all = ["name", "account", "role"], conflicts_with = "environment")]
    project: Option<String>,
    /// The environment's name, where there is no spec to read
    #[arg(long, requires = "project")]
    name: Option<String>,
    /// The account, where there is no spec to read
    #[arg(long, requires = "project")]
    account: Option<String>,
    /// The region, where there is no spec to read
    #[arg(long, default_value = "ap-northeast-1")]
    region: String,
}

/// What a rollback must know of the environment.
struct Place {
    project: String,
    environment: String,
    account: String,
    region: String,
    roles: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let place = place(arguments, context)?;
    let role = match (&arguments.role, place.roles.as_slice()) {
        (Some(role), _) => role.clone(),
        (None, [only]) => only.clone(),
        (None, roles) => {
            return Err(Failure::new("which role is to go back?")
                .help(format!("give `--role` with one of: {}", roles.join(", "))));
        }
    };
    let target = context.target_for(&place.account, &place.region)?;
    let options = RollbackOptions {
        prefix: format!("{}-{}", place.project, place.environment),
        account: place.account.clone(),
        role: role.clone(),
        reason: arguments.reason.clone(),
        keep_candidate: arguments.keep_candidate,
        all_the_same: arguments.all_the_same,
    };
    let journal = context.journal_if_any(&place.project, &place.environment);
    let cancelled = Arc::new(Cancellation::default());
    let outcome = {
        let zone = crate::model::Zone::from(TimeZone::system());
        let watch = Watch::new(&mut context.console, zone.clone());
        let around = Surroundings {
            cloud: target.cloud(),
            observer: &watch,
            journal: &journal,
            origin: None,
            cancelled: &cancelled,
            zone: &zone,
        };
        target.follow(Arc::clone(&cancelled), crate::ops::rollback(&around, &options))
    };
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
            Ok(ExitCode::Done)
        }
        Err(error) => Err(failure(&error, &place.environment)),
    }
}

/// From the flags, or from as much of the spec as can be read: a broken spec does not stand in the way.
fn place(arguments: &Arguments, context: &mut Context) -> Result<Place, Failure> {
    match (&arguments.environment, &arguments.project) {
        (Some(name), _) => {
            let known = context.identify(name)?;
            Ok(Place {
                project: known.project,
                environment: known.environment,
                account: known.account,
                region: known.region,
                roles: known.roles,
            })
        }
        (None, Some(project)) => Ok(Place {
            project: project.clone(),
            environment: arguments.name.clone().unwrap_or_default(),
            account: arguments.account.clone().unwrap_or_default(),
            region: arguments.region.clone(),
            roles: Vec::new(),
        }),
        (None, None) => Err(Failure::new("which environment is to go back?")),
    }
}

fn failure(error: &BackError, environment: &str) -> Failure {
    let (code, help) = match error {
        BackError::None(_) | BackError::Absent { .. } => {
            (ExitCode::Error, format!("see `asagi status {environment}`"))
        }
        BackError::Unfit(dilemma) => (ExitCode::Withheld, super::apply::choices(dilemma, environment)),
        BackError::Account { .. } => (ExitCode::Error, "use credentials of that account".to_owned()),
        BackError::Failed { .. } => {
            (ExitCode::TakingBackFailed, format!("see `asagi status {environment}`, then run it again"))
        }
        BackError::Run(error) | BackError::NotBegun(error) if error.is_of_others() => {
            (ExitCode::StalePlan, format!("see `asagi status {environment}`"))
        }
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

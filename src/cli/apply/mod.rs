//! `asagi apply`: runs a plan, follows it, and says what to do next.

mod ending;

use std::path::PathBuf;

use clap::Args;

use crate::model::{Approval, Environment, Period, Zone};
use crate::ops::{
    ApplyError, ApplyOptions, ApplyReport, Consent, ForwardError, Looking, PlanOptions, Surroundings,
};
use crate::plan::{Obstacle, Plan, PlanFile, Record};
use crate::rollout::Built;
use crate::stacks::Owner;

use super::context::{OfProcess, known_role, zone};
use super::help::WRONG_THERE;
use super::sabotage::Plot;
use super::target::OpenTarget;
use super::wrong::WrongThere;
use super::{Context, ExitCode, Failure};

pub(super) use ending::{choices, conclude, failure};

/// Plan and run: stacks level by level, then releases phase by phase
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi apply prod                           plan now, show it, ask, run
  asagi apply prod.plan                      run the plan that was reviewed, or nothing
  asagi apply --plan reviewed.json           the same from a file of another name
  asagi apply prod --phase next              only the next phase, later, from any machine
  asagi apply prod --approve 8c51-bef9-ffca-03d1-6a5e-0b7c-94f2-d1e8
                                             where a person's approval is asked for
  asagi apply prod --role web --forward      everyone to the new slot now: the old one cannot carry them
  asagi apply prod --again 'cause mended'    a release that was taken back
  asagi apply prod --unpromoted 'stg is down'
                                             a release that was not live where releases come from
  asagi apply prod --allow-loss prod-load-balancer/LoadBalancer
                                             what stops users or loses data, each by its name
  asagi apply dev --prune                    and remove stacks that left the spec
  asagi apply poc --target local --yes       on the embedded target
  asagi apply poc --target local --yes --alarm web.cpu@shift-50+4m..9m
                                             and an alarm goes off there

A plan file is run from a checkout of the repository that it was made in: the plan is made again from the spec, the lock
and the account, and runs where it comes to the same digest. What has moved since is told, and nothing runs (exit 4).

Ctrl-C stops following; what CloudFormation is doing goes on, watched by its alarms.")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path; or a plan file whose name ends in `.plan`
    #[arg(required_unless_present = "plan")]
    environment: Option<String>,
    /// Run the plan of this file, or nothing where anything has moved since
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Agree without being asked, where no approval is asked for
    #[arg(long, conflicts_with = "approve")]
    yes: bool,
    /// Agree to the plan of this digest
    #[arg(long, value_name = "DIGEST")]
    approve: Option<String>,
    /// `next`: only the next phase
    #[arg(long, value_name = "PHASE", value_parser = ["next"])]
    phase: Option<String>,
    /// Only this role; stacks are left as they are
    #[arg(long)]
    role: Option<String>,
    /// Roll out a release that was taken back before; the reason is recorded
    #[arg(long, value_name = "REASON")]
    again: Option<String>,
    /// Take over that stack, which has a name of this environment and was not made for it
    #[arg(long, value_name = "STACK")]
    adopt: Vec<String>,
    /// Move everyone to the new slot now, where the old one cannot carry them; asks before
    #[arg(long, requires = "role", conflicts_with_all = ["phase", "approve", "again"])]
    forward: bool,
    /// Run outside the maintenance window; the reason is recorded
    #[arg(long, value_name = "REASON")]
    outside_window: Option<String>,
    /// Roll out a release that is not live where releases come from; the reason is recorded
    #[arg(long, value_name = "REASON")]
    unpromoted: Option<String>,
    /// Profile that reads the environment releases come from, where that is in another account
    #[arg(long, value_name = "NAME")]
    promotion_profile: Option<String>,
    /// Remove stacks that are deployed and no longer in the spec, too
    #[arg(long, conflicts_with_all = ["role", "forward"])]
    prune: bool,
    /// Let go of a resource that users reach, or that holds data, by the name that the plan tells
    #[arg(long, value_name = "STACK/RESOURCE")]
    allow_loss: Vec<String>,
    /// Agree to what macros make of a stack's template, by the digest that the refused run told
    #[arg(long, value_name = "DIGEST")]
    unforeseen: Vec<String>,
    /// Wait for holds and gated bakes up to this long instead of ending there
    #[arg(long, value_name = "TIME", default_value = "3h")]
    wait: Period,
    #[command(flatten, next_help_heading = WRONG_THERE)]
    wrong: WrongThere,
}

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let wrong = arguments.wrong.on(context.options.target)?;
    let (name, file) = wanted(arguments, context)?;
    let loaded = context.load(&name)?;
    let own = &loaded.environment;
    if let Some(file) = &file {
        crate::ops::same_place(file, own).map_err(|error| failure(&error, &own.name))?;
        same_pruning(file, arguments)?;
    }
    let mut target = context.target(own)?;
    arguments.wrong.begin(&target)?;
    let place = Place::of(own);
    let stacks: Vec<&str> = loaded.graph.stacks.keys().map(String::as_str).collect();
    wrong.iter().try_for_each(|fault| fault.check(own, &stacks))?;
    if arguments.forward {
        return forward(arguments, &place, own.protection.approval, context, &target);
    }
    let names: Vec<String> = loaded.graph.stacks.values().map(|stack| stack.name.clone()).collect();
    if let Some(code) = finish(arguments, &place, &names, context, &target)? {
        return Ok(code);
    }
    let wanted = PlanOptions {
        again: arguments.again.is_some(),
        adopt: &arguments.adopt,
        variables: Some(&OfProcess),
        prune: arguments.prune,
    };
    let plan = target.wait(crate::ops::plan_with(target.cloud(), &loaded, wanted))?;
    if let Some(file) = &file {
        let zone = zone(&loaded.environment);
        let held = target.ask(crate::ops::hold_against(target.cloud(), file, &loaded, &plan, &zone));
        held.map_err(|error| failure(&error, &own.name))?;
    }
    let origin = context.origin(&plan, arguments.promotion_profile.as_deref())?;
    let mut options = ApplyOptions {
        consent: Consent::None,
        next_only: arguments.phase.is_some(),
        role: arguments.role.clone(),
        again: arguments.again.clone(),
        outside_window: arguments.outside_window.clone(),
        unpromoted: arguments.unpromoted.clone(),
        allow_loss: arguments.allow_loss.clone(),
        unforeseen: arguments.unforeseen.clone(),
        patience: arguments.wait,
    };
    let looking =
        Looking { cloud: target.cloud(), origin: origin.as_ref().map(OpenTarget::cloud), zone: &place.zone };
    let obstacles = target.ask(crate::ops::stands_between(looking, &plan, options.going(), options.passes()));
    context.console.data(super::plan::page(&plan, &obstacles))?;
    context.console.progress("");
    if plan.is_empty() {
        return Ok(ExitCode::Done);
    }
    crate::ops::check_names(&plan, &options).map_err(|error| failure(&error, &own.name))?;
    for idle in crate::ops::idle_passes(&plan, &options, (target.cloud().now(), &place.zone)) {
        context.console.progress(format!("note: {idle}"));
    }
    // Nobody is asked for what will not begin.
    if let Some(refused) = refused(obstacles, &own.name) {
        return Err(refused);
    }
    wrong.iter().try_for_each(|fault| fault.check_phase(&plan))?;
    let sabotage = target.sabotage(&place.owner().prefix(), &own.region);
    target.let_go_wrong(sabotage.map(|it| Plot::of_plan(it, wrong, &plan)));
    options.consent = consent(arguments, &plan, context)?;
    let place = Place { roles: Vec::new(), ..place };
    let report = followed(&place, context, &target, async |around| {
        let around = Surroundings { origin: origin.as_ref().map(OpenTarget::cloud), ..*around };
        crate::ops::apply(&around, &plan, &options).await
    })?;
    Ok(conclude(&report, &plan.environment, &place.zone, context))
}

/// A plan that removes stacks which left the spec is run with that word again: a file agrees to nothing.
fn same_pruning(file: &PlanFile, arguments: &Arguments) -> Result<(), Failure> {
    let (told, help) = match (file.prune, arguments.prune) {
        (true, false) => ("removes stacks that left the spec", "give `--prune` too where that is meant"),
        (false, true) => ("was made without `--prune`, or nothing had left the spec", "leave `--prune` out"),
        _ => return Ok(()),
    };
    Err(Failure::new(format!("the plan of that file {told}")).help(help).code(ExitCode::StalePlan))
}

/// What stands between the plan and its run, unless a run looks after a rollout first.
fn refused(mut obstacles: Vec<Obstacle>, name: &str) -> Option<Failure> {
    obstacles.retain(Obstacle::stops);
    (!obstacles.is_empty()).then(|| failure(&ApplyError::Obstacles(obstacles), name))
}

/// The environment to apply, and the plan file that it is held against. An environment's name is never taken for a file.
fn wanted(arguments: &Arguments, context: &Context) -> Result<(String, Option<PlanFile>), Failure> {
    let named = arguments.environment.as_deref();
    let is_plan = |name: &&str| name.ends_with(PLAN_SUFFIX);
    let (path, environment) = match (&arguments.plan, named.filter(is_plan)) {
        (Some(path), None) => (path.clone(), named),
        (None, Some(path)) => (PathBuf::from(path), None),
        (None, None) => return Ok((named.unwrap_or_default().to_owned(), None)),
        (Some(_), Some(path)) => {
            return Err(Failure::new(format!("`{path}` is a plan file, and `--plan` names another"))
                .help("give one of them"));
        }
    };
    let file = context.plan_file(&path)?;
    Ok((environment.unwrap_or(&file.environment).to_owned(), Some(file)))
}

/// What a plan file's name ends in where it is given without `--plan`.
const PLAN_SUFFIX: &str = ".plan";

/// Whose stacks these are.
struct Place {
    project: String,
    environment: String,
    account: String,
    roles: Vec<String>,
    zone: Zone,
}

impl Place {
    fn of(environment: &Environment) -> Self {
        Self {
            project: environment.project.clone(),
            environment: environment.name.clone(),
            account: environment.account.clone(),
            roles: environment.roles.iter().map(|role| role.name.clone()).collect(),
            zone: zone(environment),
        }
    }

    fn owner(&self) -> Owner {
        Owner { project: self.project.clone(), environment: self.environment.clone() }
    }
}

/// Ends what an earlier run left behind; `Some` when that was a way back, after which there is nothing to go on with.
fn finish(
    arguments: &Arguments,
    place: &Place,
    stacks: &[String],
    context: &mut Context,
    target: &OpenTarget,
) -> Result<Option<ExitCode>, Failure> {
    known_role(arguments.role.as_deref(), &place.roles)?;
    let wanted = |role: &&String| arguments.role.as_ref().is_none_or(|name| name == *role);
    let roles: Vec<String> = place.roles.iter().filter(wanted).cloned().collect();
    let owner = place.owner();
    let prefix = owner.prefix();
    let roles = followed(place, context, target, async |around| {
        crate::ops::finish(around, &owner, &place.account, &roles).await
    })?;
    if roles.is_empty() {
        followed(place, context, target, async |around| {
            crate::ops::follow_stacks(around, &prefix, stacks).await
        })?;
        return Ok(None);
    }
    let report = ApplyReport { built: Built::Done(Vec::new()), roles };
    Ok(Some(conclude(&report, &place.environment, &place.zone, context)))
}

/// Everyone to the new slot, because a person says so.
fn forward(
    arguments: &Arguments,
    place: &Place,
    approval: Approval,
    context: &mut Context,
    target: &OpenTarget,
) -> Result<ExitCode, Failure> {
    known_role(arguments.role.as_deref(), &place.roles)?;
    let (role, name) = (arguments.role.clone().unwrap_or_default(), &place.environment);
    let prefix = format!("{}-{name}", place.project);
    let approval = target.wait(crate::ops::forward_approval(target.cloud(), &prefix, &role, approval))?;
    let agreed = arguments.yes && approval == Approval::None
        || context.console.ask(format!("everyone on {role} to the new slot? type `{name}`:"))?.as_ref()
            == Some(name);
    if !agreed {
        return Err(Failure::new("nobody agreed: nothing was done").code(ExitCode::Withheld));
    }
    let (owner, reason) = (place.owner(), "the old slot cannot carry its users");
    let moved = followed(place, context, target, async |around| {
        Ok(crate::ops::forward(around, &owner, &place.account, &role, reason).await)
    })?;
    match moved {
        Ok(to) => {
            let next = crate::ops::next_command(name, Record::HOLD);
            context.console.say(format!("{role}: everyone is on {to}; then `{next}`"));
            Ok(ExitCode::Done)
        }
        Err(ForwardError::Apply(error)) => Err(failure(&error, name)),
        Err(error @ (ForwardError::Unfit(_) | ForwardError::None(_))) => Err(Failure::new(error.to_string())
            .help(format!("see `asagi status {name}`"))
            .code(ExitCode::Withheld)),
        Err(error) => Err(Failure::new(error.to_string()).help("run it again")),
    }
}

/// Runs what changes stacks, shown to the person and noted in the journal.
fn followed<T>(
    place: &Place,
    context: &mut Context,
    target: &OpenTarget,
    work: impl AsyncFnOnce(&Surroundings<'_>) -> Result<T, ApplyError>,
) -> Result<T, Failure> {
    let journal = context.journal(&place.project, &place.environment)?;
    let outcome = context.follow(target, &journal, &place.zone, work);
    outcome.map_err(|error| failure(&error, &place.environment))
}

fn consent(arguments: &Arguments, plan: &Plan, context: &mut Context) -> Result<Consent, Failure> {
    if let Some(digest) = &arguments.approve {
        return Ok(Consent::Digest(digest.clone()));
    }
    if arguments.yes {
        return Ok(Consent::Yes);
    }
    let question = match plan.approval {
        Approval::Manual => format!("type `{}` to run this plan:", plan.environment),
        Approval::None => format!("run this plan? type `{}` or `yes`:", plan.environment),
    };
    Ok(match context.console.ask(question)? {
        None => Consent::None,
        Some(answer) if plan.approval == Approval::None && answer == "yes" => Consent::Yes,
        Some(answer) => Consent::Name(answer),
    })
}

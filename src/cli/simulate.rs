//! `asagi simulate`: days of rollout in a second, on an embedded target that is gone afterwards.

use std::sync::Arc;

use clap::Args;
use indexmap::IndexMap;
use jiff::Timestamp;

use crate::model::Lock;
use crate::model::{Environment, Period, Release, Zone};
use crate::ops::{self, ApplyOptions, ApplyReport, Consent, End, Loaded, Surroundings};
use crate::plan::{Loss, Plan};
use crate::rollout::{Built, Cancellation, NoJournal};
use crate::shown;

use super::context::zone;
use super::faults::Fault;
use super::sabotage::{Plot, Saboteur};
use super::stage::Stage;
use super::watch::Watch;
use super::wrong::Wrong;
use super::{Context, ExitCode, Failure, apply, findings, plan};

/// Play a whole rollout: create the environment with one release, then roll out the next, in seconds
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi simulate poc                                        the release after the spec's, or the spec's after the one before
  asagi simulate prod --from 1.5 --to 1.6                   days of holds and approvals, played through
  asagi simulate poc --alarm web.error-rate@shift-50+4m     an alarm four minutes into a phase: what is taken back
  asagi simulate poc --unhealthy web.live=1/2@shift-50+1m..9m
                                                            half of the old slot fails its health checks for eight minutes
  asagi simulate poc --launch-fails web.candidate@provision no instance of the new slot starts
  asagi simulate poc --fail web-green@provision             the next change of a stack fails
  asagi simulate poc --zone-down a@shift-100                an Availability Zone is lost
  asagi simulate poc --kill @shift-50+7m                    the process ends in a bake, and is run again
  asagi simulate poc --edit web.weights=50/50@hold          somebody moves weights by hand

When: the phase in which it happens, and from when (`+4m`) until when (`+4m..9m`) after that began. Slots: blue, green, live,
candidate. Each can be given several times.

Nothing outside this process is touched. Approvals are given, the window is open. Durations are plausible, not AWS's.")]
pub(super) struct Arguments {
    /// The environment: its file's stem or path
    environment: String,
    /// Create it with this release of the lock
    #[arg(long, value_name = "RELEASE")]
    from: Option<String>,
    /// Then roll out this one
    #[arg(long, value_name = "RELEASE")]
    to: Option<String>,
    /// When the clock starts, such as `2026-11-16T02:00:00+09:00`
    #[arg(long, value_name = "TIME")]
    clock: Option<Timestamp>,
    #[command(flatten, next_help_heading = "What goes wrong")]
    wrong: Wrong,
}

/// Longest time that one wait of a simulated rollout may take: more than any hold that a strategy has.
const PATIENCE: Period = Period::hours(24 * 60);
/// The build of an image that nobody built.
const MADE_UP: &str = "made up";
/// Between two runs, where the first had something to wait for.
const HOUR: Period = Period::hours(1);
/// Runs until a rollout with approvals is over: more than any strategy has approvals.
const RUNS: usize = 20;

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let loaded = context.load(&arguments.environment)?.by_itself();
    let loaded = loaded.map_err(|read| findings::fail(&[read], &mut context.console))?;
    let environment = &loaded.environment;
    let wrong = arguments.wrong.all();
    let stacks: Vec<&str> = loaded.graph.stacks.keys().map(String::as_str).collect();
    wrong.iter().try_for_each(|fault| fault.check(environment, &stacks))?;
    let (first, second) = releases(arguments, environment, &loaded.lock)?;
    let watched = context.console.is_live();
    let account = (environment.account.as_str(), environment.region.as_str());
    let stage = Stage::new(&ops::prefix(environment), account, arguments.clock, watched)?;
    let before = with_releases(context, loaded, &first)?;
    for (role, _) in first.iter().filter(|(_, release)| release.build == MADE_UP) {
        context.console.say(shown!("the lock has no image of {}: two are made up", role));
    }
    context.console.say(format!(
        "an account in memory: {} is created with {}",
        before.environment.name,
        names(&first)
    ));
    let code = play(context, &stage, &before, &[])?;
    if code != ExitCode::Done || second.is_empty() {
        return Ok(code);
    }
    let after = with_releases(context, before, &second)?;
    context.console.say(shown!("\nthe spec now asks for {}", names(&second)));
    play(context, &stage, &after, &wrong)
}

fn names(releases: &IndexMap<String, Release>) -> String {
    let each: Vec<String> =
        releases.iter().map(|(role, release)| format!("{role} {}", release.name)).collect();
    each.join(", ")
}

fn with_releases(
    context: &mut Context,
    loaded: Loaded,
    releases: &IndexMap<String, Release>,
) -> Result<Loaded, Failure> {
    loaded.with_releases(releases).map_err(|read| findings::fail(&[read], &mut context.console))
}

type ByRole = IndexMap<String, Release>;

/// What each role is created with, and what it then rolls out: as asked for, or the spec's release and its neighbour
/// in the lock.
fn releases(
    arguments: &Arguments,
    environment: &Environment,
    lock: &Lock,
) -> Result<(ByRole, ByRole), Failure> {
    let (mut first, mut second) = (ByRole::new(), ByRole::new());
    for role in &environment.roles {
        let known: Vec<&str> = lock
            .releases(&environment.project, &role.name)
            .map(|releases| releases.keys().map(String::as_str).collect())
            .unwrap_or_default();
        if known.is_empty() && role.release.is_none() && arguments.from.is_none() && arguments.to.is_none() {
            first.insert(role.name.clone(), made_up(role.wanted_release.as_deref().unwrap_or("1.0"), 1));
            second.insert(role.name.clone(), made_up("next", 2));
            continue;
        }
        let wanted = role.wanted_release.as_deref().unwrap_or_default();
        let at = known.iter().position(|name| *name == wanted).unwrap_or(0);
        let (before, after) = if at > 0 { (at - 1, at) } else { (at, at + 1) };
        let from = arguments.from.as_deref().or_else(|| known.get(before).copied());
        let to = arguments.to.as_deref().or_else(|| known.get(after).copied());
        let pick = |name: Option<&str>| -> Result<Option<Release>, Failure> {
            let Some(name) = name else { return Ok(role.release.clone()) };
            let found = lock.build(&environment.project, &role.name, name);
            let found = found.and_then(|build| Some((build, build.images.get("application")?)));
            match found {
                Some((build, ami)) => {
                    Ok(Some(Release { name: name.to_owned(), build: build.build.clone(), ami: ami.clone() }))
                }
                None => {
                    Err(Failure::new(format!("the lock has no release `{name}` of role `{}`", role.name))
                        .help(format!("it has: {}", known.join(", "))))
                }
            }
        };
        first.extend(pick(from)?.map(|release| (role.name.clone(), release)));
        second.extend(pick(to)?.map(|release| (role.name.clone(), release)));
    }
    if first.is_empty() {
        return Err(Failure::new("no role has a release to run").help("lock one: `asagi images lock`"));
    }
    Ok((first, second))
}

/// A release to play with where nothing was built yet; no account has its image.
fn made_up(name: &str, number: u8) -> Release {
    Release { name: name.to_owned(), build: MADE_UP.to_owned(), ami: format!("ami-{number:017x}") }
}

/// Plans and applies until nothing is left to do.
fn play(context: &mut Context, stage: &Stage, loaded: &Loaded, wrong: &[Fault]) -> Result<ExitCode, Failure> {
    let (mut code, zone) = (ExitCode::Done, zone(&loaded.environment));
    let (mut again, mut waited, mut plot) = (false, None, None);
    for round in 0..RUNS {
        if again && let Some(code) = after_the_end(context, stage, loaded)? {
            return Ok(code);
        }
        let plan = stage.target.wait(ops::plan(stage.target.cloud(), loaded))?;
        if plan.levels.is_empty() && plan.roles.is_empty() {
            return Ok(code);
        }
        if round == 0 {
            wrong.iter().try_for_each(|fault| fault.check_phase(&plan))?;
            plot = Some(Plot::of_plan(stage.sabotage.clone(), wrong.to_vec(), &plan));
            context.console.data(plan::page(&plan, &[]))?;
        }
        let ran = one_run(context, stage, &plan, &zone, plot.as_ref());
        again = stage.revive();
        let report = match ran {
            Err(_) if again => {
                context.console.say("\nthe process has ended; `asagi apply` is run again");
                continue;
            }
            ran => ran?,
        };
        code = apply::conclude(&report, &plan.environment, &zone, context);
        let waits = report.roles.iter().find_map(|outcome| match &outcome.end {
            End::Waiting { phase, what, .. } => Some((phase.clone(), what.clone())),
            _ => None,
        });
        match waits {
            None => return Ok(code),
            // Approvals are given; what nobody gives is waited for a while.
            Some(waits) if waited.as_ref() == Some(&waits) => return Ok(code),
            waits => waited = waits,
        }
        stage.wait(HOUR);
    }
    Ok(code)
}

/// What `asagi apply` does first: what a run that ended left behind comes to its end.
fn after_the_end(context: &mut Context, stage: &Stage, loaded: &Loaded) -> Result<Option<ExitCode>, Failure> {
    let environment = &loaded.environment;
    let owner = crate::stacks::Owner::of(environment);
    let prefix = owner.prefix();
    let roles: Vec<String> = environment.roles.iter().map(|role| role.name.clone()).collect();
    let stacks: Vec<String> = loaded.graph.stacks.values().map(|stack| stack.name.clone()).collect();
    let cancelled = Arc::new(Cancellation::default());
    let zone = zone(environment);
    let watch = Watch::new(&mut context.console, zone.clone());
    let around = Surroundings {
        cloud: stage.target.cloud(),
        observer: &watch,
        journal: &NoJournal,
        origin: None,
        cancelled: &cancelled,
        zone: &zone,
    };
    let work = async {
        let ended = ops::finish(&around, &owner, &environment.account, &roles).await?;
        if ended.is_empty() {
            ops::follow_stacks(&around, &prefix, &stacks).await?;
        }
        Ok(ended)
    };
    let ended = stage.target.follow(Arc::clone(&cancelled), work);
    let roles = ended.map_err(|error| apply::failure(&error, &environment.name))?;
    if roles.is_empty() {
        return Ok(None);
    }
    let report = ApplyReport { built: Built::Done(Vec::new()), roles };
    Ok(Some(apply::conclude(&report, &environment.name, &zone, context)))
}

fn one_run(
    context: &mut Context,
    stage: &Stage,
    plan: &Plan,
    zone: &Zone,
    plot: Option<&Plot>,
) -> Result<ApplyReport, Failure> {
    let options = ApplyOptions {
        consent: Consent::Digest(plan.digest()),
        next_only: false,
        role: None,
        again: None,
        unpromoted: plan.promote_from.as_ref().map(|_| "simulated".to_owned()),
        allow_loss: plan.losses().iter().map(Loss::name).collect(),
        outside_window: plan.window.as_ref().map(|_| "simulated".to_owned()),
        unforeseen: Vec::new(),
        patience: PATIENCE,
    };
    let cancelled = Arc::new(Cancellation::default());
    let watch = Watch::new(&mut context.console, zone.clone());
    let saboteur = Saboteur { watch: &watch, plot };
    let around = Surroundings {
        cloud: stage.target.cloud(),
        observer: &saboteur,
        journal: &NoJournal,
        origin: None,
        cancelled: &cancelled,
        zone,
    };
    let outcome = stage.target.follow(Arc::clone(&cancelled), ops::apply(&around, plan, &options));
    outcome.map_err(|error| apply::failure(&error, &plan.environment))
}

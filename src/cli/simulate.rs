//! `asagi simulate`: days of rollout in a second, on an embedded target that is gone afterwards.

use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use indexmap::IndexMap;

use crate::model::Lock;
use crate::model::{Environment, Period, Release, Zone};
use crate::ops::{self, ApplyOptions, ApplyReport, Consent, End, Loaded, Surroundings};
use crate::plan::{Loss, losses};
use crate::rollout::{Cancellation, NoJournal, Observer, Progress};
use crate::shown;

use super::context::zone;
use super::target::Stage;
use super::watch::Watch;
use super::{Context, ExitCode, Failure, apply, findings, plan};

/// Play a whole rollout: create the environment with one release, then roll out the next, in seconds
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  asagi simulate poc                                        the release after the spec's, or the spec's after the one before
  asagi simulate prod --from 1.5 --to 1.6                   days of holds and approvals, played through
  asagi simulate poc --alarm web.error-rate@shift-50+4m     an alarm four minutes into a phase: what is taken back

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
    /// Let an alarm go off: ROLE.METRIC@PHASE, and how long into the phase
    #[arg(long, value_name = "ROLE.METRIC@PHASE+TIME")]
    alarm: Vec<AlarmAt>,
}

/// `web.error-rate@shift-50+4m`
#[derive(Debug, Clone, PartialEq, Eq)]
struct AlarmAt {
    role: String,
    metric: String,
    phase: String,
    after: Period,
}

impl FromStr for AlarmAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "write it as `web.error-rate@shift-50+4m`".to_owned();
        let (what, at) = text.split_once('@').ok_or_else(form)?;
        let (role, metric) = what.split_once('.').ok_or_else(form)?;
        let (phase, after) = at.split_once('+').unwrap_or((at, "0s"));
        let after: Period = after.parse().map_err(|error| format!("{error}"))?;
        Ok(Self { role: role.to_owned(), metric: metric.to_owned(), phase: phase.to_owned(), after })
    }
}

/// Longest time that one wait of a simulated rollout may take: more than any hold that a strategy has.
const PATIENCE: Period = Period::hours(24 * 60);
/// Runs until a rollout with approvals is over: more than any strategy has approvals.
const RUNS: usize = 20;

pub(super) fn run(arguments: &Arguments, context: &mut Context) -> Result<ExitCode, Failure> {
    let loaded = context.load(&arguments.environment)?;
    let environment = &loaded.environment;
    for alarm in &arguments.alarm {
        check_alarm(alarm, environment)?;
    }
    let (first, second) = releases(arguments, environment, &loaded.lock)?;
    let watched = context.console.is_live();
    let stage = Stage::new(&environment.account, &environment.region, watched)?;
    let before = with_releases(context, loaded, &first)?;
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
    play(context, &stage, &after, &arguments.alarm)
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

fn check_alarm(alarm: &AlarmAt, environment: &Environment) -> Result<(), Failure> {
    let Some(role) = environment.role(&alarm.role) else {
        return Err(Failure::new(format!("there is no role `{}`", alarm.role)));
    };
    if role.alarms.iter().any(|own| own.metric.as_str() == alarm.metric) {
        return Ok(());
    }
    let mut known: Vec<&str> = role.alarms.iter().map(|own| own.metric.as_str()).collect();
    known.dedup();
    Err(Failure::new(format!("role `{}` has no alarm on `{}`", role.name, alarm.metric))
        .help(format!("one of: {}", known.join(", "))))
}

/// An alarm in a phase that never comes would prove nothing.
fn check_phase(alarm: &AlarmAt, plan: &crate::plan::Plan) -> Result<(), Failure> {
    let roles = plan.roles.iter().filter(|role| role.role == alarm.role);
    let known: Vec<&str> = roles.flat_map(|role| &role.phases).map(|phase| phase.name.as_str()).collect();
    if known.contains(&alarm.phase.as_str()) {
        return Ok(());
    }
    Err(Failure::new(format!("this rollout of `{}` has no phase `{}`", alarm.role, alarm.phase))
        .help(format!("one of: {}", known.join(", "))))
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

/// Plans and applies until nothing is left to do.
fn play(
    context: &mut Context,
    stage: &Stage,
    loaded: &Loaded,
    alarms: &[AlarmAt],
) -> Result<ExitCode, Failure> {
    let (mut code, zone) = (ExitCode::Done, zone(&loaded.environment));
    for round in 0..RUNS {
        let plan = stage.target.wait(ops::plan(stage.target.cloud(), loaded))?;
        if plan.levels.is_empty() && plan.roles.is_empty() {
            return Ok(code);
        }
        if round == 0 {
            alarms.iter().try_for_each(|alarm| check_phase(alarm, &plan))?;
            context.console.data(plan::human(&plan, &[]))?;
        }
        let report = one_run(context, stage, &plan, alarms, &zone)?;
        code = apply::conclude(&report, &plan.environment, &zone, context);
        if !report.roles.iter().any(|outcome| matches!(outcome.end, End::Waiting { .. })) {
            return Ok(code);
        }
    }
    Ok(code)
}

fn one_run(
    context: &mut Context,
    stage: &Stage,
    plan: &crate::plan::Plan,
    alarms: &[AlarmAt],
    zone: &Zone,
) -> Result<ApplyReport, Failure> {
    let options = ApplyOptions {
        consent: Consent::Digest(plan.digest()),
        next_only: false,
        role: None,
        again: None,
        unpromoted: plan.promote_from.as_ref().map(|_| "simulated".to_owned()),
        allow_loss: losses(plan.levels.iter().flatten()).iter().map(Loss::name).collect(),
        outside_window: plan.window.as_ref().map(|_| "simulated".to_owned()),
        unforeseen: Vec::new(),
        patience: PATIENCE,
    };
    let cancelled = Arc::new(Cancellation::default());
    let watch = Watch::new(&mut context.console, zone.clone());
    let saboteur = Saboteur { watch: &watch, stage, alarms };
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

/// Lets alarms go off when their phase begins.
struct Saboteur<'a> {
    watch: &'a Watch<'a>,
    stage: &'a Stage,
    alarms: &'a [AlarmAt],
}

impl Observer for Saboteur<'_> {
    fn tell(&self, progress: &Progress<'_>) {
        self.watch.tell(progress);
        let Progress::Phase { role, phase, .. } = progress else { return };
        for alarm in self.alarms.iter().filter(|alarm| alarm.role == *role && alarm.phase == phase.name) {
            self.stage.alarm(&alarm.role, &alarm.metric, alarm.after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_named_by_role_metric_phase_and_time() {
        let alarm = |text: &str| text.parse::<AlarmAt>();
        let expected = AlarmAt {
            role: "web".to_owned(),
            metric: "error-rate".to_owned(),
            phase: "shift-50".to_owned(),
            after: Period::minutes(4),
        };
        assert_eq!(alarm("web.error-rate@shift-50+4m"), Ok(expected));
        assert_eq!(alarm("web@shift-50").unwrap_err(), "write it as `web.error-rate@shift-50+4m`");
        assert!(alarm("web.cpu@hold+4x").unwrap_err().contains("`4x`"));
    }
}

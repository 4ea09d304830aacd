//! The one next command for a role, and what it will come to: nothing is advised that would refuse or do the opposite.
//! Pure; what was seen comes in.

use jiff::{SignedDuration, Timestamp};

use crate::cloud::AlarmValue;
use crate::model::{Approval, Environment, Period, Release, Slot, Zone};
use crate::plan::{
    Gate, Missed, NoWayBack, Outdated, Phase, PlannedWindow, Record, RoleChange, RolePlan, RoleState,
    destination, due, replaced, role_plan,
};
use crate::rollout::{Against, Standing, Verdict, judge, judge_taken_back};

/// A command, and why it does not just do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    /// As it is typed.
    pub(super) command: String,
    /// What it waits for or does, where that is not plain.
    pub(super) note: Option<String>,
}

/// What advice is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// As it is typed: `prod`, or flags where there is no spec.
    pub(super) name: &'a str,
    /// The environment's own name.
    pub(super) environment: &'a str,
    /// The spec, where it could be read.
    pub(super) spec: Option<&'a Environment>,
    /// There is one, and it has errors.
    pub(super) broken: bool,
    /// Where the operator is.
    pub(super) zone: &'a Zone,
    /// The role.
    pub(super) state: &'a RoleState,
    /// The composite alarms, blue's first.
    pub(super) alarms: [Option<AlarmValue>; 2],
    /// A stack that nothing can be deployed to stands in the way; what gets it on its way.
    pub(super) stuck: Option<&'a str>,
    /// A stack of the role that is being changed.
    pub(super) running: Option<&'a str>,
    /// Now.
    pub(super) now: Timestamp,
}

impl<'a> Seen<'a> {
    fn standing(&self) -> Standing<'a> {
        let [blue, green] = self.alarms;
        Standing { state: self.state, blue, green }
    }
}

/// The same for a role that was never deployed: what its environment is made of comes first.
pub(super) fn advise_first(seen: &Seen<'_>) -> Advice {
    let Seen { name, .. } = *seen;
    let (command, note) = match (seen.running, seen.stuck) {
        (Some(stack), _) => ("apply", Some(format!("follows what runs: {stack} is being changed"))),
        (None, Some(mend)) => ("mend", Some(mend.to_owned())),
        (None, None) => ("plan", None),
    };
    Advice { command: format!("asagi {command} {name}"), note }
}

/// The command that goes on with a rollout whose next phase is that one: it and no other; or the plan first, where nothing
/// of the rollout has begun. Whoever names what is next names this.
pub fn next_command(environment: &str, phase: &str) -> String {
    match ["provision", "empty", "resize", "refresh"].contains(&phase) {
        true => format!("asagi plan {environment}"),
        false => format!("asagi apply {environment} --phase next"),
    }
}

/// The phase that a rollout on its way goes on with, or one that was begun and has moved nobody yet.
fn upcoming<'a>(plan: &'a RolePlan, state: &RoleState) -> Option<&'a Phase> {
    let record = &state.record;
    let ami = |release: &Option<Release>| release.as_ref().map(|release| release.ami.clone());
    let filled = state.slot(plan.to);
    let begun = record.is_preparing()
        && record.to == Some(plan.to)
        && ami(&record.release) == ami(&plan.release)
        && filled.image == ami(&plan.release)
        && filled.is_occupied();
    match plan.kind {
        RoleChange::Resume => plan.phases.get(plan.start),
        RoleChange::Release if begun => {
            let at = plan.phases.iter().position(|phase| phase.name == record.phase)?;
            plan.phases.get(at + 1)
        }
        _ => None,
    }
}

/// The next command for a role.
pub(super) fn advise(seen: &Seen<'_>) -> Advice {
    let Seen { name, state, .. } = *seen;
    let role = &state.role;
    let back = format!("asagi rollback {name} --role {role}");
    let told = |command: String, note: &str| Advice { command, note: Some(note.to_owned()) };
    if let Some(stack) = seen.running {
        let going = state.record.in_progress() || state.candidate_is_filling() || state.record.is_preparing();
        let or_back = if going { format!("; or take the rollout back: `{back}`") } else { String::new() };
        let note = format!("{stack} is being changed{or_back}");
        return match seen.spec {
            Some(_) => told(format!("asagi apply {name}"), &format!("follows what runs: {note}")),
            None => told(format!("asagi status {name}"), &note),
        };
    }
    if let Some(why) = state.must_go_back() {
        return match unfit(seen) {
            Some(figures) => told(
                format!("{back} --all-the-same"),
                &format!("{why}, and users would be worse off: {figures}"),
            ),
            None => told(back, why),
        };
    }
    if state.misplaced {
        let why = "another tool moved users and left the record: puts them where the record says";
        return match unfit(seen) {
            Some(figures) => told(
                format!("{back} --all-the-same"),
                &format!("{why}, where they would be worse off: {figures}"),
            ),
            None => told(back, why),
        };
    }
    if let Some(mend) = seen.stuck {
        return told(format!("asagi mend {name}"), mend);
    }
    if !state.drift.is_empty() {
        let note = format!("puts it back to what the stack says; or everything to the old slot: `{back}`");
        return told(format!("asagi mend {name}"), &note);
    }
    if let Some(slot) = Slot::ALL.into_iter().find(|slot| state.slot(*slot).refilled) {
        let note =
            format!("{slot}'s stack says that it is empty, and its group runs instances: puts it back");
        return told(format!("asagi mend {name}"), &note);
    }
    if state.record.kept && state.candidate_is_filling() {
        return kept(seen, &back);
    }
    let Some(spec) = seen.spec else {
        return match seen.broken {
            true => told(
                format!("asagi check {name}"),
                &format!("nothing goes on without a spec that can be read; `{back}` needs none"),
            ),
            false => told(
                format!("asagi plan {}", seen.environment),
                &format!(
                    "in the repository that has its spec: nothing goes on without one; `{back}` needs none"
                ),
            ),
        };
    };
    match spec.role(role).map(|role| role_plan(spec, role, state, Outdated::default())) {
        None => told(format!("asagi status {name}"), "the spec has no such role: nothing is done with it"),
        Some(Err(refusal)) => told(back, &format!("takes it back, since plan refuses: {refusal}")),
        Some(Ok(plan)) => planned(seen, spec, plan.as_ref(), &back),
    }
}

/// A release was taken back, and somebody wants to look at its instances: nothing is advised that takes them away.
fn kept(seen: &Seen<'_>, back: &str) -> Advice {
    let (name, candidate) = (seen.name, seen.state.candidate());
    let command = match seen.spec {
        Some(_) => format!("asagi plan {name}"),
        None => format!("asagi status {name}"),
    };
    let note = format!(
        "{candidate} keeps its instances, to be looked at; `{back}` empties it, and so does what is released next"
    );
    Advice { command, note: Some(note) }
}

/// Users would be worse off where a rollback goes; the figures.
fn unfit(seen: &Seen<'_>) -> Option<String> {
    match judge(&seen.standing(), back_to(seen.state)?, Against::Evidence) {
        Verdict::Unfit(figures) => Some(figures),
        Verdict::Fit => None,
    }
}

/// Where a rollback sends everyone at once.
fn back_to(state: &RoleState) -> Option<Slot> {
    let to = destination(state).ok().filter(|_| replaced(state).is_none())?;
    (state.slot(to).desired >= state.carried()).then_some(to)
}

/// Why a rollback would ask a person, or has nowhere to go.
pub(super) fn back_asks(seen: &Seen<'_>) -> Result<Option<String>, NoWayBack> {
    destination(seen.state)?;
    Ok(unfit(seen)
        .map(|figures| format!("users would be worse off, so it asks first: {figures}"))
        .or_else(|| may_ask(seen)))
}

/// Why a rollback may ask once it has taken back the update that runs, where users may be better off than on the slot to go
/// to.
fn may_ask(seen: &Seen<'_>) -> Option<String> {
    let state = seen.state;
    let to = back_to(state).filter(|_| state.busy)?;
    let unfit = matches!(judge_taken_back(&seen.standing(), to, Against::Evidence), Verdict::Unfit(_));
    let (healthy, carry) = (state.slot(to).healthy, state.carried());
    unfit.then(|| {
        format!(
            "the update that runs is taken back first, and then it may ask: {to} has {healthy} of the {carry} healthy instances that \
             carry everyone"
        )
    })
}

fn planned(seen: &Seen<'_>, spec: &Environment, plan: Option<&RolePlan>, back: &str) -> Advice {
    let Seen { name, state, .. } = *seen;
    let plain = |note: Option<String>| Advice { command: format!("asagi plan {name}"), note };
    let Some(plan) = plan else { return plain(None) };
    let Some(phase) = upcoming(plan, state) else {
        if state.record.phase == Record::ROLLED_BACK && state.candidate_is_filling() {
            let candidate = state.candidate();
            let note = format!("empties {candidate}, once nobody wants to look at its instances any more");
            return Advice { command: back.to_owned(), note: Some(note) };
        }
        return plain((plan.kind == RoleChange::Withheld).then(|| plan.notes.join("; ")));
    };
    if let Some(note) = rings(seen, phase) {
        return match unfit(seen) {
            Some(figures) => Advice {
                command: format!("{back} --all-the-same"),
                note: Some(format!("{note}, and users would be worse off: {figures}")),
            },
            None => Advice { command: back.to_owned(), note: Some(note) },
        };
    }
    let next = next_command(name, &phase.name);
    match obstacle(seen, spec, phase) {
        Some(Obstacle::Late(note)) => Advice { command: back.to_owned(), note: Some(note) },
        Some(Obstacle::Until(note)) => Advice { command: next, note: Some(note) },
        None => Advice { command: next, note: Some(format!("runs {}: {}", phase.name, phase.title)) },
    }
}

/// With requests on the release's slot its alarm takes everything back, whatever the next phase is.
fn rings(seen: &Seen<'_>, phase: &Phase) -> Option<String> {
    let to = seen.state.record.to.filter(|_| seen.state.record.in_progress())?;
    let [blue, green] = seen.alarms;
    let alarm = if to == Slot::Blue { blue } else { green };
    (alarm == Some(AlarmValue::Alarm) && seen.state.slot(to).weight > 0)
        .then(|| format!("the alarm of {to} is on: instead of {} everything goes back", phase.name))
}

/// Why the next phase does not begin at once.
enum Obstacle {
    /// It never will.
    Late(String),
    /// It will, once that has come.
    Until(String),
}

/// Everything that the next phase waits for, apart from what only a look tells.
fn obstacle(seen: &Seen<'_>, spec: &Environment, phase: &Phase) -> Option<Obstacle> {
    let Seen { state, now, .. } = *seen;
    let name = &phase.name;
    let mut waits = Vec::new();
    for gate in &phase.gates {
        match gate {
            Gate::Approval { within, missed } => match (due(state, *within), missed) {
                (Some(due), Missed::GoesBack) if now > due => {
                    return Some(Obstacle::Late(format!(
                        "the approval of {name} was due by {}: the rollout can only go back",
                        seen.time(due)
                    )));
                }
                (Some(due), Missed::GoesBack) => {
                    waits.push(format!("a person's approval, by {}", seen.time(due)));
                }
                (Some(due), Missed::AsksAgain) if now > due => {
                    let due = seen.time(due);
                    waits.push(format!("a person's approval, which was due by {due} and is asked for again"));
                }
                _ => waits.push("a person's approval".to_owned()),
            },
            Gate::Held { time } | Gate::Baked { time, .. } => {
                let until = state.moved_at().and_then(|at| later(at, *time)).filter(|until| *until > now);
                waits.extend(until.map(|until| format!("{} to pass", seen.time(until))));
            }
            Gate::Window { window, needs } => waits.extend(shut(seen, window, *needs)),
            _ => {}
        }
    }
    let asks = phase.gates.iter().any(|gate| matches!(gate, Gate::Approval { .. }));
    if spec.protection.approval == Approval::Manual && !asks {
        waits.push("a person who agrees to the plan".to_owned());
    }
    (!waits.is_empty()).then(|| Obstacle::Until(format!("{name} waits for {}", waits.join(", and for "))))
}

fn shut(seen: &Seen<'_>, window: &PlannedWindow, needs: Period) -> Option<String> {
    if window.admits(seen.now, needs) {
        return None;
    }
    let opens = window.opens(seen.now).map(|at| format!(", which opens {}", seen.time(at)));
    Some(format!("{needs} of the maintenance window{}", opens.unwrap_or_default()))
}

fn later(from: Timestamp, by: Period) -> Option<Timestamp> {
    from.checked_add(SignedDuration::from_secs(i64::try_from(by.as_seconds()).ok()?)).ok()
}

impl Seen<'_> {
    fn time(&self, at: Timestamp) -> String {
        self.zone.told(at)
    }
}

/// Both slots' alarms by name.
pub(super) fn alarm_names(prefix: &str, role: &str) -> [String; 2] {
    Slot::ALL.map(|slot| format!("{prefix}-{role}-{slot}"))
}

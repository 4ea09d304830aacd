//! A plan as a person reads it: every phase, and what stands between it and its run.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use crate::cfn::{Action, Replacement, ResourceChange};
use crate::model::{Approval, Period};
use crate::plan::{
    Gate, Missed, Move, Moved, Obstacle, Phase, Plan, PlannedStack, RoleChange, RolePlan, least_time,
};
use crate::shown;
use crate::words::Shown;

use super::super::watch::summary;
use super::leaving;

fn bold(text: &str) -> Shown {
    Shown::from(text).painted(Style::new().bold())
}

pub(super) fn dim(text: impl Into<Shown>) -> Shown {
    text.into().painted(Style::new().dimmed())
}

/// A plan as a person reads it, and what stands between it and its run.
pub(in crate::cli) fn page(plan: &Plan, obstacles: &[Obstacle]) -> Shown {
    let mut text = shown!(
        "{} for {} {} in {} {}\n",
        bold(&format!("plan {}", plan.grouped_digest())),
        plan.project,
        plan.environment,
        plan.account,
        plan.region
    );
    if plan.is_empty() {
        let nothing = if plan.differs() { "" } else { "nothing to do: " };
        text.line(shown!("\n{}{} stacks are as the spec says", nothing, plan.unchanged.len()));
        deferred(&mut text, plan);
        notes(&mut text, plan);
        leaving::page(&mut text, plan);
        self::obstacles(&mut text, obstacles);
        return text;
    }
    stacks(&mut text, plan);
    notes(&mut text, plan);
    for role in &plan.roles {
        one_role(&mut text, role, &format!("{}-{}", plan.project, plan.environment), plan.made);
    }
    for (code, entry) in &plan.policy {
        text.line(shown!("\npolicy: {} is set to {}: {}", code, entry.level.word(), entry.reason));
    }
    self::obstacles(&mut text, obstacles);
    if !plan.lowered.is_empty() {
        let head = "the spec protects less than before, and a person agrees to that";
        text.line(shown!("\n{}", Shown::from(head).painted(AnsiColor::Red.on_default().bold())));
        plan.lowered.iter().for_each(|line| text.line(shown!("  {}", line)));
    }
    if plan.approval == Approval::Manual {
        text.line(shown!(
            "\napproval: type `{}`, or `--approve {}`",
            plan.environment,
            plan.grouped_digest()
        ));
    }
    text
}

/// What apply would refuse now. What waits for a person's word says so beside its role.
fn obstacles(text: &mut Shown, obstacles: &[Obstacle]) {
    let shown: Vec<&Obstacle> =
        obstacles.iter().filter(|it| !matches!(it, Obstacle::Withheld { .. })).collect();
    let red = AnsiColor::Red.on_default();
    let head = match shown.first() {
        None => return,
        Some(Obstacle::GoesBack { .. }) => "apply would take this back now",
        Some(first) if first.stops() => "apply would refuse this now",
        Some(_) => "apply would wait",
    };
    text.line(shown!("\n{}", Shown::from(head).painted(red.bold())));
    let mut instead: Vec<&str> = Vec::new();
    for obstacle in shown {
        text.line(shown!("  {}", obstacle.why()));
        if let Some(pass) = obstacle.pass() {
            text.line(shown!("    {} {}", dim("all the same:"), pass));
        }
        match obstacle {
            Obstacle::Loss { instead: other, .. } | Obstacle::Stays { instead: other, .. }
                if !instead.contains(&other.as_str()) =>
            {
                instead.push(other)
            }
            _ => {}
        }
    }
    instead.iter().for_each(|line| text.line(shown!("  {}", *line)));
}

fn stacks(text: &mut Shown, plan: &Plan) {
    if !plan.levels.is_empty() {
        text.line(shown!("\n{}", bold("stacks")));
    }
    for (index, level) in plan.levels.iter().enumerate() {
        for stack in level {
            text.line(shown!("  {:<3}{}", index + 1, stack_line(stack)));
            if !stack.create && !stack.possible && stack.sent_again.is_empty() {
                resource_lines(text, &stack.predicted);
            }
            for (name, reading) in &stack.readings {
                text.line(shown!("       {}", dim(shown!("{} is {}", name, reading.from))));
            }
        }
    }
    if !plan.unchanged.is_empty() {
        let count = plan.unchanged.len();
        let noun = if count == 1 { "stack" } else { "stacks" };
        let line = format!("{count} {noun} unchanged: {}", plan.unchanged.join(", "));
        text.line(shown!("  {}", dim(line)));
    }
    deferred(text, plan);
    leaving::page(text, plan);
}

/// What has moved that stacks take with their next change.
fn notes(text: &mut Shown, plan: &Plan) {
    for note in &plan.notes {
        text.line(shown!("  note: {}", note.as_str()));
    }
}

fn deferred(text: &mut Shown, plan: &Plan) {
    for it in &plan.deferred {
        text.line(shown!("  {}", dim(format!("{} waits until {}", it.stack, it.until))));
    }
}

/// Lines of changed resources that a stack shows; the diff shows them all, value by value.
const RESOURCE_LINES: usize = 8;

/// What an update does, the severe first: replaced and removed resources are never among those left out.
fn resource_lines(text: &mut Shown, changes: &[ResourceChange]) {
    let mut sorted: Vec<&ResourceChange> = changes.iter().collect();
    sorted.sort_by_key(|change| std::cmp::Reverse(severity(change)));
    let severe = sorted.iter().filter(|change| severity(change) > 1).count();
    let shown = RESOURCE_LINES.max(severe);
    for change in sorted.iter().take(shown) {
        let (mark, style) = mark(change);
        let mark = shown!("{:<3}", mark).painted(style.on_default());
        let mut properties: Vec<&str> =
            change.details.iter().filter_map(|detail| detail.property.as_deref()).collect();
        properties.dedup();
        let properties = dim(properties.join(", "));
        text.line(shown!("       {} {} {}  {}", mark, change.resource_type, change.logical_id, properties));
    }
    if sorted.len() > shown {
        let more = format!("… and {} more: `asagi diff` shows them all", sorted.len() - shown);
        text.line(shown!("       {}", dim(more)));
    }
}

fn severity(change: &ResourceChange) -> u8 {
    match (&change.action, &change.replacement) {
        (Action::Remove, _) => 4,
        (_, Replacement::Always) => 3,
        (_, Replacement::Conditional) => 2,
        (Action::Modify, _) => 1,
        _ => 0,
    }
}

fn mark(change: &ResourceChange) -> (&'static str, AnsiColor) {
    match severity(change) {
        4 => ("-", AnsiColor::Red),
        3 => ("-/+", AnsiColor::Red),
        2 => ("~/+", AnsiColor::Yellow),
        1 => ("~", AnsiColor::Yellow),
        _ => ("+", AnsiColor::Green),
    }
}

fn stack_line(stack: &PlannedStack) -> Shown {
    let (sign, style) = if stack.create { ("+", AnsiColor::Green) } else { ("~", AnsiColor::Yellow) };
    let sign = Shown::from(sign).painted(style.on_default());
    let what = if !stack.sent_again.is_empty() {
        let names = stack.sent_again.join(", ");
        format!(
            "{names} cannot be read back (NoEcho): sent again, and CloudFormation tells whether it changes anything"
        )
    } else if stack.possible {
        "may follow, when a value it takes from another stack changes".to_owned()
    } else if stack.unforeseen {
        "compared as text: what it comes to is told when its change set is made, and asked for where it loses anything".to_owned()
    } else if stack.predicted.is_empty() && stack.protects.is_some() {
        "outputs at most".to_owned()
    } else {
        summary(&stack.predicted)
    };
    let protects = match stack.protects {
        Some(true) => "; termination protection on",
        Some(false) => "; termination protection off",
        None => "",
    };
    let place = stack.region.as_ref().map(|region| format!("; in {region}")).unwrap_or_default();
    shown!("{} {:<36} {}{}{}", sign, stack.name, what, place, protects)
}

fn one_role(text: &mut Shown, role: &RolePlan, prefix: &str, now: Timestamp) {
    let release = role.release.as_ref().map_or(String::new(), |r| format!("release {} ({}) ", r.name, r.ami));
    let to = role.to;
    let head = match (role.kind, role.from) {
        (RoleChange::Resize, _) => format!("{to} gets the spec's size"),
        (RoleChange::Withheld, _) => "nothing is done without a person's word".to_owned(),
        (RoleChange::Empty, _) if role.release.is_some() => format!("{to} is emptied"),
        (RoleChange::Empty, _) => format!("{to} is emptied for the next release"),
        (_, None) => format!("{release}to {to}, the first"),
        (RoleChange::Release, Some(from)) => {
            format!("{release}from {from} to {to} by {}", role.strategy)
        }
        (RoleChange::Resume, Some(from)) => {
            format!("{release}on its way from {from} to {to} by {}", role.strategy)
        }
    };
    text.line(shown!("\n{}  {}", bold(&role.role), head));
    for note in &role.notes {
        text.line(shown!("  note: {}", note));
    }
    for (index, phase) in role.phases.iter().enumerate() {
        if index < role.start {
            text.line(shown!("  {}", dim(format!("{:<2} {:<14} done", index + 1, phase.name))));
        } else {
            let predicted = role.predicted.get(index).map_or(&[][..], Vec::as_slice);
            one_phase(text, index + 1, phase, predicted, prefix);
        }
    }
    conditions(text, role, now);
}

/// What holds for all phases together.
fn conditions(text: &mut Shown, role: &RolePlan, now: Timestamp) {
    let left = || role.phases.iter().skip(role.start);
    let to = role.to;
    if left().flat_map(|phase| &phase.gates).any(|gate| matches!(gate, Gate::WayBack { .. })) {
        text.line(shown!(
            "  Before traffic moves, {} has as many healthy targets as the live slot wants, its alarms are OK, the rules\n  \
             are as expected and the old slot can take everything back; both are pinned at the live size.",
            to
        ));
    }
    let since = role.seen.moved_at().filter(|_| role.start > 0 && role.seen.record.in_progress());
    let since =
        since.map(|since| Period::from(Duration::try_from(now.duration_since(since)).unwrap_or_default()));
    let total = least_time(role.phases.get(role.start..).unwrap_or_default(), since);
    if total > Period::ZERO {
        text.line(shown!("  At least {} of watching and waiting.", total));
    }
}

/// Three lines a phase: what it is and how long it is watched, what it moves, what takes it back.
fn one_phase(
    text: &mut Shown,
    number: usize,
    phase: &Phase,
    predicted: &[Vec<ResourceChange>],
    prefix: &str,
) {
    let bake = phase.moves.iter().find_map(|step| step.bake.as_ref()).filter(|bake| bake.time > Period::ZERO);
    let bake = bake.map(|bake| format!(", {} watched by CloudFormation", bake.time)).unwrap_or_default();
    text.line(shown!("  {:<2} {:<10} {}{}", number, bold(&phase.name), phase.title, bake));
    let mut line = |head: &str, body: String| text.line(shown!("     {:<10} {} {}", "", dim(head), body));
    let gates: Vec<String> = phase.gates.iter().filter_map(own_gate).collect();
    if !gates.is_empty() {
        line("when", gates.join("; "));
    }
    let changes = |index: usize| predicted.get(index).is_none_or(|changes| !changes.is_empty());
    let moves = phase.moves.iter().enumerate().filter(|(index, step)| changes(*index) && !is_quiet(step));
    for (_, step) in moves {
        line("move", format!("{prefix}-{}: {}", step.stack, move_words(step)));
    }
    line("back", phase.back.clone());
}

/// It only keeps a slot at the live group's size, or hands on what another stack has made.
fn is_quiet(step: &Move) -> bool {
    let quiet = |value: &Moved| match value {
        Moved::Output { .. } => true,
        Moved::LiveSize { .. } => true,
        Moved::To(_) | Moved::Record => false,
    };
    step.parameters.values().all(quiet)
}

/// `weights 90/10, cohorts, record`: what a person looks for first.
fn move_words(step: &Move) -> String {
    let mut weights = Vec::new();
    let mut words = Vec::new();
    let mut cohorts = false;
    for (name, value) in &step.parameters {
        let shown = match value {
            Moved::To(text) => text.clone(),
            Moved::LiveSize { least: 0 } => "the live size".to_owned(),
            Moved::LiveSize { least } => format!("the live size (at least {least})"),
            Moved::Record | Moved::Output { .. } => continue,
        };
        match name.as_str() {
            "BlueWeight" | "GreenWeight" => {
                weights.push(format!("{} {shown}", name.trim_end_matches("Weight")))
            }
            "StickinessSeconds" if shown == "0" => {}
            _ if name.ends_with("Weight") => cohorts = true,
            _ => words.push(format!("{name} {shown}")),
        }
    }
    let mut all: Vec<String> = weights;
    if cohorts {
        all.push("cohorts".to_owned());
    }
    all.extend(words);
    if step.parameters.values().any(|value| *value == Moved::Record) {
        all.push("record".to_owned());
    }
    all.join(", ")
}

/// What must hold for this phase, in words; what must hold before every move of traffic is said once, below.
fn own_gate(gate: &Gate) -> Option<String> {
    Some(match gate {
        Gate::Weights { .. }
        | Gate::Zones
        | Gate::AlarmOk { .. }
        | Gate::WayBack { .. }
        | Gate::Healthy { .. } => {
            return None;
        }
        Gate::Empty { slot } => format!("{slot} has no instances"),
        // The move before says so.
        Gate::Baked { watched: true, .. } => return None,
        Gate::Baked { time, slot, .. } => format!("{time} without an alarm of {slot}"),
        Gate::Held { time } => format!("{time} after everyone has moved"),
        Gate::Drained { slot, time } => format!("{slot} has had no weight for {time}"),
        Gate::Window { needs, .. } => format!("{needs} of the maintenance window are left"),
        Gate::Approval { within: None, .. } => "a person approves".to_owned(),
        Gate::Approval { within: Some(within), missed: Missed::GoesBack } => {
            format!("a person approves within {within} of the phase before, or everything goes back")
        }
        Gate::Approval { within: Some(within), missed: Missed::AsksAgain } => {
            format!("a person approves within {within} of the phase before, or is asked again")
        }
    })
}

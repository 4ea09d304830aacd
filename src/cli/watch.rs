//! Shows a running rollout: a line for what is done, a fleeting line for what is being waited for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use crate::cfn::{Action, Replacement, ResourceChange, StackEvent};
use crate::model::{Slot, Zone};
use crate::plan::RoleState;
use crate::rollout::{Observer, Progress};
use crate::shown;
use crate::words::Shown;

use super::Console;

/// An observer that prints to stderr.
pub(super) struct Watch<'a> {
    console: Mutex<&'a mut Console>,
    zone: Zone,
    said: Mutex<Option<String>>,
    /// The day and offset that were told last: lines have the time alone.
    day: Mutex<String>,
    /// Stacks are being built, not phases run.
    building: AtomicBool,
}

fn dim(text: &str) -> Shown {
    Shown::from(text).painted(Style::new().dimmed())
}

fn bold(text: &str) -> Shown {
    Shown::from(text).painted(Style::new().bold())
}

fn red(text: &str) -> Shown {
    Shown::from(text).painted(AnsiColor::Red.on_default())
}

impl<'a> Watch<'a> {
    /// Prints there, times in that zone.
    pub(super) fn new(console: &'a mut Console, zone: Zone) -> Self {
        Self {
            console: Mutex::new(console),
            zone,
            said: Mutex::default(),
            day: Mutex::default(),
            building: AtomicBool::new(false),
        }
    }

    fn line(&self, text: impl Into<Shown>) {
        self.console.lock().unwrap_or_else(PoisonError::into_inner).progress(text);
    }

    /// Something goes wrong because somebody asked for it; `failed` says why it could not be made to.
    pub(super) fn wrong(&self, what: &str, failed: Option<&str>) {
        let why = failed.map(|why| format!(": {why}")).unwrap_or_default();
        self.line(shown!("  {} {}{}", red("!"), what, why));
    }

    /// The time, after the day where that is another one.
    fn clock(&self, at: Timestamp) -> Shown {
        let now = self.zone.day(at);
        let mut day = self.day.lock().unwrap_or_else(PoisonError::into_inner);
        if *day != now {
            self.line(shown!("  {}", dim(&now)));
            *day = now;
        }
        dim(&self.zone.clock(at))
    }

    /// Every look redraws the line for a person who watches; a log gets a line only when weights or health changed.
    fn waiting(&self, what: &str, until: Option<Timestamp>, now: Timestamp, state: Option<&RoleState>) {
        let picture = state.map(picture).unwrap_or_default();
        let left = until.map(|until| format!(", {} left", left(now, until))).unwrap_or_default();
        let clock = self.clock(now);
        let line = shown!("  {} {}{}{}", clock, what, left, picture);
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        if console.is_live() {
            console.fleeting(line);
            return;
        }
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{what}{picture}");
        if said.as_ref() != Some(&key) {
            console.progress(line);
            *said = Some(key);
        }
    }

    /// Of all that a stack tells: failures with their reason, and how the stack itself ends.
    fn event(&self, event: &StackEvent) {
        let clock = self.clock(event.at);
        let (status, stack) = (&event.status, &event.stack_name);
        let reason = event.reason.as_ref().map(|reason| shown!(": {}", reason)).unwrap_or_default();
        let back = status.as_str().contains("ROLLBACK");
        if event.is_of_stack() && back && !status.as_str().contains("CLEANUP") {
            self.line(shown!("  {} {} {}{}", clock, red(status.as_str()), stack, reason));
        } else if event.is_of_stack() && status.as_str().ends_with("_COMPLETE") {
            self.line(shown!("  {} {} {}", clock, status, stack));
        } else if status.is_failed() {
            let id = &event.logical_id;
            self.line(shown!("  {} {} {} {}{}", clock, red(status.as_str()), stack, id, reason));
        }
    }
}

impl Observer for Watch<'_> {
    fn tell(&self, progress: &Progress<'_>) {
        match progress {
            Progress::Level { number, of, stacks } => {
                self.building.store(true, Ordering::Relaxed);
                self.line(shown!("{}  {}", bold(&format!("level {number}/{of}")), stacks.join(", ")));
            }
            Progress::Phase { role, number, of, phase } => {
                self.building.store(false, Ordering::Relaxed);
                let (name, title) = (&phase.name, &phase.title);
                self.line(shown!("{}  {}", bold(&format!("{role} {number}/{of} {name}")), title));
            }
            Progress::PhaseDone { role, phase, at } => {
                let done = Shown::from("done").painted(AnsiColor::Green.on_default());
                self.line(shown!("  {} {} {} {}", self.clock(*at), done, role, phase.name));
            }
            Progress::ChangeSet { stack, changes } => {
                self.line(format!("  {stack}: {}", summary(changes)));
            }
            // Most moves of a phase only make sure of what is so already.
            Progress::Unchanged { .. } if !self.building.load(Ordering::Relaxed) => {}
            Progress::Unchanged { stack } => {
                self.line(shown!("  {}", dim(&format!("{stack}: nothing to change"))))
            }
            Progress::Removing { stack, resources: (gone, 0) } => {
                self.line(format!("  {stack} is removed, {gone} of its resources with it"));
            }
            Progress::Removing { stack, resources: (gone, kept) } => {
                let kept = format!("{kept} stay in the account");
                self.line(format!("  {stack} is removed, {gone} of its resources with it; {kept}"));
            }
            Progress::Protected { stack, on } => {
                self.line(format!("  {stack}: termination protection {}", if *on { "on" } else { "off" }));
            }
            Progress::Event(event) => self.event(event),
            Progress::Waiting { what, until, now, state } => self.waiting(what, *until, *now, *state),
            Progress::Unread { what, why } => {
                self.line(shown!("  {}: {}", dim(&format!("{what}: goes on without it")), why));
            }
            Progress::Untold { why } => self.line(shown!("  {}: {}", dim("the topic was not told"), why)),
            Progress::GoingBack { role, reason } => {
                let back = red(&format!("{role} goes back")).painted(Style::new().bold());
                self.line(shown!("{}: {}", back, reason));
            }
        }
    }
}

/// `   blue 90 % 4/4   green 10 % 4/4`
fn picture(state: &RoleState) -> String {
    let slots = Slot::ALL.map(|slot| {
        let seen = state.slot(slot);
        format!("   {slot} {:>3} % {}/{} healthy", seen.weight, seen.healthy, seen.desired)
    });
    slots.concat()
}

/// `12 min`, `40 s`, `23 h 59 min`
pub(super) fn left(now: Timestamp, until: Timestamp) -> String {
    let seconds = until.duration_since(now).as_secs().max(0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, _) => format!("{minutes} min"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

/// `2 to add, 4 to modify, 1 to replace`
pub(super) fn summary(changes: &[ResourceChange]) -> String {
    let count = |test: &dyn Fn(&ResourceChange) -> bool| changes.iter().filter(|change| test(change)).count();
    let replaced = |change: &ResourceChange| change.replacement == Replacement::Always;
    let parts = [
        (count(&|change| change.action == Action::Add), "to add"),
        (count(&|change| change.action == Action::Modify && !replaced(change)), "to modify"),
        (count(&|change| change.action == Action::Modify && replaced(change)), "to replace"),
        (count(&|change| change.action == Action::Remove), "to remove"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if said.is_empty() { "outputs only".to_owned() } else { said.join(", ") }
}

//! Shows a running rollout: a line for what is done, a fleeting line for what is being waited for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cfn::{Action, Replacement, ResourceChange, StackEvent};
use crate::model::Slot;
use crate::plan::RoleState;
use crate::rollout::{Observer, Progress};

use super::Console;

/// An observer that prints to stderr.
pub(super) struct Watch<'a> {
    console: Mutex<&'a mut Console>,
    zone: TimeZone,
    said: Mutex<Option<String>>,
    /// Stacks are being built, not phases run.
    building: AtomicBool,
}

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

impl<'a> Watch<'a> {
    /// Prints there, times in that zone.
    pub(super) fn new(console: &'a mut Console, zone: TimeZone) -> Self {
        Self { console: Mutex::new(console), zone, said: Mutex::new(None), building: AtomicBool::new(false) }
    }

    fn line(&self, text: &str) {
        self.console.lock().unwrap_or_else(PoisonError::into_inner).progress(text);
    }

    fn clock(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string()
    }

    /// Every look redraws the line for a person who watches; a log gets a line only when weights or health changed.
    fn waiting(&self, what: &str, until: Option<Timestamp>, now: Timestamp, state: Option<&RoleState>) {
        let picture = state.map(picture).unwrap_or_default();
        let left = until.map(|until| format!(", {} left", left(now, until))).unwrap_or_default();
        let clock = self.clock(now);
        let line = format!("  {DIM}{clock}{DIM:#} {what}{left}{picture}");
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
        let reason = event.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let red = AnsiColor::Red.on_default();
        let back = status.as_str().contains("ROLLBACK");
        if event.is_of_stack() && back && !status.as_str().contains("CLEANUP") {
            self.line(&format!("  {DIM}{clock}{DIM:#} {red}{status}{red:#} {stack}{reason}"));
        } else if event.is_of_stack() && status.as_str().ends_with("_COMPLETE") {
            self.line(&format!("  {DIM}{clock}{DIM:#} {status} {stack}"));
        } else if status.is_failed() {
            let id = &event.logical_id;
            self.line(&format!("  {DIM}{clock}{DIM:#} {red}{status}{red:#} {stack} {id}{reason}"));
        }
    }
}

impl Observer for Watch<'_> {
    fn tell(&self, progress: &Progress<'_>) {
        match progress {
            Progress::Level { number, of, stacks } => {
                self.building.store(true, Ordering::Relaxed);
                self.line(&format!("{BOLD}level {number}/{of}{BOLD:#}  {}", stacks.join(", ")));
            }
            Progress::Phase { role, number, of, phase } => {
                self.building.store(false, Ordering::Relaxed);
                let (name, title) = (&phase.name, &phase.title);
                self.line(&format!("{BOLD}{role} {number}/{of} {name}{BOLD:#}  {title}"));
            }
            Progress::PhaseDone { role, phase, at } => {
                let green = AnsiColor::Green.on_default();
                let (name, clock) = (&phase.name, self.clock(*at));
                self.line(&format!("  {DIM}{clock}{DIM:#} {green}done{green:#} {role} {name}"));
            }
            Progress::ChangeSet { stack, changes } => {
                self.line(&format!("  {stack}: {}", summary(changes)));
            }
            // Most moves of a phase only make sure of what is so already.
            Progress::Unchanged { .. } if !self.building.load(Ordering::Relaxed) => {}
            Progress::Unchanged { stack } => self.line(&format!("  {DIM}{stack}: nothing to change{DIM:#}")),
            Progress::Protected { stack, on } => {
                self.line(&format!("  {stack}: termination protection {}", if *on { "on" } else { "off" }));
            }
            Progress::Event(event) => self.event(event),
            Progress::Waiting { what, until, now, state } => self.waiting(what, *until, *now, *state),
            Progress::GoingBack { role, reason } => {
                let red = AnsiColor::Red.on_default().bold();
                self.line(&format!("{red}{role} goes back{red:#}: {reason}"));
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

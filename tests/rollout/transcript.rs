//! What an observer of a rollout is told, as lines: time since the session began, phase, what moved, weights and sizes.

use std::fmt::Write;
use std::sync::Mutex;

use asagi::cloud::Clock;
use asagi::plan::{RoleState, SlotState};
use asagi::rollout::{Observer, Progress, observe};
use asagi::words::Foreign;
use jiff::Timestamp;

use super::block;
use super::cloud::Witness;

/// Writes down what it is told.
pub(crate) struct Transcript<'a> {
    cloud: &'a Witness,
    prefix: String,
    start: Timestamp,
    lines: Mutex<String>,
    shown: Mutex<String>,
}

impl<'a> Transcript<'a> {
    /// Times are told since `start`.
    pub(crate) fn new(cloud: &'a Witness, prefix: &str, start: Timestamp) -> Self {
        let prefix = prefix.to_owned();
        Self { cloud, prefix, start, lines: Mutex::default(), shown: Mutex::default() }
    }

    /// The lines.
    pub(crate) fn text(self) -> String {
        self.lines.into_inner().unwrap()
    }

    fn line(&self, text: &str) {
        let at = since(self.start, self.cloud.now());
        writeln!(self.lines.lock().unwrap(), "{at}  {text}").unwrap();
    }

    /// Weights and sizes, when they are not as shown before.
    fn picture(&self, state: &RoleState) {
        let text = picture(state);
        if *self.shown.lock().unwrap() != text {
            self.line(&format!("      {text}"));
            *self.shown.lock().unwrap() = text;
        }
    }
}

impl Observer for Transcript<'_> {
    fn tell(&self, progress: &Progress<'_>) {
        match progress {
            Progress::Level { number, of, stacks } => {
                self.line(&format!("level {number}/{of}: {}", stacks.join(" ")));
            }
            Progress::Phase { role, number, of, phase } => {
                self.line(&format!("{role} {number}/{of} {}: {}", phase.name, phase.title));
            }
            Progress::PhaseDone { role, .. } => {
                self.picture(&block(observe(self.cloud, &self.prefix, role)).unwrap().state);
            }
            Progress::ChangeSet { stack, changes } => {
                let ids: Vec<&str> = changes.iter().map(|change| change.logical_id.as_str()).collect();
                let stack = stack.strip_prefix(&format!("{}-", self.prefix)).unwrap_or(stack);
                let ids = if ids.len() > 6 { format!("{} resources", ids.len()) } else { ids.join(" ") };
                // Levels name their stacks already.
                if !self.lines.lock().unwrap().lines().last().is_some_and(|line| line.contains("level ")) {
                    self.line(&format!("  execute {stack}: {ids}"));
                }
            }
            Progress::Unchanged { .. } => {}
            Progress::Removing { stack, resources: (gone, kept) } => {
                self.line(&format!("  {stack} is removed: {gone} of its resources go, {kept} stay"));
            }
            Progress::Protected { stack, on } => {
                self.line(&format!("  {stack}: termination protection {}", if *on { "on" } else { "off" }));
            }
            Progress::Event(event) => {
                let status = event.status.to_string();
                if event.is_of_stack() && (status.contains("ROLLBACK") || status.contains("FAILED")) {
                    let reason = event.reason.as_ref().map(Foreign::visible).unwrap_or_default();
                    self.line(&format!("  {} {status} {reason}", event.logical_id));
                }
            }
            Progress::Waiting { state, .. } => {
                if let Some(state) = state {
                    self.picture(state);
                }
            }
            Progress::Unread { what, why } => self.line(&format!("{what} could not be read: {why}")),
            Progress::Untold { why } => self.line(&format!("the topic was not told: {why}")),
            Progress::GoingBack { role, reason } => self.line(&format!("{role} goes back: {reason}")),
        }
    }
}

/// Hours, minutes and seconds, days before them where there are any.
pub(crate) fn since(start: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(start).as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let days = if days > 0 { format!("{days}d ") } else { String::new() };
    format!("{days}{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// `blue 90 % 2/2 (2-4) ami-…e89 | green 10 % …`: weight, healthy of wanted, minimum and maximum, image.
pub(crate) fn picture(state: &RoleState) -> String {
    format!("{} | {}", slot("blue", &state.blue), slot("green", &state.green))
}

fn slot(name: &str, slot: &SlotState) -> String {
    let image = slot.image.as_deref().unwrap_or("no image");
    let image = image.get(image.len().saturating_sub(3)..).unwrap_or(image);
    format!(
        "{name} {:>3}% {}/{} healthy, {}-{} of {image}",
        slot.weight, slot.healthy, slot.desired, slot.min, slot.max
    )
}

//! What a person said for this run, held against the plan: a name that is none of its own is refused, and what passes
//! nothing is told.

use jiff::Timestamp;

use crate::model::Zone;
use crate::plan::{Evidence, Obstacle, Passes, Plan, Record, asks_for_promotion, misnamed, obstacles};

use super::{ApplyError, ApplyOptions};

/// Whether everything that is agreed to by name is the plan's.
///
/// # Errors
/// When a name is not: nothing begins then.
pub fn check_names(plan: &Plan, options: &ApplyOptions) -> Result<(), ApplyError> {
    let found = misnamed(plan, &options.allow_loss, &options.unforeseen);
    if found.is_empty() { Ok(()) } else { Err(ApplyError::Misnamed(found)) }
}

/// What a person gave a reason for, though nothing asks for one: a sentence each.
pub fn idle_passes(
    plan: &Plan,
    options: &ApplyOptions,
    (now, zone): (Timestamp, &Zone),
) -> Vec<&'static str> {
    let passes = Passes { outside_window: false, unpromoted: true, losses: &options.allow_loss };
    let shut = || {
        let found = obstacles(plan, &Evidence::default(), options.going(), passes, (now, zone));
        found.iter().any(|it| matches!(it, Obstacle::Window { .. }))
    };
    let asks = || plan.roles.iter().any(|role| asks_for_promotion(plan, role));
    let taken_back = || plan.roles.iter().any(|role| role.seen.record.phase == Record::ROLLED_BACK);
    let mut idle = Vec::new();
    if options.outside_window.is_some() && !shut() {
        idle.push("`--outside-window` passes nothing: no maintenance window is shut");
    }
    if options.unpromoted.is_some() && !asks() {
        idle.push("`--unpromoted` passes nothing: no release of this plan asks to be live elsewhere first");
    }
    if options.again.is_some() && !taken_back() {
        idle.push("`--again` passes nothing: no release of this plan was taken back");
    }
    idle
}

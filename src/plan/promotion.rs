//! Whether a release must be live elsewhere before it may come here, and whether it is.

use crate::model::Slot;

use super::role_plan::{RoleChange, RolePlan};
use super::{Plan, Record, RoleState};

/// Whether a role's release must be live where releases come from. It must where it begins; what is under way was asked for
/// when it began, and the release before is the way back.
pub fn asks_for_promotion(plan: &Plan, role: &RolePlan) -> bool {
    plan.promote_from.is_some()
        && role.kind == RoleChange::Release
        && role.release.as_ref().is_some_and(|release| {
            !is_begun(&role.seen, &release.ami) && !was_before(&role.seen, &release.ami)
        })
}

/// An earlier run has filled a slot for it.
fn is_begun(seen: &RoleState, ami: &str) -> bool {
    let record = &seen.record;
    record.is_preparing() && record.release.as_ref().is_some_and(|release| release.ami == ami)
}

/// Users were on it until the release that is live now, and nothing was filled since.
fn was_before(seen: &RoleState, ami: &str) -> bool {
    let record = &seen.record;
    if record.phase != Record::COMPLETE {
        return false;
    }
    match (record.from, record.to) {
        (Some(from), Some(to)) if from != to => seen.slot(from).image.as_deref() == Some(ami),
        (Some(_), Some(_)) => record.before.as_deref() == Some(ami),
        _ => false,
    }
}

/// Whether that image has all of a role's users, and is not on trial any more: complete, or in its hold.
///
/// # Errors
/// Why not, in words.
pub fn is_live(state: &RoleState, ami: &str) -> Result<(), String> {
    if let Some(drift) = state.drift.first() {
        return Err(format!("what is live there is not what its record says: {drift}"));
    }
    let record = &state.record;
    let on_trial = record.in_progress() && !record.held;
    let slot: Option<Slot> = if record.held { record.to } else { state.live() };
    let Some(slot) = slot else { return Err("no release has been live there".to_owned()) };
    let (seen, release) = (state.slot(slot), record.release.as_ref());
    let named = |image: &str| match release.filter(|release| release.ami == image) {
        Some(release) => format!("release {} ({image})", release.name),
        None => image.to_owned(),
    };
    if on_trial && release.is_some_and(|release| release.ami == ami) {
        return Err(format!("it is still being rolled out there: {}", record.phase));
    }
    match seen.image.as_deref() {
        Some(image) if image == ami && seen.weight == 100 && !on_trial => Ok(()),
        Some(image) if image == ami => Err(format!("only {} % of everyone are on it there", seen.weight)),
        Some(image) => Err(format!("{} is live there", named(image))),
        None => Err("no release has been live there".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Release;
    use crate::plan::SlotState;

    fn state(phase: &str, held: bool, blue: (u32, &str), green: (u32, &str)) -> RoleState {
        let slot = |(weight, image): (u32, &str)| SlotState {
            weight,
            image: Some(image.to_owned()),
            ..SlotState::default()
        };
        let release =
            |ami: &str| Release { name: "1.6".to_owned(), build: String::new(), ami: ami.to_owned() };
        let record = Record {
            phase: phase.to_owned(),
            held,
            release: Some(release(green.1)),
            from: Some(Slot::Blue),
            to: Some(Slot::Green),
            ..Record::default()
        };
        RoleState { record, blue: slot(blue), green: slot(green), ..RoleState::absent("web") }
    }

    #[test]
    fn only_what_everyone_is_on_and_is_not_on_trial_is_live() {
        let (old, new) = ("ami-5", "ami-6");
        let cases = [
            (state("complete", false, (0, old), (100, new)), "live"),
            (state("shift-100", true, (0, old), (100, new)), "live"),
            (
                state("shift-100", false, (0, old), (100, new)),
                "it is still being rolled out there: shift-100",
            ),
            (state("shift-50", false, (50, old), (50, new)), "it is still being rolled out there: shift-50"),
            (state("verify", false, (100, old), (0, new)), "ami-5 is live there"),
            (state("rolled-back", false, (100, old), (0, new)), "ami-5 is live there"),
            (state("complete", false, (100, old), (0, new)), "ami-5 is live there"),
            (state("complete", false, (0, old), (100, "ami-7")), "release 1.6 (ami-7) is live there"),
            (RoleState::absent("web"), "no release has been live there"),
        ];
        for (state, expected) in cases {
            let told = is_live(&state, new).err().unwrap_or_else(|| "live".to_owned());
            assert_eq!(told, expected, "{:?}", state.record);
        }
        let drifted = RoleState {
            drift: vec!["rule all sends 50".to_owned()],
            ..state("complete", false, (0, old), (100, new))
        };
        assert!(is_live(&drifted, new).is_err());
        // The release before stays live through the trial of the one after it, but not beside it.
        assert_eq!(is_live(&state("verify", false, (100, old), (0, new)), old), Ok(()));
        assert_eq!(is_live(&state("rolled-back", false, (100, old), (0, new)), old), Ok(()));
        assert!(is_live(&state("shift-10", false, (90, old), (10, new)), old).is_err());
    }

    #[test]
    fn the_release_before_is_the_way_back_and_one_that_was_taken_back_is_not() {
        let (old, new) = ("ami-5", "ami-6");
        assert!(was_before(&state("complete", false, (0, old), (100, new)), old));
        assert!(!was_before(&state("rolled-back", false, (100, old), (0, new)), new));
        assert!(!was_before(&state("provision", false, (100, old), (0, new)), new));
        assert!(is_begun(&state("verify", false, (100, old), (0, new)), new));
        assert!(!is_begun(&state("rolled-back", false, (100, old), (0, new)), new));
    }
}

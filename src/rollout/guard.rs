//! Which slot users are better off on. Both slots are compared before any traffic moves, forward or back: nothing is moved
//! to the slot that is worse off by itself. Pure; what was seen comes in, a verdict with its figures comes out.

use std::fmt;

use crate::cloud::AlarmValue;
use crate::model::Slot;
use crate::plan::RoleState;

/// What was seen of both slots.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Weights, health and sizes.
    pub state: &'a RoleState,
    /// Blue's composite alarm; `None` where it could not be read.
    pub blue: Option<AlarmValue>,
    /// Green's.
    pub green: Option<AlarmValue>,
}

/// Why everything is to leave the other slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Nothing speaks against the slot that is left: users must not be worse off by a single one.
    Nothing,
    /// An alarm or failing health checks were seen there, or a person says so, who may know what no alarm does: more than
    /// half of the instances that everyone needs are enough to go to, since the group launches the rest.
    Evidence,
}

/// What comes of sending everyone to a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody is worse off.
    Fit,
    /// It is the slot that is worse off, or both are bad: a person has to choose. The figures.
    Unfit(String),
}

/// Sending everyone to `to`: what comes of it for users.
pub fn judge(standing: &Standing<'_>, to: Slot, against: Against) -> Verdict {
    let state = standing.state;
    let other = to.other();
    if state.slot(to).weight == 100 && state.slot(other).weight == 0 {
        return Verdict::Fit;
    }
    let rings = |slot: Slot| standing.alarm(slot) == Some(AlarmValue::Alarm);
    let (now, then) = (served(state), served_all_on(state, to));
    let more_than_half = state.slot(to).healthy.saturating_mul(2) > state.carried();
    let fit = match (rings(to), rings(other)) {
        // An error is better than no answer at all.
        (true, _) => now == 0 && then > 0,
        (false, true) => more_than_half || then > now,
        (false, false) => then >= now || against == Against::Evidence && more_than_half,
    };
    if fit { Verdict::Fit } else { Verdict::Unfit(figures(standing, to)) }
}

/// The same where an update of the weights still runs, which a way back takes back first: to weights that no call tells, so
/// that the ones are taken by which most users would be answered.
pub fn judge_taken_back(standing: &Standing<'_>, to: Slot, against: Against) -> Verdict {
    let mut state = standing.state.clone();
    let share = served_all_on(&state, to);
    (state.blue.weight, state.green.weight) = match to {
        Slot::Blue => (share, 100 - share),
        Slot::Green => (100 - share, share),
    };
    judge(&Standing { state: &state, ..*standing }, to, against)
}

/// Of a hundred requests, how many find an instance that can answer them, as weights and health are now. A slot that has
/// fewer healthy instances than its share needs answers so much less of it.
pub fn served(state: &RoleState) -> u32 {
    Slot::ALL.into_iter().map(|slot| state.slot(slot).weight.min(reach(state, slot))).sum()
}

/// The same once everyone is on that slot.
pub fn served_all_on(state: &RoleState, slot: Slot) -> u32 {
    reach(state, slot).min(100)
}

/// The share of everyone that a slot's healthy instances can carry, in percent.
fn reach(state: &RoleState, slot: Slot) -> u32 {
    state.slot(slot).healthy.saturating_mul(100) / state.carried().max(1)
}

impl Standing<'_> {
    /// That slot's composite alarm.
    pub fn alarm(&self, slot: Slot) -> Option<AlarmValue> {
        match slot {
            Slot::Blue => self.blue,
            Slot::Green => self.green,
        }
    }
}

/// Both slots, and what the move would do, on one line.
fn figures(standing: &Standing<'_>, to: Slot) -> String {
    let (now, then) = (served(standing.state), served_all_on(standing.state, to));
    let [blue, green] = Slot::ALL.map(|slot| SlotFigures { standing, slot });
    format!(
        "everyone to {to} would have {then} of 100 requests answered, now it is {now}: {blue}; {green}; {} carry everyone",
        standing.state.carried()
    )
}

struct SlotFigures<'a> {
    standing: &'a Standing<'a>,
    slot: Slot,
}

impl fmt::Display for SlotFigures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = self.standing.state.slot(self.slot);
        let alarm = match self.standing.alarm(self.slot) {
            Some(AlarmValue::Alarm) => ", its alarm is on",
            Some(AlarmValue::InsufficientData) => ", its alarm has no evidence",
            Some(AlarmValue::Ok) => ", its alarm is off",
            None => "",
        };
        let (slot, healthy, desired, weight) = (self.slot, seen.healthy, seen.desired, seen.weight);
        write!(f, "{slot} has {healthy} of {desired} healthy at {weight} %{alarm}")
    }
}

/// Users are on a slot that is bad and the other is no better: what is left to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dilemma {
    /// The role.
    pub role: String,
    /// Both slots, in words.
    pub figures: String,
    /// The slot that a rollback goes to.
    pub back: Slot,
    /// The slot that everyone could be moved to instead, where a rollout is on its way to it.
    pub forward: Option<Slot>,
    /// The slot to go back to has users and no healthy target.
    pub nobody_answers: bool,
}

impl Dilemma {
    /// What can be chosen, and the command that does it.
    pub fn choices(&self, environment: &str) -> Vec<(String, String)> {
        let Self { role, back, .. } = self;
        let mut choices = Vec::new();
        if let Some(forward) = self.forward {
            let command = format!("asagi apply {environment} --role {role} --forward");
            choices.push((format!("forward now, everyone to {forward}"), command));
        }
        let command = format!("asagi rollback {environment} --role {role} --all-the-same");
        choices.push((format!("back all the same, everyone to {back}"), command));
        let again = format!("asagi apply {environment}");
        choices.push(("hold: nothing moves; later".to_owned(), again));
        choices
    }
}

impl fmt::Display for Dilemma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing was moved, since users would be worse off: {}", self.figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Record, SlotState};

    fn seen(blue: (u32, u32, u32), green: (u32, u32, u32)) -> RoleState {
        let slot = |(weight, healthy, desired): (u32, u32, u32)| SlotState {
            weight,
            healthy,
            desired,
            min: desired,
            ..SlotState::default()
        };
        let record = Record {
            phase: "shift-50".to_owned(),
            from: Some(Slot::Blue),
            to: Some(Slot::Green),
            ..Record::default()
        };
        RoleState { record, blue: slot(blue), green: slot(green), ..RoleState::absent("web") }
    }

    /// Everyone's move to green still runs: healthy and desired of both; whether everyone may go back now, and once that move
    /// is taken back, for a reason.
    #[test]
    fn a_move_that_runs_is_taken_back_to_what_may_be_better_for_users() {
        for (blue, green, expected) in [
            ((2, 2), (2, 2), [true, true]),
            // Half of both is down: as they are one half answers, shared both do.
            ((1, 2), (1, 2), [true, false]),
            ((3, 4), (3, 4), [true, true]),
            ((2, 4), (4, 4), [false, false]),
            ((4, 4), (2, 4), [true, true]),
        ] {
            let state = seen((0, blue.0, blue.1), (100, green.0, green.1));
            let standing =
                Standing { state: &state, blue: Some(AlarmValue::Ok), green: Some(AlarmValue::Ok) };
            let verdicts =
                [judge, judge_taken_back].map(|judge| judge(&standing, Slot::Blue, Against::Evidence));
            assert_eq!(verdicts.map(|it| it == Verdict::Fit), expected, "{blue:?} {green:?}");
        }
    }

    /// Weight, healthy and desired of both; both alarms (`!` is on); whether everyone may go to blue for no reason, for
    /// one, and to green for no reason.
    #[test]
    fn nobody_is_moved_to_the_slot_that_is_worse_off() {
        let cases = [
            ((50, 4, 4), (50, 4, 4), "  ", [true, true, true]),
            // The old slot is half down: nothing goes there by itself, everything may go on.
            ((50, 2, 4), (50, 4, 4), "  ", [false, false, true]),
            ((90, 3, 4), (10, 4, 4), "  ", [false, true, true]),
            ((50, 0, 4), (50, 4, 4), "  ", [false, false, true]),
            // The other way round.
            ((50, 4, 4), (50, 0, 4), "  ", [true, true, false]),
            ((90, 4, 4), (10, 0, 4), " !", [true, true, false]),
            // An alarm speaks against its slot as nothing else does.
            ((50, 4, 4), (50, 4, 4), " !", [true, true, false]),
            ((50, 3, 4), (50, 4, 4), " !", [true, true, false]),
            ((50, 2, 4), (50, 4, 4), " !", [false, false, false]),
            ((50, 4, 4), (50, 4, 4), "! ", [false, false, true]),
            ((50, 4, 4), (50, 4, 4), "!!", [false, false, false]),
            // Nobody answers at all: anything is better.
            ((50, 0, 4), (50, 0, 4), "  ", [true, true, true]),
            ((100, 0, 4), (0, 4, 4), "! ", [true, true, true]),
            ((100, 0, 4), (0, 4, 4), "!!", [true, true, true]),
            // Green has grown while it had everyone: four carry half of them.
            ((0, 4, 4), (100, 8, 8), "  ", [false, false, true]),
            ((0, 5, 5), (100, 8, 8), " !", [true, true, true]),
            // Retired: nobody is there.
            ((0, 0, 0), (100, 4, 4), " !", [false, false, true]),
        ];
        for (blue, green, alarms, expected) in cases {
            let state = seen(blue, green);
            let alarm = |at: usize| match alarms.chars().nth(at) {
                Some('!') => Some(AlarmValue::Alarm),
                _ => Some(AlarmValue::Ok),
            };
            let standing = Standing { state: &state, blue: alarm(0), green: alarm(1) };
            let fit = |to, against| judge(&standing, to, against) == Verdict::Fit;
            let verdicts = [
                fit(Slot::Blue, Against::Nothing),
                fit(Slot::Blue, Against::Evidence),
                fit(Slot::Green, Against::Nothing),
            ];
            assert_eq!(verdicts, expected, "{blue:?} {green:?} {alarms:?}");
        }
    }

    #[test]
    fn what_is_left_to_choose_is_said_with_its_figures() {
        let state = seen((50, 2, 4), (50, 4, 4));
        let standing = Standing { state: &state, blue: Some(AlarmValue::Ok), green: None };
        let Verdict::Unfit(figures) = judge(&standing, Slot::Blue, Against::Nothing) else {
            unreachable!("blue is half down")
        };
        let dilemma = Dilemma {
            role: "web".to_owned(),
            figures,
            back: Slot::Blue,
            forward: Some(Slot::Green),
            nobody_answers: false,
        };
        let choices = dilemma.choices("prod").into_iter().map(|(what, command)| format!("{what}: {command}"));
        let told: Vec<String> = std::iter::once(dilemma.to_string()).chain(choices).collect();
        insta::assert_snapshot!(told.join("\n"), @r"
        nothing was moved, since users would be worse off: everyone to blue would have 50 of 100 requests answered, now it is 100: blue has 2 of 4 healthy at 50 %, its alarm is off; green has 4 of 4 healthy at 50 %; 4 carry everyone
        forward now, everyone to green: asagi apply prod --role web --forward
        back all the same, everyone to blue: asagi rollback prod --role web --all-the-same
        hold: nothing moves; later: asagi apply prod
        ");
    }
}

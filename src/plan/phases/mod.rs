//! A strategy's steps become phases: the parameter vectors that reach a release's users, step by step.

mod moves;

use crate::model::{Bake, Period, Role, Slot, Step};
use crate::stacks::names;

use super::phase::{Gate, Missed, Move, Moved, Phase, WatchedBake};
use super::retire;

/// Longest bake that CloudFormation watches itself, in minutes (`RollbackConfiguration.MonitoringTimeInMinutes`).
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html>
pub const LONGEST_WATCHED_BAKE: Period = Period::minutes(180);

/// From which slot to which, with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The slot users are on; `None` for the first release.
    pub from: Option<Slot>,
    /// The slot the release goes to.
    pub to: Slot,
    /// The AMI.
    pub image: String,
    /// The account itself takes it back when the new slot's alarm rings, with every machine off.
    pub guarded: bool,
}

/// The phases of a release of that role, in order.
pub fn phases(role: &Role, route: &Route) -> Vec<Phase> {
    let mut phases = Builder::new(role, route);
    match route.from {
        None => phases.first_release(),
        Some(from) => {
            for step in &role.rollout.strategy.steps {
                phases.step(step, from);
            }
            if !role.rollout.strategy.steps.contains(&Step::Retire) && from != route.to {
                phases.step(&Step::Retire, from);
            }
        }
    }
    phases.finished()
}

/// `: 25, 50, 75, 100 %, 5m between`
fn in_steps(checkpoints: &[u32], delay: Period) -> String {
    if checkpoints.len() < 2 {
        return String::new();
    }
    let percent: Vec<String> = checkpoints.iter().map(u32::to_string).collect();
    format!(": {} %, {delay} between", percent.join(", "))
}

/// What the guard in the account does on an alarm of the new slot.
pub fn account_gives(from: Slot) -> String {
    format!("the account gives {from} everything, with every machine off")
}

/// Who takes back what CloudFormation does not watch.
fn unwatched(to: Slot, guarded: bool, asagi: &str) -> String {
    let from = to.other();
    match guarded {
        true => {
            format!(
                "an alarm of {to}: {}; fewer than half of it healthy: asagi does, {asagi}",
                account_gives(from)
            )
        }
        false => format!(
            "an alarm of {to}, or fewer than half of it healthy: asagi gives {from} everything, {asagi}"
        ),
    }
}

struct Builder<'a> {
    role: &'a Role,
    route: &'a Route,
    done: Vec<Phase>,
    /// Gates that the next phase starts with.
    pending: Vec<Gate>,
    /// The candidate's share of everyone.
    share: u32,
    /// What is watched after the last move of traffic.
    watching: Period,
    /// Cohorts that are on the candidate.
    routed: Vec<String>,
    sticky: u64,
}

impl<'a> Builder<'a> {
    fn new(role: &'a Role, route: &'a Route) -> Self {
        Self {
            role,
            route,
            done: Vec::new(),
            pending: Vec::new(),
            watching: Period::ZERO,
            share: 0,
            routed: Vec::new(),
            sticky: 0,
        }
    }

    fn first_release(&mut self) {
        let to = self.route.to;
        self.provision(None);
        self.verify();
        self.share = 100;
        let traffic = self.traffic(to.other());
        let gates = vec![self.healthy(to)];
        self.push(Phase {
            name: "open".to_owned(),
            title: format!("everyone to {to}: the first release"),
            gates,
            moves: vec![traffic],
            ready: Vec::new(),
            proofs: vec![self.weights(to.other())],
            back: "nothing to go back to: this is the first release".to_owned(),
        });
    }

    fn step(&mut self, step: &Step, from: Slot) {
        match step {
            Step::Provision => self.provision(Some(from)),
            Step::Verify => self.verify(),
            Step::Route { cohort } => self.route_cohort(cohort, from),
            Step::Shift { percent, sticky } => self.shift(*percent, *sticky, from),
            Step::Bake(bake) => self.bake(bake),
            // Nobody is asked before the watching is over, and the record says when it began.
            Step::Approval { within } => {
                // Users are half way between the slots, or there is nothing that must be taken back.
                let half_way = self.share < 100 && (self.share > 0 || !self.routed.is_empty());
                let missed = if half_way { Missed::GoesBack } else { Missed::AsksAgain };
                let counts = !self.done.is_empty();
                let within = counts.then(|| self.watching.plus(*within));
                self.pending.push(Gate::Approval { within, missed });
            }
            Step::Hold(time) => self.hold(*time),
            Step::Retire => self.retire(from),
            Step::Refresh { checkpoints, delay } => self.refresh(from, checkpoints, *delay),
        }
    }

    fn push(&mut self, mut phase: Phase) {
        phase.gates.splice(0..0, self.pending.drain(..));
        self.done.push(phase);
    }

    /// Both slots get the live group's current size as their minimum: at a low weight a scaling policy would shrink
    /// the slot that must be able to take everything back.
    fn provision(&mut self, from: Option<Slot>) {
        let (to, capacity) = (self.route.to, self.role.instances.capacity);
        let least = if from.is_some() { capacity.min } else { capacity.min.max(1) };
        let candidate = [
            (names::TARGET_GROUP_ARN, self.traffic_output(names::target_group_arn(to))),
            (names::IMAGE_ID, Moved::To(self.route.image.clone())),
            (names::MIN_SIZE, Moved::LiveSize { least }),
            (names::MAX_SIZE, Moved::LiveSize { least: capacity.max }),
            (names::UPDATE_MODE, Moved::To("none".to_owned())),
        ];
        let mut moves = Vec::new();
        if let Some(from) = from {
            let mut target_group = self.target_group(to);
            target_group.parameters.extend(self.record().parameters);
            moves.extend([target_group, self.pin(from)]);
        }
        moves.push(self.slot_move(to, candidate));
        if from.is_some() {
            moves.push(self.alarms(to));
        }
        self.push(Phase {
            name: "provision".to_owned(),
            title: format!("fill {to} to the live size"),
            // Only a slot without weight may be changed in place.
            gates: from.map(|from| self.weights(from)).into_iter().collect(),
            moves,
            ready: Vec::new(),
            proofs: Vec::new(),
            back: format!("no traffic has moved; {to} is emptied again"),
        });
    }

    fn verify(&mut self) {
        let to = self.route.to;
        let gates = vec![self.healthy(to)];
        self.push(Phase {
            name: "verify".to_owned(),
            title: format!("every target of {to} is healthy"),
            gates,
            // Nothing else would tell that it was looked at.
            moves: vec![self.record()],
            ready: Vec::new(),
            proofs: Vec::new(),
            back: format!("no traffic has moved; {to} is emptied again"),
        });
    }

    fn shift(&mut self, percent: u32, sticky: Option<Period>, from: Slot) {
        let before = self.guards(from);
        self.share = percent;
        self.sticky = sticky.map_or(0, Period::as_seconds);
        if percent >= 100 {
            self.routed.clear();
            self.sticky = 0;
        }
        let to = self.route.to;
        let moves = vec![self.pin(from), self.pin(to), self.traffic(from)];
        self.push(Phase {
            name: format!("shift-{percent}"),
            title: format!("{percent} % of everyone to {to}"),
            gates: before,
            moves,
            ready: vec![self.healthy(to)],
            proofs: vec![self.weights(from)],
            back: String::new(),
        });
    }

    fn route_cohort(&mut self, cohort: &str, from: Slot) {
        let before = self.guards(from);
        self.routed.push(cohort.to_owned());
        let to = self.route.to;
        let moves = vec![self.pin(from), self.pin(to), self.traffic(from)];
        self.push(Phase {
            name: format!("route-{cohort}"),
            title: format!("cohort {cohort} to {to}"),
            gates: before,
            moves,
            ready: vec![self.healthy(to)],
            proofs: vec![self.weights(from)],
            back: String::new(),
        });
    }

    /// A short bake is watched by CloudFormation as part of the move before it. Whether it was, and a longer one, is a gate
    /// of the phase after it, which counts from when traffic moved; bakes in a row are one after another.
    fn bake(&mut self, bake: &Bake) {
        let slot = self.route.to;
        self.watching = self.watching.plus(bake.time);
        let time = self.watching;
        let watched = time <= LONGEST_WATCHED_BAKE;
        self.pending.retain(|gate| !matches!(gate, Gate::Baked { .. }));
        if let Some(last) = self.done.last_mut().and_then(|phase| phase.moves.last_mut())
            && watched
        {
            let before = last.bake.take().map(|bake| bake.criteria).unwrap_or_default();
            let more = bake.criteria.iter().filter(|criterion| !before.contains(criterion)).copied();
            let criteria = before.iter().copied().chain(more).collect();
            last.bake = Some(WatchedBake { time, slot, criteria });
        }
        self.pending.push(Gate::Baked { time, slot, watched });
    }

    /// Every phase says who takes it back.
    fn finished(mut self) -> Vec<Phase> {
        let (to, from) = (self.route.to, self.route.to.other());
        let mut before = "100/0".to_owned();
        for phase in self.done.iter_mut().filter(|phase| phase.moves_traffic()) {
            if self.route.from == Some(from) {
                let watched = phase.moves.iter().any(|step| step.bake.is_some());
                let asagi = "while it runs or when it next does";
                phase.back = match (watched, self.route.guarded) {
                    (true, true) => {
                        format!(
                            "an alarm of {to}: CloudFormation restores {before}, then {}",
                            account_gives(from)
                        )
                    }
                    (true, false) => format!(
                        "an alarm of {to}: CloudFormation restores {before}, then asagi gives {from} everything, {asagi}"
                    ),
                    (false, guarded) => unwatched(to, guarded, asagi),
                };
            }
            before.clone_from(&phase.name);
        }
        self.done
    }

    /// The spec's own minimum returns to the new live slot; the old one stays pinned.
    fn hold(&mut self, time: Period) {
        let to = self.route.to;
        let capacity = self.role.instances.capacity;
        let own = [
            (names::MIN_SIZE, Moved::To(capacity.min.to_string())),
            (names::MAX_SIZE, Moved::LiveSize { least: capacity.max }),
        ];
        // A group that has grown since it got everyone needs as many on the way back.
        let moves = vec![self.pin(to.other()), self.slot_move(to, own), self.record()];
        let back = unwatched(to, self.route.guarded, "while it waits here or when it next runs");
        self.push(Phase {
            name: "hold".to_owned(),
            title: format!("{} stays at full size for {time}", to.other()),
            gates: Vec::new(),
            moves,
            ready: Vec::new(),
            proofs: Vec::new(),
            back: format!(
                "{back}; `asagi rollback` at any time: {} can take everything back at once",
                to.other()
            ),
        });
        if time > Period::ZERO {
            // The record says when traffic moved; the hold begins when the watching after that is over.
            self.watching = self.watching.plus(time);
            self.pending.push(Gate::Held { time: self.watching });
        }
    }

    fn retire(&mut self, from: Slot) {
        let to = self.route.to;
        let delay = u64::from(self.role.target_group.deregistration_delay);
        let empty =
            [(names::MIN_SIZE, Moved::To("0".to_owned())), (names::MAX_SIZE, Moved::To("0".to_owned()))];
        let moves = vec![self.slot_move(from, empty), self.record()];
        self.push(Phase {
            name: retire::NAME.to_owned(),
            title: format!("empty {from}"),
            gates: vec![
                // No cohort's rule, and none that was changed by hand, may still lead to what is emptied.
                self.weights(from),
                Gate::Zones,
                // The old slot is still pinned at its full size, which is no measure for the new one.
                Gate::Healthy { slot: to, least: self.role.instances.capacity.min.max(1), match_live: false },
                Gate::AlarmOk { slot: to },
                Gate::Drained { slot: from, time: retire::drain_time(delay) },
            ],
            moves,
            ready: Vec::new(),
            proofs: Vec::new(),
            back: format!("`asagi rollback` fills {from} again first, which takes minutes"),
        });
    }

    /// The record goes first: it names the image to go back to, and a slot whose instances are being replaced could
    /// not be told from one that never was. It says that the release is complete in a phase of its own.
    fn refresh(&mut self, live: Slot, checkpoints: &[u32], delay: Period) {
        // A rollback of CloudFormation uses the update policy from before the update: it must be there already.
        let mode = [(names::UPDATE_MODE, Moved::To("refresh".to_owned()))];
        let image = [(names::IMAGE_ID, Moved::To(self.route.image.clone()))];
        let bake = WatchedBake { time: Period::ZERO, slot: live, criteria: Vec::new() };
        let moves = vec![
            self.record(),
            self.slot_move(live, mode),
            Move { bake: Some(bake), ..self.slot_move(live, image) },
        ];
        self.push(Phase {
            name: "refresh".to_owned(),
            title: format!("replace {live}'s instances in place{}", in_steps(checkpoints, delay)),
            gates: vec![Gate::Zones, Gate::AlarmOk { slot: live }],
            moves,
            ready: Vec::new(),
            proofs: vec![self.healthy(live)],
            back: format!("an alarm of {live}: CloudFormation launches the image before again"),
        });
        let finish = self.record();
        self.push(Phase {
            name: "finish".to_owned(),
            title: format!("{live} runs the release"),
            gates: vec![self.healthy(live), Gate::AlarmOk { slot: live }],
            moves: vec![finish],
            ready: Vec::new(),
            proofs: Vec::new(),
            back: "`asagi rollback` replaces the instances again, which takes as long".to_owned(),
        });
    }

    /// Before traffic moves. That the candidate is as large as the live slot shows only once both are set to the live
    /// size of today, so that is looked at between those moves and the traffic's.
    fn guards(&self, from: Slot) -> Vec<Gate> {
        let to = self.route.to;
        vec![self.weights(from), Gate::Zones, Gate::WayBack { slot: from }, Gate::AlarmOk { slot: to }]
    }

    fn healthy(&self, slot: Slot) -> Gate {
        Gate::Healthy { slot, least: self.role.instances.capacity.min.max(1), match_live: true }
    }

    fn weights(&self, from: Slot) -> Gate {
        match from {
            Slot::Blue => Gate::Weights { blue: 100 - self.share, green: self.share },
            Slot::Green => Gate::Weights { blue: self.share, green: 100 - self.share },
        }
    }
}

//! The way back, tried: from a copy of the account as it is at a tick of the clock, everything goes to the old slot, as
//! `status` says it would.

use asagi::cfn::StackStatus;
use asagi::cloud::local::Fault;
use asagi::cloud::{Clock, CloudFormation, Observe};
use asagi::model::Slot;
use asagi::ops::load::Loaded;
use asagi::ops::{self, BackError, Identity, Look, RollbackOptions, RollbackReady, Surroundings};
use asagi::plan::{NoWayBack, Record, RoleState};
use asagi::rollout::{Cancellation, NoJournal, Unobserved, observe};
use asagi::stacks::Owner;
use jiff::{SignedDuration, Timestamp};

use crate::block;
use crate::cloud::Witness;
use crate::session::tokyo;

/// So many runs of `rollback` end it, besides one for each change that is yet to fail.
const RUNS: usize = 3;

/// Whose way back it is.
pub(super) struct WayBack {
    owner: Owner,
    account: String,
    identity: Identity,
}

impl WayBack {
    pub(super) fn new(loaded: &Loaded) -> Self {
        let environment = &loaded.environment;
        Self {
            owner: Owner::of(environment),
            account: environment.account.clone(),
            identity: Identity::of(environment),
        }
    }

    /// Goes back from here, in a copy of the account; gives whether a rollout was on its way.
    pub(super) fn try_from(&self, cloud: &Witness) -> Result<bool, String> {
        let copy = Witness::new(&self.account, &cloud.now().to_string(), &cloud.documents());
        copy.hurry();
        let state = self.state(&copy)?;
        if !is_on_its_way(&state) {
            return Ok(false);
        }
        let promised = self.promised(&copy)?;
        if state.record.in_place().is_some() {
            // To go back instances are launched: where none starts there is no way, whoever goes.
            copy.local.clear_faults().unwrap();
        }
        self.go(&copy, &state, &promised)?;
        Ok(true)
    }

    fn state(&self, copy: &Witness) -> Result<RoleState, String> {
        let seen = block(observe(copy, &self.owner.prefix(), "web"));
        seen.map(|seen| seen.state).map_err(|error| error.to_string())
    }

    /// What `status` says of it.
    fn promised(&self, copy: &Witness) -> Result<RollbackReady, String> {
        let zone = tokyo();
        let look = Look { identity: &self.identity, loaded: None, broken: false, typed: "poc", zone: &zone };
        let report = block(ops::status(copy, look)).map_err(|error| format!("status: {error}"))?;
        let role = report.roles.into_iter().find(|role| role.state.role == "web").ok_or("status: no role")?;
        let ready = role.rollback;
        match (ready.ready, &ready.minutes, &ready.reason) {
            (true, None, _) => Err("status says that it is ready and not how long it takes".to_owned()),
            (false, _, None) => Err("status says that it is not ready and not why".to_owned()),
            _ => Ok(ready),
        }
    }

    fn go(&self, copy: &Witness, before: &RoleState, promised: &RollbackReady) -> Result<(), String> {
        let (began, faults) = (copy.now(), failing(copy));
        let mut options = RollbackOptions {
            owner: self.owner.clone(),
            account: Some(self.account.clone()),
            role: "web".to_owned(),
            reason: "tried".to_owned(),
            keep_candidate: false,
            all_the_same: false,
        };
        let mut told = Vec::new();
        for _ in 0..RUNS + faults {
            let (zone, cancelled) = (tokyo(), Cancellation::default());
            let around = Surroundings {
                cloud: copy,
                observer: &Unobserved,
                journal: &NoJournal,
                origin: None,
                cancelled: &cancelled,
                zone: &zone,
            };
            match block(ops::rollback(&around, &options)) {
                Ok(_) => break,
                Err(BackError::None(NoWayBack::FirstRelease)) => return Ok(()),
                Err(error) => {
                    options.all_the_same |= matches!(error, BackError::Unfit(_));
                    told.push(error.to_string());
                }
            }
        }
        self.arrived(copy, before).map_err(|why| format!("{why}; {promised:?}; rollback said {told:#?}"))?;
        // What is there already takes no time; emptying the other slot may.
        if promised.ready && promised.minutes != Some(0) && faults == 0 {
            let at = self.given_back(copy, began).unwrap_or(began);
            let minutes = i64::try_from(promised.minutes.unwrap_or(0)).unwrap() + 1;
            if !told.is_empty() || at.duration_since(began) > SignedDuration::from_mins(minutes) {
                return Err(format!("{promised:?}, and at {at}, {began} when it began, it said {told:#?}"));
            }
        }
        Ok(())
    }

    /// When the record first said so, which changes with the weights.
    fn given_back(&self, copy: &Witness, began: Timestamp) -> Option<Timestamp> {
        let past = block(ops::history(copy, &self.identity, &["web".to_owned()])).ok()?;
        past.iter().find(|line| line.at >= began && line.phase == Record::ROLLED_BACK).map(|line| line.at)
    }

    /// Everyone is on the old slot, cohorts too, and the record says so.
    fn arrived(&self, copy: &Witness, before: &RoleState) -> Result<(), String> {
        let state = self.state(copy)?;
        let to = goes_to(before).ok_or("nobody knows where to")?;
        let traffic = block(copy.describe_stack(&format!("{}-web-traffic", self.owner.prefix()))).unwrap();
        let traffic = traffic.ok_or("no traffic stack")?;
        let group =
            &traffic.outputs[&format!("{}TargetGroupArn", if to == Slot::Blue { "Blue" } else { "Green" })];
        let resources = block(copy.describe_stack_resources(&traffic.name)).unwrap();
        let rules = resources.iter().filter(|it| it.resource_type.ends_with("::ListenerRule"));
        let rules: Vec<String> = rules.filter_map(|rule| rule.physical_id.clone()).collect();
        for rule in block(copy.listener_rules(&rules)).unwrap() {
            let strays = rule.forwards.iter().any(|it| (it.weight > 0) != (it.target_group == *group));
            if strays {
                return Err(format!("rule {} sends users elsewhere than {to}: {rule:?}", rule.priority));
            }
        }
        if state.record.in_progress() || state.record.live() != Some(to) || !state.drift.is_empty() {
            return Err(format!("not all is on {to}: {:?} {:?}", state.record, state.drift));
        }
        match before.record.before.as_deref().filter(|_| before.record.in_place().is_some()) {
            Some(image) if before.record.in_progress() && state.slot(to).image.as_deref() != Some(image) => {
                Err(format!("{to} has {:?} instead of {image}", state.slot(to).image))
            }
            _ => Ok(()),
        }
    }
}

/// Where a rollout came from; before it has moved anybody, where everyone is, or was until somebody moved them by hand.
fn goes_to(before: &RoleState) -> Option<Slot> {
    match (before.record.in_progress(), before.drift.is_empty()) {
        (true, _) => before.record.from,
        (false, true) => before.live(),
        (false, false) => before.record.live().or(before.live()),
    }
}

/// A release is being filled in, or traffic has moved and can go back.
fn is_on_its_way(state: &RoleState) -> bool {
    state.record.in_progress() || state.record.is_preparing() || state.candidate_is_filling()
}

/// So many changes are yet to fail, or have failed and are to be taken up again.
fn failing(copy: &Witness) -> usize {
    let faults = copy.local.faults().unwrap();
    let fails = |it: &&Fault| matches!(it, Fault::ResourceFails { .. } | Fault::RollbackFails { .. });
    let stuck = ["traffic", "blue", "green"].map(|stack| {
        let stack = block(copy.describe_stack(&format!("poc-poc-web-{stack}"))).unwrap();
        stack.is_some_and(|stack| stack.status == StackStatus::UpdateRollbackFailed)
    });
    faults.iter().filter(fails).count() + stuck.iter().filter(|stuck| **stuck).count()
}

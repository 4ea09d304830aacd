//! A walk: a strategy, how far its rollout is, what then happens, and how it must end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use asagi::cloud::local::Changes;
use asagi::model::Period;
use asagi::ops::{ApplyOptions, Consent};
use asagi::plan::{Record, RoleState};
use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::sample::select;

use super::oracle::Oracle;
use super::step::{Step, any_step};
use crate::session::{Session, options};

pub(super) const STRATEGIES: [&str; 7] =
    ["blue-green", "canary", "hybrid-canary", "gradual", "immediate", "canary-approved", "rolling"];

/// A walk.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) strategy: &'static str,
    /// So many phases are behind it when things begin to happen.
    pub(super) phases: usize,
    pub(super) steps: Vec<Step>,
}

/// Any walk.
pub(super) fn any() -> impl Strategy<Value = Walk> {
    let steps = vec(any_step(), 1..9);
    (select(&STRATEGIES[..]), 0..7_usize, steps).prop_map(|(strategy, phases, steps)| Walk {
        strategy,
        phases,
        steps,
    })
}

/// The proof of concept by that strategy, with release 1.0 live.
fn begun(strategy: &'static str) -> Arc<Changes> {
    static BEGUN: Mutex<BTreeMap<&str, Arc<Changes>>> = Mutex::new(BTreeMap::new());
    let mut begun = BEGUN.lock().unwrap();
    let made = begun.entry(strategy).or_insert_with(|| {
        let mut session = Session::poc();
        session.cloud.hurry();
        by(&mut session, strategy);
        session.apply();
        Arc::new(session.cloud.documents())
    });
    Arc::clone(made)
}

/// The spec names that strategy.
pub(super) fn by(session: &mut Session, strategy: &str) {
    let of = |strategy: &str| {
        let hold = if ["hybrid-canary", "rolling"].contains(&strategy) { "" } else { " hold: 10m," };
        format!("rollout: {{ strategy: {strategy},{hold} minRequests: 20 }}")
    };
    let now = STRATEGIES.into_iter().map(of).find(|text| session.spec_has(text)).unwrap();
    session.edit(&now, &of(strategy));
}

/// A walk that ended as it should.
pub(super) struct Gone {
    pub(super) story: String,
    /// So many ways back were tried on it.
    pub(super) ways_back: usize,
}

impl Walk {
    /// Goes it; gives its story, and why it is not as it should be.
    pub(super) fn go(&self) -> Result<Gone, (String, String)> {
        let mut session = Session::from("poc", "2026-11-16T03:00:00Z", &begun(self.strategy));
        session.cloud.hurry();
        session.restart();
        by(&mut session, self.strategy);
        session.edit("release: \"1.0\"", "release: \"1.1\"");
        session.cloud.set_oracle(Oracle::new(&session));
        for _ in 0..self.phases {
            session.agree_next();
        }
        session.restart();
        for step in &self.steps {
            step.happen(&mut session);
            session.cloud.try_way_back();
            judged(&session)?;
        }
        session.say("--- all is well again");
        session.cloud.revive();
        session.cloud.local.clear_faults().unwrap();
        end(&mut session)?;
        Ok(Gone { story: session.story(), ways_back: session.cloud.ways_back() })
    }
}

fn judged(session: &Session) -> Result<(), (String, String)> {
    match session.cloud.offences().first() {
        None => Ok(()),
        Some(offence) => Err((offence.clone(), session.story())),
    }
}

/// So many commands in a row that change nothing lead nowhere.
const STANDS: usize = 5;
/// So many commands of `status` lead to the end, whatever happened.
const COMMANDS: usize = 40;

/// Does what `status` says, as a person who agrees to everything, until there is nothing left to do.
fn end(session: &mut Session) -> Result<(), (String, String)> {
    let mut before = Vec::new();
    for _ in 0..COMMANDS {
        let state = session.state("web");
        before.push(format!("{:?} {:?} {:?}", state.record, state.blue, state.green));
        if before.len() > STANDS && before.iter().rev().take(STANDS).all(|it| Some(it) == before.last()) {
            return Err((format!("nothing comes of {STANDS} commands of status"), session.story()));
        }
        if is_over(&state) && session.plan().is_ok_and(|plan| plan.levels.is_empty()) {
            return agrees(&state).map_err(|why| (why, session.story()));
        }
        let command = session.next_command("web");
        follow(session, &command).map_err(|why| (why, session.story()))?;
        judged(session)?;
        session.look("web");
    }
    Err((format!("no end after {COMMANDS} commands of status"), session.story()))
}

/// The rollout is complete or taken back, and nothing runs; a candidate that a person wants to look at stays.
fn is_over(state: &RoleState) -> bool {
    let ends = [Record::COMPLETE, Record::ROLLED_BACK, Record::EMPTIED];
    let whole = [state.blue.weight, state.green.weight].contains(&100);
    ends.contains(&state.record.phase.as_str())
        && !state.busy
        && whole
        && state.drift.is_empty()
        && (!state.candidate_is_filling() || state.record.kept)
}

/// Weights and record say the same.
fn agrees(state: &RoleState) -> Result<(), String> {
    let live = state.record.live().ok_or("the record names no live slot")?;
    match state.slot(live) {
        slot if slot.weight != 100 => Err(format!("the record says {live}, which has {} %", slot.weight)),
        slot if slot.desired < 2 => Err(format!("{live} is live and wants {} instances", slot.desired)),
        _ => Ok(()),
    }
}

/// A command of asagi as a person would type it.
fn follow(session: &mut Session, command: &str) -> Result<(), String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let asks = |flag: &str| words.contains(&flag);
    let patient = ApplyOptions {
        patience: Period::hours(24 * 30),
        consent: Consent::Name("poc".to_owned()),
        next_only: asks("--phase"),
        ..options()
    };
    match words.get(..2) {
        // What is to be agreed to is what the plan says.
        Some(["asagi", "plan" | "apply"]) if asks("--forward") => session.forward("web"),
        Some(["asagi", "plan" | "apply"]) => drop(session.apply_with(command, &patient)),
        Some(["asagi", "rollback"]) => {
            session.rollback_with(command, "web", |it| it.all_the_same = asks("--all-the-same"));
            if asks("--all-the-same") {
                session.cloud.forget();
            }
        }
        Some(["asagi", "mend"]) => {
            session.put_back();
            session.unstick();
        }
        _ => return Err(format!("status says `{command}`, which is no command that gets on")),
    }
    session.wait(Duration::from_secs(60));
    Ok(())
}

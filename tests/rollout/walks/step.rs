//! What can happen on a walk.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::cloud::local::{AlarmSelector, Fault};
use asagi::model::{Period, Slot};
use asagi::ops::ApplyOptions;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::walk::{STRATEGIES, by};
use crate::cloud::Death;
use crate::session::{Session, next, options};

const LOCK: &str = "environments/images.lock.yaml";

/// Something that a person does, or that happens.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// `apply`, waiting up to three hours.
    Apply,
    /// `apply` of somebody who approves what it asks for.
    Agree,
    /// `apply --wait 0s`.
    ApplyShort,
    /// `apply --phase next`.
    Next,
    /// `apply --forward`.
    Forward,
    /// `apply --again`.
    Again,
    Rollback,
    KeepCandidate,
    /// `mend` of what was moved by hand.
    Revert,
    /// `mend` of stacks that are stuck.
    Unstick,
    /// Minutes.
    Wait(u64),
    /// So many minutes from now, for so long; `None` is for good.
    Trouble(Trouble, u64, Option<u64>),
    /// Everyone's weights are moved past CloudFormation: green's share.
    Weights(u32),
    /// The record is written past CloudFormation.
    Record,
    /// The spec asks for the other release.
    OtherRelease,
    /// The spec asks for another size.
    OtherSize,
    /// The spec has other tags, which every stack has.
    OtherTags,
    /// The spec names another strategy.
    OtherStrategy(&'static str),
    /// The lock has another build of release 1.1.
    Rebuilt,
    /// Weights are moved by a change set that is not asagi's: green's share.
    AnotherTool(u32),
    /// The process ends with the changing call after so many others.
    Kill(u32),
    /// The next update of a stack fails; and so does taking it back.
    Fails(&'static str, bool),
}

/// What is wrong for a time.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    Alarm(Slot),
    NoData(Slot),
    /// So many of each slot's instances stay healthy.
    Unhealthy(Slot, u32),
    LaunchFails(Slot),
    ZoneDown(&'static str),
    ZonalShift(&'static str),
}

fn slot() -> impl Strategy<Value = Slot> {
    prop_oneof![Just(Slot::Blue), Just(Slot::Green)]
}

fn zone() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("ap-northeast-1a"), Just("ap-northeast-1c")]
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        slot().prop_map(Trouble::Alarm),
        slot().prop_map(Trouble::NoData),
        (slot(), 0..3_u32).prop_map(|(slot, healthy)| Trouble::Unhealthy(slot, healthy)),
        slot().prop_map(Trouble::LaunchFails),
        zone().prop_map(Trouble::ZoneDown),
        zone().prop_map(Trouble::ZonalShift),
    ]
}

/// Any of them; commands as often as trouble.
pub(super) fn any_step() -> impl Strategy<Value = Step> {
    let lasts = prop_oneof![Just(None), (1..240_u64).prop_map(Some)];
    let stack = prop_oneof![Just("web-traffic"), Just("web-blue"), Just("web-green"), Just("web-alarms")];
    prop_oneof![
        3 => Just(Step::Apply),
        3 => Just(Step::Next),
        2 => Just(Step::ApplyShort),
        1 => Just(Step::Agree),
        1 => Just(Step::Forward),
        1 => Just(Step::Again),
        2 => Just(Step::Rollback),
        1 => Just(Step::KeepCandidate),
        1 => Just(Step::Revert),
        1 => Just(Step::Unstick),
        3 => (1..400_u64).prop_map(Step::Wait),
        8 => (trouble(), 0..120_u64, lasts).prop_map(|(what, after, lasts)| Step::Trouble(what, after, lasts)),
        1 => (0..=100_u32).prop_map(Step::Weights),
        1 => Just(Step::Record),
        1 => Just(Step::OtherRelease),
        1 => Just(Step::OtherSize),
        1 => Just(Step::OtherTags),
        1 => select(&STRATEGIES[..]).prop_map(Step::OtherStrategy),
        1 => Just(Step::Rebuilt),
        1 => prop_oneof![Just(0), Just(100), 0..=100_u32].prop_map(Step::AnotherTool),
        2 => (0..40_u32).prop_map(Step::Kill),
        2 => (stack, any::<bool>()).prop_map(|(stack, back)| Step::Fails(stack, back)),
    ]
}

impl Step {
    /// Does it.
    pub(super) fn happen(&self, session: &mut Session) {
        // A process that ended is followed by another.
        session.cloud.revive();
        match self {
            Self::Apply => drop(session.apply()),
            Self::Agree => drop(session.agree()),
            Self::ApplyShort => {
                let short = ApplyOptions { patience: Period::ZERO, ..options() };
                drop(session.apply_with("apply --wait 0s", &short));
            }
            Self::Next => drop(session.apply_with("apply --phase next", &next())),
            Self::Forward => session.forward("web"),
            Self::Again => {
                let again = ApplyOptions { again: Some("asked for".to_owned()), ..options() };
                drop(session.apply_with("apply --again", &again));
            }
            Self::Rollback => {
                session.rollback("web");
            }
            Self::KeepCandidate => {
                session.rollback_with("rollback --keep-candidate", "web", |it| it.keep_candidate = true);
            }
            Self::Revert => session.mend("web"),
            Self::Unstick => session.unstick(),
            Self::Wait(minutes) => session.wait(Duration::from_secs(minutes * 60)),
            Self::Trouble(trouble, after, lasts) => {
                let from = session.cloud.now() + SignedDuration::from_mins(i64::try_from(*after).unwrap());
                let until =
                    lasts.map(|lasts| from + SignedDuration::from_mins(i64::try_from(lasts).unwrap()));
                let lasts = lasts.map_or("for good".to_owned(), |lasts| format!("for {lasts}m"));
                session
                    .inject(&format!("{trouble:?} {after}m from now, {lasts}"), trouble.fault(from, until));
            }
            Self::Weights(green) => session.weights_by_hand(*green),
            Self::Record => session.record_by_hand(),
            Self::OtherRelease => {
                match session.spec_has("release: \"1.0\"") {
                    true => session.edit("release: \"1.0\"", "release: \"1.1\""),
                    false => session.edit("release: \"1.1\"", "release: \"1.0\""),
                };
            }
            Self::OtherSize => {
                match session.spec_has("{ min: 2, max: 4 }") {
                    true => session.edit("{ min: 2, max: 4 }", "{ min: 3, max: 5 }"),
                    false => session.edit("{ min: 3, max: 5 }", "{ min: 2, max: 4 }"),
                };
            }
            Self::OtherTags => {
                match session.spec_has("tags: { Team: web }") {
                    true => session.edit("\ntags: { Team: web }", ""),
                    false => session.edit("retention: delete", "retention: delete\ntags: { Team: web }"),
                };
            }
            Self::OtherStrategy(strategy) => by(session, strategy),
            Self::Rebuilt => {
                let [first, second] = ["ami-0ad8fabc2e4057f9a", "ami-0ad8fabc2e40571bb"];
                let (from, to) = if session.lock_has(first) { (first, second) } else { (second, first) };
                session.files.edit(LOCK, from, to);
                session.say(&format!("$ edit of the lock: {from} to {to}"));
            }
            Self::AnotherTool(green) => session.shift_by_another_tool(*green, None),
            Self::Kill(calls) => session.die(Death::After(*calls)),
            Self::Fails(stack, back) => {
                let of = |stack: &str| (format!("poc-poc-{stack}"), "injected".to_owned());
                let (name, reason) = of(stack);
                let fails = Fault::ResourceFails { stack: name, logical_id: String::new(), reason, times: 1 };
                session.inject(&format!("the next update of {stack} fails"), fails);
                if *back {
                    let (name, reason) = of(stack);
                    let fails =
                        Fault::RollbackFails { stack: name, logical_id: String::new(), reason, times: 1 };
                    session.inject("and so does its way back", fails);
                }
            }
        }
    }
}

impl Trouble {
    fn fault(&self, from: Timestamp, until: Option<Timestamp>) -> Fault {
        let stack = |slot: &Slot| format!("poc-poc-web-{slot}");
        let alarm = |slot: &Slot| AlarmSelector::Name(format!("poc-poc-web-{slot}-error-rate-critical"));
        match self {
            Self::Alarm(slot) => Fault::Alarm { alarm: alarm(slot), from, until },
            Self::NoData(slot) => Fault::NoData { alarm: alarm(slot), from, until },
            Self::Unhealthy(slot, healthy) => {
                Fault::Unhealthy { targets: stack(slot), healthy: *healthy, of: 0, from, until }
            }
            Self::LaunchFails(slot) => Fault::LaunchFails { group: stack(slot), from: Some(from), until },
            Self::ZoneDown(zone) => Fault::ZoneDown { zone: (*zone).to_owned(), from, until },
            Self::ZonalShift(zone) => Fault::ZonalShift { zone: (*zone).to_owned(), from, until },
        }
    }
}

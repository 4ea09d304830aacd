//! The protection that a rollout was run under, kept in its record: what a spec lowers since is told, and a person agrees
//! to it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::model::{Approval, Guard, Origin, Protection};

use super::phase::{Gate, Phase};
use super::phases::LONGEST_WATCHED_BAKE;
use super::{PlannedWindow, RoleState};

/// What stood between a plan and its run. A record without it was made where nothing did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Protected {
    /// A person had to agree.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub manual: bool,
    /// When a phase might start, if not always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<PlannedWindow>,
    /// Where releases came from: the environment, its account and its Region, as their files said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promote_from: Option<String>,
    /// The account watched what CloudFormation does not, with an automation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub guard: bool,
    /// Phases of the strategy that a person was asked before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
}

impl Protected {
    /// What a spec and the phases made from it say.
    pub fn of(protection: &Protection, phases: &[Phase]) -> Self {
        let is_asked = |phase: &&Phase| phase.gates.iter().any(|gate| matches!(gate, Gate::Approval { .. }));
        Self {
            manual: protection.approval == Approval::Manual,
            window: protection.window.as_ref().map(Into::into),
            promote_from: protection.promote_from.as_ref().map(place),
            guard: match protection.guard {
                Guard::Automation => true,
                Guard::WhereLong => phases.iter().flat_map(|phase| &phase.gates).any(is_long),
                Guard::None => false,
            },
            asks: phases.iter().filter(is_asked).map(|phase| phase.name.clone()).collect(),
        }
    }

    /// It protects nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// `stg in 222233334444 ap-northeast-1`
fn place(origin: &Origin) -> String {
    let told = |part: &Option<String>| part.clone().unwrap_or_else(|| "?".to_owned());
    format!("{} in {} {}", origin.environment, told(&origin.account), told(&origin.region))
}

/// It stands longer than CloudFormation watches.
fn is_long(gate: &Gate) -> bool {
    match gate {
        Gate::Baked { watched, .. } => !watched,
        Gate::Held { time } => *time > LONGEST_WATCHED_BAKE,
        Gate::Approval { .. } => true,
        _ => false,
    }
}

/// What a role's protection now lacks of what its record keeps, each in words. `phases` are those that are made of the spec
/// now, those before `start` done.
pub fn lowered(protection: &Protection, seen: &RoleState, phases: &[Phase], start: usize) -> Vec<String> {
    let (role, now) = (&seen.role, Protected::of(protection, phases));
    let Some(then) = &seen.record.protection else { return Vec::new() };
    let mut lowered = Vec::new();
    if then.manual && !now.manual {
        lowered.push("`protection.approval` was `manual`".to_owned());
    }
    if let Some(before) = &then.window
        && !now.window.as_ref().is_some_and(|window| window.is_within(before))
    {
        let mut text = format!("`protection.window` was {before}");
        if let Some(window) = &now.window {
            let _ = write!(text, " and is {window}");
        }
        lowered.push(text);
    }
    if let Some(from) = then.promote_from.as_ref().filter(|from| now.promote_from.as_ref() != Some(from)) {
        lowered.push(format!("`protection.promoteFrom` was `{from}`"));
    }
    if then.guard && protection.guard == Guard::None {
        lowered.push("`protection.guard` was `automation`".to_owned());
    }
    let under_way = seen.record.in_progress() || seen.record.is_preparing();
    let done = |name: &String| phases.iter().take(start).any(|phase| phase.name == *name);
    let gone = then.asks.iter().filter(|name| under_way && !done(name) && !now.asks.contains(name));
    lowered.extend(gone.map(|name| format!("{role} was to ask a person before {name}")));
    lowered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Window;
    use crate::plan::{Move, Record};

    fn phase(name: &str, asks: bool) -> Phase {
        let gates =
            asks.then_some(Gate::Approval { within: None, missed: super::super::phase::Missed::AsksAgain });
        Phase {
            name: name.to_owned(),
            title: String::new(),
            gates: gates.into_iter().collect(),
            ready: Vec::new(),
            moves: Vec::<Move>::new(),
            proofs: Vec::new(),
            back: String::new(),
        }
    }

    #[test]
    fn what_is_lowered_is_told_and_what_is_raised_is_not() {
        let window =
            |from: u32| Window { days: vec![1, 2], from, to: 6 * 60, timezone: "Asia/Tokyo".to_owned() };
        let strict = Protection {
            approval: Approval::Manual,
            window: Some(window(120)),
            promote_from: Some(Origin {
                environment: "stg".to_owned(),
                account: Some("222233334444".to_owned()),
                region: Some("ap-northeast-1".to_owned()),
            }),
            strategies: Vec::new(),
            guard: Guard::Automation,
            termination: false,
        };
        let phases = [phase("shift-5", true), phase("shift-100", true)];
        let record = |phase: &str| Record {
            phase: phase.to_owned(),
            protection: Some(Protected::of(&strict, &phases)),
            ..Record::default()
        };
        let seen = |phase: &str| RoleState { record: record(phase), ..RoleState::absent("web") };
        assert_eq!(lowered(&strict, &seen("shift-5"), &phases, 1), Vec::<String>::new());
        // The record is text in a parameter, and comes back as it was.
        assert_eq!(Record::parse(&record("shift-5").to_text()), Some(record("shift-5")));
        let shorter = Protection { window: Some(window(180)), ..strict.clone() };
        assert_eq!(lowered(&shorter, &seen("complete"), &phases, 0), Vec::<String>::new());
        let none = Protection {
            approval: Approval::None,
            window: Some(window(60)),
            promote_from: None,
            guard: Guard::None,
            ..strict.clone()
        };
        let unasked = [phase("shift-5", false), phase("shift-100", false)];
        insta::assert_snapshot!(lowered(&none, &seen("shift-5"), &unasked, 1).join("\n"), @r"
        `protection.approval` was `manual`
        `protection.window` was Mon Tue 02:00-06:00 Asia/Tokyo and is Mon Tue 01:00-06:00 Asia/Tokyo
        `protection.promoteFrom` was `stg in 222233334444 ap-northeast-1`
        `protection.guard` was `automation`
        web was to ask a person before shift-100
        ");
        // The same name in another account is another environment.
        let elsewhere = strict
            .promote_from
            .clone()
            .map(|origin| Origin { account: Some("999988887777".to_owned()), ..origin });
        let elsewhere = Protection { promote_from: elsewhere, ..strict.clone() };
        assert_eq!(lowered(&elsewhere, &seen("complete"), &phases, 0).len(), 1);
        // Another strategy for another release lifts nothing of one that is over.
        assert_eq!(lowered(&strict, &seen("complete"), &unasked, 0), Vec::<String>::new());
        assert_eq!(lowered(&none, &RoleState::absent("web"), &unasked, 0), Vec::<String>::new());
    }
}

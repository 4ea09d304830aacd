//! The rollout record: what a role's traffic stack says of itself, changed in the same update as the weights.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Release, Slot};

use super::Protected;
use super::back::{CLEAN_UP, REFILL, RESTORE, ROLLBACK};
use crate::words::{Foreign, beginning};

/// Characters of a reason that are kept: the value of a parameter has 4,096 bytes, and a character up to six.
const LONGEST_REASON: usize = 400;

/// The rollout record. It lives as JSON in one SSM parameter of the traffic stack, so that weights and record cannot
/// disagree and are taken back together. A CloudFormation parameter value holds 4,096 bytes; a record is
/// about 350, and 250 more where much stands between a plan and its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Form of the record.
    pub v: u32,
    /// `none`, the name of a phase (`shift-10`), `emptied`, `complete` or `rolled-back`.
    pub phase: String,
    /// What rolls or rolled out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub release: Option<Release>,
    /// By which strategy.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub strategy: Option<String>,
    /// The slot that was live before; absent for the first release.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<Slot>,
    /// The slot that the release goes to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<Slot>,
    /// Everyone has arrived and the old slot is held: the phase stays the one that moved them.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub held: bool,
    /// It was taken back, and the slot that it went to keeps its instances, to be looked at.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub kept: bool,
    /// The AMI that a release in place took the place of: what a rollback launches again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// When this rollout moved traffic first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub started: Option<Timestamp>,
    /// When this phase moved traffic; of one that moves none, when the phase before did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<Timestamp>,
    /// Digest of the plan that was applied, its first 32 digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub plan: Option<String>,
    /// Who applied it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<Foreign>,
    /// What stood between the plan and its run; absent where nothing did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub protection: Option<Protected>,
    /// Why it was taken back, or applied outside the window.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Foreign>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            v: 1,
            phase: Self::NONE.to_owned(),
            release: None,
            strategy: None,
            from: None,
            to: None,
            held: false,
            kept: false,
            before: None,
            started: None,
            at: None,
            plan: None,
            by: None,
            protection: None,
            reason: None,
        }
    }
}

impl Record {
    /// No release has been live yet.
    pub const NONE: &str = "none";
    /// The last rollout ended.
    pub const COMPLETE: &str = "complete";
    /// The last rollout was taken back.
    pub const ROLLED_BACK: &str = "rolled-back";
    /// A slot is being filled again so that everything can go back to it: whoever goes on from here goes the same way.
    pub const ROLLING_BACK: &str = "rolling-back";

    /// The other slot is being filled for a release; no traffic has moved.
    pub const PROVISION: &str = "provision";
    /// It is filled and healthy; no traffic has moved.
    pub const VERIFY: &str = "verify";
    /// It was filled, and emptied again before any traffic moved.
    pub const EMPTIED: &str = "emptied";

    /// Name of the phase that holds the old slot.
    pub const HOLD: &str = "hold";

    /// What the parameter is created with.
    pub const BOOTSTRAP: &str = r#"{"v":1,"phase":"none"}"#;

    /// From the parameter's value; `None` when it is no record of a form this version knows.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|record: &Self| record.v == 1)
    }

    /// For the parameter's value: a text that CloudFormation takes as it stands, whatever a person gave for a reason. A
    /// dynamic reference (`{{resolve:…}}`) in it is none, and a reason longer than 400 characters is cut, so that no reason
    /// keeps anything from being taken back. <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
    pub fn to_text(&self) -> String {
        let bounded = Self {
            reason: self
                .reason
                .as_ref()
                .map(|reason| beginning(reason.as_given(), LONGEST_REASON).as_ref().into()),
            ..self.clone()
        };
        let text = serde_json::to_string(&bounded).unwrap_or_else(|_| Self::BOOTSTRAP.to_owned());
        // JSON has two of these together inside its texts alone, where the second may be written by its number
        text.replace("{{", "{\\u007b")
    }

    /// What a record that says this says after a phase, and whether the old slot is held then: phases that end a rollout
    /// or a way back say so, a hold keeps the phase that moved everyone, the others give their name.
    pub fn after(&self, phase: &str) -> (String, bool) {
        let reached = match phase {
            Self::HOLD => return (self.phase.clone(), true),
            // It moves nobody.
            CLEAN_UP => return (self.phase.clone(), self.held),
            "open" | "retire" | "finish" => Self::COMPLETE,
            ROLLBACK => Self::ROLLED_BACK,
            REFILL | RESTORE => Self::ROLLING_BACK,
            "empty" => Self::EMPTIED,
            other => other,
        };
        (reached.to_owned(), false)
    }

    /// The phase that a rollout has come to, as people and plans name it: a hold keeps the phase that moved everyone.
    pub fn reached(&self) -> &str {
        if self.held { Self::HOLD } else { &self.phase }
    }

    /// Traffic of a rollout has moved and not arrived.
    pub fn in_progress(&self) -> bool {
        let over = [Self::NONE, Self::EMPTIED, Self::COMPLETE, Self::ROLLED_BACK];
        !over.contains(&self.phase.as_str()) && !self.is_preparing()
    }

    /// A slot is being filled for a release, or is filled and verified; no traffic has moved.
    pub fn is_preparing(&self) -> bool {
        [Self::PROVISION, Self::VERIFY].contains(&self.phase.as_str())
    }

    /// No release has been live: there is none yet, or the first is being prepared.
    pub fn is_before_first(&self) -> bool {
        self.phase == Self::NONE || self.is_preparing() && self.from.is_none()
    }

    /// The same step of the same run, whatever is told of it beside that.
    pub fn is_of_step(&self, other: &Self) -> bool {
        let step =
            |it: &Self| (it.phase.clone(), it.held, it.plan.clone(), it.started, it.at, it.from, it.to);
        step(self) == step(other)
    }

    /// The slot whose instances the rollout replaces in place, where it does that instead of filling the other one.
    pub fn in_place(&self) -> Option<Slot> {
        self.from.filter(|from| self.to == Some(*from))
    }

    /// Everyone's weights as the record says them, blue's first: all on one slot before and after a rollout, the share in the
    /// name of a phase that shifts. `None` where it does not say.
    pub fn weights(&self) -> Option<[u32; 2]> {
        let all_on = |share: u32, slot: Slot| match slot {
            Slot::Blue => [share, 100 - share],
            Slot::Green => [100 - share, share],
        };
        if !self.in_progress() {
            return self.live().map(|live| all_on(100, live));
        }
        let share = self.phase.strip_prefix("shift-")?.parse().ok().filter(|share| *share <= 100)?;
        self.to.filter(|to| self.from != Some(*to)).map(|to| all_on(share, to))
    }

    /// The cohort that the phase routed to the slot the release goes to.
    pub fn routed(&self) -> Option<&str> {
        self.phase.strip_prefix("route-").filter(|_| self.in_progress())
    }

    /// The slot that users are on, or go back to: where a rollout came from while it runs or when it was taken back,
    /// where it went when it is complete.
    pub fn live(&self) -> Option<Slot> {
        match self.phase.as_str() {
            Self::NONE => None,
            Self::COMPLETE => self.to,
            _ => self.from,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_text_and_nothing_else() {
        let with = |reason: &str| Record { reason: Some(reason.into()), ..Record::default() };
        for reason in
            ["{{resolve:ssm:/a}}", "{{{{resolve:ssm:/a}}", "{{{", "\\u007b{\\", "日本語 \"x\" \u{1b}"]
        {
            let text = with(reason).to_text();
            assert!(!text.contains("{{"), "{text}");
            assert_eq!(Record::parse(&text), Some(with(reason)), "{text}");
        }
        for long in ["\0", "浅", "{"] {
            let text = with(&long.repeat(1 << 20)).to_text();
            assert!(text.len() < 3_000, "{}", text.len());
            assert!(
                Record::parse(&text)
                    .and_then(|record| record.reason)
                    .is_some_and(|reason| reason.as_given().ends_with('…'))
            );
        }
    }

    #[test]
    fn the_bootstrap_text_is_the_empty_record() {
        assert_eq!(Record::parse(Record::BOOTSTRAP), Some(Record::default()));
        assert_eq!(Record::default().to_text(), Record::BOOTSTRAP);
    }

    #[test]
    fn live_is_where_users_are_or_go_back_to() {
        let record = |phase: &str| Record {
            phase: phase.to_owned(),
            from: Some(Slot::Blue),
            to: Some(Slot::Green),
            ..Record::default()
        };
        assert_eq!(record("shift-50").live(), Some(Slot::Blue));
        assert_eq!(record("complete").live(), Some(Slot::Green));
        assert_eq!(record("rolled-back").live(), Some(Slot::Blue));
        assert_eq!(record("none").live(), None);
    }
}

//! The roles of a plan, one at a time, and what comes of each.

use jiff::Timestamp;

use crate::plan::{Plan, RoleChange, RolePlan};
use crate::rollout::{Against, Context, Dilemma, Errand, Failure, RunError, Script, State, run};

use super::super::rollback::{Back, BackError, go_back};
use super::{ApplyError, ApplyOptions};

/// What came of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleOutcome {
    /// The role.
    pub role: String,
    /// How it ended.
    pub end: End,
}

/// How a role's run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every phase is done.
    Complete,
    /// It waits for time or a person.
    Waiting {
        /// Phase that waits to start.
        phase: String,
        /// For what.
        what: String,
        /// Until when, where that is known.
        until: Option<Timestamp>,
        /// A person or the window is missing, not time.
        person: bool,
        /// Everyone is on the new slot already: the next role may begin.
        arrived: bool,
    },
    /// The one phase that was asked for is done.
    Stopped {
        /// The next phase.
        next: String,
    },
    /// It failed, and everything was given back.
    TakenBack {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
    },
    /// It failed, and giving back failed too.
    BackFailed {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
        /// Why giving back failed.
        back: String,
    },
    /// It failed, and users would be worse off where everything would go back to: nothing was moved.
    Asks {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
        /// What a person has to choose.
        dilemma: Box<Dilemma>,
    },
    /// It failed where nothing is to be given back.
    Failed {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
    },
}

/// Roles one at a time; the next begins when the one before is complete, or everyone is on its new slot.
pub(super) async fn roll(
    context: &Context<'_>,
    plan: &Plan,
    options: &ApplyOptions,
) -> Result<Vec<RoleOutcome>, ApplyError> {
    let mut outcomes = Vec::new();
    let wanted = |role: &&RolePlan| options.role.as_ref().is_none_or(|name| *name == role.role);
    for role in plan.roles.iter().filter(wanted) {
        let end = roll_one(context, role, options).await?;
        let on = match &end {
            End::Complete => true,
            End::Waiting { arrived, .. } => *arrived,
            _ => false,
        };
        outcomes.push(RoleOutcome { role: role.role.clone(), end });
        if !on || options.next_only {
            break;
        }
    }
    Ok(outcomes)
}

async fn roll_one(context: &Context<'_>, role: &RolePlan, options: &ApplyOptions) -> Result<End, ApplyError> {
    let errand = Errand {
        role: role.role.clone(),
        release: role.release.clone(),
        strategy: role.strategy.clone(),
        from: role.from,
        to: role.to,
        reason: options.outside_window.as_ref().map(|reason| format!("outside the window: {reason}")),
    };
    let script = Script {
        phases: role.phases.clone(),
        predicted: role.predicted.clone(),
        start: role.start,
        next_only: options.next_only,
    };
    let name = |index: usize| role.phases.get(index).map_or_else(String::new, |phase| phase.name.clone());
    Ok(match run(context, &errand, &script).await? {
        State::Complete => End::Complete,
        State::Stopped { phase } => End::Stopped { next: name(phase) },
        State::Waiting { phase, gate, what, until } => End::Waiting {
            phase: name(phase),
            what,
            until,
            person: matches!(gate, crate::plan::Gate::Approval { .. } | crate::plan::Gate::Window { .. }),
            arrived: role
                .phases
                .iter()
                .skip(phase)
                .all(|phase| phase.name == "hold" || phase.name == "retire"),
        },
        State::Failed { phase, failure } => failed(context, role, &errand, name(phase), failure).await?,
        State::At(place) => End::Stopped { next: name(place.phase) },
    })
}

async fn failed(
    context: &Context<'_>,
    role: &RolePlan,
    errand: &Errand,
    phase: String,
    failure: Failure,
) -> Result<End, ApplyError> {
    let reason = failure.reason().to_owned();
    if !goes_back(role, &phase, &failure) {
        return Ok(End::Failed { phase, reason });
    }
    let against = match failure {
        Failure::Alarm(_) | Failure::TakenBack(_) => Against::Evidence,
        Failure::Gate(_) | Failure::Refused(_) => Against::Nothing,
    };
    let back = Back { reason: &reason, keep_candidate: false, against: Some(against) };
    match go_back(context, &errand.role, &back).await {
        Ok(_) => Ok(End::TakenBack { phase, reason }),
        Err(BackError::Unfit(dilemma)) => Ok(End::Asks { phase, reason, dilemma }),
        Err(BackError::Run(RunError::Cancelled)) => Err(ApplyError::Run(RunError::Cancelled)),
        Err(error) => Ok(End::BackFailed { phase, reason, back: error.to_string() }),
    }
}

/// Whether a failure takes the release back. A change set that was not executed changed nothing, and a slot that is being
/// retired has no traffic to give back; but an alarm in a bake counts, whichever phase had to wait for that bake.
fn goes_back(role: &RolePlan, phase: &str, failure: &Failure) -> bool {
    let release = matches!(role.kind, RoleChange::Release | RoleChange::Resume);
    match failure {
        _ if role.from.is_none() || !release => false,
        Failure::Refused(_) => false,
        Failure::Alarm(_) => true,
        Failure::Gate(_) | Failure::TakenBack(_) => !["hold", "retire"].contains(&phase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Slot;
    use crate::plan::RoleState;

    #[test]
    fn an_alarm_in_a_bake_takes_back_whichever_phase_waited_for_it() {
        let role = |kind, from| RolePlan {
            role: "web".to_owned(),
            kind,
            release: None,
            strategy: "hybrid-canary".to_owned(),
            from,
            to: Slot::Green,
            phases: Vec::new(),
            start: 0,
            predicted: Vec::new(),
            notes: Vec::new(),
            seen: RoleState::absent("web"),
        };
        let text = || "why".to_owned();
        let release = role(RoleChange::Release, Some(Slot::Blue));
        let cases = [
            (&release, "shift-50", Failure::Gate(text()), true),
            (&release, "shift-50", Failure::Refused(text()), false),
            (&release, "retire", Failure::Gate(text()), false),
            (&release, "retire", Failure::Alarm(text()), true),
            (&role(RoleChange::Release, None), "open", Failure::Gate(text()), false),
            (&role(RoleChange::Resize, Some(Slot::Blue)), "resize", Failure::TakenBack(text()), false),
        ];
        for (role, phase, failure, back) in cases {
            assert_eq!(goes_back(role, phase, &failure), back, "{phase} {failure:?}");
        }
    }
}

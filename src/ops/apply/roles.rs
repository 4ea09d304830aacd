//! The roles of a plan, one at a time, and what comes of each.

use jiff::Timestamp;

use crate::model::Slot;
use crate::plan::{Gate, Phase, Plan, RoleChange, RolePlan};
use crate::rollout::{
    Against, Context, Dilemma, Errand, Failure, RunError, Script, State, overtaken_at, run,
};

use super::super::forward::{ForwardError, go_forward};
use super::super::rollback::{Back, BackError, go_back, is_of_others};
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
        /// Which it was.
        done: String,
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
    /// Nothing was done, since a person's word is missing.
    Withheld {
        /// Why, and what to do.
        why: String,
    },
    /// The old slot could not carry its users, and everyone was moved to the new one, which can.
    Forward {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
        /// The new slot.
        to: Slot,
    },
    /// It failed where nothing is to be given back.
    Failed {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
    },
}

impl End {
    /// Nothing else is begun after it.
    pub(super) fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::TakenBack { .. } | Self::BackFailed { .. } | Self::Asks { .. } | Self::Failed { .. }
        )
    }

    /// The role is where it is to be, or everyone is on its new slot, or nothing was to be done with it.
    pub(super) fn lets_next_role_begin(&self) -> bool {
        match self {
            Self::Complete | Self::Withheld { .. } => true,
            Self::Waiting { arrived, .. } => *arrived,
            _ => false,
        }
    }
}

/// Those roles one at a time; the next begins when the one before is complete, or everyone is on its new slot.
pub(super) async fn roll(
    context: &Context<'_>,
    plan: &Plan,
    options: &ApplyOptions,
    which: impl Fn(&RolePlan) -> bool,
) -> Result<Vec<RoleOutcome>, ApplyError> {
    let mut outcomes = Vec::new();
    let wanted = |role: &&RolePlan| options.role.as_ref().is_none_or(|name| *name == role.role);
    for role in plan.roles.iter().filter(wanted).filter(|role| which(role)) {
        let end = roll_one(context, role, options).await?;
        let (on, withheld) = (end.lets_next_role_begin(), matches!(end, End::Withheld { .. }));
        outcomes.push(RoleOutcome { role: role.role.clone(), end });
        if !on || options.next_only && !withheld {
            break;
        }
    }
    Ok(outcomes)
}

async fn roll_one(context: &Context<'_>, role: &RolePlan, options: &ApplyOptions) -> Result<End, ApplyError> {
    if role.kind == RoleChange::Withheld {
        return Ok(End::Withheld { why: role.notes.join("; ") });
    }
    let errand = Errand {
        role: role.role.clone(),
        release: role.release.clone(),
        strategy: role.strategy.clone(),
        from: role.from,
        to: role.to,
        reason: options.reasons(),
        protection: role.protection.clone(),
        anew: false,
        keeps: false,
    };
    let script = Script {
        phases: begun(role, options.next_only),
        predicted: role.predicted.clone(),
        start: role.start,
        back: false,
        next_only: options.next_only,
        watch: role.from.is_some().then_some(role.to),
        record: Some(role.seen.record.clone()),
    };
    let name = |index: usize| role.phases.get(index).map_or_else(String::new, |phase| phase.name.clone());
    Ok(match run(context, &errand, &script, None).await? {
        State::Complete => End::Complete,
        State::Stopped { phase } => End::Stopped { done: name(phase.saturating_sub(1)), next: name(phase) },
        State::Waiting { phase, gate, what, until } => End::Waiting {
            phase: name(phase),
            what,
            until,
            person: matches!(gate, Gate::Approval { .. } | Gate::Window { .. }),
            arrived: role
                .phases
                .iter()
                .skip(phase)
                .all(|phase| phase.name == "hold" || phase.name == "retire"),
        },
        State::Failed { phase, failure } => failed(context, role, &errand, name(phase), failure).await?,
        State::At(place) => End::Stopped { done: String::new(), next: name(place.phase) },
    })
}

/// The phases, the next of which must have as much left of the window as the run needs: it does not begin what it cannot
/// bring to where it can stand.
fn begun(role: &RolePlan, next_only: bool) -> Vec<Phase> {
    let mut phases = role.phases.clone();
    let gates = phases.get_mut(role.start).into_iter().flat_map(|phase| &mut phase.gates);
    for gate in gates {
        if let (Gate::Window { needs, .. }, Some(run)) = (gate, role.needs) {
            *needs = run.of(next_only);
        }
    }
    phases
}

async fn failed(
    context: &Context<'_>,
    role: &RolePlan,
    errand: &Errand,
    phase: String,
    failure: Failure,
) -> Result<End, ApplyError> {
    let reason = failure.reason().to_owned();
    // What another run moves is theirs to judge, and nothing of it is taken back here.
    if let Some(overtaken) = overtaken_at(context, &errand.role, &failure).await {
        return Err(overtaken.into());
    }
    if !goes_back(role, &phase, &failure) {
        return Ok(End::Failed { phase, reason });
    }
    let against = match failure {
        Failure::Alarm(_) | Failure::Health(_) | Failure::TakenBack(_) => Against::Evidence,
        Failure::Gate(_) | Failure::Refused(_) => Against::Nothing,
    };
    let back = Back { reason: &reason, keep_candidate: false, against: Some(against) };
    match go_back(context, &errand.role, &back, None).await {
        Ok(_) => Ok(End::TakenBack { phase, reason }),
        Err(BackError::Unfit(dilemma)) if leads_forward(context, role, &phase, &dilemma) => {
            match go_forward(context, &errand.role, &reason).await {
                Ok(to) => Ok(End::Forward { phase, reason, to }),
                Err(ForwardError::Apply(error)) => Err(error),
                Err(_) => Ok(End::Asks { phase, reason, dilemma }),
            }
        }
        Err(BackError::Unfit(dilemma)) => Ok(End::Asks { phase, reason, dilemma }),
        Err(BackError::Run(RunError::Cancelled)) => Err(ApplyError::Run(RunError::Cancelled)),
        // Somebody else is at it, and nothing of theirs has failed.
        Err(BackError::Run(error) | BackError::NotBegun(error)) if is_of_others(&error) => {
            Err(ApplyError::Run(error))
        }
        Err(error) => Ok(End::BackFailed { phase, reason, back: error.to_string() }),
    }
}

/// Whether everyone may go to the new slot without being asked: nobody on the old one gets an answer, and no person's
/// approval and no window stand between here and everyone. That the new slot is fit is looked at by who goes.
fn leads_forward(context: &Context<'_>, role: &RolePlan, phase: &str, dilemma: &Dilemma) -> bool {
    let left = role.phases.iter().skip_while(|it| it.name != phase);
    let until = left.take_while(|it| !["hold", "retire"].contains(&it.name.as_str()));
    let mut gates = until.flat_map(|it| &it.gates);
    dilemma.forward.is_some()
        && dilemma.nobody_answers
        && !gates.any(|gate| match gate {
            Gate::Approval { .. } => true,
            Gate::Window { window, needs } => {
                !context.outside_window && !window.admits(context.cloud.now(), *needs)
            }
            _ => false,
        })
}

/// Whether a failure takes the release back. A change set that was not executed changed nothing, and a slot that is being
/// retired has no traffic to give back; but an alarm in a bake counts, whichever phase had to wait for that bake.
fn goes_back(role: &RolePlan, phase: &str, failure: &Failure) -> bool {
    let release = matches!(role.kind, RoleChange::Release | RoleChange::Resume);
    match failure {
        _ if role.from.is_none() || !release => false,
        Failure::Refused(_) => false,
        Failure::Alarm(_) | Failure::Health(_) => true,
        Failure::Gate(_) | Failure::TakenBack(_) => !["hold", "retire"].contains(&phase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            needs: None,
            protection: None,
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
            (&release, "hold", Failure::Health(text()), true),
            (&role(RoleChange::Release, None), "open", Failure::Gate(text()), false),
            (&role(RoleChange::Resize, Some(Slot::Blue)), "resize", Failure::TakenBack(text()), false),
        ];
        for (role, phase, failure, back) in cases {
            assert_eq!(goes_back(role, phase, &failure), back, "{phase} {failure:?}");
        }
    }
}

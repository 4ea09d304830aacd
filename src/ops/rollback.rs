//! The way back: from any state and phase, by deployed stacks alone.

use std::sync::atomic::Ordering;

use async_trait::async_trait;

use crate::cfn::Stack;
use crate::cloud::{Caller, CloudError};
use crate::model::{Release, Slot};
use crate::plan::{
    CLEAN_UP, Deployed, NoWayBack, Phase, RoleState, VERIFY, back, destination, replaced, short_digest,
};
use crate::rollout::{
    Against, Context, Dilemma, Errand, Failure, Look, ObservedRole, Progress, RoleStacks, RunError, Script,
    Standing, State, Unread, Verdict, follow_running, informs, judge, observe_what_can_be, run, slot_alarms,
    stop_running,
};

use super::at_once::at_once;
use super::run::{Run, Surroundings};
use crate::stacks::{Owner, Stranger, names};

/// How a rollback is run.
#[derive(Debug, Clone)]
pub struct RollbackOptions {
    /// Whose stacks they are.
    pub owner: Owner,
    /// Where it stands: the caller's account must be this one. `None` where nobody said.
    pub account: Option<String>,
    /// The role.
    pub role: String,
    /// Recorded.
    pub reason: String,
    /// Leave the candidate's instances running, to be looked at.
    pub keep_candidate: bool,
    /// Go back though users are worse off there.
    pub all_the_same: bool,
}

/// Why there was no way back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackError {
    /// There is none.
    #[error(transparent)]
    None(#[from] NoWayBack),
    /// The caller is in another account.
    #[error("this is account {caller}, the environment is in {planned}")]
    Account {
        /// Of the credentials.
        caller: String,
        /// Of the environment.
        planned: String,
    },
    /// The stack of that name is somebody else's.
    #[error("nothing was begun: {0}")]
    Stranger(Box<Stranger>),
    /// The role's traffic stack does not exist.
    #[error("no stack {stack} is in account {account}")]
    Absent {
        /// Its name.
        stack: String,
        /// Where it was looked for.
        account: String,
    },
    /// Where it stands could not be read, so nothing was begun.
    #[error("nothing was begun: {0}")]
    NotBegun(RunError),
    /// Users would be worse off there: a person has to choose.
    #[error("{0}")]
    Unfit(Box<Dilemma>),
    /// It failed at this phase.
    #[error("phase `{phase}`: {reason}")]
    Failed {
        /// The phase.
        phase: String,
        /// Why.
        reason: String,
        /// Something was moved before.
        begun: bool,
    },
    /// It broke off.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<CloudError> for BackError {
    fn from(error: CloudError) -> Self {
        Self::Run(RunError::Cloud(error))
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackReport {
    /// The slot that has everything now.
    pub to: Slot,
    /// There was nothing to give back: it had everything already.
    pub already: bool,
    /// Why the other slot was not emptied, where it should have been.
    pub left: Option<String>,
}

/// Gives everything back to the slot that a role came from.
///
/// # Errors
/// When there is no way back, or it fails.
pub async fn rollback(
    around: &Surroundings<'_>,
    options: &RollbackOptions,
) -> Result<RollbackReport, BackError> {
    let prefix = options.owner.prefix();
    let Admitted { caller, service_role, known } = admitted(around, options).await?;
    let (stacks, topic) = known.unzip();
    let seed = format!("rollback|{prefix}|{}|{}", options.role, around.cloud.now());
    let digest = short_digest(seed.as_bytes());
    let run = Run::back(around, &prefix, caller, digest, service_role, topic).await;
    let errand = Back {
        reason: &options.reason,
        keep_candidate: options.keep_candidate,
        against: (!options.all_the_same).then_some(Against::Evidence),
    };
    go_back(&run.context(), &options.role, &errand, stacks).await
}

/// Who may go back, and what was read for that.
struct Admitted {
    caller: Caller,
    /// The role that CloudFormation works as.
    service_role: Option<String>,
    /// The role's stacks and the topic, where all of them could be read at once.
    known: Option<(RoleStacks, Option<String>)>,
}

/// Who calls, if the role is there in that account. The traffic stack alone proves which account it is: that nobody can
/// tell who calls stops nothing.
async fn admitted(around: &Surroundings<'_>, options: &RollbackOptions) -> Result<Admitted, BackError> {
    let (cloud, prefix) = (around.cloud, options.owner.prefix());
    let [name, blue, green] = RoleStacks::names(&prefix, &options.role);
    let notifications = format!("{prefix}-notifications");
    let asked = [name.clone(), blue, green, notifications.clone()];
    let stacks = async {
        match informs(cloud, cloud.describe_stacks(&asked)).await {
            Ok(found) => {
                let topic =
                    found.get(&notifications).and_then(|it| it.outputs.get(names::TOPIC_ARN).cloned());
                let stacks = RoleStacks::among(&found, &prefix, &options.role);
                Ok((stacks.traffic().cloned(), Some((stacks, topic))))
            }
            Err(_) => Ok((cloud.describe_stack(&name).await?, None)),
        }
    };
    let (caller, stacks) = tokio::join!(informs(cloud, cloud.caller()), stacks);
    let elsewhere = |account: &str| match &options.account {
        Some(planned) if planned != account => {
            Err(BackError::Account { caller: account.to_owned(), planned: planned.clone() })
        }
        _ => Ok(()),
    };
    if let Ok(caller) = &caller {
        elsewhere(&caller.account)?;
    }
    let (traffic, known) = stacks.map_err(|error: CloudError| BackError::NotBegun(error.into()))?;
    let Some(traffic) = traffic.filter(|stack| !stack.status.is_absent()) else {
        let told = caller.ok().map(|caller| caller.account).or(options.account.clone());
        return Err(BackError::Absent { stack: name, account: told.unwrap_or_default() });
    };
    let account = traffic.id.split(':').nth(4).unwrap_or_default().to_owned();
    elsewhere(&account)?;
    options.owner.check(&traffic).map_err(|stranger| BackError::Stranger(Box::new(stranger)))?;
    let caller = caller.unwrap_or_else(|error| {
        let why = error.to_string();
        around.observer.tell(&Progress::Unread { what: "GetCallerIdentity", why: &why });
        Caller { account, arn: "unknown".into() }
    });
    Ok(Admitted { caller, service_role: traffic.role_arn, known })
}

/// Who goes back to where, as deployed stacks tell it: there may be no plan and no spec.
pub(super) fn errand(role: &str, state: &RoleState, to: Slot, back_by: &Back<'_>) -> Errand {
    let in_place = replaced(state).is_some();
    let taken = if in_place { to } else { to.other() };
    let image = state.slot(taken).image.clone();
    // In place the image may be the one before again already: what is taken back is what the record speaks of.
    let is_taken = |release: &Release| in_place || image.as_ref() == Some(&release.ami);
    let recorded = state.record.release.clone().filter(is_taken);
    let unnamed = image.map(|ami| Release { name: ami.clone(), build: String::new(), ami });
    Errand {
        role: role.to_owned(),
        release: recorded.or(unnamed),
        strategy: state.record.strategy.clone().unwrap_or_default(),
        from: Some(to),
        to: taken,
        reason: Some(back_by.reason.to_owned()),
        protection: None,
        anew: false,
        keeps: back_by.keep_candidate,
    }
}

/// How everything is given back.
pub(super) struct Back<'a> {
    /// Recorded.
    pub(super) reason: &'a str,
    /// Leave the candidate's instances running.
    pub(super) keep_candidate: bool,
    /// What speaks against the slot that is left; `None` goes back though users are worse off.
    pub(super) against: Option<Against>,
}

/// What a person has to choose, where users would be worse off on the slot to go back to. One that must be filled first
/// is judged by the targets that are healthy then.
async fn dilemma(
    context: &Context<'_>,
    role: &str,
    state: &RoleState,
    against: Option<Against>,
) -> Result<Option<Dilemma>, BackError> {
    let to = destination(state)?;
    let Some(against) = against.filter(|_| replaced(state).is_none()) else { return Ok(None) };
    if state.slot(to).desired < state.carried() {
        return Ok(None);
    }
    let alarms = async { Ok(slot_alarms(context.cloud, context.prefix, role).await) };
    let [blue, green] = informs(context.cloud, alarms).await.unwrap_or_default();
    let Verdict::Unfit(figures) = judge(&Standing { state, blue, green }, to, against) else {
        return Ok(None);
    };
    let nobody_answers = state.slot(to).weight > 0 && state.slot(to).healthy == 0;
    let forward = Some(to.other()).filter(|_| state.record.in_progress());
    Ok(Some(Dilemma { role: role.to_owned(), figures, back: to, forward, nobody_answers }))
}

/// Looks whether users would be worse off by what stopping a running step gives back.
struct Fit<'a> {
    role: &'a str,
    against: Option<Against>,
    dilemma: Option<Dilemma>,
}

#[async_trait]
impl Look for Fit<'_> {
    async fn look(&mut self, context: &Context<'_>, _: &Stack) -> Result<Option<Failure>, RunError> {
        if self.against.is_none() {
            return Ok(None);
        }
        let (seen, _) = observe_what_can_be(context.cloud, context.prefix, self.role).await?;
        // What there is no way back from, or cannot be told, is told by the way back itself.
        self.dilemma = dilemma(context, self.role, &seen.state, self.against).await.unwrap_or_default();
        Ok(self.dilemma.as_ref().map(|dilemma| Failure::Gate(dilemma.to_string())))
    }
}

/// Somebody else is at it so often before this gives up.
const ATTEMPTS: u32 = 3;

/// Stops what runs, gives everything back in one change set, then empties the other slot once it has drained. Where
/// somebody else gives it back at the same time, theirs is followed to its end and counts. `stacks` are the role's where
/// they were described just now.
///
/// # Errors
/// When there is no way back, or it fails.
pub(super) async fn go_back(
    context: &Context<'_>,
    role: &str,
    back_by: &Back<'_>,
    mut stacks: Option<RoleStacks>,
) -> Result<RollbackReport, BackError> {
    let reason = back_by.reason;
    context.tell(&Progress::GoingBack { role, reason });
    context.publish(&format!("{role}: rolling back"), reason);
    for _ in 1..ATTEMPTS {
        match once(context, role, back_by, stacks.take()).await {
            Err(error) if error.is_of_others() => {
                context.tell(&Progress::Unread { what: "giving back at once", why: &error.to_string() });
                follow_running(context, role).await?;
            }
            done => {
                context.deliver().await;
                return done.map_err(|error| error.if_begun(context));
            }
        }
    }
    once(context, role, back_by, None).await.map_err(|error| error.if_begun(context))
}

impl BackError {
    /// The same, told as what never began where nothing was moved.
    fn if_begun(self, context: &Context<'_>) -> Self {
        let begun = context.begun.load(Ordering::Relaxed);
        match self {
            Self::Run(error @ RunError::Cloud(_)) if !begun => Self::NotBegun(error),
            Self::Failed { phase, reason, .. } => Self::Failed { phase, reason, begun },
            error => error,
        }
    }

    /// Somebody else is at it: nothing of this has failed.
    pub fn is_of_others(&self) -> bool {
        matches!(self, Self::Run(error) | Self::NotBegun(error) if is_of_others(error))
    }
}

/// Somebody else was faster.
pub(super) fn is_of_others(error: &RunError) -> bool {
    error.is_of_others() || matches!(error, RunError::Cloud(error) if error.is_of_others())
}

async fn once(
    context: &Context<'_>,
    role: &str,
    back_by: &Back<'_>,
    stacks: Option<RoleStacks>,
) -> Result<RollbackReport, BackError> {
    let given = at_once(context, role, back_by, stacks).await?;
    let mut fit = Fit { role, against: back_by.against, dilemma: None };
    if given.is_none()
        && stop_running(context, role, &mut fit).await?.is_some()
        && let Some(dilemma) = fit.dilemma
    {
        return Err(BackError::Unfit(Box::new(dilemma)));
    }
    let moved = given.is_some();
    let seen = match given.flatten() {
        Some(seen) => seen,
        None => look(context, role).await?,
    };
    let Some(traffic) = &seen.traffic else {
        let stack = context.stack_name(&format!("{role}-traffic"));
        return Err(BackError::Absent {
            stack,
            account: context.by.as_given().split(':').nth(4).unwrap_or_default().to_owned(),
        });
    };
    let deployed = Deployed { state: &seen.state, traffic, deregistration_delay: seen.deregistration_delay };
    let mut phases = back(deployed, role)?;
    // Rules that somebody changed beside their stack are written once more.
    let start = usize::from(moved && seen.state.drift.is_empty());
    if start == 0
        && let Some(dilemma) = dilemma(context, role, &seen.state, back_by.against).await?
    {
        return Err(BackError::Unfit(Box::new(dilemma)));
    }
    if back_by.keep_candidate {
        phases.retain(|phase| phase.name != CLEAN_UP);
    }
    let to = destination(&seen.state)?;
    // A person has seen the figures: what is filled again is not waited for, nor is it a reason to stay.
    if back_by.against.is_none() && seen.state.slot(to).desired >= seen.state.carried() {
        phases.retain(|phase| phase.name != VERIFY);
    }
    let replaced = replaced(&seen.state).is_some_and(|it| seen.state.slot(to).image.as_deref() != Some(it));
    let preparing = seen.state.record.is_preparing();
    let moves = seen.state.record.in_progress() || seen.state.candidate_is_filling() || preparing || replaced;
    let already = seen.state.slot(to).weight == 100 && !moves && !moved;
    let errand = errand(role, &seen.state, to, back_by);
    let script = script(phases, start);
    let report = |left| Ok(RollbackReport { to, already, left });
    match run(context, &errand, &script, Some(seen)).await? {
        State::Failed { phase, failure } => {
            let phase = script.phases.get(phase).map_or_else(String::new, |phase| phase.name.clone());
            let reason = failure.reason().to_owned();
            // Everyone is back by then.
            if phase == CLEAN_UP {
                report(Some(reason))
            } else {
                Err(BackError::Failed { phase, reason, begun: true })
            }
        }
        _ => report(None),
    }
}

/// The role as much of it as can be read; what cannot is told.
async fn look(context: &Context<'_>, role: &str) -> Result<ObservedRole, BackError> {
    let seen = observe_what_can_be(context.cloud, context.prefix, role).await;
    let (seen, unread) = seen.map_err(|error| BackError::NotBegun(error.into()))?;
    for Unread { what, error } in &unread {
        context.tell(&Progress::Unread { what, why: &error.to_string() });
    }
    Ok(seen)
}

/// Those phases of a way back, from that one on.
pub(super) fn script(phases: Vec<Phase>, start: usize) -> Script {
    Script { phases, predicted: Vec::new(), start, next_only: false, back: true, watch: None, record: None }
}

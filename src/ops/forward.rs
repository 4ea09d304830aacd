//! The way forward where the old slot cannot carry its users: everyone to the slot that a rollout is on its way to, by
//! deployed stacks alone.

use crate::cloud::{Cloud, CloudError};
use crate::model::{Approval, Slot};
use crate::plan::{NoWayForward, forward as way_forward, short_digest};
use crate::rollout::{
    Against, Context, Errand, RunError, Script, Standing, State, Verdict, follow_running, judge, observe,
    run, slot_alarms,
};

use super::apply::{ApplyError, check_account, check_owner};
use super::run::{Run, Surroundings};
use crate::stacks::Owner;

/// Why nobody was moved forward.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    /// There is nowhere to go.
    #[error(transparent)]
    None(#[from] NoWayForward),
    /// Users would be worse off there; the figures.
    #[error("nothing was moved, since users would be worse off: {0}")]
    Unfit(String),
    /// It failed at this phase.
    #[error("phase `{phase}`: {reason}")]
    Failed {
        /// The phase.
        phase: String,
        /// Why.
        reason: String,
    },
    /// It did not begin, or broke off.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl From<RunError> for ForwardError {
    fn from(error: RunError) -> Self {
        Self::Apply(ApplyError::Run(error))
    }
}

impl From<CloudError> for ForwardError {
    fn from(error: CloudError) -> Self {
        Self::Apply(error.into())
    }
}

/// Who must agree: whoever the spec says, and whoever had to when the rollout began.
///
/// # Errors
/// When the role's record cannot be read.
pub async fn forward_approval(
    cloud: &dyn Cloud,
    prefix: &str,
    role: &str,
    spec: Approval,
) -> Result<Approval, CloudError> {
    let record = observe(cloud, prefix, role).await?.state.record;
    let manual = record.protection.is_some_and(|protection| protection.manual);
    Ok(if manual { Approval::Manual } else { spec })
}

/// Moves everyone to the slot that a role's rollout is on its way to; gives the slot.
///
/// # Errors
/// When there is none, users would be worse off there, or it fails.
pub async fn forward(
    around: &Surroundings<'_>,
    owner: &Owner,
    account: &str,
    role: &str,
    reason: &str,
) -> Result<Slot, ForwardError> {
    let caller = check_account(around.cloud, account).await?;
    let prefix = &owner.prefix();
    check_owner(around.cloud, owner, role).await?;
    let digest = short_digest(format!("forward|{prefix}|{role}|{}", around.cloud.now()).as_bytes());
    let run = Run::begin(around, prefix, caller, digest, true).await?;
    go_forward(&run.context(), role, reason).await
}

/// The same within a run.
///
/// # Errors
/// When there is none, users would be worse off there, or it fails.
pub(super) async fn go_forward(
    context: &Context<'_>,
    role: &str,
    reason: &str,
) -> Result<Slot, ForwardError> {
    // To cancel what runs would send users to the slot that cannot carry them.
    follow_running(context, role).await?;
    let seen = observe(context.cloud, context.prefix, role).await?;
    let traffic = seen.traffic.as_ref().ok_or(NoWayForward::NoRollout)?;
    let (to, phase) = way_forward(&seen.state, traffic)?;
    let [blue, green] = slot_alarms(context.cloud, context.prefix, role).await;
    let standing = Standing { state: &seen.state, blue, green };
    if let Verdict::Unfit(figures) = judge(&standing, to, Against::Nothing) {
        return Err(ForwardError::Unfit(figures));
    }
    let record = &seen.state.record;
    let errand = Errand {
        role: role.to_owned(),
        release: record.release.clone(),
        strategy: record.strategy.clone().unwrap_or_default(),
        from: Some(to.other()),
        to,
        reason: Some(reason.to_owned()),
        protection: None,
        anew: true,
        keeps: false,
    };
    let script = Script {
        phases: vec![phase],
        predicted: Vec::new(),
        start: 0,
        back: false,
        next_only: false,
        watch: None,
        record: Some(seen.state.record.clone()),
    };
    match run(context, &errand, &script, None).await? {
        State::Failed { failure, .. } => {
            Err(ForwardError::Failed { phase: "shift-100".to_owned(), reason: failure.reason().to_owned() })
        }
        _ => Ok(to),
    }
}

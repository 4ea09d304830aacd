//! The way back of a rollout that stands between two phases, in as few calls as there can be: what only makes it better
//! informed is read once users are back.

use crate::plan::{CLEAN_UP, Deployed, ROLLBACK, Record, back};
use crate::rollout::{
    Context, ObservedRole, RoleStacks, Standing, State, Verdict, glance, informs, judge, run_seeing,
};
use crate::stacks::names;

use super::rollback::{Back, BackError, errand, script};

/// Gives everything back to the slot that a rollout came from, where nothing runs, that slot can take everyone now and no
/// alarm of it rings; then looks whether everyone is there, and gives what was seen of that. `None` where it takes a closer
/// look first: nothing was moved. Rules that somebody changed beside their stack are seen by the look that follows.
///
/// # Errors
/// When it was begun and did not come to its end.
pub(super) async fn at_once(
    context: &Context<'_>,
    role: &str,
    back_by: &Back<'_>,
    stacks: Option<RoleStacks>,
) -> Result<Option<Option<ObservedRole>>, BackError> {
    let names = RoleStacks::names(context.prefix, role);
    let stacks = match stacks {
        Some(stacks) => Some(stacks),
        None => informs(context.cloud, context.cloud.describe_stacks(&names))
            .await
            .ok()
            .map(|found| RoleStacks::among(&found, context.prefix, role)),
    };
    let Some(seen) = fit(context, role, back_by, stacks).await else { return Ok(None) };
    let (Some(traffic), Some(to)) = (&seen.traffic, seen.state.record.from) else { return Ok(None) };
    let deployed = Deployed { state: &seen.state, traffic, deregistration_delay: seen.deregistration_delay };
    let mut phases = back(deployed, role)?;
    if phases.first().is_none_or(|phase| phase.name != ROLLBACK) {
        return Ok(None);
    }
    if back_by.keep_candidate {
        phases.retain(|phase| phase.name != CLEAN_UP);
    }
    let errand = errand(role, &seen.state, to, back_by);
    let mut script = script(phases, 0);
    script.next_only = true;
    let mut seen = Some(seen);
    match run_seeing(context, &errand, &script, &mut seen).await? {
        State::Failed { phase: 0, failure } => Err(BackError::Failed {
            phase: ROLLBACK.to_owned(),
            reason: failure.reason().to_owned(),
            begun: true,
        }),
        _ => Ok(Some(seen)),
    }
}

/// What is seen, where that is enough to know that nobody is worse off on the slot that the rollout came from.
async fn fit(
    context: &Context<'_>,
    role: &str,
    back_by: &Back<'_>,
    stacks: Option<RoleStacks>,
) -> Option<ObservedRole> {
    let stacks = stacks?;
    let traffic = stacks.traffic().filter(|stack| stack.status.is_updatable())?;
    let record = traffic.parameter(names::ROLLOUT_RECORD).and_then(Record::parse)?;
    let stands = record.in_progress() && record.phase != Record::ROLLING_BACK && record.in_place().is_none();
    let to = record.from.filter(|_| stands)?;
    // CloudFormation leaves a rule alone that is as wanted by its stack, whatever somebody made of it since.
    if traffic.parameter(&names::weight(to)) == Some("100") {
        return None;
    }
    let (seen, [blue, green]) = glance(context.cloud, context.prefix, role, stacks, to).await?;
    let fit = back_by.against.is_none_or(|against| {
        judge(&Standing { state: &seen.state, blue, green }, to, against) == Verdict::Fit
    });
    fit.then_some(seen)
}

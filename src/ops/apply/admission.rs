//! What must hold before a run: somebody agreed, the account is the plan's, nothing has moved since it was made, the
//! role can be rolled by itself, and nothing stands between the plan and its run that nobody has passed by name.

use crate::cloud::{Caller, Cloud};
use crate::model::{Approval, Zone};
use crate::plan::{Obstacle, Plan, RoleChange, RolePlan};
use crate::rollout::last_hand;
use crate::source::{grouped, is_digest};
use crate::stacks::Owner;

use super::super::promotion::{Looking, stands_between};
use super::super::run::Surroundings;
use super::named::check_names;
use super::{ApplyError, ApplyOptions};

/// How a person agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Not at all.
    None,
    /// `--yes`: enough where no approval is asked for.
    Yes,
    /// Typed this as the environment's name.
    Name(String),
    /// `--approve`: the digest of the plan that was reviewed, 32 digits of it or more.
    Digest(String),
}

/// Who calls, if the run may begin.
///
/// # Errors
/// The first thing that does not hold.
pub(super) async fn admit(
    around: &Surroundings<'_>,
    plan: &Plan,
    options: &ApplyOptions,
) -> Result<Caller, ApplyError> {
    check_consent(plan, &options.consent)?;
    let caller = check_account(around.cloud, &plan.account).await?;
    check_pins(around, plan).await?;
    check_names(plan, options)?;
    check_role(plan, options)?;
    let looking = Looking { cloud: around.cloud, origin: around.origin, zone: around.zone };
    let mut obstacles = stands_between(looking, plan, options.going(), options.passes()).await;
    obstacles.retain(Obstacle::stops);
    if obstacles.is_empty() { Ok(caller) } else { Err(ApplyError::Obstacles(obstacles)) }
}

/// Who calls, if they are in that account.
///
/// # Errors
/// When they are in another one.
pub(in crate::ops) async fn check_account(cloud: &dyn Cloud, account: &str) -> Result<Caller, ApplyError> {
    let caller = cloud.caller().await?;
    if caller.account == account {
        return Ok(caller);
    }
    Err(ApplyError::Account { caller: caller.account, planned: account.to_owned() })
}

/// Whether a role's traffic stack is that environment's, if there is one.
///
/// # Errors
/// When it is somebody else's.
pub(in crate::ops) async fn check_owner(
    cloud: &dyn Cloud,
    owner: &Owner,
    role: &str,
) -> Result<(), ApplyError> {
    let name = format!("{}-{role}-traffic", owner.prefix());
    let found = cloud.describe_stack(&name).await?.filter(|stack| !stack.status.is_absent());
    let checked = found.map_or(Ok(()), |stack| owner.check(&stack));
    checked.map_err(|stranger| ApplyError::Stranger(Box::new(stranger)))
}

fn check_consent(plan: &Plan, consent: &Consent) -> Result<(), ApplyError> {
    let digest = plan.digest();
    let why = match (plan.approval, consent) {
        (Approval::None, Consent::Yes) => return Ok(()),
        (_, Consent::Name(typed)) if *typed == plan.environment => return Ok(()),
        (_, Consent::Digest(given)) => match is_digest(given, &digest) {
            Ok(true) => return Ok(()),
            Ok(false) => format!("`--approve {}` is not this plan, which is", given.escape_debug()),
            Err(why) => format!("`--approve` names no plan: {why}; this one is"),
        },
        (Approval::Manual, Consent::Yes) => format!(
            "{} wants a person's approval: type its name when asked, or give `--approve` and this plan's digest,",
            plan.environment
        ),
        (_, Consent::Name(typed)) => {
            let (typed, wanted) = (typed.escape_debug(), &plan.environment);
            return Err(ApplyError::Consent(format!("`{typed}` is not `{wanted}`: nothing was done")));
        }
        (Approval::Manual, Consent::None) => {
            "nobody agreed: give `--approve` and this plan's digest,".to_owned()
        }
        (Approval::None, Consent::None) => {
            "nobody agreed: give `--yes`, or `--approve` and this plan's digest,".to_owned()
        }
    };
    let lowered = match plan.lowered.is_empty() {
        true => String::new(),
        false => format!("the spec protects less than before ({}); ", plan.lowered.join("; ")),
    };
    Err(ApplyError::Consent(format!("{lowered}{why} {}", grouped(&digest))))
}

async fn check_pins(around: &Surroundings<'_>, plan: &Plan) -> Result<(), ApplyError> {
    let mut moved = Vec::new();
    let by = async |name: &str| by_whom(around.cloud, name, around.zone).await;
    let names: Vec<String> = plan.pins.keys().cloned().collect();
    let mut found = around.cloud.describe_stacks(&names).await?;
    for (name, pin) in &plan.pins {
        let stack = found.swap_remove(name).filter(|stack| !stack.status.is_absent());
        let (id, operation) = stack.map_or((None, None), |stack| (Some(stack.id), stack.last_operation));
        if id != pin.stack {
            let what = if id.is_some() { "created" } else { "deleted" };
            moved.push(format!("stack {name} was {what}{}", by(name).await));
        } else if operation != pin.last_operation {
            moved.push(format!("stack {name} was changed{}", by(name).await));
        }
    }
    if moved.is_empty() { Ok(()) } else { Err(ApplyError::Stale(moved)) }
}

/// Who it was and when, as far as the stack's events tell.
pub(in crate::ops) async fn by_whom(cloud: &dyn Cloud, stack: &str, zone: &Zone) -> String {
    match last_hand(cloud, stack).await {
        Ok(Some(hand)) => format!(" by {} at {}", hand.who, zone.told_to_the_second(hand.at)),
        _ => String::new(),
    }
}

/// `--role` leaves stacks as they are; a release would then take the slot as it was before the edit.
fn check_role(plan: &Plan, options: &ApplyOptions) -> Result<(), ApplyError> {
    let Some(role) = &options.role else { return Ok(()) };
    let begins = |it: &&RolePlan| it.role == *role && it.kind == RoleChange::Release;
    let Some(release) = plan.roles.iter().find(begins) else { return Ok(()) };
    let own = [format!("{role}-traffic"), format!("{role}-{}", release.to), format!("{role}-alarms")];
    match plan.levels.iter().flatten().find(|stack| own.contains(&stack.key)) {
        None => Ok(()),
        Some(stack) => Err(ApplyError::Role(format!(
            "stack {} changes before {role} can roll, and `--role` leaves stacks as they are: run it without",
            stack.key
        ))),
    }
}

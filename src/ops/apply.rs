//! Runs a plan, and nothing but the plan.

use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use crate::cloud::{Cloud, CloudError};
use crate::model::{Approval, Period};
use crate::plan::{Plan, RoleChange, RolePlan};
use crate::rollout::{
    Built, Context, Errand, Failure, Journal, Observer, RunError, Script, State, build, last_hand, run,
    run_name,
};
use crate::stacks::names;

use super::rollback::{BackError, go_back};

/// How an apply is run.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// Who agreed, and how.
    pub consent: Consent,
    /// Only the next phase of the first role that has one.
    pub next_only: bool,
    /// Only this role; infrastructure is left alone then.
    pub role: Option<String>,
    /// Run outside the maintenance window, for this reason, which is recorded.
    pub outside_window: Option<String>,
    /// A gate that holds later than this ends the run instead of being waited for.
    pub patience: Period,
}

/// How a person agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Not at all.
    None,
    /// `--yes`: enough where no approval is asked for.
    Yes,
    /// Typed this as the environment's name.
    Name(String),
    /// `--approve`: the digest of the plan that was reviewed, or its first 12 characters.
    Digest(String),
}

/// What a run needs besides the plan.
pub struct Surroundings<'a> {
    /// What it is driven through.
    pub cloud: &'a dyn Cloud,
    /// Who watches.
    pub observer: &'a dyn Observer,
    /// Told before each call that changes something.
    pub journal: &'a dyn Journal,
    /// Set when the person cancels.
    pub cancelled: &'a AtomicBool,
}

/// Why an apply did not begin, or broke off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// What the plan was made from has moved.
    #[error("the plan is stale: {}", .0.join("; "))]
    Stale(Vec<String>),
    /// Nobody agreed, or not in the way that is asked for.
    #[error("{0}")]
    Consent(String),
    /// It is outside the maintenance window.
    #[error("{0}")]
    Window(String),
    /// What is to change first is left out.
    #[error("{0}")]
    Role(String),
    /// The caller is in another account.
    #[error("these credentials are of account {caller}, the plan is for {planned}")]
    Account {
        /// Of the credentials.
        caller: String,
        /// Of the plan.
        planned: String,
    },
    /// It broke off.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<CloudError> for ApplyError {
    fn from(error: CloudError) -> Self {
        Self::Run(RunError::Cloud(error))
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyReport {
    /// What came of the stacks.
    pub built: Built,
    /// What came of each role that was begun.
    pub roles: Vec<RoleOutcome>,
}

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
    /// It failed where nothing is to be given back.
    Failed {
        /// Phase that failed.
        phase: String,
        /// Why.
        reason: String,
    },
}

/// Runs a plan: the stacks level by level, then the roles one at a time.
///
/// # Errors
/// When it does not begin, or breaks off. What a role comes to is in the report.
pub async fn apply(
    around: &Surroundings<'_>,
    plan: &Plan,
    options: &ApplyOptions,
) -> Result<ApplyReport, ApplyError> {
    check_consent(plan, &options.consent)?;
    let caller = around.cloud.caller().await?;
    if caller.account != plan.account {
        return Err(ApplyError::Account { caller: caller.account, planned: plan.account.clone() });
    }
    check_pins(around.cloud, plan).await?;
    check_role(plan, options)?;
    check_window(around.cloud, plan, options)?;
    let prefix = format!("{}-{}", plan.project, plan.environment);
    let digest = plan.digest();
    let run_name = run_name(around.cloud, &caller.arn);
    let approved = AtomicBool::new(matches!(options.consent, Consent::Name(_) | Consent::Digest(_)));
    let mut built = Built::Done(Vec::new());
    for round in [Round::Stacks, Round::Roles] {
        let outputs = Outputs::read(around.cloud, &prefix).await?;
        let context = Context {
            cloud: around.cloud,
            prefix: &prefix,
            digest: &digest,
            service_role: outputs.service_role.as_deref(),
            topic: outputs.topic.as_deref(),
            by: &caller.arn,
            run: &run_name,
            patience: options.patience,
            approved: &approved,
            outside_window: options.outside_window.is_some(),
            observer: around.observer,
            journal: around.journal,
            cancelled: around.cancelled,
        };
        match round {
            Round::Stacks if options.role.is_some() => {}
            Round::Stacks => built = build(&context, &plan.levels).await?,
            Round::Roles if matches!(built, Built::Failed { .. }) => {}
            Round::Roles => {
                let roles = roll(&context, plan, options).await?;
                return Ok(ApplyReport { built, roles });
            }
        }
    }
    Ok(ApplyReport { built, roles: Vec::new() })
}

/// The service role and the topic exist only after the first of these.
#[derive(Clone, Copy)]
enum Round {
    Stacks,
    Roles,
}

/// What every run reads from other stacks.
pub(super) struct Outputs {
    pub(super) service_role: Option<String>,
    pub(super) topic: Option<String>,
}

impl Outputs {
    pub(super) async fn read(cloud: &dyn Cloud, prefix: &str) -> Result<Self, CloudError> {
        let output = async |stack: &str, name: &str| {
            let found = cloud.describe_stack(&format!("{prefix}-{stack}")).await?;
            Ok::<_, CloudError>(found.and_then(|stack| stack.outputs.get(name).cloned()))
        };
        Ok(Self {
            service_role: output(names::FOUNDATION, names::SERVICE_ROLE_ARN).await?,
            topic: output("notifications", names::TOPIC_ARN).await?,
        })
    }
}

fn check_consent(plan: &Plan, consent: &Consent) -> Result<(), ApplyError> {
    let digest = plan.digest();
    let agreed = match (plan.approval, consent) {
        (_, Consent::Digest(given)) => given.len() >= 12 && digest.starts_with(given.as_str()),
        (_, Consent::Name(typed)) => *typed == plan.environment,
        (Approval::None, Consent::Yes) => true,
        (Approval::Manual, Consent::Yes) | (_, Consent::None) => false,
    };
    if agreed {
        return Ok(());
    }
    let short = plan.short_digest();
    Err(ApplyError::Consent(match consent {
        Consent::Yes => format!(
            "{} wants a person's approval: type its name when asked, or give `--approve {short}`",
            plan.environment
        ),
        Consent::Digest(given) => format!("`--approve {given}` is not this plan, which is {short}"),
        Consent::Name(typed) => format!("`{typed}` is not `{}`: nothing was done", plan.environment),
        Consent::None => format!("nobody agreed: give `--yes`, or `--approve {short}`"),
    }))
}

async fn check_pins(cloud: &dyn Cloud, plan: &Plan) -> Result<(), ApplyError> {
    let mut moved = Vec::new();
    for (name, pin) in &plan.pins {
        let stack = cloud.describe_stack(name).await?.filter(|stack| !stack.status.is_absent());
        let (id, operation) = stack.map_or((None, None), |stack| (Some(stack.id), stack.last_operation));
        if id != pin.stack {
            let what = if id.is_some() { "created" } else { "deleted" };
            moved.push(format!("stack {name} was {what}{}", by_whom(cloud, name).await));
        } else if operation != pin.last_operation {
            moved.push(format!("stack {name} was changed{}", by_whom(cloud, name).await));
        }
    }
    if moved.is_empty() { Ok(()) } else { Err(ApplyError::Stale(moved)) }
}

/// Who it was and when, as far as the stack's events tell.
async fn by_whom(cloud: &dyn Cloud, stack: &str) -> String {
    match last_hand(cloud, stack).await {
        Ok(Some(hand)) => format!(" by {} at {}", hand.who, hand.at.strftime("%Y-%m-%d %H:%M:%SZ")),
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

fn check_window(cloud: &dyn Cloud, plan: &Plan, options: &ApplyOptions) -> Result<(), ApplyError> {
    let (Some(window), None) = (&plan.window, &options.outside_window) else { return Ok(()) };
    let now = cloud.now();
    if plan.is_empty() || window.admits(now, Period::minutes(6)) {
        return Ok(());
    }
    let opens = window.opens(now).map_or_else(String::new, |at| format!(", which opens {at}"));
    Err(ApplyError::Window(format!(
        "outside the maintenance window{opens}; `--outside-window REASON` runs it all the same and records why"
    )))
}

/// Roles one at a time; the next begins when the one before is complete, or everyone is on its new slot.
async fn roll(
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
    match go_back(context, &errand.role, &reason, false).await {
        Ok(_) => Ok(End::TakenBack { phase, reason }),
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

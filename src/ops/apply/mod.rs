//! Runs a plan, and nothing but the plan: what must hold before a run, then the stacks, then the roles.

mod admission;
mod roles;

use std::sync::atomic::AtomicBool;

use crate::cloud::{Cloud, CloudError};
use crate::model::Period;
use crate::plan::Plan;
use crate::rollout::{Built, Cancellation, Context, Journal, Observer, RunError, build, run_name};
use crate::stacks::names;

pub use admission::Consent;
pub(super) use admission::check_account;
pub use roles::{End, RoleOutcome};

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
    /// Digests of change sets that no plan could show, since macros rewrite their templates, and that somebody agreed to.
    pub unforeseen: Vec<String>,
    /// A gate that holds later than this ends the run instead of being waited for.
    pub patience: Period,
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
    pub cancelled: &'a Cancellation,
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

/// Runs a plan: the stacks level by level, then the roles one at a time.
///
/// # Errors
/// When it does not begin, or breaks off. What a role comes to is in the report.
pub async fn apply(
    around: &Surroundings<'_>,
    plan: &Plan,
    options: &ApplyOptions,
) -> Result<ApplyReport, ApplyError> {
    let caller = admission::admit(around.cloud, plan, options).await?;
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
            template_bucket: plan.template_bucket.as_deref(),
            topic: outputs.topic.as_deref(),
            by: &caller.arn,
            run: &run_name,
            patience: options.patience,
            approved: &approved,
            unforeseen: &options.unforeseen,
            outside_window: options.outside_window.is_some(),
            observer: around.observer,
            journal: around.journal,
            cancelled: around.cancelled,
        };
        match round {
            Round::Stacks if options.role.is_some() => {}
            Round::Stacks => built = build(&context, &plan.levels).await?,
            Round::Roles if !matches!(built, Built::Done(_)) => {}
            Round::Roles => {
                let roles = roles::roll(&context, plan, options).await?;
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

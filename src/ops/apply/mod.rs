//! Runs a plan, and nothing but the plan: what must hold before a run, then the stacks, then the roles.

mod admission;
mod named;
mod roles;

use crate::cloud::CloudError;
use crate::model::Period;
use crate::plan::{Going, Misnamed, Obstacle, Passes, Plan};
use crate::rollout::{Built, Context, RunError, build};
use crate::stacks::Stranger;

use super::run::{Run, Surroundings};

pub use admission::Consent;
pub(super) use admission::{by_whom, check_account, check_owner};
pub use named::{check_names, idle_passes};
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
    /// Roll out a release that was taken back before, for this reason, which is recorded.
    pub again: Option<String>,
    /// Run outside the maintenance window, for this reason, which is recorded.
    pub outside_window: Option<String>,
    /// Roll out a release that is not live where releases come from, for this reason, which is recorded.
    pub unpromoted: Option<String>,
    /// What may be lost, each by its name, `stack/LogicalId`.
    pub allow_loss: Vec<String>,
    /// Digests of change sets that no plan could show, since macros rewrite their templates, and that somebody agreed to.
    pub unforeseen: Vec<String>,
    /// A gate that holds later than this ends the run instead of being waited for.
    pub patience: Period,
}

impl ApplyOptions {
    /// What of the plan is to run.
    pub fn going(&self) -> Going<'_> {
        Going { next_only: self.next_only, role: self.role.as_deref() }
    }

    /// What a person says to pass.
    pub fn passes(&self) -> Passes<'_> {
        Passes {
            outside_window: self.outside_window.is_some(),
            unpromoted: self.unpromoted.is_some(),
            losses: &self.allow_loss,
        }
    }

    /// The reasons that the record keeps.
    pub(super) fn reasons(&self) -> Option<String> {
        let given = [
            ("outside the window", &self.outside_window),
            ("unpromoted", &self.unpromoted),
            ("again", &self.again),
        ];
        let told = given.iter().filter_map(|(what, reason)| Some(format!("{what}: {}", reason.as_ref()?)));
        Some(told.collect::<Vec<_>>().join("; ")).filter(|reasons| !reasons.is_empty())
    }
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
    /// What stands between the plan and its run.
    #[error("{}", .0.iter().map(Obstacle::why).collect::<Vec<_>>().join("; "))]
    Obstacles(Vec<Obstacle>),
    /// Something that is agreed to by name is none of the plan's.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Misnamed(Vec<Misnamed>),
    /// What is to change first is left out.
    #[error("{0}")]
    Role(String),
    /// The caller is in another account.
    #[error("this is account {caller}, the environment is in {planned}")]
    Account {
        /// Of the credentials.
        caller: String,
        /// Of the plan.
        planned: String,
    },
    /// A stack of that name belongs to somebody else.
    #[error("{0}")]
    Stranger(Box<Stranger>),
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
    // What anybody does from here on is seen by what is pinned, or is later than this.
    let began = around.cloud.now();
    let caller = admission::admit(around, plan, options).await?;
    let prefix = format!("{}-{}", plan.project, plan.environment);
    let approved = matches!(options.consent, Consent::Name(_) | Consent::Digest(_));
    let mut run = Run::begin(around, &prefix, caller, plan.digest(), approved).await?.since(began);
    // A rollout on its way comes first: nothing else may keep it from going on, or back.
    let mut report = ApplyReport { built: Built::Done(Vec::new()), roles: Vec::new() };
    for round in [Round::Running, Round::Stacks, Round::Others] {
        if matches!(round, Round::Others) {
            run.look().await?;
        }
        let context = Context {
            template_bucket: plan.template_bucket.as_deref(),
            patience: options.patience,
            unforeseen: &options.unforeseen,
            outside_window: options.outside_window.is_some(),
            ..run.context()
        };
        match round {
            Round::Running => {
                report.roles = roles::roll(&context, plan, options, |role| role.is_on_its_way()).await?
            }
            Round::Stacks if options.role.is_some() => {}
            Round::Stacks => report.built = build(&context, &plan.levels, &plan.leaving).await?,
            Round::Others => {
                let others = roles::roll(&context, plan, options, |role| !role.is_on_its_way()).await?;
                report.roles.extend(others);
            }
        }
        let failed = report.roles.iter().any(|outcome| outcome.end.is_failure());
        let waits = report.roles.iter().any(|outcome| !outcome.end.lets_next_role_begin());
        let one = options.next_only && !report.roles.is_empty();
        let built = matches!(report.built, Built::Done(_));
        let shut = matches!(round, Round::Running) && waits && waits_for_window(around, plan, options);
        if failed || one || !built || shut || waits && matches!(round, Round::Stacks) {
            break;
        }
    }
    Ok(report)
}

/// What a rollout on its way waits for, stacks beside it wait for too.
fn waits_for_window(around: &Surroundings<'_>, plan: &Plan, options: &ApplyOptions) -> bool {
    let now = around.cloud.now();
    let shut = plan.window.as_ref().is_some_and(|window| !window.admits(now, CHANGES));
    shut && options.outside_window.is_none()
}

/// Stacks are changed in about this time (requirement 1, section 3.1: three minutes for a change, and as many to take it
/// back).
const CHANGES: Period = Period::minutes(6);

/// The service role and the topic exist only after the first of these.
#[derive(Clone, Copy)]
enum Round {
    Running,
    Stacks,
    Others,
}

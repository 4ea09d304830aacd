//! One file per operation: options in, report out; prints nothing.

pub mod check;
pub mod load;
pub mod render;

mod apply;
mod deployed;
mod diff;
mod drift;
mod forward;
mod ground;
mod history;
mod holds;
mod iam_policy;
mod identify;
mod images;
mod mend;
mod plan;
mod plan_file;
mod promotion;
mod revert;
mod rollback;
mod run;
mod status;
mod unfinished;

pub use apply::{ApplyError, ApplyOptions, ApplyReport, Consent, End, RoleOutcome, apply};
pub use deployed::{Deployed, prefix, read};
pub use diff::{DiffReport, PolicyChange, diff_deployed, diff_specs};
pub use drift::{DriftReport, RoleDrift, drift};
pub use forward::{ForwardError, forward, forward_approval};
pub use history::{HistoryLine, history};
pub use holds::Hold;
pub use iam_policy::{Audience, iam_policy, reach};
pub use identify::{Identity, identify};
pub use images::{Registry, RegistryError, lock_text, registered};
pub use load::{LoadError, Loaded, load};
pub use mend::{Mend, StuckStack, mend, mend_without, stuck};
pub use plan::{PlanError, plan, plan_again};
pub use plan_file::{hold_against, plan_file, same_place};
pub use promotion::{Looking, stands_between};
pub use revert::{Reverted, revert};
pub use rollback::{BackError, RollbackOptions, RollbackReport, rollback};
pub use run::Surroundings;
pub use status::{RoleStatus, RollbackReady, StatusReport, status};
pub use unfinished::{finish, follow_stacks};

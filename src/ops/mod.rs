//! One file per operation: options in, report out; prints nothing.

pub mod check;
pub mod load;
pub mod render;

mod advice;
mod apply;
mod at_once;
mod beside;
mod deployed;
mod destroy;
mod diff;
mod drift;
mod elsewhere;
mod forward;
mod ground;
mod history;
mod holds;
mod iam_policy;
mod identify;
mod images;
mod init;
mod left;
mod lock_comments;
mod look;
mod mend;
mod plan;
mod plan_file;
mod promotion;
mod readings;
mod revert;
mod rollback;
mod run;
mod status;
mod unfinished;

pub use advice::next_command;
pub use apply::{
    ApplyError, ApplyOptions, ApplyReport, Consent, End, RoleOutcome, apply, check_names, idle_passes,
};
pub use beside::{Stray, Switched};
pub use deployed::{Deployed, prefix};
pub use destroy::{Teardown, destroy, teardown_of};
pub use diff::{DiffReport, PolicyChange, diff_deployed, diff_specs};
pub use drift::{DriftReport, RoleDrift, drift};
pub use elsewhere::{ReadError, check_place};
pub use forward::{ForwardError, forward, forward_approval};
pub use history::{HistoryLine, history};
pub use holds::Hold;
pub use iam_policy::{Audience, iam_policy, reach};
pub use identify::{Identity, deployed_owners, deployed_roles, identify};
pub use images::{Registry, RegistryError, lock_text, lock_text_after, registered};
pub use init::{Begun, InitError, begin, example_files, judge, starter_files};
pub use left::told as left_told;
pub use load::{LoadError, Loaded, load};
pub use lock_comments::LostComment;
pub use look::Look;
pub use mend::{Mend, Running, StuckStack, mend, mend_without, stuck};
pub use plan::{PlanError, PlanOptions, plan, plan_with};
pub use plan_file::{hold_against, plan_file, same_place};
pub use promotion::{Looking, stands_between};
pub use readings::{Unread, Variables};
pub use revert::{Reverted, put_back, revert};
pub use rollback::{BackError, RollbackOptions, RollbackReport, rollback};
pub use run::Surroundings;
pub use status::{CohortStatus, RoleStatus, RollbackReady, SlotAlarm, StatusReport, status};
pub use unfinished::{finish, follow_stacks};

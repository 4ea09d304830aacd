//! One file per operation: options in, report out; prints nothing.

pub mod check;
pub mod load;
pub mod render;

mod apply;
mod deployed;
mod diff;
mod history;
mod identify;
mod images;
mod plan;
mod rollback;
mod status;
mod unfinished;

pub use apply::{ApplyError, ApplyOptions, ApplyReport, Consent, End, RoleOutcome, Surroundings, apply};
pub use deployed::{Deployed, prefix, read};
pub use diff::{DiffReport, diff_deployed, diff_specs};
pub use history::{HistoryLine, history};
pub use identify::{Identity, identify};
pub use images::{LockReport, lock_images, lock_text};
pub use load::{LoadError, Loaded, load};
pub use plan::{PlanError, plan};
pub use rollback::{BackError, RollbackOptions, RollbackReport, rollback};
pub use status::{RoleStatus, RollbackReady, StatusReport, status};
pub use unfinished::finish;

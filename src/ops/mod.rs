//! One file per operation: options in, report out; prints nothing.

pub mod check;
pub mod load;
pub mod render;

mod apply;
mod deployed;
mod history;
mod plan;
mod rollback;
mod status;

pub use apply::{ApplyError, ApplyOptions, ApplyReport, Consent, End, RoleOutcome, Surroundings, apply};
pub use deployed::{Deployed, prefix, read};
pub use history::{HistoryLine, history};
pub use load::{LoadError, Loaded, load};
pub use plan::{PlanError, plan};
pub use rollback::{BackError, RollbackOptions, RollbackReport, rollback};
pub use status::{RoleStatus, RollbackReady, StatusReport, status};

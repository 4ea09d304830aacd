//! One file per operation: options in, report out; prints nothing.

mod apply;
mod deployed;
mod history;
mod rollback;
mod status;

pub use apply::{ApplyError, ApplyOptions, ApplyReport, Consent, End, RoleOutcome, Surroundings, apply};
pub use deployed::{Deployed, DeployedStack, prefix, read};
pub use history::{HistoryLine, history};
pub use rollback::{BackError, RollbackOptions, RollbackReport, rollback};
pub use status::{RoleStatus, RollbackReady, StatusReport, status};

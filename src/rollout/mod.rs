//! The rollout as a state machine, and the driver that runs it against a cloud.

mod cancellation;
mod change;
mod context;
mod driver;
mod evidence;
mod follow;
mod gates;
mod guard;
mod hand;
mod infrastructure;
mod journal;
mod look;
mod machine;
mod moves;
mod observe;
mod observer;
mod outbox;
mod picture;
mod removal;
mod revert;
mod stop;
mod unforeseen;
mod watch;

pub use cancellation::Cancellation;
pub use change::{
    Judge, Look, LookAway, Outcome, Prepared, Trail, execute, first_failure, last_event, prepare, settle,
};
pub use context::{Context, RunError, informs};
pub use driver::{Script, run, run_seeing};
pub use follow::follow_running;
pub use guard::{Against, Dilemma, Standing, Verdict, judge, judge_taken_back, served, served_all_on};
pub use hand::{Hand, hand_of, last_hand, overtaken_at, run_name, was_here};
pub use infrastructure::{Built, build};
pub use journal::{Entry, Journal, NoJournal};
pub use look::slot_alarms;
pub use machine::{Effect, Event, Failure, Part, Place, State, next};
pub use moves::Errand;
pub use observe::{RoleStacks, Unread, glance, observe, observe_stacks, observe_what_can_be};
pub use observer::{Observer, Progress, Unobserved};
pub use outbox::Outbox;
pub use picture::ObservedRole;
pub use removal::remove;
pub use revert::{revert, write_record};
pub use stop::stop_running;
pub use unforeseen::{Question, question};
pub use watch::spoke;

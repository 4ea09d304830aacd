//! Phases of change sets, each with what it is predicted to change. The plan is data, and apply obeys only it.

mod approval;
mod awaited;
mod back;
mod between;
mod build;
mod compare;
mod edges;
mod file;
mod forward;
mod least_time;
mod leaving;
mod loss;
mod misnamed;
mod obstacle;
mod order;
mod ordering;
mod phase;
mod phase_value;
mod phases;
#[expect(clippy::module_inception, reason = "the plan is what this module is about")]
mod plan;
mod promise;
mod promotion;
mod protected;
mod readings;
mod record;
mod refusal;
mod retire;
mod role_plan;
mod split;
mod state;
mod stretch;
mod taken;
mod teardown;
mod told;
mod unique;
mod window;

#[cfg(test)]
mod between_tests;
#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod tests;

pub use approval::{asked_again, due, missed};
pub use awaited::{awaited, awaited_between};
pub use back::{
    CLEAN_UP, Deployed, NoWayBack, REFILL, RESTORE, ROLLBACK, VERIFY, back, destination, replaced,
    takes_at_once,
};
pub use between::{Neighbour, refused_between};
pub use build::{Inputs, build_plan};
pub use compare::{Comparison, DeployedStack, compare, deployed_side};
pub use edges::{By, Edge, edges};
pub use file::{Ground, MovedGround, NoPlan, Parts, PlanFile};
pub use forward::{NoWayForward, forward};
pub use least_time::least_time;
pub use leaving::{Ended, Goes, Kept, Leaving, Left};
pub use loss::{Cost, Ending, Loss, losses};
pub use misnamed::{Misnamed, misnamed};
pub use obstacle::{Evidence, Going, Obstacle, Passes, Promotions, obstacles};
pub use phase::{Gate, Missed, Move, Moved, Phase, WatchedBake};
pub use phase_value::phase_value;
pub use phases::{LONGEST_WATCHED_BAKE, Route, account_gives, phases};
pub use plan::{Pin, Plan, PlannedStack, RefusedChange, StackDeferral, VERSION, template_digest};
pub use promise::{BackFacts, Promise, Way, promise, refresh_time};
pub use promotion::{asks_for_promotion, is_live};
pub use protected::{Protected, lowered};
pub use readings::{Reading, Readings};
pub use record::Record;
pub use refusal::Refusal;
pub use retire::drain_time;
pub use role_plan::{Outdated, RoleChange, RolePlan, WindowNeeds, role_plan};
pub use state::{RoleState, SlotState};
pub use stretch::{longest_stretch, run_needs};
pub use taken::taken;
pub use teardown::teardown;
pub use told::told;
pub use window::PlannedWindow;

pub use crate::source::{digest_of, grouped, is_digest, short_digest};

//! A role: one kind of instance, its images, its traffic and how its releases roll out.

use super::{Alarm, Cohort, Images, Instances, Release, Rollout, Route, Slot, TargetGroup};

/// One kind of instance, such as `web`.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Such as `web`.
    pub name: String,
    /// The three layers; absent where every release names an AMI built elsewhere.
    pub images: Option<Images>,
    /// What is launched.
    pub instances: Instances,
    /// How requests reach it.
    pub target_group: TargetGroup,
    /// Which requests reach it, by rising priority.
    pub routes: Vec<Route>,
    /// Who may be sent to the candidate before everyone. Their listener rules always exist.
    pub cohorts: Vec<Cohort>,
    /// What is watched, per slot.
    pub alarms: Vec<Alarm>,
    /// How a release reaches its users.
    pub rollout: Rollout,
    /// What this environment should run; `None` until the lock has an image for it.
    pub release: Option<Release>,
    /// The release as the spec names it, locked or not; `None` when the spec names none.
    pub wanted_release: Option<String>,
}

impl Role {
    /// `web-traffic`
    pub fn traffic_stack(&self) -> String {
        format!("{}-traffic", self.name)
    }

    /// `web-blue`
    pub fn slot_stack(&self, slot: Slot) -> String {
        format!("{}-{slot}", self.name)
    }

    /// `web-alarms`
    pub fn alarms_stack(&self) -> String {
        format!("{}-alarms", self.name)
    }

    /// `web-guard`
    pub fn guard_stack(&self) -> String {
        format!("{}-guard", self.name)
    }
}

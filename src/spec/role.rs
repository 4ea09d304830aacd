//! `roles.<role>`: one kind of instance.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Alarms, Images, Instances, Release, Rollout, Route, TargetGroup};

/// One kind of instance: its images, its traffic, and how its releases roll out.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Role {
    /// The three layers of its image; not needed when releases name AMIs built elsewhere.
    pub images: Option<Images>,
    /// What is launched.
    pub instances: Instances,
    /// Where instances listen.
    pub target_group: TargetGroup,
    /// Which requests reach it.
    #[schemars(length(min = 1))]
    pub routes: Vec<Route>,
    /// What is watched, per slot; `standard` unless said.
    pub alarms: Option<Alarms>,
    /// How a release reaches its users; `blue-green` unless said.
    pub rollout: Option<Rollout>,
    /// What this environment should run: the application's version in quotes, or `{ ami: ami-… }`.
    pub release: Option<Release>,
}

//! The environment resolved and total: every default applied, every name derived, no `Option` that means "default".
//!
//! Values here carry no places in text. Who wants to know where one came from asks
//! [`Origins`] by its pointer (`/roles/web/targetGroup/port`).

mod alarm;
mod cidr;
mod component;
#[cfg(test)]
pub(crate) mod example;
mod image;
mod input;
mod instances;
mod load_balancer;
mod lock;
mod network;
mod notifications;
mod origin;
mod origins;
mod own_stack;
mod period;
mod policy;
mod protection;
mod quotas;
mod role;
mod sibling;
mod slot;
mod source;
mod strategy;
mod traffic;
mod zone;

pub use alarm::{Alarm, AlarmLevel, Metric};
pub use cidr::{Cidr, CidrError};
pub use component::content_version;
pub use image::{Build, Component, Images, Layer, LayerKind, ParentImage, Release, Retain};
pub use input::Input;
pub use instances::{Architecture, Capacity, Instances, Permissions, RootVolume, Scaling};
pub use load_balancer::{AccessLogs, CreatedLoadBalancer, ExistingLoadBalancer, LoadBalancer, Scheme};
pub use lock::{Lock, LockedImages, is_ami_id};
pub use network::{CreatedNetwork, ExistingNetwork, Network, SubnetPair};
pub use notifications::{Notifications, SlackChannel};
pub use origin::Origin;
pub use origins::Origins;
pub use own_stack::OwnStack;
pub use period::{Period, PeriodError};
pub use policy::{Level, PolicyEntry};
pub use protection::{Approval, Guard, Protection, Window};
pub use quotas::Quotas;
pub use role::Role;
pub use sibling::{Sibling, SiblingRole};
pub use slot::Slot;
pub use source::Source;
pub use strategy::{Bake, Criterion, Rollout, Step, Strategy};
pub use traffic::{Cohort, CohortMatch, HealthCheck, Route, TargetGroup};
pub use zone::Zone;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

/// One environment of one project, in one account and region.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// Prefix of every name, such as `idhub-40`. It may contain hyphens: never split a name on them.
    pub project: String,
    /// The environment's own name, such as `prod`.
    pub name: String,
    /// Twelve digits.
    pub account: String,
    /// Such as `ap-northeast-1`.
    pub region: String,
    /// Put on every stack and so on every resource that takes tags.
    pub tags: IndexMap<String, String>,
    /// Tags that have to be there, with the values they may have; none for any.
    pub tag_policy: IndexMap<String, Vec<String>>,
    /// What the account has room for.
    pub quotas: Quotas,
    /// The environment of this project that builds and keeps the images.
    pub images_owner: String,
    /// The account of the owner environment, which grants launch permission.
    pub images_owner_account: String,
    /// Accounts of the project's other environments and of `share`: they get launch permission and a key grant.
    pub image_consumers: Vec<String>,
    /// What happens to data and logs when their stack goes.
    pub retention: Retention,
    /// Where instances and the load balancer stand.
    pub network: Network,
    /// What receives requests.
    pub load_balancer: LoadBalancer,
    /// Who is told.
    pub notifications: Notifications,
    /// What stands between a plan and production.
    pub protection: Protection,
    /// How much findings matter, by the code of their rule; what is not here matters as asagi says.
    pub policy: IndexMap<String, PolicyEntry>,
    /// In the order of the spec, which is the order in which they roll.
    pub roles: Vec<Role>,
    /// A team's own templates.
    pub stacks: Vec<OwnStack>,
    /// Bucket that templates go through which are too large for a request.
    pub template_bucket: Option<String>,
    /// ARN of the permissions boundary of every role.
    pub permissions_boundary: Option<String>,
    /// When instances are scanned for missing patches: a cron expression of Systems Manager, in Asia/Tokyo time.
    pub patch_scan: String,
}

/// What happens to data and logs when their stack goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// `DeletionPolicy: Retain`.
    Retain,
    /// `DeletionPolicy: Delete`.
    Delete,
}

impl Environment {
    /// The Region of a stack, by its key.
    pub fn region_of(&self, key: &str) -> &str {
        let own = self.stacks.iter().find(|stack| stack.name == key);
        own.and_then(|stack| stack.region.as_deref()).unwrap_or(&self.region)
    }

    /// Names of the stacks that stand in another Region, each with that.
    pub fn elsewhere(&self) -> BTreeMap<String, String> {
        let stacks = self.stacks.iter();
        stacks.filter_map(|stack| Some((self.stack_name(&stack.name), stack.region.clone()?))).collect()
    }

    /// The Regions beside the environment's own in which stacks stand or values are read.
    pub fn other_regions(&self) -> BTreeSet<String> {
        let read =
            self.stacks.iter().flat_map(|stack| stack.parameters.values()).filter_map(|input| match input {
                Input::Read(source) => source.region().map(str::to_owned),
                Input::Value(_) | Input::Output { .. } => None,
            });
        self.stacks.iter().filter_map(|stack| stack.region.clone()).chain(read).collect()
    }

    /// `{project}-{environment}-{stack}`, the same in CloudFormation and Sceptre.
    pub fn stack_name(&self, stack: &str) -> String {
        format!("{}-{}-{stack}", self.project, self.name)
    }

    /// Whether this environment builds the project's images.
    pub fn owns_images(&self) -> bool {
        self.images_owner == self.name
    }

    /// The role of that name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}

//! The spec itself: its top-level keys.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    AccountId, BucketName, LoadBalancer, Name, Network, Notifications, OwnStack, PolicyArn, Protection,
    Quotas, Region, Role, SetSeverity, Text,
};

/// One immutable EC2 environment: what it is, who is told, and how its releases roll out.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Environment {
    /// The version of this format.
    pub asagi: Version1,
    /// Files this one is laid over, relative to it: mappings merge, lists replace, `null` removes.
    pub extends: Option<OneOrMany>,
    /// The versions of asagi that may be used, such as `>=0.3, <0.5`: with another one nothing is done.
    pub required_version: Option<Text>,
    /// Prefix of every name.
    #[schemars(length(max = 30))]
    pub project: Name,
    /// This environment's own name, part of every name.
    #[schemars(length(max = 20))]
    pub environment: Name,
    /// The account it stands in: twelve digits in quotes.
    pub account: AccountId,
    /// The Region it stands in.
    pub region: Region,
    /// Put on every stack, and so on every resource that takes tags.
    #[serde(default)]
    pub tags: IndexMap<String, Text>,
    /// Tags that have to be there, each with the values it may have: `[]` for any, `*` in a value for any letters.
    #[serde(default)]
    pub tag_policy: IndexMap<String, Vec<Text>>,
    /// What the account has room for in this Region, as Service Quotas shows it.
    pub quotas: Option<Quotas>,
    /// Where the images of this environment come from.
    pub images: Option<ImagesPlace>,
    /// What happens to data and logs when their stack goes.
    pub retention: Option<Retention>,
    /// Where instances and the load balancer stand: an existing VPC, or one to create.
    pub network: Network,
    /// What receives requests: a load balancer to create, or the listener of an existing one.
    pub load_balancer: LoadBalancer,
    /// Who is told of alarms, builds and phases.
    pub notifications: Option<Notifications>,
    /// What stands between a plan and this environment.
    pub protection: Option<Protection>,
    /// How much findings matter here, by the code of their rule. Rules of policy (`ASG04xx`) and warnings can be lowered;
    /// anything can be raised.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": "^ASG[0-9]{4}$" }))]
    pub policy: IndexMap<String, SetSeverity>,
    /// Bucket that templates of more than 51,200 bytes go through, up to a million; it exists already, in this Region.
    pub template_bucket: Option<BucketName>,
    /// ARN of a policy that is the most any role of this environment may do, whatever a template says: the permissions
    /// boundary of every role that asagi makes. Roles of a team's own templates name it themselves.
    pub permissions_boundary: Option<PolicyArn>,
    /// When instances are scanned for missing patches. They are never patched in place.
    pub patching: Option<Patching>,
    /// Kinds of instances by name, in the order in which they roll.
    #[schemars(extend("minProperties" = 1, "propertyNames" = { "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$" }))]
    pub roles: IndexMap<String, Role>,
    /// A team's own CloudFormation templates, in the same graph, diff and plan.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$" }))]
    pub stacks: IndexMap<String, OwnStack>,
}

/// The version of this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Version1 {
    /// The only one there is.
    #[serde(rename = "v1")]
    V1,
}

/// One path, or several: later ones are laid over earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum OneOrMany {
    /// One path.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// Where images come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImagesPlace {
    /// The environment of this project that builds and keeps the images; this one, unless said.
    pub owner: Option<Name>,
}

/// What happens to data and logs when their stack goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Retention {
    /// They stay.
    Retain,
    /// They go with it.
    Delete,
}

/// When instances are scanned for missing patches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Patching {
    /// Such as `1st Wed 03:00 Asia/Tokyo`; scans run by Tokyo time.
    pub scan: Option<String>,
}

//! `roles.<role>.images`: the three layers, when they are built, how many are kept.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{AccountId, ArtifactUri, ParentName, Text, Version};

/// The three layers of a role's image, each built on the one before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Images {
    /// Operating system, patches, hardening.
    pub base: BaseLayer,
    /// Web server, runtime, agents; built on the base.
    pub middleware: MiddlewareLayer,
    /// The application; built on the middleware.
    pub application: ApplicationLayer,
    /// When and on what they are built.
    pub build: Option<Build>,
    /// How many are kept; images in use never go.
    pub retain: Option<Retain>,
    /// Accounts outside the project that may launch them.
    #[serde(default)]
    pub share: Vec<AccountId>,
}

/// The first layer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BaseLayer {
    /// `major.minor` in quotes; raise it when people should notice.
    pub version: Version,
    /// What it is built on: `amazon-linux-2023` unless said.
    pub parent: Option<ParentName>,
    /// Build steps in order: names of standard components, or paths of component documents.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub components: Vec<Text>,
}

/// The second layer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MiddlewareLayer {
    /// `major.minor` in quotes; raise it when people should notice.
    pub version: Version,
    /// Build steps in order: names of standard components, or paths of component documents.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub components: Vec<Text>,
}

/// The third layer: what instances are launched from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationLayer {
    /// `major.minor` in quotes; the name of the release.
    pub version: Version,
    /// What is installed: `s3://bucket/key`.
    pub artifact: Option<ArtifactUri>,
    /// Build steps in order: names of standard components, or paths of component documents.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub components: Vec<Text>,
}

/// When and on what images are built.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Build {
    /// When the base layer is built: `2nd Wed 03:00 Asia/Tokyo`, `weekly Sun 03:00 Asia/Tokyo`,
    /// `daily 03:00 Asia/Tokyo`, or `cron(0 3 ? * wed#2 *) Asia/Tokyo`. Middleware follows two hours later, the application four.
    pub schedule: Option<String>,
    /// What they are built on.
    pub instance_type: Option<Text>,
}

/// How many images are kept: the newest so many, or those younger than so many days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retain {
    /// Keep the newest so many.
    #[schemars(range(min = 1, max = 1000))]
    pub generations: Option<u32>,
    /// Keep those younger than so many days.
    #[schemars(range(min = 1, max = 1000))]
    pub days: Option<u32>,
    /// With `days`: keep so many whatever their age.
    #[schemars(range(min = 1, max = 10))]
    pub at_least: Option<u32>,
}

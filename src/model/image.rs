//! The three image layers of a role, how they are built and kept, and the release an environment runs.

use serde::{Deserialize, Serialize};

/// The three layers, each built on the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    /// Operating system, patches, hardening.
    pub base: Layer,
    /// Web server, runtime, agents.
    pub middleware: Layer,
    /// The application itself.
    pub application: Layer,
    /// When and on what they are built.
    pub build: Build,
    /// How many are kept.
    pub retain: Retain,
    /// Twelve-digit accounts that may launch them besides the project's own.
    pub share: Vec<String>,
}

impl Images {
    /// The layers in the order in which they are built.
    pub fn layers(&self) -> [&Layer; 3] {
        [&self.base, &self.middleware, &self.application]
    }

    /// That layer.
    pub fn layer(&self, kind: LayerKind) -> &Layer {
        match kind {
            LayerKind::Base => &self.base,
            LayerKind::Middleware => &self.middleware,
            LayerKind::Application => &self.application,
        }
    }
}

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayerKind {
    /// First.
    Base,
    /// Second, on the base.
    Middleware,
    /// Third, on the middleware: what instances are launched from.
    Application,
}

impl LayerKind {
    /// All, in build order.
    pub const ALL: [Self; 3] = [Self::Base, Self::Middleware, Self::Application];

    /// `base`, `middleware`, `application`: keys and stack names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Middleware => "middleware",
            Self::Application => "application",
        }
    }

    /// `base`, `middleware`, `app`: the form in AMI names (requirement 2, naming rule).
    pub const fn short(self) -> &'static str {
        match self {
            Self::Application => "app",
            other => other.as_str(),
        }
    }
}

/// One layer as it is to be built.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Which one.
    pub kind: LayerKind,
    /// `major.minor`, as people name it.
    pub version: String,
    /// `major.minor.patch`; the patch is derived from the content (Image Builder's versions are immutable). The
    /// recipe's own version is derived from this and from all else that goes into it, see `stacks`.
    pub recipe_version: String,
    /// What it is built on.
    pub parent: ParentImage,
    /// In the order in which they run.
    pub components: Vec<Component>,
    /// `s3://bucket/key` of what the application layer installs.
    pub artifact: Option<String>,
}

/// What a layer is built on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentImage {
    /// An image that Amazon keeps, such as `amazon-linux-2023`.
    Managed(String),
    /// An AMI id.
    Ami(String),
    /// This role's layer below.
    Below(LayerKind),
}

/// One step of a build.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Such as `apache`, or the stem of the team's own file.
    pub name: String,
    /// The component document (YAML, `schemaVersion: 1.0`), at most 16,000 characters.
    pub document: String,
    /// `major.minor.patch`, derived from the content.
    pub version: String,
}

/// When and on what images are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Image Builder cron of the base layer's schedule, `0 3 ? * wed#2 *`; later layers start two and four hours
    /// after it, since three pipelines at the same minute race.
    pub schedules: [String; 3],
    /// IANA name, such as `Asia/Tokyo`.
    pub timezone: String,
    /// Such as `t3.medium`.
    pub instance_type: String,
}

/// How many images are kept (per layer); images in use never go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retain {
    /// The newest so many.
    Generations(u32),
    /// Those younger than so many days, and at least so many.
    Days {
        /// Age in days after which an image goes.
        days: u32,
        /// Kept whatever their age, 1 to 10.
        at_least: u32,
    },
}

/// What an environment should run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The application layer's version, or the AMI id where the spec names one.
    pub name: String,
    /// Which build of it, as the lock names it; empty for an AMI named by id.
    pub build: String,
    /// The application AMI: what instances launch from.
    pub ami: String,
}

//! `roles.<role>.instances`: what is launched, and how many.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{BucketPath, Device, InstanceType, Period, Text};

/// What is launched.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Instances {
    /// Such as `m7i.large`; a Graviton family builds arm64 images.
    pub r#type: InstanceType,
    /// Between how many instances the group scales.
    pub capacity: Capacity,
    /// What the group scales on.
    pub scaling: Option<Scaling>,
    /// The root volume; encrypted, always.
    pub root_volume: Option<RootVolume>,
    /// Path of a script run at boot, at most 16 KB.
    pub user_data: Option<Text>,
    /// What an instance may read.
    pub permissions: Option<Permissions>,
    /// Until a new instance counts; 4m unless said.
    pub warmup: Option<Period>,
}

/// Between how many instances the group scales; asagi never sets the desired capacity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capacity {
    /// At least.
    #[schemars(range(max = 10000))]
    pub min: u32,
    /// At most.
    #[schemars(range(min = 1, max = 10000))]
    pub max: u32,
}

/// What the group scales on.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scaling {
    /// Average CPU in percent that the group aims for.
    #[schemars(range(min = 1, max = 100))]
    pub cpu: f64,
}

/// The root volume.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RootVolume {
    /// GiB.
    #[schemars(range(min = 1, max = 16000))]
    pub size: Option<u32>,
    /// The image's root device, `/dev/xvda` unless said.
    pub device: Option<Device>,
}

/// What an instance may read, besides what Systems Manager and the CloudWatch agent need.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Permissions {
    /// Parameter Store paths, `/idhub-40/web/*`.
    pub parameters: Vec<Text>,
    /// Secrets Manager names, `idhub-40/web/*`.
    pub secrets: Vec<Text>,
    /// S3 objects, `bucket/key*`.
    pub buckets: Vec<BucketPath>,
}

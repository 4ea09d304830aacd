//! `roles.<role>.release`: what an environment should run.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{AmiId, Version};

/// A version in the images lock, or an AMI built elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Release {
    /// The application layer's version; the images lock knows its AMIs.
    Version(Version),
    /// An AMI built elsewhere.
    Ami(NamedAmi),
}

/// An AMI built elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedAmi {
    /// Its id.
    pub ami: AmiId,
}

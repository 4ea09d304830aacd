//! The manifest: what was rendered from what, without times, so that it changes only when something changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::File;
use crate::model::Environment;
use crate::source::sha256;

/// Its file name.
pub const MANIFEST: &str = "manifest.json";

/// What was rendered from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Form of the manifest.
    pub version: u32,
    /// Version of asagi that rendered it.
    pub asagi: String,
    /// The project.
    pub project: String,
    /// The environment.
    pub environment: String,
    /// Twelve digits.
    pub account: String,
    /// Such as `ap-northeast-1`.
    pub region: String,
    /// Digest of everything the spec was read from.
    pub spec: String,
    /// Digest by path, seen from the manifest's folder.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of those files, whose paths are seen from its folder.
    pub(super) fn of(environment: &Environment, spec: &str, files: &[File]) -> Self {
        Self {
            version: 1,
            asagi: env!("CARGO_PKG_VERSION").to_owned(),
            project: environment.project.clone(),
            environment: environment.name.clone(),
            account: environment.account.clone(),
            region: environment.region.clone(),
            spec: spec.to_owned(),
            files: files.iter().map(|file| (file.path.clone(), sha256(&file.bytes))).collect(),
        }
    }

    /// From the file's bytes; `None` when they are no manifest of a form this version knows.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|manifest: &Self| manifest.version == 1)
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).map_or_else(|_| String::new(), |text| text + "\n")
    }
}

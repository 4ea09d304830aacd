//! Parameter Store: every parameter with its last hundred versions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use crate::cloud::ParameterVersion;
use crate::cloud::local::ids;

/// The service keeps so many versions.
const KEPT: usize = 100;

/// One version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Version {
    pub(crate) version: u64,
    pub(crate) value: String,
    pub(crate) modified: Timestamp,
    pub(crate) by: String,
}

impl World {
    /// A new version of a parameter.
    pub(crate) fn put_parameter(&mut self, name: &str, value: &str, by: &str) {
        let modified = self.now;
        let versions = self.parameters.entry(name.to_owned()).or_default();
        let version = versions.last().map_or(1, |last| last.version + 1);
        versions.push(Version { version, value: value.to_owned(), modified, by: by.to_owned() });
        versions.drain(..versions.len().saturating_sub(KEPT));
    }

    /// Its newest value. Public parameters always have one: the id of an AMI, as nearly all of them name one.
    pub(crate) fn parameter_value(&self, name: &str) -> Option<String> {
        let newest = self.parameters.get(name).and_then(|versions| versions.last());
        let public = || name.starts_with("/aws/service/").then(|| format!("ami-0{}", ids::hex(name, 16)));
        newest.map(|version| version.value.clone()).or_else(public)
    }

    /// The value of `name` or `name:version`.
    pub(crate) fn parameter_at(&self, reference: &str) -> Option<String> {
        let Some((name, version)) = reference.rsplit_once(':') else {
            return self.parameter_value(reference);
        };
        let version: u64 = version.parse().ok()?;
        let versions = self.parameters.get(name)?;
        versions.iter().find(|kept| kept.version == version).map(|kept| kept.value.clone())
    }

    /// As `GetParameterHistory` tells it, oldest first.
    pub(crate) fn parameter_versions(&self, name: &str) -> Vec<ParameterVersion> {
        let versions = self.parameters.get(name).map(Vec::as_slice).unwrap_or_default();
        let told = versions.iter().map(|version| ParameterVersion {
            version: version.version,
            value: version.value.clone(),
            modified: version.modified,
            by: version.by.as_str().into(),
        });
        told.collect()
    }
}

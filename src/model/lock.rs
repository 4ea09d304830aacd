//! `images.lock.yaml`: which AMIs each release is, committed beside the environments.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The images lock: project, role, release, then its builds in order; the last one is the one to run.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lock {
    /// `v1`.
    pub asagi: String,
    /// By project, role and release.
    #[serde(default)]
    pub projects: IndexMap<String, IndexMap<String, IndexMap<String, Vec<LockedImages>>>>,
}

impl Lock {
    /// The file's name, beside the environments.
    pub const FILE: &str = "images.lock.yaml";

    /// What it says of one project.
    #[must_use]
    pub fn of(&self, project: &str) -> Self {
        let only = self.projects.get_key_value(project);
        let projects = only.map(|(name, roles)| (name.clone(), roles.clone())).into_iter().collect();
        Self { asagi: self.asagi.clone(), projects }
    }

    /// The releases of a role, in the order of the file.
    pub fn releases(&self, project: &str, role: &str) -> Option<&IndexMap<String, Vec<LockedImages>>> {
        self.projects.get(project)?.get(role)
    }

    /// The build of a release that is to run.
    pub fn build(&self, project: &str, role: &str, release: &str) -> Option<&LockedImages> {
        self.releases(project, role)?.get(release)?.last()
    }
}

/// One build of a release in the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockedImages {
    /// When it was built or which build it is, such as `2026-11-11`.
    pub build: String,
    /// AMI ids by layer: `base`, `middleware`, `application`.
    pub images: IndexMap<String, String>,
}

/// Whether a text is the id of an AMI: `ami-` and 8 (before 2018) to 17 hexadecimal digits, as the schema of specs has it.
pub fn is_ami_id(text: &str) -> bool {
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.strip_prefix("ami-").is_some_and(|id| (8..=17).contains(&id.len()) && id.chars().all(is_hex))
}

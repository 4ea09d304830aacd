//! Files to hand out: CloudFormation templates, a Sceptre project that runs them without asagi, the manifest.
//!
//! ```text
//! <project>/<environment>/
//!   README.md                     how to use all this without asagi
//!   manifest.json                 digests of everything here and of the spec
//!   templates/<stack>.yaml        CloudFormation, as it is sent
//!   config/config.yaml            Sceptre: the project
//!   config/<environment>/<stack>.yaml
//!   vars/bootstrap.yaml           Sceptre: creates everything
//!   vars/<role>/<from>-to-<to>/<nn>-<phase>.yaml
//! ```
//!
//! The same environment gives the same bytes: there is no time and no machine in them.

mod manifest;
mod quote;
mod readme;
mod sceptre;
mod starter;

pub use manifest::{MANIFEST, Manifest};
pub use starter::{Ci, Starter, StarterEnvironment, example, starter};

use crate::model::Environment;
use crate::stacks::StackGraph;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Below the output folder, with `/` between its parts.
    pub path: String,
    /// UTF-8 text.
    pub bytes: Vec<u8>,
}

/// Why files could not be made: a mistake in one of asagi's own templates.
#[derive(Debug, thiserror::Error)]
#[error("template `{template}` could not be rendered: {message}")]
pub struct ArtifactError {
    /// Its name.
    pub template: &'static str,
    /// What the engine said.
    pub message: String,
}

/// `<project>/<environment>`: where an environment's files are, below the output folder.
pub fn folder(environment: &Environment) -> String {
    format!("{}/{}", environment.project, environment.name)
}

/// All files of an environment, the manifest last. `spec_digest` is the digest of everything the spec was read from.
///
/// # Errors
///
/// A mistake in one of asagi's own templates; nothing that a spec can cause.
pub fn files(
    environment: &Environment,
    graph: &StackGraph,
    spec_digest: &str,
) -> Result<Vec<File>, ArtifactError> {
    let mut files = Vec::new();
    let mut add = |path: String, text: String| files.push(File { path, bytes: text.into_bytes() });
    let project = sceptre::project(environment, graph)?;
    add("README.md".to_owned(), readme::render(environment, graph, &project)?);
    for stack in graph.stacks.values() {
        add(format!("templates/{}.yaml", stack.key), stack.text.clone());
    }
    for (path, text) in project.config {
        add(path, text);
    }
    for file in project.vars {
        add(file.path, file.text);
    }
    let manifest = Manifest::of(environment, spec_digest, &files);
    files.push(File { path: MANIFEST.to_owned(), bytes: manifest.to_text().into_bytes() });
    let folder = folder(environment);
    for file in &mut files {
        file.path = format!("{folder}/{}", file.path);
    }
    Ok(files)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

//! The Sceptre project: unmodified Sceptre 4.7 runs it, with the stack names that asagi uses.
//!
//! Sceptre renders every config file with Jinja, with undefined names an error, and sends every parameter each time.
//! So a stack whose parameters are moved by phases takes them from the var file that names the stack, all of them or
//! none: one that is missing is an error, never a default. Without such a var file the stack is ignored by `launch`
//! and protected from everything else.

pub(super) mod asked;
pub(super) mod render;
mod stack;
mod vars;

use serde_json::json;

use super::ArtifactError;
use crate::model::Environment;
use crate::stacks::StackGraph;

/// Paths and texts of the project's files.
pub(super) fn project(
    environment: &Environment,
    graph: &StackGraph,
) -> Result<Vec<(String, String)>, ArtifactError> {
    let mut files = Vec::new();
    let group = json!({ "project": environment.project, "region": environment.region });
    let group = render::quoted("config.yaml", &group)?;
    files.push(("config/config.yaml".to_owned(), group));
    for stack in graph.stacks.values() {
        let path = format!("config/{}/{}.yaml", environment.name, stack.key);
        files.push((path, stack::config(environment, graph, stack)?));
    }
    files.extend(vars::files(environment, graph)?);
    Ok(files)
}

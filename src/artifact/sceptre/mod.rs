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

pub(super) use vars::VarFile;

/// The files of the project.
#[derive(Debug)]
pub(super) struct Project {
    /// Paths and texts of its configuration.
    pub(super) config: Vec<(String, String)>,
    /// What phases are launched with.
    pub(super) vars: Vec<VarFile>,
}

/// Everything that Sceptre reads beside templates.
pub(super) fn project(environment: &Environment, graph: &StackGraph) -> Result<Project, ArtifactError> {
    let mut config = Vec::new();
    let group = json!({ "project": environment.project, "region": environment.region });
    let group = render::quoted("config.yaml", &group)?;
    config.push(("config/config.yaml".to_owned(), group));
    for stack in graph.stacks.values() {
        let path = format!("config/{}.yaml", path(environment, graph, &stack.key));
        config.push((path, stack::config(environment, graph, stack)?));
    }
    Ok(Project { config, vars: vars::files(environment, graph)? })
}

/// The name that Sceptre keeps for the settings of a folder.
const GROUP: &str = "config";

/// Where Sceptre has a stack, below `config/`. One that is called as the settings of its folder are stands beside them,
/// under a name that no other stack has.
fn path(environment: &Environment, graph: &StackGraph, key: &str) -> String {
    let mut file = key.to_owned();
    while file == GROUP || (file != key && graph.stacks.contains_key(&file)) {
        file.insert_str(0, "own-");
    }
    format!("{}/{file}", environment.name)
}

//! The README beside the rendered files: how to use them without asagi.

use serde_json::json;

use super::ArtifactError;
use super::sceptre::render;
use crate::model::Environment;
use crate::stacks::StackGraph;

pub(super) fn render(environment: &Environment, graph: &StackGraph) -> Result<String, ArtifactError> {
    let phased = |stack: &&crate::stacks::RenderedStack| {
        stack.arguments.values().any(crate::stacks::Argument::is_phase)
    };
    let protected = graph.stacks.values().filter(|stack| stack.termination_protection);
    let context = json!({
        "project": environment.project,
        "environment": environment.name,
        "account": environment.account,
        "region": environment.region,
        "stacks": graph.stacks.keys().collect::<Vec<_>>(),
        "phased": graph.stacks.values().filter(phased).map(|stack| &stack.key).collect::<Vec<_>>(),
        "protected": protected.map(|stack| &stack.name).collect::<Vec<_>>(),
        "roles": environment.roles.iter().filter(|role| role.release.is_some()).map(|role| &role.name).collect::<Vec<_>>(),
    });
    render::plain("README.md", &context)
}

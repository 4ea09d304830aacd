//! The README beside the rendered files: how to use them without asagi, in commands that can be copied.

use serde_json::{Value, json};

use super::ArtifactError;
use super::sceptre::render;
use crate::model::{Environment, LayerKind, Role, Step};
use crate::stacks::{RenderedStack, StackGraph, StackKind};

/// `project` is the files of the Sceptre project, path and text.
pub(super) fn render(
    environment: &Environment,
    graph: &StackGraph,
    project: &[(String, String)],
) -> Result<String, ArtifactError> {
    let phased = |stack: &&RenderedStack| stack.arguments.values().any(crate::stacks::Argument::is_phase);
    let protected = graph.stacks.values().filter(|stack| stack.termination_protection);
    let released = || environment.roles.iter().filter(|role| role.release.is_some());
    let first = released().next().map(|role| format!("vars/{}/first/", role.name));
    let in_first = |path: &&String| first.as_ref().is_some_and(|folder| path.starts_with(folder.as_str()));
    let context = json!({
        "project": environment.project,
        "environment": environment.name,
        "account": environment.account,
        "region": environment.region,
        "layers": graph.stacks.values().filter_map(layer_below).collect::<Vec<_>>(),
        "phased": graph.stacks.values().filter(phased).map(|stack| &stack.key).collect::<Vec<_>>(),
        "protected": protected.map(|stack| &stack.name).collect::<Vec<_>>(),
        "asked": super::sceptre::asked::stacks(environment, graph),
        "roles": released().map(|role| &role.name).collect::<Vec<_>>(),
        "first": project.iter().map(|(path, _)| path).filter(in_first).collect::<Vec<_>>(),
        "example": released().find(|role| fills_the_other_slot(role)).map(|role| example(environment, role)),
    });
    render::plain("README.md", &context)
}

/// Of an images stack whose recipe names the image of the layer below: that layer's stack, and the parameter that its
/// pipeline writes the image to.
fn layer_below(stack: &RenderedStack) -> Option<Value> {
    let StackKind::Images { role, layer } = &stack.kind else { return None };
    let below = match layer {
        LayerKind::Base => return None,
        LayerKind::Middleware => LayerKind::Base,
        LayerKind::Application => LayerKind::Middleware,
    };
    let parent = stack.template.resources.get("Recipe")?.properties.get("ParentImage")?;
    let registry = parent.as_str()?.strip_prefix("ssm:")?;
    Some(json!({ "stack": format!("{role}-images-{}", below.as_str()), "registry": registry }))
}

fn fills_the_other_slot(role: &Role) -> bool {
    let strategy = &role.rollout.strategy;
    strategy.steps.first() == Some(&Step::Provision) && !strategy.is_in_place()
}

fn example(environment: &Environment, role: &Role) -> Value {
    json!({
        "role": role.name,
        "record": format!("/{}/{}/{}/rollout", environment.project, environment.name, role.name),
        "size": role.instances.capacity.min.to_string(),
    })
}

//! The README beside the rendered files: how to use them without asagi, in commands that can be copied.

use serde_json::{Value, json};

use super::ArtifactError;
use super::sceptre::{Project, VarFile, render};
use crate::model::{Environment, LayerKind, Role, Slot, Step};
use crate::stacks::{RenderedStack, StackGraph, StackKind, names};

pub(super) fn render(
    environment: &Environment,
    graph: &StackGraph,
    project: &Project,
) -> Result<String, ArtifactError> {
    let phased = |stack: &&RenderedStack| stack.arguments.values().any(crate::stacks::Argument::is_phase);
    let protected = graph.stacks.values().filter(|stack| stack.termination_protection);
    let released = || environment.roles.iter().filter(|role| role.release.is_some());
    let first = released().next().map(|role| format!("vars/{}/first/", role.name));
    let leaf = graph.stacks.values().rev().find(|stack| stands_alone(graph, stack));
    let context = json!({
        "project": environment.project,
        "environment": environment.name,
        "account": environment.account,
        "region": environment.region,
        "layers": graph.stacks.values().filter_map(layer_below).collect::<Vec<_>>(),
        "phased": graph.stacks.values().filter(phased).map(|stack| &stack.key).collect::<Vec<_>>(),
        "protected": protected.map(|stack| json!({ "name": stack.name, "region": stack.region.as_ref().unwrap_or(&environment.region) })).collect::<Vec<_>>(),
        "asked": super::sceptre::asked::stacks(environment, graph),
        "roles": released().map(|role| &role.name).collect::<Vec<_>>(),
        "first": first.map(|folder| launches(project, &folder)).unwrap_or_default(),
        "in_place": released().filter(|role| role.rollout.strategy.is_in_place()).map(|role| &role.name).collect::<Vec<_>>(),
        "example": released().find(|role| fills_the_other_slot(role)).map(|role| example(project, role)),
        "leaf": leaf.map(|stack| &stack.name),
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

/// Nothing depends on it, and neither a phase nor termination protection keeps it.
fn stands_alone(graph: &StackGraph, stack: &RenderedStack) -> bool {
    let is_needed = graph.stacks.values().any(|other| other.depends_on.contains(&stack.key));
    let is_phased = stack.arguments.values().any(crate::stacks::Argument::is_phase);
    !is_needed && !is_phased && !stack.termination_protection
}

/// The release of a role from blue to green, file by file, and the way back from it.
fn example(project: &Project, role: &Role) -> Value {
    let folder = format!("vars/{}/blue-to-green/", role.name);
    let (back, way): (Vec<_>, Vec<_>) = launches(project, &folder)
        .into_iter()
        .partition(|launch| launch.path.starts_with(&format!("{folder}00-")));
    json!({ "role": role.name, "live": role.slot_stack(Slot::Blue), "way": way, "back": back })
}

/// One launch of a var file.
#[derive(serde::Serialize)]
struct Launch<'a> {
    path: &'a str,
    title: &'a str,
    /// What it has to be told besides, in shell variables.
    options: Vec<String>,
}

/// The launches of the files of a folder.
fn launches<'a>(project: &'a Project, folder: &str) -> Vec<Launch<'a>> {
    let files = project.vars.iter().filter(|file| file.path.starts_with(folder));
    let launch =
        |file: &'a VarFile| Launch { path: &file.path, title: &file.title, options: options(&file.asked) };
    files.map(launch).collect()
}

fn options(asked: &[(String, String)]) -> Vec<String> {
    let variable = |name: &str| match name {
        names::IMAGE_ID => "$IMAGE",
        names::MIN_SIZE => "$SIZE",
        _ => "$RECORD",
    };
    asked.iter().map(|(stack, name)| format!("--var \"stacks.{stack}.{name}={}\"", variable(name))).collect()
}

//! The config file of one stack.

use serde_json::{Value, json};

use super::super::ArtifactError;
use super::{asked, render};
use crate::cfn::TEMPLATE_BODY_LIMIT;
use crate::model::{Environment, Source};
use crate::stacks::names::SERVICE_ROLE_ARN;
use crate::stacks::{Argument, RenderedStack, StackGraph, StackKind};

/// The text of `config/<environment>/<stack>.yaml`.
pub(super) fn config(
    environment: &Environment,
    graph: &StackGraph,
    stack: &RenderedStack,
) -> Result<String, ArtifactError> {
    let place = |key: &str| super::path(environment, graph, key);
    let path = |key: &str| format!("{}.yaml", place(key));
    let output = |key: &str, output: &str| format!("{}::{output}", path(key));
    let parameters: Vec<Value> = stack
        .arguments
        .iter()
        .map(|(name, argument)| match argument {
            Argument::Value(text) => json!({ "name": name, "form": "value", "text": text }),
            Argument::Output { stack, output: of } => {
                json!({ "name": name, "form": "output", "text": output(stack, of) })
            }
            Argument::Phase { bootstrap } => json!({ "name": name, "form": "phase", "text": bootstrap }),
            Argument::Read(Source::Output { stack, output, region: None }) => {
                json!({ "name": name, "form": "external", "text": format!("{stack}::{output}") })
            }
            // Nothing is sent while it is passed over.
            Argument::Read(_) => {
                json!({ "name": name, "form": "phase", "text": asked::first(argument).unwrap_or_default() })
            }
        })
        .collect();
    let bucket = environment.template_bucket.as_ref().filter(|_| stack.text.len() > TEMPLATE_BODY_LIMIT);
    let is_moved = place(&stack.key) != format!("{}/{}", environment.name, stack.key);
    let context = json!({
        "name": is_moved.then_some(&stack.name),
        "bucket": bucket,
        "region": stack.region,
        "key": stack.key,
        "template": format!("{}.yaml", stack.key),
        "moved": stack.arguments.values().any(Argument::is_phase),
        "phased": stack.arguments.values().any(|it| it.is_phase() || asked::is_asked(it)),
        "service_role": service_role(graph, stack).map(|foundation| output(foundation, SERVICE_ROLE_ARN)),
        "depends_on": stack.depends_on.iter().map(|key| path(key)).collect::<Vec<_>>(),
        "tags": stack.tags,
        "notifications": stack.notification_topics.as_deref().unwrap_or_default(),
        "parameters": parameters,
    });
    render::quoted("stack.yaml", &context)
}

/// The stack whose role CloudFormation works as.
fn service_role<'a>(graph: &'a StackGraph, stack: &RenderedStack) -> Option<&'a str> {
    let foundation = graph.stacks.values().find(|other| other.kind == StackKind::Foundation)?;
    if !stack.kind.takes_service_role() {
        return None;
    }
    foundation.template.outputs.contains_key(SERVICE_ROLE_ARN).then_some(foundation.key.as_str())
}

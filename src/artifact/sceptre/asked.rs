//! Values of a team's own stacks that Sceptre must be given, since it sends every parameter each time and reads neither
//! SSM parameters nor what a stack has already.

use serde_json::{Value, json};

use crate::model::{Environment, Source};
use crate::stacks::{Argument, RenderedStack, StackGraph};

/// What stands for a value in commands and config files: `--var stacks.app.Size=…` gives it.
pub(super) fn is_asked(argument: &Argument) -> bool {
    match argument {
        Argument::Read(Source::Output { region, .. }) => region.is_some(),
        Argument::Read(_) => true,
        _ => false,
    }
}

/// The value on creation, where the spec says it.
pub(super) fn first(argument: &Argument) -> Option<&str> {
    match argument {
        Argument::Read(Source::Previous { first }) => first.as_deref(),
        _ => None,
    }
}

/// Stacks of which something is asked, each with its options as a shell takes them.
pub(in crate::artifact) fn stacks(environment: &Environment, graph: &StackGraph) -> Vec<Value> {
    let of = |stack: &RenderedStack| {
        let asked = stack.arguments.iter().filter(|(_, argument)| is_asked(argument));
        let options: Vec<String> =
            asked.map(|(name, argument)| option(environment, stack, name, argument)).collect();
        (!options.is_empty()).then(|| json!({ "stack": stack.key, "options": options }))
    };
    graph.stacks.values().filter_map(of).collect()
}

/// Names have letters and digits that no shell takes for anything else: the schema of the spec holds that.
fn option(environment: &Environment, stack: &RenderedStack, name: &str, argument: &Argument) -> String {
    let Argument::Read(source) = argument else { return String::new() };
    let region = match source {
        Source::Previous { .. } => stack.region.as_deref(),
        other => other.region(),
    };
    let region = region.unwrap_or(&environment.region);
    let stacks = |of: &str| format!("aws cloudformation describe-stacks --stack-name {of} --region {region}");
    let value = match source {
        Source::Variable(variable) => format!("${variable}"),
        Source::Parameter { name, .. } => format!(
            "$(aws ssm get-parameter --name {name} --region {region} --query Parameter.Value --output text)"
        ),
        Source::Output { stack, output, .. } => format!(
            "$({} --query \"Stacks[0].Outputs[?OutputKey=='{output}'].OutputValue\" --output text)",
            stacks(stack)
        ),
        Source::Previous { .. } => format!(
            "$({} --query \"Stacks[0].Parameters[?ParameterKey=='{name}'].ParameterValue\" --output text)",
            stacks(&stack.name)
        ),
    };
    format!("--var \"stacks.{}.{name}={value}\"", stack.key)
}

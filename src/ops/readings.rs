//! Reads what parameters of a team's own stacks take from elsewhere: outputs of other stacks, SSM parameters and
//! environment variables. Nothing is read that the spec does not name.

use std::fmt::Debug;

use indexmap::IndexMap;

use crate::cloud::{Cloud, CloudError};
use crate::model::Source;
use crate::plan::Readings;
use crate::stacks::{Argument, StackGraph};
use crate::words::Secret;

/// The environment of whoever plans.
pub trait Variables: Debug + Sync {
    /// The variable's value; `None` when there is none.
    ///
    /// # Errors
    /// It is no text.
    fn variable(&self, name: &str) -> Result<Option<Secret>, String>;
}

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) readings: Readings,
    /// What is not there.
    pub(super) missing: Vec<Unread>,
}

/// A value that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Key of the stack that takes it.
    pub stack: String,
    /// Which parameter of which stack takes what, and why there is none.
    pub why: String,
    /// What to do.
    pub help: String,
}

/// Reads all that the stacks of a graph take from elsewhere. Without `variables` none of those is looked at: what takes
/// one stays as it is deployed.
///
/// # Errors
/// When a call does not succeed. What is not there is no error.
pub(super) async fn read(
    cloud: &dyn Cloud,
    graph: &StackGraph,
    variables: Option<&dyn Variables>,
) -> Result<Read, CloudError> {
    let mut read = Read::default();
    let mut known: IndexMap<String, Result<Secret, (String, String)>> = IndexMap::new();
    for stack in graph.stacks.values() {
        for (name, argument) in &stack.arguments {
            let Argument::Read(source) = argument else { continue };
            let words = source.words();
            if !known.contains_key(&words) {
                let Some(found) = one(cloud, source, variables).await? else { continue };
                known.insert(words.clone(), found);
            }
            match known.get(&words) {
                Some(Ok(value)) => read.readings.keep(&stack.key, name, value.clone()),
                Some(Err((why, help))) => {
                    let why = format!("parameter {name} of {} takes {words}, {why}", stack.key);
                    read.missing.push(Unread { stack: stack.key.clone(), why, help: help.clone() });
                }
                None => {}
            }
        }
    }
    Ok(read)
}

/// The value, or why there is none and what to do; `None` where nothing is to be looked at.
async fn one(
    cloud: &dyn Cloud,
    source: &Source,
    variables: Option<&dyn Variables>,
) -> Result<Option<Result<Secret, (String, String)>>, CloudError> {
    let cloud = match source.region() {
        None => cloud,
        Some(region) => match cloud.in_region(region) {
            Some(there) => there,
            None => {
                return Ok(Some(Err((
                    "which nobody reaches from here".to_owned(),
                    format!("see to {region}"),
                ))));
            }
        },
    };
    Ok(match source {
        Source::Previous { .. } => None,
        Source::Variable(name) => variables.map(|variables| variable(variables, name)),
        Source::Parameter { name, .. } => Some(match cloud.setting(name).await? {
            Some(value) => Ok(value.into()),
            None => Err(("which is not there".to_owned(), format!("make the parameter {name} first"))),
        }),
        Source::Output { stack, output, .. } => {
            let found = cloud.describe_stack(stack).await?.filter(|stack| !stack.status.is_absent());
            Some(match found.map(|found| found.outputs) {
                None => {
                    Err((format!("and there is no stack {stack}"), format!("apply what makes {stack} first")))
                }
                Some(outputs) => outputs.get(output).map(|value| value.as_str().into()).ok_or_else(|| {
                    let has: Vec<&str> = outputs.keys().map(String::as_str).collect();
                    (format!("and {stack} has no such output"), others(output, &has))
                }),
            })
        }
    })
}

/// What a stack has instead of an output that it does not have.
fn others(output: &str, has: &[&str]) -> String {
    let all = match has {
        [] => return "it has none".to_owned(),
        has => format!("it has {}", has.join(", ")),
    };
    match crate::diagnostics::nearest(output, has.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    }
}

/// A parameter of CloudFormation has at most so many bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const BYTES: usize = 4_096;

fn variable(variables: &dyn Variables, name: &str) -> Result<Secret, (String, String)> {
    let help = format!("set {name} in the environment that asagi runs in");
    match variables.variable(name) {
        Ok(Some(value)) if value.len() > BYTES => {
            Err((format!("which has more than the {BYTES} bytes that a parameter takes"), help))
        }
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(("which is not set".to_owned(), help)),
        Err(why) => Err((why, help)),
    }
}

/// What takes an environment variable, where nobody asks for variables: a sentence each.
pub(super) fn unlooked(graph: &StackGraph) -> impl Iterator<Item = String> + '_ {
    graph.stacks.values().flat_map(|stack| {
        stack.arguments.iter().filter_map(|(name, argument)| match argument {
            Argument::Read(source @ Source::Variable(_)) => Some(format!(
                "parameter {name} of {} takes {}, which only `asagi plan` and `asagi apply` read",
                stack.key,
                source.words()
            )),
            _ => None,
        })
    })
}

//! Infrastructure goes level by level through the stack graph; a value that another level makes is read when its level
//! starts.

use indexmap::IndexMap;

use crate::cfn::{
    ChangeSet, ChangeSetType, CreateChangeSet, ParameterValue, ResourceChange, RollbackConfiguration, Stack,
    Template,
};
use crate::model::Source;
use crate::plan::{Leaving, PlannedStack, phase_value, short_digest};
use crate::stacks::{Argument, names};

use super::change::{self, LookAway, Outcome, Prepared};
use super::context::{Context, RunError};
use super::machine::Failure;
use super::moves::judge_predicted;
use super::observer::Progress;
use super::removal::remove;
use super::unforeseen::{Question, question};

/// What came of the levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Built {
    /// All stacks are as planned; the keys of those that changed.
    Done(Vec<String>),
    /// One is not; the levels after it were not begun.
    Failed {
        /// Key of the stack.
        stack: String,
        /// It was to be made: what is left of it is deleted before it can be made again.
        unmade: bool,
        /// Why.
        failure: Failure,
    },
    /// A stack that left the spec could not be removed; what comes after it was not begun.
    NotRemoved {
        /// Name of the stack.
        stack: String,
        /// Why.
        failure: Failure,
    },
    /// What macros make of one takes something away that no plan could show; nothing of its level was executed.
    Asks {
        /// Key of the stack.
        stack: String,
        /// What a person must agree to.
        question: Question,
    },
}

/// Brings every planned stack up, level by level, and removes those that go in between.
///
/// # Errors
/// When a call does not succeed or the person cancels.
pub async fn build(
    context: &Context<'_>,
    levels: &[Vec<PlannedStack>],
    leaving: &[Leaving],
) -> Result<Built, RunError> {
    let mut changed = Vec::new();
    let goes = async |done: usize| {
        let now = leaving.iter().filter(|it| it.goes.is_some_and(|goes| goes.after == done));
        remove(context, &now.collect::<Vec<_>>()).await
    };
    for (index, level) in levels.iter().enumerate() {
        if let Some((stack, failure)) = goes(index).await? {
            return Ok(Built::NotRemoved { stack, failure });
        }
        let stacks: Vec<String> = level.iter().map(|stack| stack.key.clone()).collect();
        context.tell(&Progress::Level { number: index + 1, of: levels.len(), stacks: &stacks });
        let ready = match prepare_level(context, level).await? {
            Ok(ready) => ready,
            Err(end) => return Ok(end),
        };
        if let Some((stack, failure)) = execute_level(context, &ready, &mut changed).await? {
            let created = level.iter().any(|it| it.key == stack && it.create);
            let unmade = created && matches!(failure, Failure::TakenBack(_));
            return Ok(Built::Failed { stack, unmade, failure });
        }
        for (stack, on) in level.iter().filter_map(|stack| Some((stack, stack.protects?))) {
            context.note(&stack.name, "UpdateTerminationProtection", if on { "on" } else { "off" });
            context.cloud.update_termination_protection(&stack.name, on).await?;
            if !stack.create {
                context.tell(&Progress::Protected { stack: &stack.name, on });
            }
        }
    }
    if let Some((stack, failure)) = goes(levels.len()).await? {
        return Ok(Built::NotRemoved { stack, failure });
    }
    Ok(Built::Done(changed))
}

struct Ready<'a> {
    stack: &'a PlannedStack,
    request: CreateChangeSet,
    set: Box<ChangeSet>,
}

type Broken = (String, Failure);

/// Makes every change set of a level before any of them is executed: one that must not be stops them all.
async fn prepare_level<'a>(
    context: &Context<'_>,
    level: &'a [PlannedStack],
) -> Result<Result<Vec<Ready<'a>>, Built>, RunError> {
    let mut ready: Vec<Ready<'a>> = Vec::new();
    for stack in level {
        let refusal = match request(context, stack).await? {
            Err(reason) => reason,
            Ok(request) => {
                let judge = |changes: &[ResourceChange]| match stack.unforeseen {
                    true => Ok(()),
                    false => judge_predicted(&stack.predicted, changes),
                };
                match change::prepare(context, &request, &judge).await? {
                    Prepared::Ready(set) => {
                        let asked = stack.unforeseen.then(|| question(&set.changes, context.unforeseen));
                        ready.push(Ready { stack, request, set });
                        let Some(question) = asked.flatten() else { continue };
                        discard_all(context, &ready).await?;
                        return Ok(Err(Built::Asks { stack: stack.key.clone(), question }));
                    }
                    Prepared::Unchanged => {
                        context.tell(&Progress::Unchanged { stack: &stack.name });
                        continue;
                    }
                    Prepared::Refused(reason) => reason,
                }
            }
        };
        discard_all(context, &ready).await?;
        let (stack, failure) = (stack.key.clone(), Failure::Refused(refusal));
        return Ok(Err(Built::Failed { stack, unmade: false, failure }));
    }
    Ok(Ok(ready))
}

async fn discard_all(context: &Context<'_>, ready: &[Ready<'_>]) -> Result<(), RunError> {
    for Ready { request, set, .. } in ready {
        change::discard(context, set, request.kind == ChangeSetType::Create).await?;
    }
    Ok(())
}

async fn execute_level(
    context: &Context<'_>,
    ready: &[Ready<'_>],
    changed: &mut Vec<String>,
) -> Result<Option<Broken>, RunError> {
    let mut started = Vec::new();
    for Ready { stack, request, set } in ready {
        started.push((stack, change::execute(context, request, set).await?));
    }
    let mut failed = None;
    for (stack, last) in started {
        match change::settle(context, &stack.name, last, &mut LookAway).await? {
            Outcome::Failed(failure) => failed = failed.or(Some((stack.key.clone(), failure))),
            Outcome::Done | Outcome::Unchanged => changed.push(stack.key.clone()),
        }
    }
    Ok(failed)
}

/// The request for one stack. Phase parameters keep their values: an unrelated edit can never move live traffic or
/// capacity.
async fn request(
    context: &Context<'_>,
    stack: &PlannedStack,
) -> Result<Result<CreateChangeSet, String>, RunError> {
    let deployed = context.cloud.describe_stack(&stack.name).await?.filter(|stack| !stack.status.is_absent());
    let parameters = match parameters(context, stack, deployed.as_ref()).await? {
        Ok(parameters) => parameters,
        Err(missing) => return Ok(Err(missing)),
    };
    let operation = deployed.as_ref().and_then(|stack| stack.last_operation.clone());
    let seed = format!("{}|{}|{operation:?}|{}", context.digest, stack.name, deployed.is_some());
    let token = format!(
        "asagi-{}-{}",
        if deployed.is_some() { "update" } else { "create" },
        short_digest(seed.as_bytes())
    );
    let role_arn = if stack.service_role { service_role(context).await? } else { None };
    Ok(Ok(CreateChangeSet {
        stack_name: stack.name.clone(),
        name: token.clone(),
        kind: if deployed.is_some() { ChangeSetType::Update } else { ChangeSetType::Create },
        template: Some(stack.template.clone()),
        template_bucket: context.template_bucket.map(str::to_owned),
        revert_drift: false,
        parameters,
        tags: stack.tags.clone(),
        notification_topics: topics(stack, deployed.as_ref()),
        capabilities: stack.capabilities.clone(),
        rollback_configuration: RollbackConfiguration::default(),
        role_arn,
        description: format!("asagi plan {}", context.digest.chars().take(12).collect::<String>()),
        client_token: token,
    }))
}

/// Those that the spec names; where it names none, those that the stack has.
fn topics(stack: &PlannedStack, deployed: Option<&Stack>) -> Vec<String> {
    let kept = || deployed.map(|deployed| deployed.notification_topics.clone());
    stack.notification_topics.clone().or_else(kept).unwrap_or_default()
}

/// The first run makes the role in its first level: until then the context cannot know it.
async fn service_role(context: &Context<'_>) -> Result<Option<String>, RunError> {
    if let Some(known) = context.service_role {
        return Ok(Some(known.to_owned()));
    }
    let foundation = context.cloud.describe_stack(&context.stack_name(names::FOUNDATION)).await?;
    Ok(foundation.and_then(|stack| stack.outputs.get(names::SERVICE_ROLE_ARN).cloned()))
}

async fn parameters(
    context: &Context<'_>,
    stack: &PlannedStack,
    deployed: Option<&Stack>,
) -> Result<Result<IndexMap<String, ParameterValue>, String>, RunError> {
    let mut parameters = IndexMap::new();
    let hidden = Hidden::of(&stack.template);
    for (name, argument) in &stack.arguments {
        let value = match argument {
            Argument::Value(text) => hidden.given(name, text.clone()),
            Argument::Phase { .. } if deployed.is_some_and(|stack| stack.parameters.contains_key(name)) => {
                ParameterValue::Previous
            }
            Argument::Read(Source::Previous { .. })
                if deployed.is_some_and(|stack| stack.parameters.contains_key(name)) =>
            {
                ParameterValue::Previous
            }
            Argument::Read(Source::Previous { first: None }) => continue,
            Argument::Read(Source::Previous { first: Some(first) }) => hidden.given(name, first.clone()),
            Argument::Read(source) => match stack.values.get(name) {
                Some(value) => ParameterValue::Secret(value.clone()),
                None => return Ok(Err(format!("{name} of {}: {} was not read", stack.name, source.words()))),
            },
            Argument::Phase { bootstrap } => ParameterValue::Value(phase_value(name, bootstrap, deployed)),
            Argument::Output { stack: source, output } => {
                let source_name = context.stack_name(source);
                let found = context.cloud.describe_stack(&source_name).await?;
                match found.and_then(|found| found.outputs.get(output).cloned()) {
                    Some(text) => hidden.given(name, text),
                    None => return Ok(Err(format!("stack {source_name} has no output {output}"))),
                }
            }
        };
        parameters.insert(name.clone(), value);
    }
    Ok(Ok(parameters))
}

/// Which parameters of a template are NoEcho.
enum Hidden {
    /// None.
    None,
    /// These.
    Of(Box<Template>),
    /// Nobody can tell, so all of them.
    All,
}

impl Hidden {
    fn of(template: &str) -> Self {
        match template.contains("NoEcho").then(|| Template::parse(template)) {
            None => Self::None,
            Some(Ok(template)) => Self::Of(Box::new(template)),
            Some(Err(_)) => Self::All,
        }
    }

    /// What a parameter is set to.
    fn given(&self, name: &str, text: String) -> ParameterValue {
        let hides = match self {
            Self::None => false,
            Self::Of(template) => template.parameters.get(name).is_some_and(|declared| declared.no_echo),
            Self::All => true,
        };
        if hides { ParameterValue::Secret(text.into()) } else { ParameterValue::Value(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_noecho_parameter_is_a_secret_on_its_way() {
        let parameters =
            "Parameters:\n  Password: { Type: String, NoEcho: true }\n  Size: { Type: String }\n";
        let resources = "Resources:\n  Topic: { Type: AWS::SNS::Topic }\n";
        let template = format!("{parameters}{resources}");
        let told = |template: &str, name: &str| {
            format!("{:?}", Hidden::of(template).given(name, "hunter2".to_owned()))
        };
        assert_eq!(told(&template, "Password"), "Secret((secret))");
        assert_eq!(told(&template, "Size"), "Value(\"hunter2\")");
        assert_eq!(told(resources, "Password"), "Value(\"hunter2\")");
        assert_eq!(told("NoEcho: [", "Size"), "Secret((secret))", "where nobody can tell");
    }
}

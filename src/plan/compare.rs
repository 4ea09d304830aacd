//! Every stack of the graph against what is deployed, in the order in which they would be applied.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::cfn::{Effective, Stack, Surroundings, Template, ssm_parameter_name};
use crate::diff::{Certainty, Side, StackDiff, diff_deployed, diff_rewritten, diff_stack, diff_texts};
use crate::model::Environment;
use crate::stacks::{Argument, RenderedStack, StackGraph, StackKind, names};

use super::between::{Neighbour, refused_between};
use super::{Readings, RoleState, phase_value};

/// Why a held resource does not change now where releases come in place, and what brings it.
const HELD_IN_PLACE: &str = "held: a refresh in place moves the image alone; a rollout that fills the other slot, such as \
                             `blue-green`, brings it";

/// One deployed stack, as read from the account.
#[derive(Debug, Clone)]
pub struct DeployedStack {
    /// As described.
    pub stack: Stack,
    /// The template as it is given back: with a question mark for what is not ASCII.
    pub text: String,
    /// The same, parsed; `None` when this version cannot read it.
    pub template: Option<Template>,
    /// Logical id to physical id.
    pub physical_ids: IndexMap<String, String>,
    /// SSM parameters that the desired template's parameter types name, as they are now, by name; those that cannot be
    /// read are left out.
    pub present: IndexMap<String, String>,
}

/// One stack of the graph against what is deployed.
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    /// As desired.
    pub stack: &'a RenderedStack,
    /// The template to submit: the rendered one, with what is held as it is deployed.
    pub template: String,
    /// Parameters that held resources use: they keep their deployed values, whatever the graph feeds them with.
    pub kept_parameters: Vec<String>,
    /// The desired side, with what is held.
    pub side: Side,
    /// What would change.
    pub diff: StackDiff,
}

impl Comparison<'_> {
    /// What it changes only the service can tell: one side is no template that can be read to the end.
    pub fn is_unforeseen(&self) -> bool {
        self.diff.text.is_some() || self.side.template.rewritten
    }

    /// What instances are launched as would change, and is held back.
    pub fn holds(&self) -> bool {
        self.diff.resources.iter().any(|resource| resource.held.is_some())
    }
}

/// Compares every stack, each after those it takes values from.
pub fn compare<'a>(
    environment: &Environment,
    graph: &'a StackGraph,
    deployed: &IndexMap<String, DeployedStack>,
    roles: &IndexMap<String, RoleState>,
    readings: &Readings,
) -> IndexMap<String, Comparison<'a>> {
    let mut done: IndexMap<String, Comparison<'a>> = IndexMap::new();
    for stack in graph.stacks.values() {
        let found = deployed.get(&stack.key);
        let held = if is_held(stack, roles) {
            names::LAUNCH_RESOURCES.map(str::to_owned).to_vec()
        } else {
            Vec::new()
        };
        let parameters = parameters(stack, found, (deployed, &done), readings);
        let dynamic = found.map(|found| present(stack, &parameters, found, &done)).unwrap_or_default();
        let desired = Side {
            dynamic,
            template: stack.template.clone(),
            parameters,
            surroundings: surroundings(environment, &stack.name, region_of(environment, stack), found),
            tags: stack.tags.clone(),
            held,
            ..Side::default()
        };
        done.insert(stack.key.clone(), one(environment, stack, desired, found));
    }
    refuse(environment, deployed, &mut done);
    done
}

/// Adds to each stack what is refused of it because of the others. Only a team's own stacks export, and take outputs that
/// may be left out; names of its own are the environment's.
fn refuse(
    environment: &Environment,
    deployed: &IndexMap<String, DeployedStack>,
    done: &mut IndexMap<String, Comparison<'_>>,
) {
    if !done.values().any(|it| it.stack.kind == StackKind::Own) {
        return;
    }
    let side = |key: &String| deployed_side(environment, deployed.get(key)?);
    let there: Vec<Option<Side>> = done.keys().map(side).collect();
    let stacks: Vec<Neighbour<'_>> = done
        .values()
        .zip(&there)
        .map(|(it, there)| Neighbour {
            key: &it.stack.key,
            wanted: Some(&it.side),
            there: there.as_ref(),
            arguments: Some(&it.stack.arguments),
            diff: &it.diff,
        })
        .collect();
    let refused = refused_between(&stacks);
    for (it, refused) in done.values_mut().zip(refused) {
        it.diff.refused.extend(refused);
    }
}

fn one<'a>(
    environment: &Environment,
    stack: &'a RenderedStack,
    desired: Side,
    found: Option<&DeployedStack>,
) -> Comparison<'a> {
    let before = match found {
        None => None,
        Some(deployed) => match deployed_side(environment, deployed) {
            Some(side) => Some(side),
            None => {
                let diff = diff_texts(&stack.name, read_back(deployed, stack), &stack.text);
                let template = stack.text.clone();
                return Comparison { stack, template, kept_parameters: Vec::new(), side: desired, diff };
            }
        },
    };
    if desired.template.rewritten || before.as_ref().is_some_and(|before| before.template.rewritten) {
        let text = found.map_or("", |deployed| read_back(deployed, stack));
        let known = before.as_ref().and_then(|before| desired.as_known_in(before));
        let diff = diff_rewritten(known.as_ref().unwrap_or(&desired), before.as_ref(), text, &stack.text);
        let template = stack.text.clone();
        return Comparison { stack, template, kept_parameters: Vec::new(), side: desired, diff };
    }
    let mut diff = match &before {
        Some(before) => diff_deployed(&desired, before),
        None => diff_stack(&desired, None),
    };
    if rolls_in_place(environment, stack) {
        let held = diff.resources.iter_mut().filter(|resource| resource.held.is_some());
        held.for_each(|resource| resource.held = Some(HELD_IN_PLACE.to_owned()));
    }
    let holding = diff.resources.iter().any(|resource| resource.held.is_some());
    let (mut template, mut side, mut kept_parameters) = (stack.text.clone(), desired, Vec::new());
    if let (true, Some(before)) = (holding, &before) {
        let mixed = side.template.with_held(&before.template, &names::LAUNCH_RESOURCES);
        kept_parameters = before.template.parameters_of(&names::LAUNCH_RESOURCES).into_iter().collect();
        for name in &kept_parameters {
            if let Some(value) = before.parameters.get(name) {
                side.parameters.insert(name.clone(), value.clone());
            }
        }
        template = Template::ascii(&mixed.to_text()).into_owned();
        side.template = mixed;
    }
    Comparison { stack, template, kept_parameters, side, diff }
}

/// The deployed text; where nothing but what the service cannot give back stands between both, the desired one.
fn read_back<'a>(deployed: &'a DeployedStack, stack: &'a RenderedStack) -> &'a str {
    match *Template::read_back(&stack.text) == deployed.text {
        true => &stack.text,
        false => &deployed.text,
    }
}

/// The slot of a role whose releases replace the live slot's instances.
fn rolls_in_place(environment: &Environment, stack: &RenderedStack) -> bool {
    match &stack.kind {
        StackKind::Slot { role, .. } => {
            environment.role(role).is_some_and(|role| role.rollout.strategy.is_in_place())
        }
        _ => false,
    }
}

/// A slot that runs instances keeps what they were launched as.
fn is_held(stack: &RenderedStack, roles: &IndexMap<String, RoleState>) -> bool {
    match &stack.kind {
        StackKind::Slot { role, slot } => {
            roles.get(role).is_some_and(|state| state.slot(*slot).is_occupied())
        }
        _ => false,
    }
}

/// The deployed side; `None` when its template cannot be read.
pub fn deployed_side(environment: &Environment, deployed: &DeployedStack) -> Option<Side> {
    let values = deployed.stack.parameters.iter();
    let resolved = values.clone().filter_map(|(_, parameter)| {
        let value = parameter.resolved.as_ref()?;
        Some((format!("resolve:ssm:{}", parameter.value), Effective::text(value)))
    });
    let dynamic = resolved.collect();
    let parameters = values.map(|(name, value)| (name.clone(), Effective::text(&value.value))).collect();
    Some(Side {
        template: deployed.template.clone()?,
        parameters,
        surroundings: surroundings(
            environment,
            &deployed.stack.name,
            region_of_deployed(environment, deployed),
            Some(deployed),
        ),
        physical_ids: deployed.physical_ids.clone(),
        tags: deployed.stack.tags.clone(),
        dynamic,
        ..Side::default()
    })
}

/// What stands behind the names that parameter types look up, by the key of the look-up. Where the deployed stack tells
/// what it has, and nobody can tell what is there now, it is unknown and may be the same.
fn present(
    stack: &RenderedStack,
    parameters: &IndexMap<String, Effective>,
    found: &DeployedStack,
    done: &IndexMap<String, Comparison<'_>>,
) -> BTreeMap<String, Effective> {
    let named = stack.template.parameters.iter().filter_map(|(parameter, declared)| {
        let given = parameters.get(parameter).map(Effective::as_text);
        let value = given.unwrap_or_else(|| declared.default.clone())?;
        ssm_parameter_name(&declared.kind, &value).map(str::to_owned)
    });
    let value = |name: String| {
        let here: Vec<_> = found.stack.parameters.values().filter(|it| it.value == name).collect();
        let is_told = here.iter().any(|it| it.resolved.is_some());
        if !here.is_empty() && !is_told {
            return None;
        }
        let now = made_meanwhile(&name, done).or_else(|| found.present.get(&name).map(Effective::text));
        let key = format!("resolve:ssm:{name}");
        let unknown = || is_told.then(|| Effective::unknown(format!("{{{{{key}}}}}")));
        now.or_else(unknown).map(|value| (key, value))
    };
    named.filter_map(value).collect()
}

/// What a stack that goes first makes of an SSM parameter which it has.
fn made_meanwhile(name: &str, done: &IndexMap<String, Comparison<'_>>) -> Option<Effective> {
    let resources = done.values().flat_map(|it| &it.diff.resources);
    let mut parameters = resources.filter(|it| {
        it.resource_type == "AWS::SSM::Parameter"
            && it.held.is_none()
            && it.physical_id.as_deref() == Some(name)
    });
    let value =
        parameters.find_map(|it| it.properties.iter().find(|change| change.path.property() == "Value"))?;
    let known = value.after.clone().filter(Effective::is_known);
    Some(known.unwrap_or_else(|| Effective::unknown(format!("{{{{resolve:ssm:{name}}}}}"))))
}

fn region_of<'a>(environment: &'a Environment, stack: &'a RenderedStack) -> &'a str {
    stack.region.as_deref().unwrap_or(&environment.region)
}

/// `arn:aws:cloudformation:REGION:…`
fn region_of_deployed<'a>(environment: &'a Environment, deployed: &'a DeployedStack) -> &'a str {
    let region = deployed.stack.id.split(':').nth(3).filter(|region| !region.is_empty());
    region.unwrap_or(&environment.region)
}

fn surroundings(
    environment: &Environment,
    name: &str,
    region: &str,
    deployed: Option<&DeployedStack>,
) -> Surroundings {
    Surroundings {
        account: environment.account.clone(),
        region: region.to_owned(),
        stack_name: name.to_owned(),
        stack_id: deployed.map_or_else(
            || {
                format!(
                    "arn:aws:cloudformation:{region}:{}:stack/{name}/known-after-apply",
                    environment.account
                )
            },
            |deployed| deployed.stack.id.clone(),
        ),
        // Tokyo has no zone b for most accounts; other regions begin with a, b, c.
        zones: if region == "ap-northeast-1" { ["a", "c", "d"] } else { ["a", "b", "c"] }
            .map(|zone| format!("{region}{zone}"))
            .to_vec(),
        notification_arns: Vec::new(),
    }
}

/// What each parameter is fed with: a phase parameter keeps its deployed value, and what another stack will make is
/// unknown until then.
fn parameters(
    stack: &RenderedStack,
    found: Option<&DeployedStack>,
    (deployed, done): (&IndexMap<String, DeployedStack>, &IndexMap<String, Comparison<'_>>),
    readings: &Readings,
) -> IndexMap<String, Effective> {
    let found = found.map(|deployed| &deployed.stack);
    let value = |name: &String, argument: &Argument| match argument {
        Argument::Value(text) => Some(Effective::text(text)),
        Argument::Phase { bootstrap } => Some(Effective::text(phase_value(name, bootstrap, found))),
        Argument::Output { stack, output } => Some(output_value(stack, output, deployed, done)),
        Argument::Read(source) => {
            let now = found.and_then(|found| found.parameter(name));
            readings.value((&stack.key, name), source, now)
        }
    };
    let values = stack.arguments.iter();
    values.filter_map(|(name, argument)| Some((name.clone(), value(name, argument)?))).collect()
}

fn output_value(
    source: &str,
    output: &str,
    deployed: &IndexMap<String, DeployedStack>,
    done: &IndexMap<String, Comparison<'_>>,
) -> Effective {
    let unknown = || Effective::unknown(format!("{source}.{output}"));
    let moving = || Effective::anew(format!("{source}.{output}"));
    // What a text alone tells of says nothing of outputs.
    if done.get(source).is_some_and(|it| it.diff.text.is_some()) {
        return unknown();
    }
    let moved = done.get(source).and_then(|it| it.diff.outputs.iter().find(|change| change.name == output));
    match moved {
        Some(change) => {
            let known = change.after.clone().filter(Effective::is_known);
            let is_certain = change.before.is_some() && change.certainty == Certainty::Certain;
            known.unwrap_or_else(|| if is_certain { moving() } else { unknown() })
        }
        None => {
            let value = deployed.get(source).and_then(|source| source.stack.outputs.get(output));
            value.map_or_else(unknown, Effective::text)
        }
    }
}

//! A stack before rendering: which template, with which context, fed with which arguments.

use std::borrow::Cow;

use indexmap::IndexMap;
use minijinja::context;
use minijinja::value::{Serde, Value, merge_maps};
use serde::Serialize;
use serde_json::Value as Json;

use super::engine;
use super::error::{StackError, StackProblem};
use super::filled::Filled;
use super::graph::{Argument, RenderedStack, StackKind};
use super::owner::{ENVIRONMENT_TAG, PROJECT_TAG};
use super::size;
use crate::cfn::{Template, template_limit};
use crate::model::{Environment, Input};

/// A stack before rendering.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) key: String,
    kind: StackKind,
    body: Body,
    arguments: IndexMap<String, Argument>,
    after: Vec<String>,
}

#[derive(Debug, Clone)]
enum Body {
    /// One of asagi's, to be rendered.
    Template { name: &'static str, context: Value },
    /// A team's own text as it is, parsed before.
    Own { text: String, template: Box<Template> },
}

impl Draft {
    /// One of asagi's stacks. `name` is that of its template, `context` what the template names.
    pub(super) fn new(
        key: impl Into<String>,
        kind: StackKind,
        name: &'static str,
        context: impl Serialize,
    ) -> Self {
        let context = Value::from(Serde(context));
        Self::with_body(key.into(), kind, Body::Template { name, context })
    }

    /// A team's own stack.
    pub(super) fn own(key: &str, text: &str, template: &Template) -> Self {
        let body = Body::Own { text: text.to_owned(), template: Box::new(template.clone()) };
        Self::with_body(key.to_owned(), StackKind::Own, body)
    }

    fn with_body(key: String, kind: StackKind, body: Body) -> Self {
        Self { key, kind, body, arguments: IndexMap::new(), after: Vec::new() }
    }

    /// Feeds a parameter with a text.
    pub(super) fn value(self, parameter: impl Into<String>, text: impl ToString) -> Self {
        self.argument(parameter, Argument::Value(text.to_string()))
    }

    /// Feeds a parameter with an output of another stack, which must then exist before.
    pub(super) fn output(self, parameter: &str, stack: &str, output: impl Into<String>) -> Self {
        self.argument(parameter, Argument::Output { stack: stack.to_owned(), output: output.into() })
    }

    /// Feeds a parameter with what the spec says: a text, or an output of another stack.
    pub(super) fn input(self, parameter: &str, input: &Input) -> Self {
        match input {
            Input::Value(text) => self.value(parameter, text),
            Input::Output { stack, output } => self.output(parameter, stack, output),
            Input::Read(source) => self.argument(parameter, Argument::Read(source.clone())),
        }
    }

    /// Leaves a parameter to the phases; it is created with that value.
    pub(super) fn phase(self, parameter: impl Into<String>, bootstrap: impl ToString) -> Self {
        self.argument(parameter, Argument::Phase { bootstrap: bootstrap.to_string() })
    }

    /// Feeds a parameter.
    pub(super) fn argument(mut self, parameter: impl Into<String>, argument: Argument) -> Self {
        self.arguments.insert(parameter.into(), argument);
        self
    }

    /// Must come after a stack of which it takes no output.
    pub(super) fn after(mut self, stack: &str) -> Self {
        self.after.push(stack.to_owned());
        self
    }

    /// Keys of the stacks that must exist before, each once, in the order of the parameters.
    pub(super) fn depends_on(&self) -> Vec<String> {
        let outputs = self.arguments.values().filter_map(|argument| match argument {
            Argument::Output { stack, .. } => Some(stack),
            Argument::Value(_) | Argument::Phase { .. } | Argument::Read(_) => None,
        });
        let mut keys: Vec<String> = Vec::new();
        for key in self.after.iter().chain(outputs) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// Renders it, parses what came out once, and holds both against what it is fed with.
    pub(super) fn render(self, environment: &Environment) -> Result<RenderedStack, StackError> {
        let key = self.key.clone();
        self.try_render(environment).map_err(|problem| StackError { stack: key, problem })
    }

    fn try_render(self, environment: &Environment) -> Result<RenderedStack, StackProblem> {
        let depends_on = self.depends_on();
        let limit = template_limit(environment.template_bucket.is_some());
        let (text, template) = match self.body {
            Body::Template { name, context } => {
                let shared = context! { boundary => &environment.permissions_boundary };
                read(&fill(name, &merge_maps([context, shared]))?, limit)?
            }
            Body::Own { text, template } => (sendable(text, limit)?, *template),
        };
        let arguments = in_declared_order(&template, self.arguments)?;
        Ok(RenderedStack {
            name: environment.stack_name(&self.key),
            tags: tags(environment, &self.kind),
            notification_topics: topics(environment, &self.key),
            region: Some(environment.region_of(&self.key).to_owned())
                .filter(|region| *region != environment.region),
            capabilities: capabilities(&template),
            termination_protection: environment.protection.termination,
            key: self.key,
            kind: self.kind,
            text,
            template,
            arguments,
            depends_on,
        })
    }
}

fn fill(name: &str, context: &Value) -> Result<Filled, StackProblem> {
    engine::fill(name, context).map_err(|error| {
        let line = error.line().map_or_else(String::new, |line| format!(" in line {line} of its template"));
        StackProblem::Render(format!("{error}{line}"))
    })
}

fn read(filled: &Filled, limit: usize) -> Result<(String, Template), StackProblem> {
    let text = filled.text();
    let template = filled.template(&text).map_err(StackProblem::Parse)?;
    Ok((sendable(text, limit)?, template))
}

/// The text with its values in ASCII, unless it has more bytes than can be sent.
fn sendable(text: String, limit: usize) -> Result<String, StackProblem> {
    let text = match Template::ascii(&text) {
        Cow::Owned(written) => written,
        Cow::Borrowed(_) => text,
    };
    if text.len() > limit {
        return Err(StackProblem::TooLarge { bytes: text.len(), limit, biggest: size::biggest(&text) });
    }
    Ok(text)
}

/// The arguments in the order in which the template declares them. A declared parameter without an argument must
/// have a default; an argument must be declared.
fn in_declared_order(
    template: &Template,
    mut arguments: IndexMap<String, Argument>,
) -> Result<IndexMap<String, Argument>, StackProblem> {
    let mut ordered = IndexMap::new();
    for (name, declaration) in &template.parameters {
        match arguments.shift_remove(name) {
            Some(argument) => drop(ordered.insert(name.clone(), argument)),
            None if declaration.default.is_some() => {}
            None => return Err(StackProblem::Parameter(name.clone())),
        }
    }
    arguments.into_keys().next().map_or(Ok(ordered), |name| Err(StackProblem::Argument(name)))
}

/// CloudFormation tells topics of its own Region alone.
fn topics(environment: &Environment, key: &str) -> Option<Vec<String>> {
    let region = environment.region_of(key);
    // arn:aws:sns:REGION:…
    let is_there = |topic: &&String| topic.split(':').nth(3) == Some(region);
    let topics = environment.notifications.stack_events.as_ref()?;
    Some(topics.iter().filter(|topic| region == environment.region || is_there(topic)).cloned().collect())
}

/// The environment's tags, and what the stack belongs to. CloudFormation passes them on to every resource that takes
/// tags; the stack's own come last and win.
fn tags(environment: &Environment, kind: &StackKind) -> IndexMap<String, String> {
    let mut tags = environment.tags.clone();
    tags.insert(PROJECT_TAG.to_owned(), environment.project.clone());
    tags.insert(ENVIRONMENT_TAG.to_owned(), environment.name.clone());
    if let Some(role) = kind.role() {
        tags.insert("Role".to_owned(), role.to_owned());
    }
    tags
}

/// Properties that give an IAM resource a name of the template's choice.
const IAM_NAMES: [&str; 5] =
    ["RoleName", "InstanceProfileName", "ManagedPolicyName", "GroupName", "UserName"];

/// What CloudFormation wants to be told that a template may do; no more than this one needs.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>
fn capabilities(template: &Template) -> Vec<String> {
    let iam = || template.resources.values().filter(|resource| resource.kind.starts_with("AWS::IAM::"));
    let mut needed = Vec::new();
    // What macros make of it nobody can tell here.
    if template.rewritten
        || iam().any(|resource| IAM_NAMES.iter().any(|name| resource.properties.contains_key(*name)))
    {
        needed.push("CAPABILITY_NAMED_IAM".to_owned());
    } else if iam().next().is_some() {
        needed.push("CAPABILITY_IAM".to_owned());
    }
    if template.rewritten || template.transform.as_ref().is_some_and(|transform| *transform != Json::Null) {
        needed.push("CAPABILITY_AUTO_EXPAND".to_owned());
    }
    needed
}

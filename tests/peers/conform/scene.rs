//! The verbs of a scenario. Each calls the target and writes down what it answered.

use std::collections::BTreeMap;
use std::time::Duration;

use asagi::cfn::{
    ChangeSet, ChangeSetStatus, ChangeSetType, CreateChangeSet, ParameterValue, RollbackConfiguration, Stack,
};
use asagi::cloud::{Cloud, CloudError};
use indexmap::IndexMap;
use tokio::runtime::{Builder, Runtime};

use super::target::{Target, When};
use super::transcript::{Line, of_events};

/// A scenario as it is played on one target.
pub(super) struct Scene<'a> {
    target: &'a dyn Target,
    runtime: Runtime,
    stack: String,
    /// Stack by name, the last event that was told of it.
    told: BTreeMap<String, String>,
    /// What stands for an id.
    names: IndexMap<String, String>,
    lines: Vec<Line>,
}

/// A request that is being put together.
#[derive(Debug, Clone)]
pub(super) struct Ask(pub(super) CreateChangeSet);

impl Ask {
    /// Another template than the previous one.
    pub(super) fn template(mut self, text: &str) -> Self {
        self.0.template = Some(text.to_owned());
        self
    }

    /// A parameter's value.
    pub(super) fn value(mut self, name: &str, value: &str) -> Self {
        self.0.parameters.insert(name.to_owned(), ParameterValue::Value(value.to_owned()));
        self
    }

    /// A capability.
    pub(super) fn capable(mut self, capability: &str) -> Self {
        self.0.capabilities.push(capability.to_owned());
        self
    }

    /// A parameter's previous value.
    pub(super) fn previous(mut self, name: &str) -> Self {
        self.0.parameters.insert(name.to_owned(), ParameterValue::Previous);
        self
    }

    /// A tag of the stack.
    pub(super) fn tag(mut self, key: &str, value: &str) -> Self {
        self.0.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The topics that are told of the stack's events.
    pub(super) fn topics(mut self, arns: &[&str]) -> Self {
        self.0.notification_topics = arns.iter().map(|arn| (*arn).to_owned()).collect();
        self
    }

    /// The kind, which otherwise follows from the stack.
    pub(super) fn kind(mut self, kind: ChangeSetType) -> Self {
        self.0.kind = kind;
        self
    }
}

impl<'a> Scene<'a> {
    pub(super) fn on(target: &'a dyn Target, stack: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (told, names, lines) = Default::default();
        Self { target, runtime, stack: stack.to_owned(), told, names, lines }
    }

    /// All that was written down.
    pub(super) fn told(self) -> Vec<Line> {
        self.lines
    }

    /// A request for the scenario's stack under that name of a change set.
    pub(super) fn ask(&self, name: &str) -> Ask {
        self.ask_of(&self.stack, name)
    }

    /// A request for another stack.
    pub(super) fn ask_of(&self, stack: &str, name: &str) -> Ask {
        let found = self.describe(stack).filter(|stack| !stack.status.is_absent());
        Ask(CreateChangeSet {
            stack_name: stack.to_owned(),
            name: name.to_owned(),
            kind: if found.is_some() { ChangeSetType::Update } else { ChangeSetType::Create },
            template: None,
            template_bucket: None,
            revert_drift: false,
            parameters: IndexMap::new(),
            tags: found.as_ref().map(|stack| stack.tags.clone()).unwrap_or_default(),
            notification_topics: found.map(|stack| stack.notification_topics).unwrap_or_default(),
            capabilities: Vec::new(),
            rollback_configuration: RollbackConfiguration::default(),
            role_arn: None,
            description: "a scenario".to_owned(),
            client_token: format!("token-{stack}-{name}"),
        })
    }

    /// Makes a change set and writes down what it would do, or why it is refused.
    pub(super) fn make(&mut self, ask: &Ask) -> Option<ChangeSet> {
        let request = &ask.0;
        self.lines.push(Line::Call(format!("create change set `{}`, {}", request.name, request.kind)));
        let made = self.runtime.block_on(async {
            let cloud = self.target.cloud();
            let id = cloud.create_change_set(request).await?;
            loop {
                let made = cloud.describe_change_set(&id).await?;
                match made.status {
                    ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress => {
                        cloud.sleep(Duration::from_secs(5)).await;
                    }
                    _ => return Ok(made),
                }
            }
        });
        let made = self.or_refused(made)?;
        let status = format!("{} {}", made.status, made.execution_status);
        self.learn(&made.id, format!("<{}>", made.name));
        self.fact(
            &[Some(status), made.status_reason.as_ref().map(|reason| reason.as_given().to_owned())]
                .map(Option::unwrap_or_default)
                .join(" "),
        );
        let mut changes: Vec<_> = made.changes.iter().collect();
        changes.sort_by(|one, other| one.logical_id.cmp(&other.logical_id));
        for change in changes {
            let policy = change.policy_action.as_ref().map(|policy| format!(" {policy}")).unwrap_or_default();
            let replaces = match change.action {
                asagi::cfn::Action::Modify => format!(" replacement {}", change.replacement),
                _ => String::new(),
            };
            self.fact(&format!("{} {}{replaces}{policy}", change.action, change.logical_id));
            let mut details: Vec<String> = change.details.iter().map(detail).collect();
            details.sort();
            details.dedup();
            details.iter().for_each(|detail| self.fact(&format!("  {detail}")));
        }
        Some(made)
    }

    /// Executes a change set and writes down what happens until the stack comes to rest.
    pub(super) fn execute(&mut self, made: &ChangeSet) {
        self.execute_with(made, &format!("execute-{}", made.name));
        self.rest();
    }

    /// Executes with that token, and does not wait.
    pub(super) fn execute_with(&mut self, made: &ChangeSet, token: &str) {
        self.lines.push(Line::Call(format!("execute `{}`, token `{token}`", made.name)));
        let done = self.runtime.block_on(self.target.cloud().execute_change_set(&made.id, token));
        self.or_refused(done);
    }

    /// Makes, executes and waits.
    pub(super) fn deploy(&mut self, ask: &Ask) {
        if let Some(made) = self.make(ask) {
            self.execute(&made);
        }
    }

    /// Deploys and keeps silent about it: how the scenario starts.
    pub(super) fn given(&mut self, ask: &Ask) {
        let before = self.lines.len();
        self.deploy(ask);
        let told = self.lines.split_off(before);
        let is_end = |line: &Line| matches!(line, Line::Fact(fact) if fact.starts_with(&ask.0.stack_name));
        self.lines.push(Line::Call(format!("given {}", ask.0.stack_name)));
        self.lines.extend(told.into_iter().filter(is_end));
    }

    /// Writes down what happened until the stack comes to rest, and how it is then.
    pub(super) fn rest(&mut self) {
        let stack = self.stack.clone();
        self.rest_of(&stack);
    }

    /// [`Scene::rest`] of another stack.
    pub(super) fn rest_of(&mut self, name: &str) {
        let mut known = None;
        while let Some(stack) = self.describe(name) {
            known = Some(stack.clone());
            if !stack.status.is_busy() {
                break;
            }
            self.runtime.block_on(self.target.cloud().sleep(Duration::from_secs(1)));
        }
        let Some(known) = known else { return };
        self.tell(name, &known.id);
        self.describe_end(&known);
    }

    fn describe_end(&mut self, stack: &Stack) {
        let outputs = stack.outputs.iter().map(|(name, value)| format!("{name} = {}", self.named(value)));
        let outputs: Vec<String> = outputs.collect();
        self.fact(&format!("{} is {}", stack.name, stack.status));
        let mut outputs = outputs;
        outputs.sort();
        outputs.iter().for_each(|output| self.fact(output));
    }

    /// Events since those that were told.
    fn tell(&mut self, name: &str, id: &str) {
        let after = self.told.get(name).cloned();
        let cloud = self.target.cloud();
        let events = self.runtime.block_on(cloud.describe_stack_events(id, after.as_deref()));
        let Some(events) = self.or_refused(events) else { return };
        self.learn(id, format!("<{name}>"));
        for event in events.iter().filter(|event| !event.is_of_stack()) {
            let is_made_up = |physical: &String| physical.len() > 6 && !physical.starts_with("conform-");
            let physical = event.physical_id.clone().filter(is_made_up);
            if let Some(physical) = physical {
                self.learn(&physical, format!("<{}>", event.logical_id));
            }
        }
        if let Some(last) = events.last() {
            self.told.insert(name.to_owned(), last.id.clone());
        }
        let lines = of_events(&events, |text| self.named(text));
        self.lines.extend(lines);
    }

    /// The next one of that name gets a number.
    fn learn(&mut self, id: &str, name: String) {
        if self.names.contains_key(id) {
            return;
        }
        let others = self.names.values().filter(|other| other.split('#').next() == Some(&name)).count();
        let name = if others == 0 { name } else { format!("{name}#{}", others + 1) };
        self.names.insert(id.to_owned(), name);
    }

    /// The text with names instead of ids.
    fn named(&self, text: &str) -> String {
        let mut ids: Vec<(&String, &String)> = self.names.iter().collect();
        ids.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
        ids.into_iter().fold(text.to_owned(), |text, (id, name)| text.replace(id.as_str(), name))
    }

    /// The stack as it is.
    pub(super) fn describe(&self, stack: &str) -> Option<Stack> {
        self.runtime.block_on(self.target.cloud().describe_stack(stack)).unwrap()
    }

    /// Calls something else of the traits and writes down what it answered.
    pub(super) fn call<T>(
        &mut self,
        told: &str,
        call: impl AsyncFnOnce(&dyn Cloud) -> Result<T, CloudError>,
    ) -> Option<T> {
        self.lines.push(Line::Call(told.to_owned()));
        let done = self.runtime.block_on(call(self.target.cloud()));
        self.or_refused(done)
    }

    /// Deletes the scenario's stack and writes down what happens.
    pub(super) fn delete(&mut self) {
        let stack = self.stack.clone();
        self.delete_stack(&stack);
    }

    /// [`Scene::delete`] of another stack.
    pub(super) fn delete_stack(&mut self, name: &str) {
        let id = self.describe(name).map(|stack| stack.id);
        let token = format!("delete-{name}-{}", self.lines.len());
        let call = format!("delete {name}");
        if self.call(&call, async |cloud| cloud.delete_stack(name, &token).await).is_none() {
            return;
        }
        while self.describe(name).is_some_and(|stack| stack.status.is_busy()) {
            self.runtime.block_on(self.target.cloud().sleep(Duration::from_secs(1)));
        }
        if let Some(id) = id {
            self.tell(name, &id);
        }
        match self.describe(name) {
            Some(stack) => self.describe_end(&stack),
            None => self.fact(&format!("{name} is gone")),
        }
    }

    /// Writes down whether, in all that happened in the stack of that id, the last `verb` of one resource was complete
    /// before the last one of another began: between the stack's own events, lines stand in the order of names.
    pub(super) fn order(&mut self, id: &str, verb: &str, first: &str, second: &str) {
        let events = self.runtime.block_on(self.target.cloud().describe_stack_events(id, None)).unwrap();
        let place = |resource: &str, word: &str| {
            let status = format!("{verb}_{word}");
            let is_it = |event: &asagi::cfn::StackEvent| {
                event.logical_id == resource && event.status.as_str() == status
            };
            events.iter().rposition(is_it).unwrap_or_else(|| panic!("{resource} has no {status}"))
        };
        let holds = place(first, "COMPLETE") < place(second, "IN_PROGRESS");
        self.fact(&format!("{verb} of {first} is over before {second} begins: {holds}"));
    }

    /// Writes down the stack's resources.
    pub(super) fn resources(&mut self) {
        let stack = self.stack.clone();
        let resources = self.call("resources", async |cloud| cloud.describe_stack_resources(&stack).await);
        let mut told: Vec<String> = resources
            .into_iter()
            .flatten()
            .map(|resource| {
                let physical_id = resource.physical_id.unwrap_or_default();
                format!("{} {} {physical_id}", resource.logical_id, resource.status)
            })
            .collect();
        told.sort();
        told.iter().for_each(|resource| self.fact(resource.trim_end()));
    }

    /// The next work on that resource fails, once.
    pub(super) fn fail(&mut self, logical_id: &str, when: When, reason: &str) {
        self.lines.push(Line::Call(format!("{logical_id} is going to fail, {when:?}")));
        self.target.fail(&self.stack, logical_id, when, reason);
    }

    /// Sets a parameter of Parameter Store.
    pub(super) fn put_parameter(&mut self, name: &str, value: &str) {
        self.target.put_parameter(name, value);
    }

    /// Writes something down.
    pub(super) fn fact(&mut self, fact: &str) {
        let fact = self.named(fact.trim_end());
        self.lines.push(Line::Fact(fact));
    }

    fn or_refused<T>(&mut self, answer: Result<T, CloudError>) -> Option<T> {
        match answer {
            Ok(value) => Some(value),
            Err(error) => {
                let kind = format!("{error:?}");
                let kind = kind.split('(').next().unwrap_or_default();
                self.fact(&format!("refused, {kind}: {error}"));
                None
            }
        }
    }
}

/// Property, cause, and whether it recreates the resource.
fn detail(detail: &asagi::cfn::ChangeDetail) -> String {
    let part = detail.property.clone().unwrap_or_else(|| detail.scope.to_string());
    let cause = detail.causing_entity.as_deref().map(|cause| format!(" by {cause}")).unwrap_or_default();
    format!("{part} recreation {}{cause}", detail.recreation)
}

//! A small environment and graph, by hand, with text that would break out of a careless file.

use indexmap::IndexMap;

use crate::cfn::{Output, Template};
use crate::stacks::{Argument, RenderedStack, StackGraph, StackKind, names};

pub(super) const HOSTILE: &str = "it's \"quoted\" {{ 7 * 7 }} {% if x %} {# gone #} !cmd ls\n\\ 浅葱 \u{85}";

/// Told of the events of the traffic stack.
const TOPIC: &str = "arn:aws:sns:ap-northeast-1:123456789012:stack-events";

pub(super) fn graph() -> StackGraph {
    let mut foundation = stack("foundation", StackKind::Foundation, &[]);
    foundation.template.outputs.insert(names::SERVICE_ROLE_ARN.to_owned(), Output::default());
    let network = stack("network", StackKind::Network, &["foundation"])
        .with("Note", Argument::Value(HOSTILE.to_owned()));
    let mut traffic =
        stack("web-traffic", StackKind::Traffic { role: "web".to_owned() }, &["foundation", "network"])
            .with("VpcId", Argument::Output { stack: "network".to_owned(), output: "VpcId".to_owned() });
    for (name, value) in
        [("BlueWeight", "100"), ("GreenWeight", "0"), ("RolloutRecord", r#"{"v":1,"phase":"none"}"#)]
    {
        traffic = traffic.with(name, Argument::Phase { bootstrap: value.to_owned() });
    }
    traffic.tags.insert("System".to_owned(), HOSTILE.to_owned());
    let stacks = [foundation, network, traffic];
    StackGraph { stacks: stacks.into_iter().map(|stack| (stack.key.clone(), stack)).collect() }
}

fn stack(key: &str, kind: StackKind, depends_on: &[&str]) -> RenderedStack {
    RenderedStack {
        key: key.to_owned(),
        name: format!("idhub-40-prod-{key}"),
        region: None,
        kind,
        text: format!("# {key}\nResources: {{}}\n"),
        template: Template::default(),
        arguments: IndexMap::new(),
        depends_on: depends_on.iter().map(|key| (*key).to_owned()).collect(),
        tags: IndexMap::new(),
        notification_topics: (key == "web-traffic").then(|| vec![TOPIC.to_owned()]),
        capabilities: Vec::new(),
        termination_protection: key == "network",
    }
}

impl RenderedStack {
    fn with(mut self, name: &str, argument: Argument) -> Self {
        self.arguments.insert(name.to_owned(), argument);
        self
    }
}

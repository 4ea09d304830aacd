//! One template, changed in one place at a time. What was changed of a resource type once is not changed again, so that
//! every pair shows something new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use asagi::cfn::{DeletionPolicy, ParameterDeclaration, Resource, Template};
use serde_json::{Value, json};

use super::pair::{Pair, Version};

/// Changes that were made already: what, of which type, where.
#[derive(Default)]
pub(super) struct Seen(BTreeSet<(&'static str, String, String)>);

impl Seen {
    fn first(&mut self, what: &'static str, resource_type: &str, place: &str) -> bool {
        self.0.insert((what, resource_type.to_owned(), place.to_owned()))
    }
}

/// Every new change of this template.
pub(super) fn pairs(stack: &str, text: &str, seen: &mut Seen) -> Vec<Pair> {
    let template = Template::parse(text).unwrap();
    let parameters: BTreeMap<_, _> = template
        .parameters
        .iter()
        .map(|(name, declared)| (name.clone(), sample(name, declared, 0)))
        .collect();
    let before = Version { text: text.to_owned(), template: Arc::new(template.clone()), parameters };
    let mut made = Made { stack, before, template: &template, pairs: Vec::new() };
    made.as_it_is();
    for (id, resource) in &template.resources {
        made.properties(id, resource, seen);
        made.parts(id, resource, seen);
        made.presence(id, resource, seen);
    }
    for (name, declared) in &template.parameters {
        if seen.first("parameter", "", name) {
            made.parameter(name, declared);
        }
    }
    made.pairs
}

struct Made<'a> {
    stack: &'a str,
    before: Version,
    template: &'a Template,
    pairs: Vec<Pair>,
}

impl Made<'_> {
    fn push(&mut self, what: &str, change: impl FnOnce(&mut Template)) {
        let mut template = self.template.clone();
        change(&mut template);
        let (text, parameters) = (template.to_text(), self.before.parameters.clone());
        let after = Version { text, template: Arc::new(template), parameters };
        let name = format!("{}: {what}", self.stack);
        self.pairs.push(Pair { name, before: self.before.clone(), after });
    }

    /// The same template, written by another program: nothing changes.
    fn as_it_is(&mut self) {
        let after = Version::new(self.template.to_text(), self.before.parameters.clone());
        let name = format!("{}: written again", self.stack);
        self.pairs.push(Pair { name, before: self.before.clone(), after });
    }

    fn properties(&mut self, id: &str, resource: &Resource, seen: &mut Seen) {
        for (name, value) in &resource.properties {
            let Some(changed) = other(value) else { continue };
            if seen.first("property", &resource.kind, name) {
                self.push(&format!("{} of {id} changes", name), |template| {
                    template.resources[id].properties.insert(name.clone(), changed);
                });
            }
        }
        let last = resource.properties.keys().next_back().cloned();
        if let Some(name) = last.filter(|name| seen.first("absent", &resource.kind, name)) {
            self.push(&format!("{name} of {id} goes"), |template| {
                template.resources[id].properties.shift_remove(&name);
            });
        }
    }

    fn parts(&mut self, id: &str, resource: &Resource, seen: &mut Seen) {
        if seen.first("part", "", &resource.kind) {
            let keep = match resource.deletion_policy {
                Some(DeletionPolicy::Retain) => DeletionPolicy::Delete,
                _ => DeletionPolicy::Retain,
            };
            self.push(&format!("what becomes of {id} changes"), |template| {
                let changed = &mut template.resources[id];
                changed.metadata = json!({ "Reviewed": "yes" });
                changed.deletion_policy = Some(keep.clone());
                changed.update_replace_policy = Some(keep);
            });
        }
    }

    /// It goes, where nothing refers to it.
    fn presence(&mut self, id: &str, resource: &Resource, seen: &mut Seen) {
        let text = self.before.text.matches(id).count();
        if text == 1 && self.template.resources.len() > 1 && seen.first("presence", &resource.kind, "") {
            self.push(&format!("{id} goes"), |template| {
                template.resources.shift_remove(id);
            });
            self.push(&format!("{id} is called otherwise"), |template| {
                if let Some(resource) = template.resources.shift_remove(id) {
                    template.resources.insert(format!("{id}Anew"), resource);
                }
            });
        }
    }

    fn parameter(&mut self, name: &str, declared: &ParameterDeclaration) {
        let (old, new) = (sample(name, declared, 0), sample(name, declared, 1));
        if old != new {
            let mut after = self.before.clone();
            after.parameters.insert(name.to_owned(), new);
            let name = format!("{}: parameter {name} changes", self.stack);
            self.pairs.push(Pair { name, before: self.before.clone(), after });
        }
    }
}

/// The value with its first literal changed; `None` where functions make all of it.
fn other(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(value) => Some(json!(!value)),
        Value::Number(number) => number.as_i64().map(|number| json!(number + 1)),
        Value::String(text) => Some(json!(format!("{text}-x"))),
        Value::Array(items) => {
            let (at, changed) = items.iter().enumerate().find_map(|(at, item)| Some((at, other(item)?)))?;
            let items = items.iter().enumerate();
            Some(
                items.map(|(index, item)| if index == at { changed.clone() } else { item.clone() }).collect(),
            )
        }
        Value::Object(map) if map.keys().any(|key| key == "Ref" || key.starts_with("Fn::")) => None,
        Value::Object(map) => {
            let (key, changed) = map.iter().find_map(|(key, value)| Some((key, other(value)?)))?;
            let mut map = map.clone();
            map.insert(key.clone(), changed);
            Some(Value::Object(map))
        }
        Value::Null => None,
    }
}

/// A value that the parameter's declaration allows: the first or the second.
fn sample(name: &str, declared: &ParameterDeclaration, which: usize) -> String {
    if let Some(allowed) = declared.allowed_values.get(which).or(declared.allowed_values.first()) {
        return allowed.clone();
    }
    let default = declared.default.clone().filter(|_| which == 0);
    let kind = declared.kind.trim_start_matches("List<").trim_end_matches('>');
    default.unwrap_or_else(|| match kind {
        "Number" => (which + 1).to_string(),
        "AWS::EC2::VPC::Id" => format!("vpc-0a1b2c3{which}"),
        "AWS::EC2::Subnet::Id" => format!("subnet-0a1b2c3{which},subnet-0d4e5f6{which}"),
        "AWS::EC2::SecurityGroup::Id" => format!("sg-0a1b2c3{which}"),
        "AWS::EC2::Image::Id" => format!("ami-0a1b2c3{which}"),
        _ => format!("{}-{which}", name.to_lowercase()),
    })
}

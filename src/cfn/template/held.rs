//! A template in which some resources stay as they are deployed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Resource, Template};

impl Template {
    /// This template with those resources as `deployed` has them, and with the deployed parameters, conditions and
    /// mappings that they name.
    ///
    /// A parameter that both have keeps this template's declaration. A condition or mapping that both have but
    /// differently is taken over as `Deployed<Name>`, so that nothing else here changes its meaning. Resources that
    /// `deployed` does not have stay as they are here.
    #[must_use]
    pub fn with_held(&self, deployed: &Self, ids: &[&str]) -> Self {
        let mut template = self.clone();
        let held: Vec<_> = ids.iter().filter_map(|id| deployed.resources.get_key_value(*id)).collect();
        let mut needed = BTreeSet::new();
        held.iter().for_each(|(_, resource)| needed.extend(resource_names(resource)));
        let needed = deployed.closure(needed);
        let renamed = self.conflicts(deployed, &needed);
        for (id, resource) in held {
            template.resources.insert(id.clone(), rename_resource(resource, &renamed));
        }
        for name in &needed {
            template.take(deployed, name, &renamed);
        }
        template
    }

    /// The parameters that those resources take values from, also by way of conditions. What is held keeps its
    /// values only when these keep theirs.
    pub fn parameters_of(&self, ids: &[&str]) -> BTreeSet<String> {
        let resources = ids.iter().filter_map(|id| self.resources.get(*id));
        let names = self.closure(resources.flat_map(resource_names).collect());
        names.into_iter().filter(|name| self.parameters.contains_key(name)).collect()
    }

    /// The names, and what the conditions among them name in turn.
    fn closure(&self, mut names: BTreeSet<String>) -> BTreeSet<String> {
        loop {
            let before = names.len();
            let conditions = names.iter().filter_map(|name| self.conditions.get(name));
            let further: Vec<_> = conditions.flat_map(value_names).collect();
            names.extend(further);
            if names.len() == before {
                return names;
            }
        }
    }

    /// Conditions and mappings that mean something else here than in `deployed`, also by what they name.
    fn conflicts(&self, deployed: &Self, needed: &BTreeSet<String>) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        loop {
            let differs = |name: &&String| {
                let (ours, theirs) = (self.conditions.get(*name), deployed.conditions.get(*name));
                let condition = ours.zip(theirs).is_some_and(|(ours, theirs)| {
                    ours != theirs || value_names(theirs).iter().any(|name| found.contains(name))
                });
                let mappings = self.mappings.get(*name).zip(deployed.mappings.get(*name));
                condition || mappings.is_some_and(|(ours, theirs)| ours != theirs)
            };
            let next: BTreeSet<String> = needed.iter().filter(differs).cloned().collect();
            if next == found {
                return found;
            }
            found = next;
        }
    }

    fn take(&mut self, deployed: &Self, name: &str, renamed: &BTreeSet<String>) {
        if let Some(parameter) = deployed.parameters.get(name) {
            self.parameters.entry(name.to_owned()).or_insert_with(|| parameter.clone());
        }
        if let Some(condition) = deployed.conditions.get(name) {
            let condition = rename_value(condition, renamed);
            self.conditions.entry(new_name(name, renamed)).or_insert(condition);
        }
        if let Some(mapping) = deployed.mappings.get(name) {
            self.mappings.entry(new_name(name, renamed)).or_insert_with(|| mapping.clone());
        }
    }
}

fn resource_names(resource: &Resource) -> BTreeSet<String> {
    let parts = [&resource.update_policy, &resource.creation_policy, &resource.metadata];
    let mut found: BTreeSet<String> = resource.condition.iter().cloned().collect();
    found.extend(parts.into_iter().chain(resource.properties.values()).flat_map(value_names));
    found
}

/// Whatever may be a name: any text, and what stands in `${…}`. One that is none finds nothing and costs nothing.
fn value_names(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.values().for_each(|inner| collect(inner, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::String(text) => {
            let names = std::iter::once(text.as_str()).chain(names_in(text));
            found.extend(names.filter_map(|name| name.split('.').next()).map(str::to_owned));
        }
        _ => {}
    }
}

/// What `Fn::Sub` fills into a text: `Name` and `Resource.Attribute`, without blanks around them and without `${!…}`.
pub fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("${").skip(1).filter_map(|part| Some(part.split_once('}')?.0.trim()));
    names.filter(|name| !name.starts_with('!'))
}

fn new_name(name: &str, renamed: &BTreeSet<String>) -> String {
    if renamed.contains(name) { format!("Deployed{name}") } else { name.to_owned() }
}

fn rename_resource(resource: &Resource, renamed: &BTreeSet<String>) -> Resource {
    if renamed.is_empty() {
        return resource.clone();
    }
    let properties = resource.properties.iter();
    Resource {
        condition: resource.condition.as_ref().map(|name| new_name(name, renamed)),
        properties: properties.map(|(key, value)| (key.clone(), rename_value(value, renamed))).collect(),
        update_policy: rename_value(&resource.update_policy, renamed),
        creation_policy: rename_value(&resource.creation_policy, renamed),
        metadata: rename_value(&resource.metadata, renamed),
        ..resource.clone()
    }
}

/// The value with the names of conditions and mappings replaced where functions take them.
fn rename_value(value: &Value, renamed: &BTreeSet<String>) -> Value {
    match value {
        Value::Object(map) => {
            let rename = |(key, inner): (&String, &Value)| {
                let mut inner = rename_value(inner, renamed);
                let name = match key.as_str() {
                    "Condition" => Some(&mut inner),
                    "Fn::If" | "Fn::FindInMap" => inner.get_mut(0),
                    _ => None,
                };
                if let Some(Value::String(name)) = name {
                    *name = new_name(name, renamed);
                }
                (key.clone(), inner)
            };
            Value::Object(map.iter().map(rename).collect())
        }
        Value::Array(items) => items.iter().map(|item| rename_value(item, renamed)).collect(),
        other => other.clone(),
    }
}

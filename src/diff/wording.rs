//! What a template says otherwise without changing anything that is deployed: `DependsOn`, descriptions, declarations of
//! parameters, and how conditions are written. An update of these alone is no update; the next one takes them along.
//! <https://github.com/aws/aws-cdk/issues/21496>

use indexmap::IndexMap;

use crate::cfn::{Effective, Output, ParameterDeclaration, Resource, Template};

use super::compare::compare;
use super::{Certainty, Path, ValueChange};

/// What is written otherwise, by place: `Resources.Group.DependsOn`.
pub(super) fn wording(before: &Template, after: &Template) -> Vec<ValueChange> {
    let mut changes = dependencies(before, after);
    let (old, new) = (outline(before, after).to_value(), outline(after, before).to_value());
    let found = compare(Some(&Effective::from(&old)), Some(&Effective::from(&new)), &Path::default());
    changes.extend(found.into_iter().map(|found| changed(found.path.to_string(), found.before, found.after)));
    changes
}

fn changed(name: String, before: Option<Effective>, after: Option<Effective>) -> ValueChange {
    ValueChange { name, before, after, certainty: Certainty::Certain }
}

/// `DependsOn` of the resources that both have, as one text: its order means nothing.
fn dependencies(before: &Template, after: &Template) -> Vec<ValueChange> {
    let text = |resource: &Resource| {
        let mut names: Vec<&str> = resource.depends_on.iter().map(String::as_str).collect();
        names.sort_unstable();
        (!names.is_empty()).then(|| Effective::text(names.join(", ")))
    };
    let both = after.resources.iter().filter_map(|(id, new)| Some((id, before.resources.get(id)?, new)));
    let texts = both.map(|(id, old, new)| (id, text(old), text(new)));
    let differing = texts.filter(|(_, old, new)| old != new);
    differing.map(|(id, old, new)| changed(format!("Resources.{id}.DependsOn"), old, new)).collect()
}

/// What the other template has as well, without all that is compared by the values it comes to.
fn outline(template: &Template, other: &Template) -> Template {
    let resource = |it: &Resource| Resource {
        condition: it.condition.clone(),
        version: it.version.clone(),
        ..Resource::default()
    };
    let output = |it: &Output| Output {
        description: it.description.clone(),
        condition: it.condition.clone(),
        ..Output::default()
    };
    let parameter = |it: &ParameterDeclaration| ParameterDeclaration { default: None, ..it.clone() };
    Template {
        description: template.description.clone(),
        metadata: template.metadata.clone(),
        mappings: template.mappings.clone(),
        rules: template.rules.clone(),
        hooks: template.hooks.clone(),
        transform: template.transform.clone(),
        parameters: common(&template.parameters, &other.parameters, parameter),
        conditions: common(&template.conditions, &other.conditions, Clone::clone),
        resources: common(&template.resources, &other.resources, resource),
        outputs: common(&template.outputs, &other.outputs, output),
        ..Template::default()
    }
}

/// The entries that both have; what comes and goes is a change of its own.
fn common<T>(
    entries: &IndexMap<String, T>,
    other: &IndexMap<String, T>,
    keep: impl Fn(&T) -> T,
) -> IndexMap<String, T> {
    let both = entries.iter().filter(|(name, _)| other.contains_key(*name));
    both.map(|(name, entry)| (name.clone(), keep(entry))).collect()
}

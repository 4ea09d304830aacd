//! Names that are taken: a new resource is made before the old one goes, so both cannot have the same name.

use std::collections::BTreeMap;

use crate::cfn::{EvaluatedResource, Evaluation, Problem, name_property};

use super::{Certainty, Change, ResourceDiff};

/// What an update refuses because a name is taken.
pub(super) fn problems(resources: &[ResourceDiff], before: &Evaluation, after: &Evaluation) -> Vec<Problem> {
    let mut gone = Gone::new();
    for it in resources.iter().filter(|it| it.change == Change::Remove) {
        let old = before.resources.get(&it.logical_id);
        if let Some((old, (property, name))) = old.and_then(|old| Some((old, name(old)?))) {
            gone.entry((&old.kind, property, name)).or_insert(&it.logical_id);
        }
    }
    resources.iter().filter_map(|it| problem(it, &gone, before, after)).collect()
}

/// The first removed resource of each type, naming property and name.
type Gone<'a> = BTreeMap<(&'a str, &'static str, String), &'a str>;

fn problem(it: &ResourceDiff, gone: &Gone<'_>, before: &Evaluation, after: &Evaluation) -> Option<Problem> {
    let id = &it.logical_id;
    let (property, name) = name(after.resources.get(id)?)?;
    let message = match it.change {
        Change::Replace if it.certainty == Certainty::Certain => {
            (self::name(before.resources.get(id)?)? == (property, name.clone())).then(|| {
                format!(
                    "`{id}` is replaced and keeps the name `{name}`, which an update refuses: give it another \
                     `{property}`"
                )
            })
        }
        Change::Add => gone.get(&(it.resource_type.as_str(), property, name.clone())).map(|gone| {
            format!(
                "`{id}` is made while `{gone}` still has the name `{name}`: give it another `{property}`, or remove \
                 `{gone}` first"
            )
        }),
        _ => None,
    };
    message.map(|message| Problem { pointer: crate::source::pointer(["Resources", id]), message })
}

/// The property that names a resource, and the name that the template gives. What has a version beside its name, as
/// components of images do, is another one with each.
fn name(resource: &EvaluatedResource) -> Option<(&'static str, String)> {
    if resource.kind.starts_with("AWS::ImageBuilder::") && resource.properties.contains_key("Version") {
        return None;
    }
    let property = name_property(&resource.kind)?;
    Some((property, resource.properties.get(property)?.as_text()?))
}

//! Names that are taken: a new resource is made before the old one goes, so both cannot have the same name.

use crate::cfn::{EvaluatedResource, Evaluation, Problem, name_property};

use super::{Certainty, Change, ResourceDiff};

/// What an update refuses because a name is taken.
pub(super) fn problems(resources: &[ResourceDiff], before: &Evaluation, after: &Evaluation) -> Vec<Problem> {
    resources.iter().filter_map(|it| problem(it, resources, before, after)).collect()
}

fn problem(
    it: &ResourceDiff,
    all: &[ResourceDiff],
    before: &Evaluation,
    after: &Evaluation,
) -> Option<Problem> {
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
        Change::Add => {
            let same = |gone: &&ResourceDiff| {
                let old = before.resources.get(&gone.logical_id).filter(|old| old.kind == it.resource_type);
                gone.change == Change::Remove && old.and_then(self::name) == Some((property, name.clone()))
            };
            all.iter().find(same).map(|gone| {
                format!(
                    "`{id}` is made while `{}` still has the name `{name}`: give it another `{property}`, or remove \
                     `{}` first",
                    gone.logical_id, gone.logical_id
                )
            })
        }
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

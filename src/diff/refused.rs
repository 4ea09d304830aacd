//! What an update of the stack refuses, whatever else it would do.

use crate::cfn::{Evaluation, Problem, is_custom};

use super::{Certainty, Change, ResourceDiff, namesake};

/// What CloudFormation would refuse of this update.
pub(super) fn refused(before: &Evaluation, after: &Evaluation, resources: &[ResourceDiff]) -> Vec<Problem> {
    let now: Vec<&ResourceDiff> = resources.iter().filter(|it| it.held.is_none()).collect();
    let retyped = retyped(before, after);
    let handed = now.iter().filter_map(|it| handed_on(it));
    retyped.into_iter().chain(handed).chain(namesake::problems(&now, before, after)).collect()
}

/// Logical ids that become another type.
fn retyped(before: &Evaluation, after: &Evaluation) -> Vec<Problem> {
    let retyped = after.resources.iter().filter_map(|(id, resource)| {
        let old = before.resources.get(id).filter(|old| old.kind != resource.kind)?;
        let message = format!(
            "`{id}` becomes {} and was {}, which an update refuses: give it another logical id",
            resource.kind, old.kind
        );
        Some(problem(id, message))
    });
    retyped.collect()
}

/// A custom resource that another function is to look after.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>
fn handed_on(resource: &ResourceDiff) -> Option<Problem> {
    let stays = !matches!(resource.change, Change::Add | Change::Remove);
    let mut properties = resource.properties.iter();
    let moves =
        properties.any(|it| it.path.property() == "ServiceToken" && it.certainty == Certainty::Certain);
    let id = &resource.logical_id;
    (stays && moves && is_custom(&resource.resource_type)).then(|| {
        let message = format!(
            "`{id}` gets another `ServiceToken`, which an update refuses: give it another logical id, or keep the function"
        );
        problem(id, message)
    })
}

pub(super) fn problem(id: &str, message: String) -> Problem {
    Problem { pointer: crate::source::pointer(["Resources", id]), message }
}

//! Lists that have no order, written in another one. It changes nothing that is deployed, so it is no change of its own,
//! and CloudFormation takes it along with the next change of the stack: by what is written it may call a resource changed,
//! or even replace it.

use crate::cfn::Effective;

use super::{Cause, Certainty, PropertyChange, ResourceDiff, StackDiff, UnchangedResource, ValueChange};

/// What is written in another order, by place. What CloudFormation may replace for it is told as a change.
pub(super) fn wording(resources: &[ResourceDiff], unchanged: &[UnchangedResource]) -> Vec<ValueChange> {
    let happening = resources.iter().filter(|it| it.held.is_none());
    let beside = happening.flat_map(|it| {
        let told = |list: &&String| it.properties.iter().any(|change| change.path.property() == *list);
        it.reordered.iter().filter(move |list| !told(list)).map(|list| (&it.logical_id, list))
    });
    let alone = unchanged.iter().flat_map(|it| it.reordered.iter().map(|list| (&it.logical_id, list)));
    beside.chain(alone).map(|(id, list)| line(id, list, "another, which means nothing")).collect()
}

fn line(id: &str, list: &str, after: &str) -> ValueChange {
    ValueChange {
        name: format!("Resources.{id}.{list}"),
        before: Some(Effective::text("one order")),
        after: Some(Effective::text(after)),
        certainty: Certainty::Certain,
    }
}

impl StackDiff {
    /// This diff, without changes where an order that means nothing is all that there is.
    #[must_use]
    pub fn without_order_alone(self) -> Self {
        let values = [&self.parameters, &self.tags].into_iter().all(Vec::is_empty);
        let outputs = self.outputs.iter().all(|it| it.certainty == Certainty::Possible);
        let exists = !self.is_new && !self.is_removed && self.text.is_none();
        let happening = || self.resources.iter().filter(|it| it.held.is_none());
        let is_reordered = happening().any(|it| !it.reordered.is_empty());
        if !(values && outputs && exists && is_reordered && happening().all(is_order_alone)) {
            return self;
        }
        let (held, happening): (Vec<_>, Vec<_>) =
            self.resources.into_iter().partition(|it| it.held.is_some());
        let after = "another, for which CloudFormation may replace it";
        let lines =
            happening.iter().flat_map(|it| it.reordered.iter().map(|list| line(&it.logical_id, list, after)));
        let wording = self.wording.into_iter().chain(lines).collect();
        Self { resources: held, wording, named: Vec::new(), outputs: Vec::new(), ..self }
    }
}

/// Its own order, or that of what it refers to.
fn is_order_alone(resource: &ResourceDiff) -> bool {
    let of_order =
        |change: &PropertyChange| resource.reordered.iter().any(|list| list == change.path.property());
    let follows = |change: &PropertyChange| {
        !change.causes.is_empty() && change.causes.iter().all(|cause| !matches!(cause, Cause::Parameter(_)))
    };
    let mut changes = resource.properties.iter();
    resource.certainty == Certainty::Possible && changes.all(|change| of_order(change) || follows(change))
}

//! What of a plan stops users or loses data. It is never done by agreeing to the plan as a whole: it is asked for by name.

use crate::cfn::{Action, PolicyAction, Replacement, ResourceChange, carries_requests, holds_data};

use super::PlannedStack;

/// A resource whose removal or replacement is felt by users, or takes data with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Name of the stack, `idhub-40-prod-load-balancer`.
    pub stack: String,
    /// Name in the template.
    pub logical_id: String,
    /// Such as `AWS::ElasticLoadBalancingV2::LoadBalancer`.
    pub resource_type: String,
    /// What happens to it.
    pub ends: Ending,
    /// What that costs.
    pub costs: Cost,
}

/// How a resource ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It leaves the stack and is deleted.
    Removed,
    /// A new one takes its place.
    Replaced,
    /// Whether a new one takes its place depends on values.
    MayBeReplaced,
}

/// What the end of a resource costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Requests are cut off, and what comes after has another address.
    Requests,
    /// Its data is gone with it.
    Data,
}

impl Loss {
    /// How a person names it: `stack/LogicalId`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.stack, self.logical_id)
    }

    /// In words: what happens to what, and what that costs.
    pub fn words(&self) -> String {
        let ends = match self.ends {
            Ending::Removed => "would be removed",
            Ending::Replaced => "would be replaced",
            Ending::MayBeReplaced => "may be replaced",
        };
        let costs = match (self.costs, self.ends) {
            (Cost::Requests, Ending::Removed) => "requests through it are cut off",
            (Cost::Requests, _) => "requests are cut off, and the new one has another address",
            (Cost::Data, _) => "its data is gone with it",
        };
        format!("{} ({}) {ends}: {costs}", self.name(), self.resource_type)
    }
}

impl Loss {
    /// How the same is done without the loss.
    pub fn safely(&self) -> String {
        match (self.costs, self.resource_type.as_str()) {
            (Cost::Data, _) => "to keep it, deploy `DeletionPolicy` and `UpdateReplacePolicy: Retain` (or `Snapshot`) first, \
                                and then this"
                .to_owned(),
            (Cost::Requests, "AWS::Route53::RecordSet" | "AWS::Route53::HostedZone") => {
                "to keep answering, add the new name beside it, and remove this one when nobody asks for it any more".to_owned()
            }
            (Cost::Requests, _) => "to keep answering, make the new one beside it under another name, move users there (its \
                                    DNS record, say), and remove this one when nobody comes through it any more"
                .to_owned(),
        }
    }
}

/// All that those stacks' changes would lose, in their order.
pub fn losses<'a>(stacks: impl IntoIterator<Item = &'a PlannedStack>) -> Vec<Loss> {
    let each =
        |stack: &'a PlannedStack| stack.predicted.iter().filter_map(move |change| loss(&stack.name, change));
    stacks.into_iter().flat_map(each).collect()
}

const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";

fn loss(stack: &str, change: &ResourceChange) -> Option<Loss> {
    let ends = match (&change.action, &change.replacement) {
        (Action::Remove, _) => Ending::Removed,
        (Action::Modify, Replacement::Always) => Ending::Replaced,
        (Action::Modify, Replacement::Conditional) => Ending::MayBeReplaced,
        _ => return None,
    };
    // Where nothing is said of the old one it is deleted: that is CloudFormation's default.
    let kept = !matches!(
        change.policy_action,
        None | Some(PolicyAction::Delete | PolicyAction::ReplaceAndDelete | PolicyAction::Unknown(_))
    );
    let costs = match ends {
        _ if holds_data(&change.resource_type) && !kept => Cost::Data,
        // What is kept goes on answering; one that is replaced does not, since everything points to the new one.
        Ending::Removed if kept => return None,
        // Another version of its launch template is told so, and never replaces a group.
        Ending::MayBeReplaced if change.resource_type == GROUP => return None,
        _ if carries_requests(&change.resource_type) => Cost::Requests,
        _ => return None,
    };
    Some(Loss {
        stack: stack.to_owned(),
        logical_id: change.logical_id.clone(),
        resource_type: change.resource_type.clone(),
        ends,
        costs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(
        kind: &str,
        action: Action,
        replacement: Replacement,
        policy: Option<PolicyAction>,
    ) -> ResourceChange {
        ResourceChange {
            action,
            logical_id: "It".to_owned(),
            physical_id: None,
            resource_type: kind.to_owned(),
            replacement,
            scope: Vec::new(),
            policy_action: policy,
            details: Vec::new(),
        }
    }

    #[test]
    fn what_stops_users_and_what_loses_data() {
        use PolicyAction::{Delete, ReplaceAndDelete, ReplaceAndRetain, Retain, Snapshot};
        const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
        const TABLE: &str = "AWS::DynamoDB::Table";
        let cases = [
            (
                change(BALANCER, Action::Modify, Replacement::Always, Some(ReplaceAndDelete)),
                "would be replaced: requests are cut off, and the new one has another address",
            ),
            (
                change(BALANCER, Action::Modify, Replacement::Always, Some(ReplaceAndRetain)),
                "would be replaced: requests are cut off, and the new one has another address",
            ),
            (
                change(BALANCER, Action::Modify, Replacement::Conditional, None),
                "may be replaced: requests are cut off, and the new one has another address",
            ),
            (change(BALANCER, Action::Modify, Replacement::Never, None), ""),
            (change(GROUP, Action::Modify, Replacement::Conditional, None), ""),
            (change(BALANCER, Action::Add, Replacement::Never, None), ""),
            (
                change(BALANCER, Action::Remove, Replacement::Never, Some(Delete)),
                "would be removed: requests through it are cut off",
            ),
            (change(BALANCER, Action::Remove, Replacement::Never, Some(Retain)), ""),
            (
                change(TABLE, Action::Remove, Replacement::Never, None),
                "would be removed: its data is gone with it",
            ),
            (change(TABLE, Action::Remove, Replacement::Never, Some(Snapshot)), ""),
            (
                change(TABLE, Action::Modify, Replacement::Always, Some(ReplaceAndDelete)),
                "would be replaced: its data is gone with it",
            ),
            (change(TABLE, Action::Modify, Replacement::Always, Some(ReplaceAndRetain)), ""),
            (change("AWS::SNS::Topic", Action::Remove, Replacement::Never, Some(Delete)), ""),
        ];
        for (change, expected) in cases {
            let told = loss("poc", &change).map_or_else(String::new, |loss| loss.words());
            let told = told.split_once(") ").map_or("", |(_, words)| words);
            assert_eq!(told, expected, "{change:?}");
        }
    }
}

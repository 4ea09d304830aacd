//! What a phase parameter is when no phase moves it.

use crate::cfn::Stack;
use crate::model::Slot;
use crate::stacks::names;

/// The value a phase parameter has outside phases: what is deployed. One that is new to a deployed stack gets what it
/// is created with, but for a new cohort's weight: that begins as everyone's, wherever everyone is now.
pub fn phase_value(name: &str, bootstrap: &str, deployed: Option<&Stack>) -> String {
    let everyone = Slot::ALL.map(names::weight).into_iter().find(|weight| name.ends_with(weight.as_str()));
    let kept = deployed.and_then(|stack| stack.parameter(name));
    let as_everyone = || deployed?.parameter(&everyone?);
    kept.or_else(as_everyone).unwrap_or(bootstrap).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::{RollbackConfiguration, StackParameter, StackStatus};

    #[test]
    fn a_new_cohort_begins_where_everyone_is() {
        let parameter = |value: &str| StackParameter { value: value.to_owned(), resolved: None };
        let stack = Stack {
            id: "arn".to_owned(),
            name: "poc-poc-web-traffic".to_owned(),
            status: StackStatus::UpdateComplete,
            status_reason: None,
            parameters: [("BlueWeight", "0"), ("GreenWeight", "100"), ("PilotBlueWeight", "40")]
                .map(|(name, value)| (name.to_owned(), parameter(value)))
                .into(),
            outputs: Default::default(),
            tags: Default::default(),
            notification_topics: Vec::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            updated: None,
            last_operation: None,
            role_arn: None,
            termination_protection: false,
            rollback_configuration: RollbackConfiguration::default(),
        };
        let cases = [
            ("PilotBlueWeight", "100", Some(&stack), "40"),
            ("OfficeBlueWeight", "100", Some(&stack), "0"),
            ("OfficeGreenWeight", "0", Some(&stack), "100"),
            ("StickinessSeconds", "0", Some(&stack), "0"),
            ("BlueWeight", "100", None, "100"),
        ];
        for (name, bootstrap, deployed, expected) in cases {
            assert_eq!(phase_value(name, bootstrap, deployed), expected, "{name}");
        }
    }
}

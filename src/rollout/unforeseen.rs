//! What nobody could see in the plan: macros rewrite a template where only CloudFormation sees what comes of it. Once the
//! change set tells, it is judged a second time, and what would remove or replace something is left to a person.

use serde_json::json;

use crate::cfn::{Action, Replacement, ResourceChange};
use crate::plan::{digest_of, grouped, is_digest};

/// A change set that a person must look at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What it removes or may replace, a phrase each.
    pub severe: Vec<String>,
    /// Names exactly these changes: who gives it agrees to them and to no others.
    pub digest: String,
}

/// What a person must agree to; `None` where nothing is lost, or where somebody agreed to exactly this.
pub fn question(changes: &[ResourceChange], agreed: &[String]) -> Option<Question> {
    let severe: Vec<String> = changes.iter().filter_map(severe).collect();
    let digest = digest(changes);
    let is_agreed = agreed.iter().any(|given| is_digest(given, &digest) == Ok(true));
    (!severe.is_empty() && !is_agreed).then(|| Question { severe, digest: grouped(&digest) })
}

/// What is not known to be harmless is severe.
fn severe(change: &ResourceChange) -> Option<String> {
    let what = match (&change.action, &change.replacement) {
        (Action::Add, _) | (Action::Modify, Replacement::Never) => return None,
        (Action::Modify, Replacement::Always) => "replaces",
        (Action::Modify, _) => "may replace",
        (Action::Remove, _) => "removes",
        (other, _) => return Some(format!("{other} {} ({})", change.logical_id, change.resource_type)),
    };
    Some(format!("{what} {} ({})", change.logical_id, change.resource_type))
}

/// Of all that the change set says, in whatever order it says it.
fn digest(changes: &[ResourceChange]) -> String {
    let text = |change: &ResourceChange| {
        let mut change = change.clone();
        change.details.sort_by_cached_key(|detail| format!("{detail:?}"));
        json!(change).to_string()
    };
    let mut lines: Vec<String> = changes.iter().map(text).collect();
    lines.sort();
    digest_of("asagi unforeseen changes", &json!(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(action: Action, replacement: Replacement) -> ResourceChange {
        ResourceChange {
            action,
            logical_id: "Topic".to_owned(),
            physical_id: None,
            resource_type: "AWS::SNS::Topic".to_owned(),
            replacement,
            scope: Vec::new(),
            policy_action: None,
            details: Vec::new(),
        }
    }

    #[test]
    fn only_what_loses_nothing_needs_nobody() {
        let cases = [
            (Action::Add, Replacement::Never, None),
            (Action::Modify, Replacement::Never, None),
            (Action::Modify, Replacement::Conditional, Some("may replace Topic (AWS::SNS::Topic)")),
            (Action::Modify, Replacement::Always, Some("replaces Topic (AWS::SNS::Topic)")),
            (Action::Remove, Replacement::Never, Some("removes Topic (AWS::SNS::Topic)")),
            (Action::Dynamic, Replacement::Never, Some("Dynamic Topic (AWS::SNS::Topic)")),
            (Action::Unknown("Swap".to_owned()), Replacement::Never, Some("Swap Topic (AWS::SNS::Topic)")),
        ];
        for (action, replacement, expected) in cases {
            let asked = question(&[change(action, replacement)], &[]);
            assert_eq!(asked.and_then(|it| it.severe.into_iter().next()).as_deref(), expected);
        }
    }

    #[test]
    fn who_agreed_to_some_changes_has_not_agreed_to_others() {
        let removed = change(Action::Remove, Replacement::Never);
        let asked = question(std::slice::from_ref(&removed), &[]).unwrap();
        assert_eq!(question(std::slice::from_ref(&removed), std::slice::from_ref(&asked.digest)), None);
        let more = [removed, change(Action::Add, Replacement::Never)];
        assert!(question(&more, &[asked.digest]).is_some());
    }
}

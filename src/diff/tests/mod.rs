//! Templates before and after beside what the diff says of them.

mod apart;
mod arguments;
mod elsewhere;
mod held;
mod refused;
mod replacement;
mod screens;
mod secrets;
mod values;
mod within;
mod wording;

use indexmap::IndexMap;

use super::{Side, StackDiff, diff_stack, render};
use crate::cfn::{Effective, Surroundings, Template};

/// A side without an account; parameters as `Name=value`.
fn side(text: &str, parameters: &[&str]) -> Side {
    let pairs = parameters.iter().filter_map(|pair| pair.split_once('='));
    Side {
        template: Template::parse(text).unwrap_or_else(|error| panic!("{}: {error}", error.pointer)),
        parameters: pairs.map(|(name, value)| (name.to_owned(), Effective::text(value))).collect(),
        surroundings: Surroundings {
            account: "123456789012".to_owned(),
            region: "ap-northeast-1".to_owned(),
            stack_name: "idhub-prod-web".to_owned(),
            ..Surroundings::default()
        },
        ..Side::default()
    }
}

/// As deployed, with physical ids `phys-LogicalId`.
fn deployed(text: &str, parameters: &[&str]) -> Side {
    let side = side(text, parameters);
    let ids = side.template.resources.keys().map(|id| (id.clone(), format!("phys-{id}")));
    let physical_ids: IndexMap<_, _> = ids.collect();
    Side { physical_ids, ..side }
}

fn human(diff: &StackDiff) -> String {
    render::human(std::slice::from_ref(diff), &render::Palette::plain()).as_str().to_owned()
}

fn diff(before: &str, after: &str) -> StackDiff {
    diff_stack(&side(after, &[]), Some(&deployed(before, &[])))
}

/// CloudFormation's words for it, a line a detail.
fn predicted(diff: &StackDiff) -> String {
    let mut lines = Vec::new();
    for change in diff.predicted() {
        let policy = change.policy_action.map(|policy| format!(" {policy}")).unwrap_or_default();
        lines.push(format!("{} {} {}{policy}", change.action, change.logical_id, change.replacement));
        for detail in change.details {
            let property = detail.property.unwrap_or_default();
            let cause = detail.causing_entity.map(|cause| format!(" by {cause}")).unwrap_or_default();
            lines.push(format!("  {} {property} {}{cause}", detail.scope, detail.recreation));
        }
    }
    lines.join("\n")
}

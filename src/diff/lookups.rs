//! Dynamic references: their text is compared, and their value may have moved behind it.
//!
//! CloudFormation looks none of them up for a change set. It does when it updates the resource that has them.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>

use std::collections::BTreeSet;

use crate::cfn::{Effective, EvaluatedResource};

const OPEN: &str = "{{resolve:";
const CLOSE: &str = "}}";

/// The references without a version that a resource has before and after, each once.
pub(super) fn kept(before: &EvaluatedResource, after: &EvaluatedResource) -> Vec<String> {
    let [before, after] = [before, after].map(|resource| {
        let mut found = BTreeSet::new();
        resource.properties.values().for_each(|value| collect(value, &mut found));
        found
    });
    after.intersection(&before).filter(|reference| moves(reference)).cloned().collect()
}

fn collect(value: &Effective, found: &mut BTreeSet<String>) {
    match value {
        Effective::Unknown(unknown) => found.extend(in_text(&unknown.text)),
        Effective::List(items) => items.iter().for_each(|item| collect(item, found)),
        Effective::Map(map) => map.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn in_text(text: &str) -> impl Iterator<Item = String> {
    let references = text.split(OPEN).skip(1).filter_map(|rest| rest.split_once(CLOSE));
    references.map(|(inside, _)| format!("{OPEN}{inside}{CLOSE}"))
}

/// It names no version: a number of a parameter, the id of a secret's version.
fn moves(reference: &str) -> bool {
    let inside = reference.trim_start_matches(OPEN).trim_end_matches(CLOSE);
    let last = inside.rsplit(':').next().unwrap_or_default();
    let is_version = match inside.starts_with("secretsmanager:") {
        true => last.len() >= 32 && last.chars().all(|it| it.is_ascii_hexdigit() || it == '-'),
        false => !last.is_empty() && last.chars().all(|it| it.is_ascii_digit()),
    };
    !is_version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_version_never_moves() {
        for (reference, expected) in [
            ("{{resolve:ssm:/shop/name}}", true),
            ("{{resolve:ssm:/shop/name:3}}", false),
            ("{{resolve:ssm-secure:/shop/name}}", true),
            ("{{resolve:ssm-secure:/shop/name:12}}", false),
            ("{{resolve:secretsmanager:db}}", true),
            ("{{resolve:secretsmanager:db:SecretString:password}}", true),
            ("{{resolve:secretsmanager:db:SecretString:password:AWSCURRENT}}", true),
            (
                "{{resolve:secretsmanager:db:SecretString:password::1f0c9e7d-5e0a-4c5b-bb55-1c2f4b7b9e03}}",
                false,
            ),
        ] {
            assert_eq!(moves(reference), expected, "{reference}");
        }
    }

    #[test]
    fn each_is_found_in_its_text() {
        let found: Vec<_> = in_text("a {{resolve:ssm:/a}}{{resolve:ssm:/b}} {{resolve:open").collect();
        assert_eq!(found, ["{{resolve:ssm:/a}}", "{{resolve:ssm:/b}}"]);
    }
}

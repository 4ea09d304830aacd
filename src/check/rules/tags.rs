//! ASG0323: tags that AWS refuses.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::source::pointer;

const CODE: Code = Code::new("ASG0323");

/// Tags of a stack, less the few asagi adds. <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html>
const TAGS: usize = 45;
const KEY: usize = 128;
const VALUE: usize = 256;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a tag that AWS refuses",
    severity: &[Severity::Error],
    docs: "Keys have at most 128 characters and do not begin with `aws:`, values have 1 to 256, and a stack has at most \
           50 tags, of which asagi keeps five for its own.",
    fails: "tags: { \"aws:owner\": idhub }\n",
    mended: "tags: { owner: idhub }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let tags = &subject.environment.tags;
    if tags.len() > TAGS {
        let message = format!("{} tags, at most {TAGS} fit", tags.len());
        findings.push(subject.error(CODE, "/tags", message));
    }
    for (key, value) in tags {
        let at = pointer(["tags", key]);
        if key.to_ascii_lowercase().starts_with("aws:") {
            let error = subject.error(
                CODE,
                &at,
                format!("the tag key `{key}` begins with `aws:`, which is AWS's own"),
            );
            findings.push(error.with_help("choose another key"));
        }
        for (what, text, limit) in [("key", key, KEY), ("value", value, VALUE)] {
            let length = text.chars().count();
            if length > limit {
                let message =
                    format!("the {what} of tag `{key}` has {length} characters, at most {limit} fit");
                findings.push(subject.error(CODE, &at, message));
            }
        }
    }
}

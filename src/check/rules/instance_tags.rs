//! ASG0329: tags that instances cannot carry.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::source::pointer;
use crate::stacks::names;

const CODE: Code = Code::new("ASG0329");

/// Besides letters and digits. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html>
const SIGNS: &str = "+-=.,_:@";
/// Keys that are paths in the metadata service.
const PATHS: [&str; 3] = [".", "..", "_index"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a tag that instances cannot carry",
    severity: &[Severity::Error],
    docs: "CloudFormation passes an environment's tags on to its groups, and they to their instances. These show their \
           tags in the instance metadata, from which the CloudWatch agent learns its log group, so a key has letters, \
           digits and `+ - = . , _ : @` only: with another one no instance launches. `PatchGroup` says which baseline \
           scans an instance, and is asagi's.",
    fails: "tags: { \"Cost Center\": idhub }\n",
    mended: "tags: { CostCenter: idhub }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for key in subject.environment.tags.keys() {
        let at = pointer(["tags", key]);
        if key == names::PATCH_GROUP_TAG {
            let error =
                subject.error(CODE, &at, format!("the tag `{key}` would take instances out of patch scans"));
            findings.push(error.with_help("choose another key"));
        } else if PATHS.contains(&key.as_str()) || !key.chars().all(is_carried) {
            let message = format!("instances with the tag key `{key}` cannot be launched");
            let error = subject.error(CODE, &at, message);
            findings.push(error.with_help(format!("write it with letters, digits and {SIGNS}")));
        }
    }
}

fn is_carried(c: char) -> bool {
    c.is_ascii_alphanumeric() || SIGNS.contains(c)
}

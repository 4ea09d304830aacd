//! ASG0332: scripts EC2 does not take.

use crate::check::{Rule, Subject};
use crate::diagnostics::{Code, Findings};

const CODE: Code = Code::new("ASG0332");

/// Before it is encoded. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html>
const LIMIT: usize = 16 * 1024;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "user data that EC2 does not run",
    docs: "User data has at most 16 KB and runs only if it begins with `#!` or `#cloud-config`.",
    fails: "roles: { web: { instances: { userData: ./own.yaml } } }\n",
    mended: "roles: { web: { instances: { userData: ./boot.sh } } }\n",
    check,
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let (at, text) = (Subject::role(role, "/instances/userData"), &role.instances.user_data);
        if text.len() > LIMIT {
            let error =
                subject.error(CODE, &at, format!("user data has {} bytes, at most {LIMIT} fit", text.len()));
            findings.push(error.with_help("bake it into the image, and let user data read what differs"));
        }
        if !text.is_empty() && !text.starts_with("#!") && !text.starts_with("#cloud-config") {
            let error = subject.error(CODE, &at, "user data begins with neither `#!` nor `#cloud-config`");
            findings.push(error.with_help("begin the script with `#!/bin/bash`"));
        }
    }
}

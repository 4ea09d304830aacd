//! ASG0332: scripts EC2 does not take.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0332");

/// Before it is encoded. <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html>
const LIMIT: usize = 16 * 1024;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "user data that EC2 does not run",
    severity: &[Severity::Error],
    docs: "User data has at most 16 KB and runs only if it begins with `#!` or `#cloud-config` and has Unix line endings.",
    fails: "roles: { web: { instances: { userData: ./own.yaml } } }\n",
    mended: "roles: { web: { instances: { userData: ./boot.sh } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let (at, text) = (Subject::role(role, "/instances/userData"), &role.instances.user_data);
        if text.len() > LIMIT {
            let error =
                subject.error(CODE, &at, format!("user data has {} bytes, at most {LIMIT} fit", text.len()));
            findings.push(error.with_help("bake it into the image, and let user data read what differs"));
        }
        findings
            .extend(damage(text).map(|(message, help)| subject.error(CODE, &at, message).with_help(help)));
    }
}

/// What an editor does to a script so that it does not run, and what to do about it.
fn damage(text: &str) -> Option<(String, &'static str)> {
    let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    // a byte order mark, and whatever else nobody sees, is told where it stands
    let text = text.trim_start_matches('\u{feff}');
    if !text.is_empty() && !text.starts_with("#!") && !text.starts_with("#cloud-config") {
        let message = "user data begins with neither `#!` nor `#cloud-config`";
        return Some((message.to_owned(), "begin the script with `#!/bin/bash`"));
    }
    let at = text.find('\r')?;
    let message = format!("user data has a carriage return in line {}, which Linux does not run", line(at));
    Some((message, "save the file with Unix line endings (LF)"))
}

#[cfg(test)]
mod tests {
    use super::damage;

    #[test]
    fn what_an_editor_does_to_a_script_is_told() {
        for (text, expected) in [
            ("", None),
            ("#!/bin/bash\necho 日本語 ${x} {{ y }}\n\techo\n", None),
            ("echo\n", Some("user data begins with neither `#!` nor `#cloud-config`")),
            ("#!/bin/bash\r\n", Some("user data has a carriage return in line 1, which Linux does not run")),
        ] {
            let told = damage(text).map(|(message, _)| message);
            assert_eq!(told.as_deref(), expected, "{text:?}");
        }
    }
}

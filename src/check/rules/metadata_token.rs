//! ASG0394: scripts that ask for metadata without a token.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};

const CODE: Code = Code::new("ASG0394");

/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>
const ADDRESSES: [&str; 2] = ["169.254.169.254", "[fd00:ec2::254]"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "user data that asks for metadata without a token",
    severity: &[Severity::Error],
    docs: "asagi's instances answer IMDSv2 alone (`HttpTokens: required`): a call without a token gets 401, and under `set -e` \
           the boot ends there. Ask for a token first, and send it in the header `X-aws-ec2-metadata-token`. \
           <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html>",
    fails: "roles: { web: { instances: { userData: ./metadata.sh } } }\n",
    mended: "roles: { web: { instances: { userData: ./boot.sh } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let text = &role.instances.user_data;
        let Some(line) = without_token(text) else { continue };
        let at = subject.place(&Subject::role(role, "/instances/userData"));
        let place = subject.line_of(text, line).unwrap_or(at);
        let message = format!(
            "line {line} asks for metadata without a token, which instances of role `{}` refuse",
            role.name
        );
        let help = "token=$(curl -sS -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 300'), then -H \"X-aws-ec2-metadata-token: $token\"";
        findings.push(Diagnostic::error(CODE, message).primary(place, "").with_help(help));
    }
}

/// The first line, from 1, of a command that asks without a header. One that is given a header, whatever it holds, may
/// have a token.
fn without_token(script: &str) -> Option<usize> {
    let mut lines = script.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let mut command = line.to_owned();
        while command.ends_with('\\') {
            let Some((_, more)) = lines.next() else { break };
            command.pop();
            command.push_str(more);
        }
        if asks(&command) {
            return Some(index + 1);
        }
    }
    None
}

fn asks(command: &str) -> bool {
    let code = command.trim_start();
    let fetches =
        ["curl", "wget", "http.client", "urlopen", "requests.get"].iter().any(|tool| code.contains(tool));
    let metadata = ADDRESSES.iter().any(|address| {
        let behind = code.split_once(address).map_or("", |(_, rest)| rest);
        behind.starts_with('/') && !behind.contains("/api/token")
    });
    let header = [" -H", "--header", "headers=", " -K", "--config", "@"].iter().any(|way| code.contains(way));
    !code.starts_with('#') && fetches && metadata && !header
}

#[cfg(test)]
mod tests {
    use super::without_token;

    #[test]
    fn only_calls_without_a_header_are_told() {
        for (script, expected) in [
            (
                "#!/bin/bash\nset -e\nID=$(curl -s http://169.254.169.254/latest/meta-data/instance-id)\n",
                Some(3),
            ),
            ("#!/bin/bash\ncurl -sf \\\n  http://169.254.169.254/latest/meta-data/\n", Some(2)),
            ("wget -qO- http://169.254.169.254/latest/dynamic/instance-identity/document", Some(1)),
            ("curl -s http://[fd00:ec2::254]/latest/meta-data/", Some(1)),
            ("T=$(curl -X PUT http://169.254.169.254/latest/api/token)", None),
            ("curl -s -H \"X-aws-ec2-metadata-token: $T\" http://169.254.169.254/latest/meta-data/", None),
            ("curl -s \\\n -H \"$HEADER\" \\\n http://169.254.169.254/latest/meta-data/", None),
            ("# curl http://169.254.169.254/latest/meta-data/", None),
            ("ec2-metadata --instance-id", None),
            ("ip route add 169.254.169.254/32 dev eth0", None),
        ] {
            assert_eq!(without_token(script), expected, "{script}");
        }
    }
}

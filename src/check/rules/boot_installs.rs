//! ASG0382: instances that fetch at boot what their image should have.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0382");

/// Commands that bring software, and what must follow them somewhere in the line.
const FETCHES: [(&str, &str); 12] = [
    ("dnf", "install"),
    ("yum", "install"),
    ("dnf", "update"),
    ("yum", "update"),
    ("apt-get", "install"),
    ("apt", "install"),
    ("pip", "install"),
    ("pip3", "install"),
    ("npm", "install"),
    ("git", "clone"),
    ("docker", "pull"),
    ("rpm", "http"),
];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "instances that install software at boot",
    severity: &[Severity::Warning],
    docs: "An instance that installs something when it boots is another one each time: the group scales at night, the package \
           has a new version or its server is away, and of two instances of one release one works. It also boots for \
           minutes while the load waits. Put it into a layer of the image, where it is tested once; at boot read only what \
           differs by environment. Requirement 1, section 0.1; AWS Well-Architected REL08-BP04. \
           <https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_tracking_change_management_immutable_infrastructure.html>",
    fails: "roles: { web: { instances: { userData: ./install.sh } } }\n",
    mended: "roles: { web: { instances: { userData: ./boot.sh } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let lines = role.instances.user_data.lines().enumerate();
        let Some((line, what)) = lines.filter_map(|(index, line)| Some((index + 1, fetches(line)?))).next()
        else {
            continue;
        };
        let message = format!("line {line} of the user data runs `{what}` on every boot");
        let warning = subject.warning(CODE, &Subject::role(role, "/instances/userData"), message);
        findings.push(warning.with_help("do that in a component of an image layer"));
    }
}

/// What a line of a script fetches.
fn fetches(line: &str) -> Option<String> {
    let code = line.split(" #").next().unwrap_or_default().trim();
    if code.starts_with('#') {
        return None;
    }
    let words: Vec<&str> =
        code.split([' ', '\t', ';', '|', '&', '(']).filter(|word| !word.is_empty()).collect();
    let at = |name: &str| words.iter().position(|word| *word == name || word.ends_with(&format!("/{name}")));
    let after = |from: usize, what: &str| words.iter().skip(from + 1).any(|word| word.starts_with(what));
    let known = FETCHES.iter().find(|(tool, what)| at(tool).is_some_and(|from| after(from, what)));
    if let Some((tool, what)) = known {
        return Some(format!("{tool} {what}"));
    }
    let piped = code
        .split('|')
        .skip(1)
        .any(|part| matches!(part.split_whitespace().next(), Some("sh" | "bash" | "sudo")));
    let fetched = ["curl", "wget"].into_iter().find(|tool| at(tool).is_some());
    fetched.filter(|_| piped).map(|tool| format!("{tool} … | sh"))
}

#[cfg(test)]
mod tests {
    use super::fetches;

    #[test]
    fn only_what_brings_software_is_told() {
        for (line, expected) in [
            ("dnf -y install httpd", Some("dnf install")),
            ("sudo /usr/bin/yum update -y", Some("yum update")),
            ("curl -fsSL https://example.com/get | sudo bash", Some("curl … | sh")),
            ("apt-get update && apt-get install -y jq", Some("apt-get install")),
            ("pip3 install --upgrade awscli", Some("pip3 install")),
            ("rpm -i https://example.com/agent.rpm", Some("rpm http")),
            ("# dnf install httpd", None),
            ("curl -s http://169.254.169.254/latest/meta-data/ | grep az", None),
            ("systemctl start httpd # after dnf install", None),
            ("echo installed >> /var/log/boot", None),
            ("aws ssm get-parameter --name /idhub/dnf-install", None),
        ] {
            assert_eq!(fetches(line).as_deref(), expected, "{line}");
        }
    }
}

//! ASG0320: names made from project, environment and role.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity};
use crate::model::Role;
use crate::source::pointer;

const CODE: Code = Code::new("ASG0320");

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
const STACK: usize = 128;
/// What is left of an AMI's 127 characters once Image Builder has written the build date.
const AMI: usize = 95;
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
const ALARM: usize = 255;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a name made from project, environment and role is too long",
    severity: &[Severity::Error],
    docs: "Stacks, alarms and images are named `{project}-{environment}-{role}-…`, a team's own stacks with their key. A stack name has at most 128 \
           characters, an alarm 255; an AMI 127, of which Image Builder's build date takes 32.",
    fails: "roles:\n  a-role-whose-name-goes-on-until-there-is-no-room-left-for-what-asagi-adds-to-it-and-is-over-one-\
            hundred-characters: { instances: { type: t3.small, capacity: { min: 1, max: 2 } }, targetGroup: { port: 80, healthCheck: { path: / } }, routes: [{ priority: 90, paths: [/a] }] }\n",
    mended: "roles:\n  short: { instances: { type: t3.small, capacity: { min: 1, max: 2 } }, targetGroup: { port: 80, healthCheck: { path: / } }, routes: [{ priority: 90, paths: [/a] }] }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    own_stacks(subject, findings);
    for role in &subject.environment.roles {
        for (what, name, limit) in names(subject, role) {
            let length = name.chars().count();
            if length <= limit {
                continue;
            }
            let message =
                format!("the {what} of role `{}` has {length} characters, at most {limit} fit", role.name);
            let error = subject.error(CODE, &Subject::role(role, ""), message);
            let excess = length - limit;
            findings.push(
                error
                    .with_note(format!("`{name}`"))
                    .with_help(format!("shorten the role's name by {excess}")),
            );
            break;
        }
    }
}

/// A team's own stacks are named as asagi's are.
fn own_stacks(subject: &Subject<'_>, findings: &mut Findings) {
    for stack in &subject.environment.stacks {
        let name = subject.environment.stack_name(&stack.name);
        let length = name.chars().count();
        if length > STACK {
            let at = pointer(["stacks", &stack.name]);
            let place = subject.origins.key(&at).unwrap_or_else(|| subject.place(&at));
            let message = format!("the name of the stack has {length} characters, at most {STACK} fit");
            let error = Diagnostic::error(CODE, message).primary(place, "").with_note(format!("`{name}`"));
            findings.push(error.with_help(format!("shorten the stack's key by {}", length - STACK)));
        }
    }
}

/// The longest name of each kind.
fn names(subject: &Subject<'_>, role: &Role) -> [(&'static str, String, usize); 3] {
    let environment = subject.environment;
    let (project, stack) = (&environment.project, environment.stack_name(&role.name));
    let versions = role.images.iter().flat_map(|images| images.layers());
    let ami =
        versions.map(|layer| format!("{project}-{}-{}-v{}-", role.name, layer.kind.short(), layer.version));
    [
        ("name of the images stack", format!("{stack}-images-application"), STACK),
        ("name of the image", ami.max_by_key(String::len).unwrap_or_default(), AMI),
        ("name of an alarm", format!("{stack}-green-response-time-critical"), ALARM),
    ]
}

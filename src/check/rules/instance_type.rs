//! ASG0380: instance types that nobody has heard of.

use crate::cfn::is_instance_type;
use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};

const CODE: Code = Code::new("ASG0380");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an instance type that is not known",
    severity: &[Severity::Warning],
    docs: "A launch template takes any text as its instance type, and the group finds out when it launches: with `m7i.medium` \
           or `m7i.xlrage` the stack is made, and the candidate never gets an instance. asagi knows the types of October \
           2026, so a newer one is told too, and it does not know which of them a Region or a zone has: \
           `aws ec2 describe-instance-type-offerings --location-type availability-zone` does. \
           <https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-regions.html>",
    fails: "roles: { web: { instances: { type: m7i.medium } } }\n",
    mended: "roles: { web: { instances: { type: m7i.large } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let mut types = vec![("/instances/type", role.instances.instance_type.as_str())];
        let build = role.images.as_ref().map(|images| images.build.instance_type.as_str());
        types.extend(build.map(|name| ("/images/build/instanceType", name)));
        for (at, name) in types {
            let Err(sizes) = is_instance_type(name) else { continue };
            let warning = subject.warning(
                CODE,
                &Subject::role(role, at),
                format!("there is no instance type `{name}`"),
            );
            findings.push(warning.with_help(
                match (nearest(name, sizes.iter().map(String::as_str)), &*sizes) {
                    (Some(near), _) => format!("did you mean `{near}`?"),
                    (None, []) => "write a family and a size, such as `m7i.large`".to_owned(),
                    (None, sizes) => format!("this family has {}", sizes.join(", ")),
                },
            ));
        }
    }
}

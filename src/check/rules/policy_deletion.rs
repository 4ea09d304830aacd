//! ASG0404: environments that one slip can delete.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Approval, LoadBalancer};

const CODE: Code = Code::new("ASG0404");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an environment that needs approval can be deleted by a slip",
    severity: &[Severity::Error],
    docs: "Where a person must approve every release, deleting a stack or the load balancer must not be one call away. \
           Termination protection refuses the first, deletion protection the second; both are on where data is retained, \
           unless the spec says otherwise. Security Hub ELB.6.",
    fails: "protection: { approval: manual, termination: false }\nloadBalancer: { deletionProtection: false }\n",
    mended: "protection: { approval: manual, termination: true }\nloadBalancer: { deletionProtection: true }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let protection = &subject.environment.protection;
    if protection.approval != Approval::Manual {
        return;
    }
    if !protection.termination {
        let error =
            subject.error(CODE, "/protection/termination", "stacks can be deleted without further ado");
        findings.push(error.with_help("write `termination: true`"));
    }
    if let LoadBalancer::Created(created) = &subject.environment.load_balancer
        && !created.deletion_protection
    {
        let message = "the load balancer can be deleted without further ado";
        let error = subject.error(CODE, "/loadBalancer/deletionProtection", message);
        findings.push(error.with_help("write `deletionProtection: true`"));
    }
}

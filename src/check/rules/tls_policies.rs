//! ASG0392: TLS policies that Elastic Load Balancing does not have.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity, nearest};
use crate::model::LoadBalancer;

const CODE: Code = Code::new("ASG0392");

/// What stands behind `ELBSecurityPolicy-`.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>
const KNOWN: [&str; 34] = [
    "2016-08",
    "2015-05",
    "FS-1-1-2019-08",
    "FS-1-2-2019-08",
    "FS-1-2-Res-2019-08",
    "FS-1-2-Res-2020-10",
    "FS-2018-06",
    "TLS-1-0-2015-04",
    "TLS-1-1-2017-01",
    "TLS-1-2-2017-01",
    "TLS-1-2-Ext-2018-06",
    "TLS13-1-0-2021-06",
    "TLS13-1-0-FIPS-2023-04",
    "TLS13-1-0-FIPS-PQ-2025-09",
    "TLS13-1-0-PQ-2025-09",
    "TLS13-1-1-2021-06",
    "TLS13-1-1-FIPS-2023-04",
    "TLS13-1-2-2021-06",
    "TLS13-1-2-Ext0-FIPS-2023-04",
    "TLS13-1-2-Ext1-2021-06",
    "TLS13-1-2-Ext1-FIPS-2023-04",
    "TLS13-1-2-Ext1-PQ-2025-09",
    "TLS13-1-2-Ext2-2021-06",
    "TLS13-1-2-Ext2-FIPS-2023-04",
    "TLS13-1-2-Ext2-PQ-2025-09",
    "TLS13-1-2-FIPS-2023-04",
    "TLS13-1-2-FIPS-PQ-2025-09",
    "TLS13-1-2-PQ-2025-09",
    "TLS13-1-2-Res-2021-06",
    "TLS13-1-2-Res-FIPS-2023-04",
    "TLS13-1-2-Res-FIPS-PQ-2025-09",
    "TLS13-1-2-Res-PQ-2025-09",
    "TLS13-1-3-2021-06",
    "TLS13-1-3-FIPS-2023-04",
];
/// The month of the newest of them; one of a later month may be new.
const NEWEST: &str = "2025-09";

const PREFIX: &str = "ELBSecurityPolicy-";

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a TLS policy that Elastic Load Balancing does not have",
    severity: &[Severity::Error, Severity::Warning],
    docs: "The listener would fail with `SSLPolicyNotFound`, after the load balancer was made. A policy of a month after those \
           that asagi knows is a warning: it may be new. `aws elbv2 describe-ssl-policies` lists them. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>",
    fails: "loadBalancer: { sslPolicy: ELBSecurityPolicy-TLS13-1-2-2023-06 }\n",
    mended: "loadBalancer: { sslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06 }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    const AT: &str = "/loadBalancer/sslPolicy";
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    let policy = created.ssl_policy.as_str();
    let Some(name) = policy.strip_prefix(PREFIX).filter(|name| !KNOWN.contains(name)) else { return };
    let found = if is_later(name) {
        subject.warning(CODE, AT, format!("`{policy}` is none of the TLS policies that asagi knows"))
    } else {
        subject.error(CODE, AT, format!("there is no TLS policy `{policy}`"))
    };
    findings.push(match nearest(name, KNOWN) {
        Some(near) => found.with_help(format!("did you mean `{PREFIX}{near}`?")),
        None => found.with_help("`aws elbv2 describe-ssl-policies` lists those of your Region"),
    });
}

/// Whether its month is after the newest known one's.
fn is_later(name: &str) -> bool {
    let month = name.len().checked_sub(NEWEST.len()).and_then(|at| name.get(at..)).unwrap_or_default();
    let is_month = month.char_indices().all(|(at, c)| if at == 4 { c == '-' } else { c.is_ascii_digit() });
    is_month && month > NEWEST
}

//! ASG0356: protocol versions that a listener cannot carry.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::LoadBalancer;

const CODE: Code = Code::new("ASG0356");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a protocol version that the listener cannot carry",
    severity: &[Severity::Error],
    docs: "gRPC and HTTP/2 to instances need an HTTPS listener, so a certificate, and gRPC health checks answer with gRPC \
           codes, where asagi's matcher is one of HTTP codes. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html>",
    fails: "roles: { web: { targetGroup: { protocolVersion: GRPC } } }\n",
    mended: "roles: { web: { targetGroup: { protocolVersion: HTTP2 } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let plain = matches!(&subject.environment.load_balancer, LoadBalancer::Created(created) if created.certificate.is_none());
    for role in &subject.environment.roles {
        let version = role.target_group.protocol_version.as_str();
        let at = Subject::role(role, "/targetGroup/protocolVersion");
        if version == "GRPC" {
            let message = format!(
                "health checks of role `{}` are by HTTP code, and gRPC answers with codes of its own",
                role.name
            );
            let error = subject.error(CODE, &at, message);
            findings.push(error.with_help("write `HTTP2`, and answer the health check's path over HTTP"));
        }
        if plain && version != "HTTP1" {
            let message =
                format!("`{version}` to instances needs an HTTPS listener, and there is no certificate");
            let error = subject
                .error(CODE, &at, message)
                .secondary(subject.place("/loadBalancer"), "speaks plain HTTP");
            findings.push(error.with_help("write `loadBalancer: { certificate: arn:aws:acm:… }`"));
        }
    }
}

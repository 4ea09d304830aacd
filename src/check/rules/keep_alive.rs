//! ASG0388: web servers that hang up before the load balancer does.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::LoadBalancer;

const CODE: Code = Code::new("ASG0388");

/// Seconds for which asagi's own web servers keep an idle connection: `templates/components/`.
const KEPT: u32 = 75;
const SERVERS: [&str; 3] = ["apache", "nginx", "tomcat-10"];

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a web server that hangs up before the load balancer",
    severity: &[Severity::Warning],
    docs: "A load balancer sends requests over connections it keeps. Where the server ends an idle one first, a request is \
           now and then sent into a connection that is just being closed, and answered by 502: a few in an hour, in no \
           log of the application, and enough for the error rate of a quiet candidate. `apache`, `nginx` and `tomcat-10` \
           of asagi keep a connection for 75 seconds, so `idleTimeout` stays below that, or a component of your own \
           configures the server. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html>",
    fails: "loadBalancer: { idleTimeout: 120 }\nroles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [apache, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    mended: "loadBalancer: { idleTimeout: 60 }\nroles: { web: { images: { base: { version: \"1.0\", components: [os-patches] }, middleware: { version: \"1.0\", components: [apache, cloudwatch-agent] }, application: { version: \"1.0\", artifact: \"s3://poc/web.tar.gz\" } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let LoadBalancer::Created(created) = &subject.environment.load_balancer else { return };
    if created.idle_timeout < KEPT {
        return;
    }
    for role in &subject.environment.roles {
        for layer in role.images.iter().flat_map(|images| images.layers()) {
            let mut components = layer.components.iter().enumerate();
            let Some((index, server)) = components.find(|(_, one)| SERVERS.contains(&one.name.as_str()))
            else {
                continue;
            };
            let message = format!(
                "`{}` ends idle connections after {KEPT} seconds, the load balancer after {}",
                server.name, created.idle_timeout
            );
            let at = Subject::role(role, &format!("/images/{}/components/{index}", layer.kind.as_str()));
            let warning = subject.warning(CODE, "/loadBalancer/idleTimeout", message);
            let warning = warning.secondary(subject.place(&at), "hangs up first");
            return findings.push(warning.with_help(format!("write `idleTimeout: {}`, or less", KEPT - 15)));
        }
    }
}

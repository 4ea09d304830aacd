//! `loadBalancer`: one to create, or the listener of an existing one.

use crate::model::{AccessLogs, CreatedLoadBalancer, ExistingLoadBalancer, Input, LoadBalancer, Scheme};
use crate::spec;

use super::context::Context;
use super::{codes, defaults, stacks};

pub(super) fn load_balancer(
    context: &mut Context<'_>,
    spec: &spec::Environment,
    keep: bool,
) -> Option<LoadBalancer> {
    match &spec.load_balancer.listener {
        Some(listener) => existing(context, &spec.load_balancer, listener),
        None => created(context, spec, keep),
    }
}

fn existing(
    context: &mut Context<'_>,
    spec: &spec::LoadBalancer,
    listener: &spec::Arn,
) -> Option<LoadBalancer> {
    let created_only = [
        ("scheme", spec.scheme.is_some()),
        ("certificate", spec.certificate.is_some()),
        ("accessLogs", spec.access_logs.is_some()),
        ("deletionProtection", spec.deletion_protection.is_some()),
        ("idleTimeout", spec.idle_timeout.is_some()),
        ("sslPolicy", spec.ssl_policy.is_some()),
        ("allowed", spec.allowed.is_some()),
        ("webAcl", spec.web_acl.is_some()),
    ];
    for (key, _) in created_only.into_iter().filter(|(_, written)| *written) {
        let message =
            format!("`{key}` belongs to a created load balancer, and `listener` names an existing one");
        let error = context.error(codes::TOGETHER, &format!("/loadBalancer/{key}"), message);
        context.push(error.with_help("remove it: who keeps that load balancer decides it"));
    }
    let full_name = full_name(listener.as_str()).map(str::to_owned);
    if full_name.is_none() {
        let message = format!("`{listener}` is not the listener of an Application Load Balancer");
        let error = context.error(codes::LISTENER, "/loadBalancer/listener", message);
        context.push(
            error.with_help("write `arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID`"),
        );
    }
    if spec.security_group.is_none() {
        let error = context.error(
            codes::TOGETHER,
            "/loadBalancer/listener",
            "`listener` needs the `securityGroup` of its load balancer",
        );
        context.push(error.with_help("write `securityGroup: sg-…`: instances let it in"));
    }
    Some(LoadBalancer::Existing(ExistingLoadBalancer {
        listener: listener.to_string(),
        full_name: full_name?,
        security_group: spec.security_group.as_ref()?.to_string(),
    }))
}

/// `app/name/id` of `…:listener/app/name/id/id`.
fn full_name(listener: &str) -> Option<&str> {
    let resource = listener.strip_prefix("arn:aws")?.splitn(5, ':').nth(4)?;
    let path = resource.strip_prefix("listener/")?;
    let (full_name, _) = path.rsplit_once('/')?;
    (path.starts_with("app/") && path.split('/').count() == 4 && !path.contains("//")).then_some(full_name)
}

fn created(context: &mut Context<'_>, environment: &spec::Environment, keep: bool) -> Option<LoadBalancer> {
    let spec = &environment.load_balancer;
    if spec.security_group.is_some() {
        let message = "`securityGroup` belongs to an existing load balancer, and no `listener` names one";
        let error = context.error(codes::TOGETHER, "/loadBalancer/securityGroup", message);
        context.push(error.with_help("name the `listener` too, or remove it"));
    }
    let scheme = match spec.scheme {
        Some(spec::Scheme::InternetFacing) => Scheme::InternetFacing,
        // Being reachable by everyone must be said.
        Some(spec::Scheme::Internal) | None => Scheme::Internal,
    };
    let allowed = spec
        .allowed
        .as_ref()
        .map_or_else(|| everyone(environment, scheme), |all| all.iter().map(ToString::to_string).collect());
    Some(LoadBalancer::Created(CreatedLoadBalancer {
        scheme,
        certificate: spec.certificate.as_ref().map(arn),
        access_logs: access_logs(context, spec.access_logs.as_ref()),
        deletion_protection: spec.deletion_protection.unwrap_or(keep),
        idle_timeout: spec.idle_timeout.unwrap_or(defaults::IDLE_TIMEOUT),
        ssl_policy: spec.ssl_policy.as_ref().map_or(defaults::SSL_POLICY, spec::TlsPolicy::as_str).to_owned(),
        allowed,
        web_acl: spec.web_acl.as_ref().map(arn),
    }))
}

fn arn(given: &spec::Given<spec::Arn>) -> Input {
    stacks::given(given).map(|arn| arn.to_string())
}

fn everyone(environment: &spec::Environment, scheme: Scheme) -> Vec<String> {
    match (scheme, &environment.network.cidr) {
        (Scheme::InternetFacing, _) => vec![defaults::ANYWHERE.to_owned()],
        (Scheme::Internal, Some(cidr)) => vec![cidr.to_string()],
        (Scheme::Internal, None) => defaults::PRIVATE.map(str::to_owned).to_vec(),
    }
}

fn access_logs(context: &mut Context<'_>, spec: Option<&spec::AccessLogs>) -> AccessLogs {
    let Some(spec) = spec else { return AccessLogs::Create { days: defaults::LOG_DAYS } };
    if spec.bucket.is_some() && (spec.create == Some(true) || spec.days.is_some()) {
        let message = "`bucket` names an existing bucket, and `create` or `days` belong to one to create";
        let error = context.error(codes::TOGETHER, "/loadBalancer/accessLogs", message);
        context.push(error.with_help("keep one of the two"));
    }
    match (&spec.bucket, spec.create) {
        (Some(bucket), _) => AccessLogs::Bucket(bucket.to_string()),
        (None, Some(false)) => AccessLogs::Off,
        (None, _) => AccessLogs::Create { days: spec.days.unwrap_or(defaults::LOG_DAYS) },
    }
}

#[cfg(test)]
mod tests {
    use super::full_name;

    #[test]
    fn the_metric_dimension_is_in_the_listener() {
        let arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2";
        assert_eq!(full_name(arn), Some("app/shared/50dc6c495c0c9188"));
        for other in [
            "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/net/shared/50dc/f2f7",
            "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/shared/50dc",
            "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/shared/50dc",
            "arn:aws:sns:ap-northeast-1:123456789012:topic",
        ] {
            assert_eq!(full_name(other), None, "{other}");
        }
    }
}

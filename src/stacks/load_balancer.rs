//! The load-balancer stack: an application load balancer, its listeners, its access logs. Absent where a listener of
//! others is named.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::{network, notifications, security};
use crate::model::{AccessLogs, CreatedLoadBalancer, Environment, LoadBalancer, Scheme};

/// Key of the stack.
const KEY: &str = "load-balancer";

/// Output: the listener that roles add their rules to.
const LISTENER_ARN: &str = "ListenerArn";
/// Output: `app/name/id`, the metric dimension.
const FULL_NAME: &str = "LoadBalancerFullName";

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    scheme: &'static str,
    idle_timeout: u32,
    deletion_protection: bool,
    has_certificate: bool,
    ssl_policy: &'a str,
    has_web_acl: bool,
    log_bucket: Option<LogBucket<'a>>,
    alarms: [Alarm; 2],
}

/// Where access logs go: a bucket of the stack's own, or one of others by name.
#[derive(Serialize)]
struct LogBucket<'a> {
    name: Option<&'a str>,
    days: u32,
    writer_account: Option<&'static str>,
}

/// More answers of the load balancer's own than this in five minutes (requirement 1, section 5).
#[derive(Serialize)]
struct Alarm {
    level: &'static str,
    id: &'static str,
    threshold: u32,
}

const ALARMS: [Alarm; 2] = [
    Alarm { level: "warning", id: "Warning", threshold: 0 },
    Alarm { level: "critical", id: "Critical", threshold: 10 },
];

/// The stack, where the environment makes its own load balancer.
pub(super) fn draft(environment: &Environment) -> Option<Draft> {
    let LoadBalancer::Created(created) = &environment.load_balancer else { return None };
    let draft = Draft::new(KEY, StackKind::LoadBalancer, "load-balancer", context(environment, created));
    let draft = match created.scheme {
        Scheme::InternetFacing => network::public_subnets(draft, environment),
        Scheme::Internal => network::private_subnets(draft, environment),
    };
    let draft = match &created.web_acl {
        Some(arn) => draft.input("WebAclArn", arn),
        None => draft,
    };
    let draft = match &created.certificate {
        Some(arn) => draft.input("CertificateArn", arn),
        None => draft,
    };
    Some(notifications::topic(security::load_balancer_group(draft, environment)))
}

/// Feeds `ListenerArn`.
pub(super) fn listener(draft: Draft, environment: &Environment) -> Draft {
    match &environment.load_balancer {
        LoadBalancer::Existing(existing) => draft.value(LISTENER_ARN, &existing.listener),
        LoadBalancer::Created(_) => draft.output(LISTENER_ARN, KEY, LISTENER_ARN),
    }
}

/// Feeds `LoadBalancerFullName`.
pub(super) fn full_name(draft: Draft, environment: &Environment) -> Draft {
    match &environment.load_balancer {
        LoadBalancer::Existing(existing) => draft.value(FULL_NAME, &existing.full_name),
        LoadBalancer::Created(_) => draft.output(FULL_NAME, KEY, FULL_NAME),
    }
}

fn context<'a>(environment: &Environment, created: &'a CreatedLoadBalancer) -> Context<'a> {
    Context {
        name: format!("{}-{}", environment.project, environment.name),
        scheme: created.scheme.as_str(),
        idle_timeout: created.idle_timeout,
        deletion_protection: created.deletion_protection,
        has_certificate: created.certificate.is_some(),
        ssl_policy: &created.ssl_policy,
        has_web_acl: created.web_acl.is_some(),
        log_bucket: match &created.access_logs {
            AccessLogs::Off => None,
            AccessLogs::Create { days } => Some(LogBucket {
                name: None,
                days: *days,
                writer_account: writer_account(&environment.region),
            }),
            AccessLogs::Bucket(name) => Some(LogBucket { name: Some(name), days: 0, writer_account: None }),
        },
        alarms: ALARMS,
    }
}

/// The account that Elastic Load Balancing writes access logs from in regions that are older than its service
/// principal: Tokyo and Osaka.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html>
fn writer_account(region: &str) -> Option<&'static str> {
    match region {
        "ap-northeast-1" => Some("582318560864"),
        "ap-northeast-3" => Some("383597477331"),
        _ => None,
    }
}

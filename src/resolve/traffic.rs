//! `targetGroup`, `routes` and cohorts: how requests reach a role.

use indexmap::IndexMap;

use crate::model::{Cohort, CohortMatch, HealthCheck, Route, TargetGroup};
use crate::source::pointer;
use crate::spec;

use super::codes;
use super::context::Context;
use super::defaults::target_group as default;

pub(super) fn target_group(spec: &spec::TargetGroup) -> TargetGroup {
    let check = &spec.health_check;
    let interval = check.interval.unwrap_or(default::INTERVAL);
    let protocol = match spec.protocol {
        Some(spec::Protocol::Https) => "HTTPS",
        Some(spec::Protocol::Http) | None => "HTTP",
    };
    let version = match spec.protocol_version {
        Some(spec::ProtocolVersion::Http2) => "HTTP2",
        Some(spec::ProtocolVersion::Grpc) => "GRPC",
        Some(spec::ProtocolVersion::Http1) | None => "HTTP1",
    };
    TargetGroup {
        port: spec.port,
        protocol: protocol.to_owned(),
        protocol_version: version.to_owned(),
        health_check: HealthCheck {
            path: check.path.to_string(),
            interval,
            timeout: check.timeout.unwrap_or_else(|| default::TIMEOUT.min(interval.saturating_sub(1))),
            healthy: check.healthy.unwrap_or(default::HEALTHY),
            unhealthy: check.unhealthy.unwrap_or(default::UNHEALTHY),
            matcher: check.matcher.as_ref().map_or(default::MATCHER, spec::Matcher::as_str).to_owned(),
        },
        deregistration_delay: spec.deregistration_delay.unwrap_or(default::DEREGISTRATION_DELAY),
        slow_start: spec.slow_start.unwrap_or(0),
    }
}

/// Routes by rising priority.
pub(super) fn routes(spec: &[spec::Route]) -> Vec<Route> {
    let texts = |all: &[spec::Text]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let route = |route: &spec::Route| Route {
        name: route.name.as_ref().map_or_else(|| format!("route{}", route.priority), ToString::to_string),
        priority: route.priority,
        paths: texts(&route.paths),
        hosts: texts(&route.hosts),
        headers: route.headers.iter().map(|(name, values)| (name.clone(), texts(values))).collect(),
        methods: texts(&route.methods),
        query: texts(&route.query),
        source: route.source.iter().map(ToString::to_string).collect(),
    };
    let mut routes: Vec<Route> = spec.iter().map(route).collect();
    routes.sort_by_key(|route| route.priority);
    routes
}

pub(super) fn cohorts(
    context: &mut Context<'_>,
    role: &str,
    spec: Option<&IndexMap<String, Vec<spec::CohortMatch>>>,
) -> Vec<Cohort> {
    let Some(spec) = spec else { return standard_cohorts() };
    let mut cohorts = Vec::new();
    for (name, ways) in spec {
        let at = pointer(["roles", role, "rollout", "cohorts", name]);
        let matches = ways.iter().enumerate();
        let matches = matches.filter_map(|(index, way)| cohort_match(context, &format!("{at}/{index}"), way));
        cohorts.push(Cohort { name: name.clone(), matches: matches.collect() });
    }
    cohorts
}

/// Requirement 2, section 3.4: testers by a header, pilot users by a header or the cookie the application sets.
fn standard_cohorts() -> Vec<Cohort> {
    let header = |name: &str, value: &str| CohortMatch::Header {
        name: name.to_owned(),
        values: vec![value.to_owned()],
    };
    let cookie = CohortMatch::Cookie { name: "canary-user".to_owned(), value: "enabled".to_owned() };
    vec![
        Cohort { name: "verification".to_owned(), matches: vec![header("X-Blue-Verification", "true")] },
        Cohort { name: "pilot".to_owned(), matches: vec![header("X-Canary-Group", "pilot"), cookie] },
    ]
}

fn cohort_match(context: &mut Context<'_>, at: &str, spec: &spec::CohortMatch) -> Option<CohortMatch> {
    let values = || spec.values.iter().map(ToString::to_string).collect::<Vec<_>>();
    match (&spec.header, &spec.cookie, spec.source.as_slice()) {
        (Some(name), None, []) if !spec.values.is_empty() && spec.value.is_none() => {
            Some(CohortMatch::Header { name: name.clone(), values: values() })
        }
        (None, Some(name), []) if spec.values.is_empty() => {
            let value = spec.value.as_ref()?.to_string();
            Some(CohortMatch::Cookie { name: name.to_string(), value })
        }
        (None, None, [_, ..]) if spec.values.is_empty() && spec.value.is_none() => {
            Some(CohortMatch::Source(spec.source.iter().map(ToString::to_string).collect()))
        }
        _ => None,
    }
    .or_else(|| {
        let error = context.error(codes::TOGETHER, at, "a way to recognise a cohort is one of header, cookie or source");
        context.push(error.with_help(
            "write `{ header: NAME, values: [VALUE] }`, `{ cookie: NAME, value: VALUE }` or `{ source: [CIDR] }`",
        ));
        None
    })
}

//! A role's traffic stack: which request goes to which slot. Everything that a phase moves here is a parameter.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::kept::Kept;
use super::rules::{Rule, rules};
use super::{load_balancer, names, network, security};
use crate::model::{Environment, LoadBalancer, Role, Slot, TargetGroup};

/// The record before the first release.
const FIRST_RECORD: &str = r#"{"v":1,"phase":"none"}"#;

/// The slot that takes everything before the first release.
const FIRST_SLOT: Slot = Slot::Blue;

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    role: &'a str,
    record: String,
    target_group: Properties<'a>,
    slots: [SlotContext; 2],
    cohorts: Vec<String>,
    rules: Vec<Rule>,
    opens_egress: bool,
    kept: Kept,
}

/// Properties that both slots' target groups share and that are updated in place.
#[derive(Serialize)]
struct Properties<'a> {
    path: &'a str,
    interval: u32,
    timeout: u32,
    healthy: u32,
    unhealthy: u32,
    matcher: &'a str,
    grpc: bool,
    deregistration_delay: u32,
    slow_start: u32,
}

#[derive(Serialize)]
struct SlotContext {
    id: &'static str,
    slot: Slot,
    log_group: String,
}

/// The stack.
pub(super) fn draft(environment: &Environment, role: &Role) -> Draft {
    let kind = StackKind::Traffic { role: role.name.clone() };
    let mut draft = Draft::new(role.traffic_stack(), kind, "traffic", context(environment, role));
    draft = network::vpc(draft, environment);
    draft = load_balancer::listener(draft, environment);
    draft = security::load_balancer_group(draft, environment);
    for slot in Slot::ALL {
        draft = security::instance_group(draft, &format!("{}SecurityGroupId", slot.logical()), role, slot);
    }
    phase_parameters(draft, role)
}

/// What phases move, as it is before the first release.
fn phase_parameters(mut draft: Draft, role: &Role) -> Draft {
    for slot in Slot::ALL {
        let weight = if slot == FIRST_SLOT { 100 } else { 0 };
        draft = draft.phase(names::weight(slot), weight);
        for cohort in &role.cohorts {
            draft = draft.phase(names::cohort_weight(cohort, slot), weight);
        }
        let TargetGroup { port, protocol, protocol_version, .. } = &role.target_group;
        draft = draft.phase(names::target_group_property(slot, "Port"), port);
        draft = draft.phase(names::target_group_property(slot, "Protocol"), protocol);
        draft = draft.phase(names::target_group_property(slot, "ProtocolVersion"), protocol_version);
    }
    draft.phase(names::STICKINESS_SECONDS, 0).phase(names::ROLLOUT_RECORD, FIRST_RECORD)
}

fn context<'a>(environment: &Environment, role: &'a Role) -> Context<'a> {
    let Environment { project, name, .. } = environment;
    let slot = |slot: Slot| SlotContext {
        id: slot.logical(),
        slot,
        log_group: format!("/{project}/{name}/{}/{slot}", role.name),
    };
    Context {
        name: format!("{project}-{name}-{}", role.name),
        role: &role.name,
        record: format!("/{project}/{name}/{}/rollout", role.name),
        target_group: properties(&role.target_group),
        slots: Slot::ALL.map(slot),
        cohorts: role.cohorts.iter().map(|cohort| names::logical(&cohort.name)).collect(),
        rules: rules(role),
        opens_egress: matches!(environment.load_balancer, LoadBalancer::Created(_)),
        kept: environment.retention.into(),
    }
}

fn properties(group: &TargetGroup) -> Properties<'_> {
    Properties {
        path: &group.health_check.path,
        interval: group.health_check.interval,
        timeout: group.health_check.timeout,
        healthy: group.health_check.healthy,
        unhealthy: group.health_check.unhealthy,
        matcher: &group.health_check.matcher,
        grpc: group.protocol_version == "GRPC",
        deregistration_delay: group.deregistration_delay,
        slow_start: group.slow_start,
    }
}

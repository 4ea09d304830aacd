//! A role's alarms stack: alarms of both slots, one composite a slot that takes bakes back, errors in logs, a
//! dashboard that compares the slots.
//!
//! The composite holds the slot's critical alarms and the criteria of the strategy's bakes, so one trigger says all
//! that a bake must not do. Criteria that compare slots are nothing unless both take as many requests, so they may
//! stand there in every phase.

use std::collections::BTreeSet;

use serde::Serialize;

use super::alarm_contexts::{AlarmContext, Watched, of_criterion, of_slot, slot_name};
use super::draft::Draft;
use super::graph::StackKind;
use super::{dashboard, load_balancer, names, notifications};
use crate::model::{Criterion, Environment, Role, Slot, Step};

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    role: &'a str,
    slots: [SlotContext; 2],
    metric_namespace: &'a str,
    dashboard: String,
}

#[derive(Serialize)]
struct SlotContext {
    id: &'static str,
    slot: Slot,
    composite: String,
    alarms: Vec<AlarmContext>,
    errors_metric: String,
}

/// The stack, for a role whose slots exist.
pub(super) fn draft(environment: &Environment, role: &Role) -> Draft {
    let kind = StackKind::Alarms { role: role.name.clone() };
    let traffic = role.traffic_stack();
    let mut draft = Draft::new(role.alarms_stack(), kind, "alarms", context(environment, role));
    draft = notifications::topic(draft);
    draft = load_balancer::full_name(draft, environment);
    for slot in Slot::ALL {
        let full_name = names::target_group_full_name(slot);
        let log_group = names::log_group_name(slot);
        draft = draft
            .output(&full_name, &traffic, full_name.as_str())
            .output(&log_group, &traffic, log_group.as_str())
            .output(&format!("{}GroupName", slot.logical()), &role.slot_stack(slot), names::GROUP_NAME);
    }
    draft
}

fn context<'a>(environment: &'a Environment, role: &'a Role) -> Context<'a> {
    let slots = Slot::ALL.map(|slot| SlotContext {
        id: slot.logical(),
        slot,
        composite: slot_name(environment, role, slot),
        alarms: alarms(environment, role, slot),
        errors_metric: dashboard::errors_metric(environment, role, slot),
    });
    Context {
        name: format!("{}-{}-{}", environment.project, environment.name, role.name),
        role: &role.name,
        metric_namespace: &environment.project,
        dashboard: dashboard::body(environment, role),
        slots,
    }
}

/// The role's own alarms, then one for each criterion that any bake of its strategy names.
fn alarms(environment: &Environment, role: &Role, slot: Slot) -> Vec<AlarmContext> {
    let watched = Watched { environment, role, slot };
    let own = role.alarms.iter().map(|alarm| of_slot(watched, alarm));
    own.chain(criteria(role).into_iter().map(|criterion| of_criterion(watched, criterion))).collect()
}

fn criteria(role: &Role) -> BTreeSet<Criterion> {
    let bakes = role.rollout.strategy.steps.iter().filter_map(|step| match step {
        Step::Bake(bake) => Some(&bake.criteria),
        _ => None,
    });
    bakes.flatten().copied().collect()
}

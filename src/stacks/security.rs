//! The security stack: who may speak to whom. One group for the load balancer, one for the instances of each slot.
//!
//! The rules between them name a slot's port, which phases move: they stand in the traffic stack.

use serde::Serialize;

use super::draft::Draft;
use super::graph::StackKind;
use super::{names, network};
use crate::model::{CreatedLoadBalancer, Environment, LoadBalancer, Role, Slot};

/// Key of the stack.
const KEY: &str = "security";

/// Output: the load balancer's security group.
const LOAD_BALANCER_GROUP: &str = "LoadBalancerSecurityGroupId";

#[derive(Serialize)]
struct Context<'a> {
    name: String,
    load_balancer: Option<Listening<'a>>,
    slots: Vec<SlotGroup>,
}

/// What the created load balancer lets in.
#[derive(Serialize)]
struct Listening<'a> {
    ports: Vec<Port>,
    allowed: Vec<Block<'a>>,
}

#[derive(Serialize)]
struct Port {
    number: u16,
    what: &'static str,
}

#[derive(Serialize)]
struct Block<'a> {
    cidr: &'a str,
    v6: bool,
}

/// The instance security group of one slot.
#[derive(Serialize)]
struct SlotGroup {
    id: String,
    role: String,
    slot: Slot,
}

/// The stack.
pub(super) fn draft(environment: &Environment) -> Draft {
    let draft = Draft::new(KEY, StackKind::Security, "security", context(environment));
    network::vpc(draft, environment)
}

/// Feeds `LoadBalancerSecurityGroupId`.
pub(super) fn load_balancer_group(draft: Draft, environment: &Environment) -> Draft {
    match &environment.load_balancer {
        LoadBalancer::Existing(existing) => draft.value(LOAD_BALANCER_GROUP, &existing.security_group),
        LoadBalancer::Created(_) => draft.output(LOAD_BALANCER_GROUP, KEY, LOAD_BALANCER_GROUP),
    }
}

/// Feeds that parameter with the slot's instance security group.
pub(super) fn instance_group(draft: Draft, parameter: &str, role: &Role, slot: Slot) -> Draft {
    draft.output(parameter, KEY, format!("{}Id", group_id(role, slot)))
}

fn group_id(role: &Role, slot: Slot) -> String {
    format!("{}{}SecurityGroup", names::logical(&role.name), slot.logical())
}

fn context(environment: &Environment) -> Context<'_> {
    let slot = |role: &Role, slot| SlotGroup { id: group_id(role, slot), role: role.name.clone(), slot };
    let slots = environment.roles.iter().flat_map(|role| Slot::ALL.map(|each| slot(role, each)));
    Context {
        name: format!("{}-{}", environment.project, environment.name),
        load_balancer: match &environment.load_balancer {
            LoadBalancer::Created(created) => Some(listening(created)),
            LoadBalancer::Existing(_) => None,
        },
        slots: slots.collect(),
    }
}

fn listening(created: &CreatedLoadBalancer) -> Listening<'_> {
    let http =
        Port { number: 80, what: if created.certificate.is_some() { "HTTP, redirected" } else { "HTTP" } };
    let https = created.certificate.is_some().then_some(Port { number: 443, what: "HTTPS" });
    Listening {
        ports: https.into_iter().chain([http]).collect(),
        allowed: created.allowed.iter().map(|cidr| Block { cidr, v6: cidr.contains(':') }).collect(),
    }
}

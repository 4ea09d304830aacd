//! The stacks of one environment, in the order in which they can be created.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::cfn::Template;
use crate::model::{LayerKind, Slot, Source};

/// The stacks of one environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackGraph {
    /// By key (`web-traffic`), each after all it depends on.
    pub stacks: IndexMap<String, RenderedStack>,
}

/// One stack: its template and what its parameters are fed with.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedStack {
    /// Its name inside the environment, `web-traffic`.
    pub key: String,
    /// Its name in CloudFormation, `idhub-40-prod-web-traffic`.
    pub name: String,
    /// Its Region, where that is another than the environment's.
    pub region: Option<String>,
    /// What it is.
    pub kind: StackKind,
    /// The template as text: readable YAML with comments.
    pub text: String,
    /// The same, parsed once.
    pub template: Template,
    /// One for each parameter of the template, in its order; those of a team's own that have a default may be left out.
    pub arguments: IndexMap<String, Argument>,
    /// Keys of the stacks that must exist before.
    pub depends_on: Vec<String>,
    /// Tags of the stack.
    pub tags: IndexMap<String, String>,
    /// Topics that CloudFormation tells of its events; `None` leaves it those that it has.
    pub notification_topics: Option<Vec<String>>,
    /// `CAPABILITY_NAMED_IAM` and the like; only what the template needs.
    pub capabilities: Vec<String>,
    /// Whether its deletion is refused.
    pub termination_protection: bool,
}

/// What a stack is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StackKind {
    /// Service role and keys.
    Foundation,
    /// VPC.
    Network,
    /// Security groups.
    Security,
    /// Topic and subscriptions.
    Notifications,
    /// Load balancer and listeners.
    LoadBalancer,
    /// One layer's pipeline.
    Images {
        /// Of this role.
        role: String,
        /// Of this layer.
        layer: LayerKind,
    },
    /// Target groups, listener rules, rollout record.
    Traffic {
        /// Of this role.
        role: String,
    },
    /// Launch template and group.
    Slot {
        /// Of this role.
        role: String,
        /// Which slot.
        slot: Slot,
    },
    /// Alarms and dashboard.
    Alarms {
        /// Of this role.
        role: String,
    },
    /// Takes rollouts back with nobody's machine on.
    Guard {
        /// Of this role.
        role: String,
    },
    /// Patch scan.
    Patching,
    /// A team's own.
    Own,
}

impl StackKind {
    /// The role it belongs to; `None` for the environment's own.
    pub fn role(&self) -> Option<&str> {
        match self {
            Self::Images { role, .. }
            | Self::Traffic { role }
            | Self::Slot { role, .. }
            | Self::Alarms { role }
            | Self::Guard { role } => Some(role),
            _ => None,
        }
    }

    /// CloudFormation works as the foundation's role in it. That role cannot make itself, and knows nothing of what a
    /// team's own templates hold: those are made with the permissions of whoever applies them.
    pub fn takes_service_role(&self) -> bool {
        !matches!(self, Self::Foundation | Self::Own)
    }
}

/// What a parameter is fed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Argument {
    /// Text from the spec; a list is joined with commas.
    Value(String),
    /// An output of another stack.
    Output {
        /// The other stack's key.
        stack: String,
        /// The output's name.
        output: String,
    },
    /// Moved by phases and by nothing else: this value is given on creation, and for a parameter that is new.
    Phase {
        /// The value on creation.
        bootstrap: String,
    },
    /// Read elsewhere when the environment is planned.
    Read(Source),
}

impl Argument {
    /// It is moved by phases.
    pub fn is_phase(&self) -> bool {
        matches!(self, Self::Phase { .. })
    }
}

impl StackGraph {
    /// That stack.
    pub fn get(&self, key: &str) -> Option<&RenderedStack> {
        self.stacks.get(key)
    }

    /// The stacks in levels: each level depends only on levels before it.
    pub fn levels(&self) -> Vec<Vec<&RenderedStack>> {
        let mut depth: BTreeMap<&str, usize> = BTreeMap::new();
        let mut levels: Vec<Vec<&RenderedStack>> = Vec::new();
        for stack in self.stacks.values() {
            let below = stack.depends_on.iter().filter_map(|key| depth.get(key.as_str())).max();
            let level = below.map_or(0, |deepest| deepest + 1);
            depth.insert(&stack.key, level);
            if levels.len() <= level {
                levels.resize_with(level + 1, Vec::new);
            }
            if let Some(level) = levels.get_mut(level) {
                level.push(stack);
            }
        }
        levels
    }
}

//! What stands between a plan and its run as things are now. `plan` tells it and `apply` refuses it: it is computed here
//! once, from what was seen, and nothing that was not seen passes.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Period, Zone};

use super::approval::{asked_again, missed};
use super::leaving::Leaving;
use super::loss::Loss;
use super::promotion::asks_for_promotion;
use super::role_plan::{RoleChange, RolePlan};
use super::stretch::CHANGE;
use super::{Plan, PlannedWindow, RefusedChange};

/// Whether each role's release is live where releases come from: why not, where it is not or could not be seen.
pub type Promotions = IndexMap<String, Result<(), String>>;

/// What of a plan is to run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Going<'a> {
    /// Only the next phase.
    pub next_only: bool,
    /// Only this role, and no stacks.
    pub role: Option<&'a str>,
}

/// Something that stands between a plan and its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Obstacle {
    /// The maintenance window is shut, or what is left of it is not enough.
    Window {
        /// How long it takes, what is left, and when it fits.
        why: String,
        /// A rollout is on its way: a run looks after it, and waits for the window only then.
        #[serde(rename = "onItsWay")]
        on_its_way: bool,
    },
    /// The release is not live where releases come from, or nobody could see that it is.
    Unpromoted {
        /// The role.
        role: String,
        /// The release.
        release: String,
        /// Why it does not count as live there.
        why: String,
    },
    /// CloudFormation refuses it, as things are deployed.
    Refused {
        /// Key of the stack.
        stack: String,
        /// What it refuses, and what to write instead.
        why: String,
    },
    /// It stops users or loses data.
    Loss {
        /// The resource, as a person names it.
        resource: String,
        /// What happens to it, and what that costs.
        why: String,
        /// How the same is done without the loss.
        instead: String,
    },
    /// Stacks that left the spec are still there, and what the plan changes fails as long as they are.
    Leaves {
        /// Their names.
        stack: String,
        /// What fails.
        why: String,
    },
    /// A stack that left the spec cannot be removed now.
    Stays {
        /// Its name.
        stack: String,
        /// Why.
        why: String,
        /// What to do.
        instead: String,
    },
    /// A run takes the rollout back, whatever else the plan says.
    GoesBack {
        /// The role.
        role: String,
        /// Why.
        why: String,
    },
    /// Nothing is done to a role without a person's word.
    Withheld {
        /// The role.
        role: String,
        /// Why, and what to do.
        why: String,
    },
}

/// What a person says to pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passes<'a> {
    /// Outside the window too.
    pub outside_window: bool,
    /// What was not live before may come.
    pub unpromoted: bool,
    /// Names of what may be lost.
    pub losses: &'a [String],
}

impl Passes<'_> {
    fn pass(&self, obstacle: &Obstacle) -> bool {
        match obstacle {
            Obstacle::Window { .. } => self.outside_window,
            Obstacle::Unpromoted { .. } => self.unpromoted,
            Obstacle::Loss { resource, .. } => self.losses.iter().any(|name| name == resource),
            Obstacle::Leaves { .. } | Obstacle::Stays { .. } => false,
            Obstacle::Refused { .. } | Obstacle::GoesBack { .. } | Obstacle::Withheld { .. } => false,
        }
    }
}

impl Obstacle {
    /// Why, in words.
    pub fn why(&self) -> String {
        match self {
            Self::Window { why, .. } | Self::Loss { why, .. } | Self::Stays { why, .. } => why.clone(),
            Self::Leaves { stack, why } => {
                format!("{why}: {stack} left the spec, and what left goes first")
            }
            Self::Refused { stack, why } => format!("{stack}: {why}"),
            Self::Unpromoted { role, release, why } => {
                format!("{role}: release {release} may not come here yet: {why}")
            }
            Self::GoesBack { role, why } => format!("{role}: everything goes back: {why}"),
            Self::Withheld { role, why } => format!("{role}: {why}"),
        }
    }

    /// The option of `apply` that passes it.
    pub fn pass(&self) -> Option<String> {
        match self {
            Self::Window { .. } => Some("--outside-window REASON".to_owned()),
            Self::Unpromoted { .. } => Some("--unpromoted REASON".to_owned()),
            Self::Loss { resource, .. } => Some(format!("--allow-loss {resource}")),
            Self::Leaves { .. } => Some("--prune".to_owned()),
            Self::Stays { .. } | Self::Refused { .. } | Self::GoesBack { .. } | Self::Withheld { .. } => None,
        }
    }

    /// The run does not begin. Else it ends there with the same code, after what may go on, or must go back, has done so.
    pub fn stops(&self) -> bool {
        match self {
            Self::Window { on_its_way, .. } => !on_its_way,
            Self::Unpromoted { .. } | Self::Loss { .. } => true,
            Self::Refused { .. } | Self::Leaves { .. } | Self::Stays { .. } => true,
            Self::GoesBack { .. } | Self::Withheld { .. } => false,
        }
    }
}

/// What was seen for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What is live where releases come from, by role.
    pub promotions: Promotions,
    /// Why a rollout on its way will be taken back, by role: its alarm has spoken.
    pub alarms: IndexMap<String, String>,
}

/// All that stands between that part of a plan and its run now, and is not passed.
pub fn obstacles(
    plan: &Plan,
    evidence: &Evidence,
    going: Going<'_>,
    passes: Passes<'_>,
    (now, zone): (Timestamp, &Zone),
) -> Vec<Obstacle> {
    let wanted = |role: &&RolePlan| going.role.is_none_or(|name| name == role.role);
    let roles = || plan.roles.iter().filter(wanted);
    let mut found: Vec<Obstacle> = roles().filter_map(|role| goes_back(role, evidence, now, zone)).collect();
    let back = !found.is_empty();
    if going.role.is_none() {
        found.extend(plan.refused.iter().map(refused));
        let whole = |loss: &&Loss| {
            passes.losses.contains(&loss.stack) && plan.removed().any(|it| it.name == loss.stack)
        };
        found.extend(plan.losses().iter().filter(|loss| !whole(loss)).map(lost));
        found.extend(plan.leaving.iter().filter_map(stays));
        found.extend(leaves(plan));
    }
    found.extend(roles().filter(|role| asks_for_promotion(plan, role)).filter_map(|role| {
        let not_seen = Err("nobody has looked".to_owned());
        let why = evidence.promotions.get(&role.role).unwrap_or(&not_seen).clone().err()?;
        let release = role.release.as_ref().map_or_else(String::new, |release| release.name.clone());
        Some(Obstacle::Unpromoted { role: role.role.clone(), release, why })
    }));
    found.extend(plan.window.as_ref().and_then(|window| shut(plan, window, going, (now, zone))));
    let withheld = roles().filter(|role| role.kind == RoleChange::Withheld);
    found.extend(
        withheld.map(|role| Obstacle::Withheld { role: role.role.clone(), why: role.notes.join("; ") }),
    );
    // What goes back waits for no window.
    let waits = |it: &Obstacle| matches!(it, Obstacle::Window { on_its_way: true, .. });
    found.retain(|it| !(passes.pass(it) || back && waits(it)));
    found
}

/// Why a run of a role takes it back.
fn goes_back(role: &RolePlan, evidence: &Evidence, now: Timestamp, zone: &Zone) -> Option<Obstacle> {
    let gates = role.phases.get(role.start).map_or(&[][..], |phase| &phase.gates);
    let missed = missed(&role.seen, gates, now).filter(|_| role.from.is_some());
    let missed = missed.map(|due| format!("the approval was due by {}", zone.told(due)));
    let why = evidence.alarms.get(&role.role).cloned().or(missed)?;
    Some(Obstacle::GoesBack { role: role.role.clone(), why })
}

fn refused(change: &RefusedChange) -> Obstacle {
    Obstacle::Refused { stack: change.stack.clone(), why: change.why.clone() }
}

fn lost(loss: &Loss) -> Obstacle {
    Obstacle::Loss { resource: loss.name(), why: loss.words(), instead: loss.safely() }
}

/// What keeps a stack that is to be removed.
fn stays(leaving: &Leaving) -> Option<Obstacle> {
    let (why, instead) = leaving.goes.and_then(|_| leaving.stays())?;
    Some(Obstacle::Stays { stack: leaving.name.clone(), why, instead })
}

/// What stacks that left the spec, and stay, stand in the way of.
fn leaves(plan: &Plan) -> Option<Obstacle> {
    let held = plan.leaving.iter().filter(|it| it.goes.is_none() && !it.holds_up.is_empty());
    let held: Vec<&Leaving> = held.collect();
    let why = held.first()?.holds_up.first()?.clone();
    let stack = held.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
    Some(Obstacle::Leaves { stack, why })
}

/// What the first thing that runs needs of the window.
fn shut(
    plan: &Plan,
    window: &PlannedWindow,
    going: Going<'_>,
    (now, zone): (Timestamp, &Zone),
) -> Option<Obstacle> {
    let acts = |role: &&RolePlan| {
        role.kind != RoleChange::Withheld && going.role.is_none_or(|name| name == role.role)
    };
    let running = plan.roles.iter().filter(acts).find(|role| role.is_on_its_way());
    let first = running.or_else(|| plan.roles.iter().find(acts));
    let stacks = match running.is_some() || going.role.is_some() {
        true => Period::ZERO,
        false => {
            let steps = plan.levels.iter().map(drop).chain(plan.removed().map(drop));
            steps.fold(Period::ZERO, |sum, ()| sum.plus(CHANGE))
        }
    };
    let needs = match first.and_then(|role| role.needs) {
        // A phase that moves nothing asks for no window.
        Some(needs) => stacks.plus(needs.of(going.next_only)),
        None if stacks > Period::ZERO => stacks.plus(CHANGE),
        None => return None,
    };
    if window.admits(now, needs) {
        return None;
    }
    let gates = first.and_then(|role| Some((role, role.phases.get(role.start)?)));
    let again = gates.and_then(|(role, phase)| {
        let due = zone.told(asked_again(&role.seen, &phase.gates, now)?);
        let (role, phase) = (&role.role, &phase.name);
        Some(format!("; the approval of {phase} of {role} was due by {due}, and is asked for again then"))
    });
    let why = window.refusal(now, needs) + &again.unwrap_or_default();
    Some(Obstacle::Window { why, on_its_way: running.is_some() })
}

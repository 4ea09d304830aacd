//! What a person lets go wrong on the embedded target: `WHAT@PHASE`, and how long into the phase.

mod parse;

use std::fmt;

use crate::diagnostics::nearest;
use crate::model::{Environment, Period, Slot};
use crate::plan::{CLEAN_UP, Plan, REFILL, RESTORE, ROLLBACK, RolePlan, VERIFY};

use super::Failure;

pub(super) use parse::{alarm, edit, fails, kill, launch_fails, no_data, unhealthy, zonal_shift, zone_down};

/// Something to go wrong, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What.
    pub(super) trouble: Trouble,
    /// When.
    pub(super) when: When,
}

/// `shift-50`, `shift-50+4m`, `shift-50+4m..9m`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    /// Name of the phase.
    pub(super) phase: String,
    /// So long after it has begun.
    pub(super) after: Period,
    /// Until so long after it has begun; `None` is for good.
    pub(super) until: Option<Period>,
}

/// A slot as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// That one.
    Slot(Slot),
    /// The one that users are on when the rollout begins.
    Live,
    /// The one that the release goes to.
    Candidate,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The candidate's alarms on a metric go off.
    Alarm { role: String, metric: String },
    /// They have no data.
    NoData { role: String, metric: String },
    /// So many of so many targets stay healthy.
    Unhealthy { role: String, slot: Place, healthy: u32, of: u32 },
    /// Instances do not start.
    LaunchFails { role: String, slot: Place },
    /// An Availability Zone is down.
    ZoneDown { zone: String },
    /// The load balancer sends nothing to an Availability Zone.
    ZonalShift { zone: String },
    /// The next change of a stack fails.
    Fails { stack: String },
    /// The process ends, and is run again.
    Kill,
    /// Everyone's weights are moved by hand.
    Weights { role: String, blue: u32, green: u32 },
    /// The rollout record is written by hand.
    Record { role: String },
    /// A group's sizes are changed by hand.
    Sizes { role: String, slot: Place, min: u32, max: u32 },
}

impl Trouble {
    /// The role that it is about, where it is about one.
    fn role(&self) -> Option<&str> {
        match self {
            Self::Alarm { role, .. }
            | Self::NoData { role, .. }
            | Self::Unhealthy { role, .. }
            | Self::LaunchFails { role, .. }
            | Self::Weights { role, .. }
            | Self::Sizes { role, .. }
            | Self::Record { role } => Some(role),
            Self::ZoneDown { .. } | Self::ZonalShift { .. } | Self::Fails { .. } | Self::Kill => None,
        }
    }
}

impl Fault {
    /// It is meant for that phase of that role.
    pub(super) fn is_for(&self, role: &str, phase: &str) -> bool {
        self.when.phase == phase && self.trouble.role().is_none_or(|own| own == role)
    }

    /// What it names is there.
    ///
    /// # Errors
    /// It is not; the nearest name is the help.
    pub(super) fn check(&self, environment: &Environment, stacks: &[&str]) -> Result<(), Failure> {
        let known: Vec<&str> = environment.roles.iter().map(|role| role.name.as_str()).collect();
        self.check_role(&known)?;
        match &self.trouble {
            Trouble::Alarm { role, metric } | Trouble::NoData { role, metric } => {
                let alarms = environment.role(role).map(|role| role.alarms.as_slice()).unwrap_or_default();
                let mut known: Vec<&str> = alarms.iter().map(|own| own.metric.as_str()).collect();
                known.dedup();
                known_name(metric, &known, |metric| format!("role `{role}` has no alarm on `{metric}`"))
            }
            Trouble::Fails { stack } => {
                known_name(stack, stacks, |stack| format!("the environment has no stack `{stack}`"))
            }
            _ => Ok(()),
        }
    }

    /// The role that it names is one of those.
    ///
    /// # Errors
    /// It is not; the nearest name is the help.
    pub(super) fn check_role(&self, known: &[&str]) -> Result<(), Failure> {
        self.trouble
            .role()
            .map_or(Ok(()), |name| known_name(name, known, |name| format!("there is no role `{name}`")))
    }

    /// A way back may come through its phase.
    ///
    /// # Errors
    /// It does not; the phases are the help.
    pub(super) fn check_way_back(&self) -> Result<(), Failure> {
        let known = [REFILL, RESTORE, VERIFY, ROLLBACK, CLEAN_UP];
        known_name(&self.when.phase, &known, |phase| format!("no way back has a phase `{phase}`"))
    }

    /// The rollout comes through its phase: what never happens would prove nothing.
    ///
    /// # Errors
    /// It does not; the phases are the help.
    pub(super) fn check_phase(&self, plan: &Plan) -> Result<(), Failure> {
        let own = |role: &&RolePlan| self.trouble.role().is_none_or(|name| name == role.role);
        let phases = plan.roles.iter().filter(own).flat_map(|role| &role.phases);
        let known: Vec<&str> = phases.map(|phase| phase.name.as_str()).collect();
        let whose = self.trouble.role().map_or(String::new(), |role| format!(" of `{role}`"));
        known_name(&self.when.phase, &known, |phase| format!("this rollout{whose} has no phase `{phase}`"))
    }
}

fn known_name(name: &str, known: &[&str], told: impl Fn(&str) -> String) -> Result<(), Failure> {
    if known.contains(&name) {
        return Ok(());
    }
    let choice = format!("one of: {}", known.join(", "));
    let meant = nearest(name, known.iter().copied());
    Err(Failure::new(told(name)).help(meant.map_or(choice, |meant| format!("did you mean `{meant}`?"))))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let When { after, until, .. } = &self.when;
        write!(f, "{}", self.trouble)?;
        match (*after > Period::ZERO, until) {
            (_, Some(until)) => write!(f, " from {after} to {until} into the phase"),
            (true, None) => write!(f, " {after} into the phase"),
            (false, None) => Ok(()),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alarm { role, metric } => write!(f, "the alarms of {role} on {metric} go off"),
            Self::NoData { role, metric } => write!(f, "the alarms of {role} on {metric} have no data"),
            Self::Unhealthy { role, slot, healthy, of } => {
                write!(f, "{healthy} of {of} targets of {role} {slot} are healthy")
            }
            Self::LaunchFails { role, slot } => write!(f, "no instance of {role} {slot} starts"),
            Self::ZoneDown { zone } => write!(f, "zone {zone} is down"),
            Self::ZonalShift { zone } => write!(f, "the load balancer sends nothing to zone {zone}"),
            Self::Fails { stack } => write!(f, "the next change of {stack} fails"),
            Self::Kill => write!(f, "the process ends"),
            Self::Weights { role, blue, green } => {
                write!(f, "somebody moves the weights of {role} to {blue}/{green}")
            }
            Self::Record { role } => write!(f, "somebody writes the record of {role}"),
            Self::Sizes { role, slot, min, max } => {
                write!(f, "somebody lets {role} {slot} have {min} to {max} instances")
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slot(slot) => write!(f, "{slot}"),
            Self::Live => write!(f, "live"),
            Self::Candidate => write!(f, "candidate"),
        }
    }
}

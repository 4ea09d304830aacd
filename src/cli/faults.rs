//! What a person lets go wrong in a simulated rollout: `WHAT@PHASE`, and how long into the phase.

use std::fmt;

use crate::diagnostics::nearest;
use crate::model::{Environment, Period, Slot};
use crate::plan::{Plan, RolePlan};

use super::Failure;

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
}

type Parsed = Result<Fault, String>;

/// `web.error-rate@shift-50+4m`
pub(super) fn alarm(text: &str) -> Parsed {
    named(text, "web.error-rate@shift-50+4m", |role, metric| Some(Trouble::Alarm { role, metric }))
}

/// `web.memory@shift-10..20m`
pub(super) fn no_data(text: &str) -> Parsed {
    named(text, "web.memory@shift-10+0m..20m", |role, metric| Some(Trouble::NoData { role, metric }))
}

/// `web.live=2/4@shift-50+1m`
pub(super) fn unhealthy(text: &str) -> Parsed {
    named(text, "web.live=2/4@shift-50+1m", |role, rest| {
        let (slot, share) = rest.split_once('=').unwrap_or((&rest, "0/1"));
        let (healthy, of) = share.split_once('/')?;
        let (healthy, of) = (healthy.parse().ok()?, of.parse().ok()?);
        (healthy <= of && of > 0).then_some(())?;
        Some(Trouble::Unhealthy { role, slot: place(slot)?, healthy, of })
    })
}

/// `web.candidate@provision`
pub(super) fn launch_fails(text: &str) -> Parsed {
    named(text, "web.candidate@provision", |role, slot| {
        Some(Trouble::LaunchFails { role, slot: place(&slot)? })
    })
}

/// `a@shift-50+2m`
pub(super) fn zone_down(text: &str) -> Parsed {
    at(text, "a@shift-50+2m", |zone| is_name(zone).then(|| Trouble::ZoneDown { zone: zone.to_owned() }))
}

/// `a@verify`
pub(super) fn zonal_shift(text: &str) -> Parsed {
    at(text, "a@verify", |zone| is_name(zone).then(|| Trouble::ZonalShift { zone: zone.to_owned() }))
}

/// `web-green@provision`
pub(super) fn fails(text: &str) -> Parsed {
    as_it_begins(at(text, "web-green@provision", |stack| {
        is_name(stack).then(|| Trouble::Fails { stack: stack.to_owned() })
    }))
}

fn as_it_begins(parsed: Parsed) -> Parsed {
    let fault = parsed?;
    match fault.when {
        When { after: Period::ZERO, until: None, .. } => Ok(fault),
        _ => Err("this happens as the phase begins: write it without a time".to_owned()),
    }
}

/// `@shift-50+7m`
pub(super) fn kill(text: &str) -> Parsed {
    at(text, "@shift-50+7m", |nothing| nothing.is_empty().then_some(Trouble::Kill))
}

/// `web.weights=50/50@hold`, `web.record@hold`
pub(super) fn edit(text: &str) -> Parsed {
    as_it_begins(named(text, "web.weights=50/50@hold` or `web.record@hold", |role, what| {
        if what == "record" {
            return Some(Trouble::Record { role });
        }
        let (blue, green) = what.strip_prefix("weights=")?.split_once('/')?;
        let (blue, green): (u32, u32) = (blue.parse().ok()?, green.parse().ok()?);
        // Elastic Load Balancing's own range.
        (blue <= 999 && green <= 999).then_some(Trouble::Weights { role, blue, green })
    }))
}

fn named(text: &str, form: &str, make: impl FnOnce(String, String) -> Option<Trouble>) -> Parsed {
    at(text, form, |what| {
        let (role, rest) = what.split_once('.')?;
        make(role.to_owned(), rest.to_owned())
    })
}

fn at(text: &str, form: &str, make: impl FnOnce(&str) -> Option<Trouble>) -> Parsed {
    let form = || format!("write it as `{form}`");
    let (what, when) = text.rsplit_once('@').ok_or_else(form)?;
    let when = When::parse(when)?;
    if when.phase.is_empty() {
        return Err(form());
    }
    make(what).map(|trouble| Fault { trouble, when }).ok_or_else(form)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn place(text: &str) -> Option<Place> {
    Some(match text {
        "live" => Place::Live,
        "candidate" => Place::Candidate,
        name => Place::Slot(Slot::ALL.into_iter().find(|slot| slot.to_string() == name)?),
    })
}

impl When {
    fn parse(text: &str) -> Result<Self, String> {
        let (phase, time) = text.split_once('+').unwrap_or((text, "0s"));
        let (after, until) = match time.split_once("..") {
            Some((after, until)) => (after, Some(until)),
            None => (time, None),
        };
        let period = |text: &str| text.parse::<Period>().map_err(|error| error.to_string());
        let (after, until) = (period(after)?, until.map(period).transpose()?);
        match until {
            Some(until) if until <= after => Err(format!("it ends at {until}, before it begins at {after}")),
            until => Ok(Self { phase: phase.to_owned(), after, until }),
        }
    }
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
        if let Some(name) = self.trouble.role() {
            let known: Vec<&str> = environment.roles.iter().map(|role| role.name.as_str()).collect();
            known_name(name, &known, |name| format!("there is no role `{name}`"))?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_is_named_with_its_phase_and_time() {
        let told = |parsed: Parsed| match parsed {
            Ok(Fault { trouble, when: When { phase, after, until } }) => {
                let until = until.map_or("for good".to_owned(), |until| format!("until {until}"));
                format!("{trouble}: {phase} from {after} {until}")
            }
            Err(why) => format!("! {why}"),
        };
        let all = [
            alarm("web.error-rate@shift-50+4m"),
            alarm("web.cpu@hold+4m..9m"),
            alarm("web@shift-50"),
            alarm("web.cpu@hold+4x"),
            alarm("web.cpu@hold+9m..4m"),
            alarm("web.cpu@"),
            no_data("web.memory@shift-10"),
            unhealthy("web.live=2/4@shift-50+1m"),
            unhealthy("web.green@hold"),
            unhealthy("web.live=5/4@hold"),
            unhealthy("web.red=1/4@hold"),
            launch_fails("web.candidate@provision"),
            zone_down("a@shift-50+2m"),
            zone_down("@shift-50"),
            zonal_shift("ap-northeast-1c@verify"),
            fails("web-green@provision"),
            kill("@shift-50+7m"),
            kill("web@shift-50"),
            edit("web.weights=50/50@hold"),
            edit("web.record@hold"),
            edit("web.record@hold+1m"),
            edit("web.colour=red@hold"),
        ];
        let all: Vec<String> = all.into_iter().map(told).collect();
        insta::assert_snapshot!(all.join("\n"), @"
        the alarms of web on error-rate go off: shift-50 from 4m for good
        the alarms of web on cpu go off: hold from 4m until 9m
        ! write it as `web.error-rate@shift-50+4m`
        ! `4x` is not a length of time such as `90s`, `15m`, `24h` or `2d`
        ! it ends at 4m, before it begins at 9m
        ! write it as `web.error-rate@shift-50+4m`
        the alarms of web on memory have no data: shift-10 from 0s for good
        2 of 4 targets of web live are healthy: shift-50 from 1m for good
        0 of 1 targets of web green are healthy: hold from 0s for good
        ! write it as `web.live=2/4@shift-50+1m`
        ! write it as `web.live=2/4@shift-50+1m`
        no instance of web candidate starts: provision from 0s for good
        zone a is down: shift-50 from 2m for good
        ! write it as `a@shift-50+2m`
        the load balancer sends nothing to zone ap-northeast-1c: verify from 0s for good
        the next change of web-green fails: provision from 0s for good
        the process ends: shift-50 from 7m for good
        ! write it as `@shift-50+7m`
        somebody moves the weights of web to 50/50: hold from 0s for good
        somebody writes the record of web: hold from 0s for good
        ! this happens as the phase begins: write it without a time
        ! write it as `web.weights=50/50@hold` or `web.record@hold`
        ");
    }
}

//! From what a person writes to what is to go wrong.

use super::{Fault, Place, Trouble, When};
use crate::model::{Period, Slot};

type Parsed = Result<Fault, String>;

/// `web.error-rate@shift-50+4m`
pub(in crate::cli) fn alarm(text: &str) -> Parsed {
    named(text, "web.error-rate@shift-50+4m", |role, metric| Some(Trouble::Alarm { role, metric }))
}

/// `web.memory@shift-10..20m`
pub(in crate::cli) fn no_data(text: &str) -> Parsed {
    named(text, "web.memory@shift-10+0m..20m", |role, metric| Some(Trouble::NoData { role, metric }))
}

/// `web.live=2/4@shift-50+1m`
pub(in crate::cli) fn unhealthy(text: &str) -> Parsed {
    named(text, "web.live=2/4@shift-50+1m", |role, rest| {
        let (slot, share) = rest.split_once('=').unwrap_or((&rest, "0/1"));
        let (healthy, of) = share.split_once('/')?;
        let (healthy, of) = (healthy.parse().ok()?, of.parse().ok()?);
        (healthy <= of && of > 0).then_some(())?;
        Some(Trouble::Unhealthy { role, slot: place(slot)?, healthy, of })
    })
}

/// `web.candidate@provision`
pub(in crate::cli) fn launch_fails(text: &str) -> Parsed {
    named(text, "web.candidate@provision", |role, slot| {
        Some(Trouble::LaunchFails { role, slot: place(&slot)? })
    })
}

/// `a@shift-50+2m`
pub(in crate::cli) fn zone_down(text: &str) -> Parsed {
    at(text, "a@shift-50+2m", |zone| is_name(zone).then(|| Trouble::ZoneDown { zone: zone.to_owned() }))
}

/// `a@verify`
pub(in crate::cli) fn zonal_shift(text: &str) -> Parsed {
    at(text, "a@verify", |zone| is_name(zone).then(|| Trouble::ZonalShift { zone: zone.to_owned() }))
}

/// `web-green@provision`
pub(in crate::cli) fn fails(text: &str) -> Parsed {
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
pub(in crate::cli) fn kill(text: &str) -> Parsed {
    at(text, "@shift-50+7m", |nothing| nothing.is_empty().then_some(Trouble::Kill))
}

/// `web.weights=50/50@hold`, `web.live.sizes=1/2@hold`, `web.record@hold`
pub(in crate::cli) fn edit(text: &str) -> Parsed {
    let form = "web.weights=50/50@hold`, `web.live.sizes=1/2@hold` or `web.record@hold";
    as_it_begins(named(text, form, |role, what| {
        if what == "record" {
            return Some(Trouble::Record { role });
        }
        if let Some((slot, sizes)) = what.split_once(".sizes=") {
            let (min, max) = sizes.split_once('/')?;
            let (min, max) = (min.parse().ok()?, max.parse().ok()?);
            return (min <= max && max <= MOST_INSTANCES).then_some(Trouble::Sizes {
                role,
                slot: place(slot)?,
                min,
                max,
            });
        }
        let (blue, green) = what.strip_prefix("weights=")?.split_once('/')?;
        let (blue, green): (u32, u32) = (blue.parse().ok()?, green.parse().ok()?);
        // Elastic Load Balancing's own range.
        (blue <= 999 && green <= 999).then_some(Trouble::Weights { role, blue, green })
    }))
}

/// More than any group of an embedded target needs, and few enough to be played.
const MOST_INSTANCES: u32 = 1_000;

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
            edit("web.live.sizes=1/2@hold"),
            edit("web.green.sizes=3/2@hold"),
            edit("web.green.sizes=1/5000@hold"),
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
        somebody lets web live have 1 to 2 instances: hold from 0s for good
        ! write it as `web.weights=50/50@hold`, `web.live.sizes=1/2@hold` or `web.record@hold`
        ! write it as `web.weights=50/50@hold`, `web.live.sizes=1/2@hold` or `web.record@hold`
        ! this happens as the phase begins: write it without a time
        ! write it as `web.weights=50/50@hold`, `web.live.sizes=1/2@hold` or `web.record@hold`
        ");
    }
}

//! `protection`: what stands between a plan and the environment.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::model::{Approval, Guard, Origin, Protection, Sibling, Window};
use crate::spec;

use super::codes;
use super::context::Context;

pub(super) fn protection(
    context: &mut Context<'_>,
    spec: Option<&spec::Protection>,
    keep: bool,
    siblings: &[Arc<Sibling>],
) -> Protection {
    let nothing = spec::Protection::default();
    let spec = spec.unwrap_or(&nothing);
    Protection {
        approval: match spec.approval {
            Some(spec::Approval::Manual) => Approval::Manual,
            Some(spec::Approval::None) | None => Approval::None,
        },
        window: spec.window.as_ref().map(|written| window(context, written)),
        promote_from: spec.promote_from.as_ref().map(|from| origin(from.as_str(), siblings)),
        strategies: spec.strategies.iter().flatten().map(ToString::to_string).collect(),
        guard: match spec.guard {
            Some(spec::Guard::Automation) => Guard::Automation,
            Some(spec::Guard::None) => Guard::None,
            None => Guard::WhereLong,
        },
        termination: spec.termination.unwrap_or(keep),
    }
}

/// Another environment of the project; one that is not there is told by its rule.
fn origin(name: &str, siblings: &[Arc<Sibling>]) -> Origin {
    let found = siblings.iter().find(|sibling| sibling.name == name);
    Origin {
        environment: name.to_owned(),
        account: found.map(|sibling| sibling.account.clone()),
        region: found.and_then(|sibling| sibling.region.clone()),
    }
}

fn window(context: &mut Context<'_>, spec: &spec::Window) -> Window {
    if TimeZone::get(spec.timezone.as_str()).is_err() {
        let message = format!("there is no time zone `{}`", spec.timezone);
        let error = context.error(codes::TIME_ZONE, "/protection/window/timezone", message);
        context.push(error.with_help("write a name such as `Asia/Tokyo`"));
    }
    let mut days: Vec<u8> = spec.days.iter().map(|day| *day as u8 + 1).collect();
    days.sort_unstable();
    days.dedup();
    Window { days, from: minutes(&spec.from), to: minutes(&spec.to), timezone: spec.timezone.to_string() }
}

/// Minutes after midnight; the schema has checked the form.
fn minutes(clock: &spec::Clock) -> u32 {
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    clock.as_str().split_once(':').map_or(0, |(hour, minute)| number(hour) * 60 + number(minute))
}

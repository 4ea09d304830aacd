//! `rollout`: a named strategy or steps of one's own, in the model's words.

use crate::model::{Bake, Criterion, Period, Rollout, Step, Strategy};
use crate::source::pointer;
use crate::spec;

use super::context::Context;
use super::{codes, defaults, strategies};

pub(super) fn rollout(context: &mut Context<'_>, role: &str, spec: Option<&spec::Rollout>) -> Rollout {
    let at = pointer(["roles", role, "rollout"]);
    let nothing = spec::RolloutDetails::default();
    let (name, details, name_at) = match spec {
        None => (None, &nothing, at.clone()),
        Some(spec::Rollout::Named(name)) => (Some(name.as_str()), &nothing, at.clone()),
        Some(spec::Rollout::Details(details)) => {
            (details.strategy.as_deref(), &**details, format!("{at}/strategy"))
        }
    };
    let steps_at = format!("{at}/steps");
    if let (Some(_), Some(_)) = (name, &details.steps) {
        let error = context.error(codes::TOGETHER, &steps_at, "`steps` stand instead of a named `strategy`");
        let named = context.root.place(&name_at);
        context.push(error.secondary(named, "names one").with_help("keep one of the two"));
    }
    let mut strategy = match &details.steps {
        Some(own) => Strategy { name: "custom".to_owned(), steps: steps(context, &steps_at, own) },
        None => named(context, &name_at, name.unwrap_or(defaults::STRATEGY)),
    };
    if let Some(hold) = &details.hold {
        let hold_at = format!("{at}/hold");
        let period = context.period(&hold_at, hold);
        keep(context, &hold_at, &mut strategy, period);
    }
    Rollout {
        strategy,
        min_requests: details.min_requests.unwrap_or(defaults::MIN_REQUESTS),
        expected_requests: details.expected_requests,
    }
}

/// The strategy of that name; the default one where there is none, so that the rest can be judged.
fn named(context: &mut Context<'_>, at: &str, name: &str) -> Strategy {
    let file = strategies::named(name).or_else(|| {
        let error = context.error(codes::STRATEGY, at, format!("there is no strategy `{name}`"));
        context.push(error.with_help(spec::meant(name, &strategies::names())));
        strategies::named(defaults::STRATEGY)
    });
    let steps = file.map(|file| steps(context, at, &file.steps)).unwrap_or_default();
    Strategy { name: name.to_owned(), steps }
}

/// The old slot is kept for so long, instead of the strategy's own time.
fn keep(context: &mut Context<'_>, at: &str, strategy: &mut Strategy, period: Period) {
    if let Some(hold) = strategy.steps.iter_mut().find(|step| matches!(step, Step::Hold(_))) {
        *hold = Step::Hold(period);
    } else if let Some(retire) = strategy.steps.iter().position(|step| *step == Step::Retire) {
        strategy.steps.insert(retire, Step::Hold(period));
    } else {
        let message = format!("strategy `{}` has no old slot to hold", strategy.name);
        let error = context.error(codes::TOGETHER, at, message);
        context.push(error.with_help("remove `hold`, or choose a strategy with two slots"));
    }
}

fn steps(context: &mut Context<'_>, at: &str, spec: &[spec::Step]) -> Vec<Step> {
    let mut steps = Vec::new();
    // What the candidate has been given so far, for the criteria that only make sense at equal shares.
    let mut share = 0;
    for (index, step) in spec.iter().enumerate() {
        match step {
            spec::Step::Word(spec::StepWord::Provision) => steps.push(Step::Provision),
            spec::Step::Word(spec::StepWord::Verify) => steps.push(Step::Verify),
            spec::Step::Word(spec::StepWord::Retire) => steps.push(Step::Retire),
            spec::Step::Details(details) => {
                share = details.shift.unwrap_or(share);
                steps.extend(detailed(context, &format!("{at}/{index}"), details, share));
            }
        }
    }
    steps
}

fn detailed(context: &mut Context<'_>, at: &str, spec: &spec::StepDetails, share: u32) -> Vec<Step> {
    let sticky = spec.sticky.as_ref().map(|sticky| context.period(&format!("{at}/sticky"), sticky));
    let bake = spec.bake.as_ref().map(|written| bake(context, &format!("{at}/bake"), written, share));
    let refresh = spec.refresh.as_ref().map(|refresh| Step::Refresh {
        checkpoints: refresh.checkpoints.clone(),
        delay: context.period(&format!("{at}/refresh/delay"), &refresh.delay),
    });
    let moves = [
        spec.shift.map(|percent| Step::Shift { percent, sticky }),
        spec.route.as_ref().map(|cohort| Step::Route { cohort: cohort.to_string() }),
        spec.approval
            .as_ref()
            .map(|within| Step::Approval { within: context.period(&format!("{at}/approval"), within) }),
        spec.hold.as_ref().map(|hold| Step::Hold(context.period(&format!("{at}/hold"), hold))),
        refresh,
    ];
    let moves: Vec<Step> = moves.into_iter().flatten().collect();
    let may_bake = matches!(moves.as_slice(), [] | [Step::Shift { .. } | Step::Route { .. }]);
    let stray_sticky = sticky.is_some() && spec.shift.is_none();
    if moves.len() > 1
        || (moves.is_empty() && bake.is_none())
        || (bake.is_some() && !may_bake)
        || stray_sticky
    {
        let error = context.error(
            codes::STEP,
            at,
            "a step says one thing: `shift`, `route`, `bake`, `approval`, `hold` or `refresh`",
        );
        context.push(error.with_help("make it several steps; only `bake` stands beside `shift` or `route`, and `sticky` beside `shift`"));
    }
    moves.into_iter().chain(bake).collect()
}

fn bake(context: &mut Context<'_>, at: &str, spec: &spec::Bake, share: u32) -> Step {
    let (time, criteria) = match spec {
        spec::Bake::Time(time) => (context.period(at, time), fitting(share)),
        spec::Bake::Details(details) => {
            let time = context.period(&format!("{at}/time"), &details.time);
            (time, details.criteria.iter().map(|name| criterion(*name)).collect())
        }
    };
    Step::Bake(Bake { time, criteria })
}

/// Requirement 2, section 3.3; CPU and memory compare with the live slot, which only equal shares allow.
fn fitting(share: u32) -> Vec<Criterion> {
    let mut criteria = vec![Criterion::ErrorRate, Criterion::ResponseTime];
    if share == 50 {
        criteria.extend([Criterion::Cpu, Criterion::Memory]);
    }
    criteria
}

const fn criterion(name: spec::CriterionName) -> Criterion {
    match name {
        spec::CriterionName::ErrorRate => Criterion::ErrorRate,
        spec::CriterionName::ResponseTime => Criterion::ResponseTime,
        spec::CriterionName::Cpu => Criterion::Cpu,
        spec::CriterionName::Memory => Criterion::Memory,
    }
}

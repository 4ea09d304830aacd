//! ASG0349: windows in which no phase fits.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Period, Step, Window};

const CODE: Code = Code::new("ASG0349");

/// Longer bakes are not waited for: the next phase starts in another window.
const WATCHED: Period = Period::minutes(180);
/// Time to take a step back, from the requirement's recovery objective (requirement 1, section 3.1).
const ROLLBACK: Period = Period::minutes(5);

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a maintenance window in which a phase does not fit",
    severity: &[Severity::Error],
    docs: "A phase starts inside the window and must leave time for its bake and for taking it back. A bake over 180 \
           minutes is not waited for, so it may outlast the window.",
    fails: "protection: { window: { days: [Tue], from: \"02:00\", to: \"02:20\", timezone: Asia/Tokyo } }\n",
    mended: "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(window) = &subject.environment.protection.window else { return };
    let open = length(window);
    for role in &subject.environment.roles {
        let steps = role.rollout.strategy.steps.iter();
        let bakes = steps.filter_map(|step| if let Step::Bake(bake) = step { Some(bake.time) } else { None });
        let Some(longest) = bakes.filter(|time| *time <= WATCHED).max() else { continue };
        let needed = longest.plus(ROLLBACK);
        if needed > open {
            let message = format!(
                "the window is open for {open}, the longest phase of role `{}` takes {needed}",
                role.name
            );
            let error = subject.error(CODE, "/protection/window/to", message);
            let error = error.secondary(subject.place(&subject.steps(role)), "the longest bake is here");
            findings.push(error.with_help(format!("keep the window open for {needed} or longer")));
        }
    }
}

/// A window that closes before it opens closes on the next day; one that closes when it opens is open all day.
fn length(window: &Window) -> Period {
    const DAY: u32 = 24 * 60;
    let minutes = (window.to + DAY - window.from - 1) % DAY + 1;
    Period::minutes(u64::from(minutes))
}

//! ASG0349: windows in which no phase fits.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Period, Window};
use crate::plan::longest_stretch;

const CODE: Code = Code::new("ASG0349");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a maintenance window in which a rollout does not fit",
    severity: &[Severity::Error],
    docs: "A phase starts inside the window, and only where enough of it is left to come to where the rollout can stand: before \
           the first move of traffic, after everyone has arrived, or where the strategy itself waits for hours or for a \
           person. What lies between two such places must fit the window, changes and the way back included; a bake over 180 \
           minutes is not waited for, so it may outlast the window.",
    fails: "protection: { window: { days: [Tue], from: \"02:00\", to: \"02:20\", timezone: Asia/Tokyo } }\n",
    mended: "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(window) = &subject.environment.protection.window else { return };
    let open = length(window);
    for role in &subject.environment.roles {
        let Some((needed, phase)) = longest_stretch(role).filter(|(needed, _)| *needed > open) else {
            continue;
        };
        let message = format!(
            "the window is open for {open}, and role `{}` takes {needed} from `{phase}` to where its rollout can stand",
            role.name
        );
        let error = subject.error(CODE, "/protection/window/to", message);
        let error = error.secondary(subject.place(&subject.steps(role)), "its steps are here");
        findings.push(error.with_help(format!(
            "keep the window open for {needed} or longer, or let the rollout wait on its way: `approval: 2d`"
        )));
    }
}

/// A window that closes before it opens closes on the next day; one that closes when it opens is open all day.
fn length(window: &Window) -> Period {
    const DAY: u32 = 24 * 60;
    if window.days.len() == 7 && window.from == window.to {
        return Period::hours(u64::from(DAY));
    }
    let minutes = (window.to + DAY - window.from - 1) % DAY + 1;
    Period::minutes(u64::from(minutes))
}

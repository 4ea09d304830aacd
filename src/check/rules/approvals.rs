//! ASG0362: approvals that end before anybody can use them.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};
use crate::model::{Period, Step, Window};

const CODE: Code = Code::new("ASG0362");

/// A person has to see the message, look and answer.
const LEAST: Period = Period::minutes(10);
const DAY: u64 = 24 * 60;

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "an approval that ends before anybody can use it",
    severity: &[Severity::Error, Severity::Warning],
    docs: "A rollout that is half way and that nobody approves in time is taken back by the next run; before \
           anybody has moved, and where everyone has, a person is asked again. Ten minutes is the least in which anybody \
           answers; and where the phase after it has to wait for the maintenance window, the approval must last until the \
           window opens again.",
    fails: "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }\nroles: { web: { rollout: { steps: [provision, verify, { shift: 10, bake: 15m }, { approval: 2d }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    mended: "protection: { window: { days: [Tue], from: \"02:00\", to: \"06:00\", timezone: Asia/Tokyo } }\nroles: { web: { rollout: { steps: [provision, verify, { shift: 10, bake: 15m }, { approval: 8d }, { shift: 100, bake: 15m }, { hold: 24h }, retire] } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    let window = subject.environment.protection.window.as_ref();
    for role in &subject.environment.roles {
        let steps = role.rollout.strategy.steps.iter();
        let approvals =
            steps.filter_map(|step| if let Step::Approval { within } = step { Some(*within) } else { None });
        for within in approvals {
            let at = subject.steps(role);
            if within < LEAST {
                let message = format!("nobody answers an approval of role `{}` within {within}", role.name);
                findings.push(
                    subject
                        .error(CODE, &at, message)
                        .with_help(format!("write `approval: {LEAST}` or longer")),
                );
            } else if let Some(closed) = window.map(longest_closed).filter(|closed| within < *closed) {
                let message = format!(
                    "an approval of role `{}` lasts {within}, and the maintenance window is closed for up to {closed}",
                    role.name
                );
                let window = subject.place("/protection/window");
                let warning = subject.warning(CODE, &at, message).secondary(window, "the window");
                findings.push(warning.with_help(format!(
                    "write `approval: {closed}` or longer, or open the window more often"
                )));
            }
        }
    }
}

/// The longest time between two openings in which the window is closed.
fn longest_closed(window: &Window) -> Period {
    let mut days: Vec<u64> = window.days.iter().map(|day| u64::from(*day)).collect();
    days.sort_unstable();
    days.dedup();
    let next = days.iter().cycle().skip(1);
    let gap =
        days.iter().zip(next).map(|(day, next)| if next > day { next - day } else { next + 7 - day }).max();
    let open = (u64::from(window.to) + DAY - u64::from(window.from) - 1) % DAY + 1;
    Period::minutes(gap.unwrap_or_default() * DAY).minus(Period::minutes(open))
}

#[cfg(test)]
mod tests {
    use super::longest_closed;
    use crate::model::{Period, Window};

    #[test]
    fn a_window_is_closed_until_it_opens_again() {
        let closed = |days: &[u8], from: u32, to: u32| {
            let window =
                Window { days: days.to_vec(), from: from * 60, to: to * 60, timezone: String::new() };
            longest_closed(&window)
        };
        assert_eq!(closed(&[2], 2, 6), Period::hours(7 * 24 - 4));
        assert_eq!(closed(&[1, 2, 3, 4], 2, 6), Period::hours(4 * 24 - 4));
        assert_eq!(closed(&[1, 2, 3, 4, 5, 6, 7], 22, 2), Period::hours(20));
        assert_eq!(closed(&[1, 2, 3, 4, 5, 6, 7], 0, 0), Period::ZERO);
    }
}

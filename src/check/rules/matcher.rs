//! ASG0355: health checks that call anything healthy.

use crate::check::{Check, Rule, Subject};
use crate::diagnostics::{Code, Findings, Severity};

const CODE: Code = Code::new("ASG0355");

pub(in crate::check) const RULE: Rule = Rule {
    code: CODE,
    title: "a health check that takes a redirect or an error for success",
    severity: &[Severity::Error, Severity::Warning],
    docs: "Behind a matcher with 3xx codes a redirect to a login page or to an error page is healthy, and behind one with 4xx \
           codes so is an application that was never deployed: `404` is what an empty web server answers. Such a check \
           lets a broken release take traffic. Give the health check a path that needs no login and answers 200. \
           <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>",
    fails: "roles: { web: { targetGroup: { healthCheck: { path: /, matcher: \"200-399\" } } } }\n",
    mended: "roles: { web: { targetGroup: { healthCheck: { path: /health, matcher: \"200\" } } } }\n",
    check: Check::Spec(check),
};

fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for role in &subject.environment.roles {
        let health = &role.target_group.health_check;
        let at = Subject::role(role, "/targetGroup/healthCheck/matcher");
        for part in health.matcher.split(',') {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) else { continue };
            if from > to {
                let message = format!("`{part}` holds no code: {from} is above {to}");
                findings.push(subject.error(CODE, &at, message).with_help(format!("write `{to}-{from}`")));
            } else if to >= 300 {
                let message =
                    format!("`{part}` of role `{}` calls {} healthy", role.name, what(from.max(300)));
                let help = "write `matcher: \"200\"`, and a path that needs no login and answers it";
                findings.push(subject.warning(CODE, &at, message).with_help(help));
            }
        }
    }
}

const fn what(code: u32) -> &'static str {
    match code {
        300..=399 => "redirects, to a login page for one,",
        401 | 403 => "a refused login",
        404 => "a page that is not there",
        _ => "errors",
    }
}

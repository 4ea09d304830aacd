//! What a plan says of time is what a rollout takes.

use std::time::Duration;

use asagi::cloud::Clock;
use asagi::model::Period;
use asagi::ops::{ApplyOptions, Consent, End};
use asagi::plan::least_time;

use super::session::{Session, options};

/// Change sets, launches, health checks and the looks in between, all phases together.
const BESIDE: Duration = Duration::from_secs(35 * 60);

/// By every strategy, with a person who agrees at once: never less than the least time that was told, and not much more.
#[test]
fn a_rollout_takes_the_least_time_and_little_more() {
    let mut told = Vec::new();
    for strategy in ["blue-green", "canary", "gradual", "immediate", "canary-approved", "hybrid-canary"] {
        let mut session = Session::poc_to_1_1();
        session.cloud.hurry();
        let hold = if strategy == "hybrid-canary" { "" } else { " hold: 3h," };
        session.edit(
            "rollout: { strategy: blue-green, hold: 10m, minRequests: 20 }",
            &format!("rollout: {{ strategy: {strategy},{hold} minRequests: 20 }}"),
        );
        let least = least_time(&session.plan().unwrap().roles[0].phases, None);
        let began = session.cloud.now();
        for _ in 0..5 {
            let consent = Consent::Name("poc".to_owned());
            let patience = Period::hours(24 * 30);
            let report = session.apply_with("apply", &ApplyOptions { consent, patience, ..options() });
            if report.is_none_or(|report| report.roles.iter().all(|role| role.end == End::Complete)) {
                break;
            }
        }
        assert_eq!(session.state("web").record.phase, "complete", "{strategy}\n{}", session.log());
        let took = Duration::try_from(session.cloud.now().duration_since(began)).unwrap();
        let (least_of_all, most) = (least.as_duration(), least.as_duration() + BESIDE);
        assert!(
            least_of_all <= took && took <= most,
            "{strategy}: {least}, took {took:?}\n{}",
            session.log()
        );
        told.push(format!("{strategy}: at least {least}"));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    blue-green: at least 4h
    canary: at least 4h
    gradual: at least 3h50m
    immediate: at least 3h
    canary-approved: at least 3h45m
    hybrid-canary: at least 11d
    ");
}

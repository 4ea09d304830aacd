//! Two runs of one environment: at each step of a rollout somebody else comes in between. Whoever is overtaken says so,
//! moves nothing more and takes nothing back; what the other run did stands.

use std::fmt::Write;
use std::sync::Mutex;

use asagi::cloud::local::Changes;
use asagi::ops::{self, ApplyError, ApplyReport, End, RollbackOptions, Surroundings};
use asagi::rollout::{Cancellation, NoJournal, Observer, Progress, Unobserved, run_name};
use asagi::stacks::Owner;
use asagi::words::Foreign;

use super::block;
use super::cloud::Witness;
use super::session::{Session, next, options, tokyo};

/// Comes in between once, at that moment.
struct Between<'a> {
    moment: &'a str,
    comes: Mutex<Option<Box<dyn FnOnce() + Send + 'a>>>,
}

impl Observer for Between<'_> {
    fn tell(&self, progress: &Progress<'_>) {
        let moment = match progress {
            Progress::Phase { phase, .. } => format!("{} begins", phase.name),
            Progress::ChangeSet { stack, .. } => format!("{stack} is executed"),
            Progress::Waiting { what, .. } => format!("waits for {what}"),
            _ => return,
        };
        if moment.starts_with(self.moment)
            && let Some(comes) = self.comes.lock().unwrap().take()
        {
            comes();
        }
    }
}

fn around<'a>(
    cloud: &'a Witness,
    observer: &'a dyn Observer,
    cancelled: &'a Cancellation,
    zone: &'a asagi::model::Zone,
) -> Surroundings<'a> {
    Surroundings { cloud, observer, journal: &NoJournal, origin: None, cancelled, zone }
}

/// What the other one does.
#[derive(Clone, Copy, Debug)]
enum Other {
    /// `rollback`.
    Back,
    /// `apply --phase next`.
    Next,
    /// `apply`.
    Apply,
}

fn ends(report: ApplyReport) -> String {
    let word = |end: &End| {
        let told = format!("{end:?}");
        told.split([' ', '{']).next().unwrap().to_owned()
    };
    report.roles.iter().map(|outcome| word(&outcome.end)).collect()
}

/// What came of it.
fn comes(session: &Session, other: Other) -> String {
    let (cancelled, zone) = (Cancellation::default(), tokyo());
    let around = around(&session.cloud, &Unobserved, &cancelled, &zone);
    let loaded = session.loaded();
    match other {
        Other::Back => {
            let options = RollbackOptions {
                owner: Owner::of(&loaded.environment),
                account: Some(loaded.environment.account.clone()),
                role: "web".to_owned(),
                reason: "asked for".to_owned(),
                keep_candidate: false,
                all_the_same: false,
            };
            block(ops::rollback(&around, &options))
                .map_or_else(|error| error.to_string(), |_| "back".to_owned())
        }
        Other::Next | Other::Apply => {
            let options = if matches!(other, Other::Next) { next() } else { options() };
            let plan = match session.plan() {
                Ok(plan) => plan,
                Err(error) => return error.to_string(),
            };
            block(ops::apply(&around, &plan, &options)).map_or_else(|error| error.to_string(), ends)
        }
    }
}

/// Release 1.1 has come to that phase.
fn documents(phase: &str) -> Changes {
    let mut session = Session::poc_to_1_1();
    session.cloud.hurry();
    if phase != "none" {
        session.until(phase);
    }
    session.cloud.documents()
}

/// What came of an apply that began there, and where the role stands then.
fn overtaken(documents: &Changes, moment: &str, other: Other) -> String {
    let mut session = Session::from("poc", "2026-11-16T03:00:00Z", documents);
    session.edit("release: \"1.0\"", "release: \"1.1\"");
    session.cloud.hurry();
    let plan = session.plan().unwrap();
    let theirs = Mutex::new(String::new());
    let then = || *theirs.lock().unwrap() = comes(&session, other);
    let between = Between { moment, comes: Mutex::new(Some(Box::new(then))) };
    let (cancelled, zone) = (Cancellation::default(), tokyo());
    let end = block(ops::apply(&around(&session.cloud, &between, &cancelled, &zone), &plan, &options()));
    assert!(between.comes.lock().unwrap().is_none(), "`{moment}` was never told");
    drop(between);
    let state = session.state("web");
    let end = match end {
        Err(ApplyError::Run(error)) if error.is_of_others() => "overtaken".to_owned(),
        Err(error) => error.to_string(),
        Ok(report) => ends(report),
    };
    let theirs = theirs.into_inner().unwrap();
    format!("{end}; theirs {theirs}; {}/{} {}", state.blue.weight, state.green.weight, state.record.phase)
}

#[test]
fn whoever_is_overtaken_says_so_and_takes_nothing_back() {
    let moments = [
        ("none", "provision begins"),
        ("none", "poc-poc-web-green is executed"),
        ("none", "verify begins"),
        ("none", "shift-10 begins"),
        ("shift-10", "shift-50 begins"),
        ("shift-10", "poc-poc-web-traffic is executed"),
    ];
    let (none, shifted) = (documents("none"), documents("shift-10"));
    let mut told = String::new();
    for (phase, moment) in moments {
        let documents = if phase == "none" { &none } else { &shifted };
        for other in [Other::Back, Other::Next, Other::Apply] {
            writeln!(told, "{moment}, {other:?}: {}", overtaken(documents, moment, other)).unwrap();
        }
    }
    insta::assert_snapshot!(told, @r"
    provision begins, Back: Complete; theirs no release has been live yet, so there is nothing to go back to; 0/100 complete
    provision begins, Next: overtaken; theirs Stopped; 100/0 provision
    provision begins, Apply: overtaken; theirs Complete; 0/100 complete
    poc-poc-web-green is executed, Back: overtaken; theirs back; 100/0 rolled-back
    poc-poc-web-green is executed, Next: overtaken; theirs Stopped; 100/0 provision
    poc-poc-web-green is executed, Apply: overtaken; theirs Complete; 0/100 complete
    verify begins, Back: overtaken; theirs back; 100/0 rolled-back
    verify begins, Next: overtaken; theirs Stopped; 100/0 verify
    verify begins, Apply: overtaken; theirs Complete; 0/100 complete
    shift-10 begins, Back: overtaken; theirs back; 100/0 rolled-back
    shift-10 begins, Next: overtaken; theirs Stopped; 90/10 shift-10
    shift-10 begins, Apply: overtaken; theirs Complete; 0/100 complete
    shift-50 begins, Back: overtaken; theirs back; 100/0 rolled-back
    shift-50 begins, Next: overtaken; theirs Stopped; 50/50 shift-50
    shift-50 begins, Apply: overtaken; theirs Complete; 0/100 complete
    poc-poc-web-traffic is executed, Back: overtaken; theirs back; 100/0 rolled-back
    poc-poc-web-traffic is executed, Next: overtaken; theirs Stopped; 50/50 shift-50
    poc-poc-web-traffic is executed, Apply: overtaken; theirs Complete; 0/100 complete
    ");
}

#[test]
fn no_two_runs_have_one_name() {
    let session = Session::poc();
    let by = Foreign::from("arn:aws:iam::111122223333:user/taro");
    let [first, second] = [(); 2].map(|()| run_name(&session.cloud, &by));
    assert_ne!(first, second, "one operator, one instant");
}

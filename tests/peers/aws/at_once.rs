//! Several runs at once on one server: one does the work, and whoever is overtaken says so and takes nothing back. A way
//! back wins over a rollout.

use std::thread;

use asagi::ops::Identity;
use asagi::rollout::observe;

use super::live::{IMAGES, end, expected, live, orphans, release};
use super::rollout::give_back;
use super::target::{client, direct, runtime};
use crate::support::Boto;

/// What somebody who was overtaken is told.
const TOLD: [&str; 5] = [
    "the plan is stale: ",
    "their change began at",
    "another run or person was faster",
    "is moved again and again while it is looked at",
    "_IN_PROGRESS",
];

fn is_told(why: &str) {
    assert!(TOLD.iter().any(|words| why.contains(words)), "{why}");
}

#[test]
fn four_applies_at_once_are_one() {
    let server = live();
    let port = server.port();
    for image in IMAGES {
        let begin = |_| thread::spawn(move || release(&client(port, "test"), image).finish(true));
        let running: Vec<_> = (0..4).map(begin).collect();
        let ended: Vec<_> = running.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(ended.iter().any(Result::is_ok), "{ended:?}");
        ended.iter().filter_map(|one| one.as_ref().err()).for_each(|why| is_told(why));
        assert_eq!(end(&direct(&server, "test")), expected(image), "{ended:?}");
        assert_eq!(orphans(&mut Boto::of(&server)), Vec::<String>::new());
    }
}

fn go_back(port: u16) -> Result<String, String> {
    let cloud = client(port, "test");
    let identity = Identity::of(&release(&cloud, IMAGES[0]).loaded().environment);
    let back = runtime().block_on(give_back(&cloud, &identity));
    back.map(|report| report.to.to_string()).map_err(|error| error.to_string())
}

#[test]
fn a_rollback_wins_over_an_apply() {
    for shifted in [1, 2] {
        let server = live();
        let port = server.port();
        let cloud = direct(&server, "test");
        let rollout = release(&cloud, IMAGES[0]);
        for _ in 0..=shifted {
            rollout.apply(&rollout.plan(), true);
        }
        let before = runtime().block_on(observe(&cloud, "poc-poc", "web")).unwrap().state;
        let from = before.record.from.unwrap();
        let applies = thread::spawn(move || release(&client(port, "test"), IMAGES[0]).finish(false));
        let back = thread::spawn(move || go_back(port));
        assert_eq!(back.join().unwrap(), Ok(from.to_string()), "after {shifted}");
        match applies.join().unwrap() {
            // Who plans once everybody is back is asked for a word first, or is done before them.
            Err(why) if why.contains("was taken back") => {}
            Err(why) => is_told(&why),
            Ok(()) => {}
        }
        let state = runtime().block_on(observe(&cloud, "poc-poc", "web")).unwrap().state;
        assert_eq!((state.slot(from).weight, state.record.phase.as_str()), (100, "rolled-back"));
        assert_eq!(state.drift, Vec::<String>::new());
    }
}

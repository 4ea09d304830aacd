//! Rollouts through a bad network end as those through a good one.

use std::time::Duration;

use super::live::{IMAGES, end, expected, live, orphans, release};
use super::proxy::{Fate, Judge, Proxy, changes};
use super::target::client;
use crate::support::Boto;

/// Three of ten, in an order that looks like none and is the same every time.
fn three_of_ten(call: usize) -> bool {
    (call.wrapping_mul(2_654_435_761) >> 7) % 10 < 3
}

/// Every call that changes something is lost once, then goes through.
fn each_change_once(fate: Fate) -> impl FnMut(&str, usize) -> Fate {
    let mut hit = false;
    move |name, _| {
        hit = changes(name) && !hit;
        if hit { fate } else { Fate::Through }
    }
}

#[test]
fn a_bad_network_changes_nothing_about_the_end() {
    let server = live();
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let cloud = client(proxy.port, "test");
    let mut boto = Boto::of(&server);
    let throttled = |_: &str, call| if three_of_ten(call) { Fate::Throttled } else { Fate::Through };
    let broken = |_: &str, call| if three_of_ten(call) { Fate::Broken(503) } else { Fate::Through };
    let reset = |_: &str, call| if three_of_ten(call) { Fate::Reset } else { Fate::Through };
    let slow =
        |_: &str, call| if call % 10 == 0 { Fate::Slow(Duration::from_millis(300)) } else { Fate::Through };
    let weathers: [(&str, Judge); 6] = [
        ("throttled", Box::new(throttled)),
        ("5xx", Box::new(broken)),
        ("reset", Box::new(reset)),
        ("slow", Box::new(slow)),
        ("answers to changes lost", Box::new(each_change_once(Fate::AnswerLost))),
        ("changes reset", Box::new(each_change_once(Fate::Reset))),
    ];
    for (index, (name, judge)) in weathers.into_iter().enumerate() {
        let image = IMAGES[index % 2];
        proxy.judge(judge);
        release(&cloud, image).finish(false).unwrap_or_else(|error| panic!("{name}: {error}"));
        let calls = proxy.take_calls();
        let bad = calls.iter().filter(|call| call.fate != Fate::Through).count();
        assert!(bad > 3, "{name}: {bad} of {} calls", calls.len());
        proxy.judge(|_, _| Fate::Through);
        assert_eq!(end(&cloud), expected(image), "{name}");
        assert_eq!(orphans(&mut boto), Vec::<String>::new(), "{name}");
        proxy.take_calls();
    }
}

#[test]
fn credentials_that_run_out_in_the_middle_are_told_and_fresh_ones_go_on() {
    let server = live();
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let cloud = client(proxy.port, "test");
    let mut executed = 0;
    proxy.judge(move |name, _| {
        executed += usize::from(name == "ExecuteChangeSet");
        if executed > 2 { Fate::Expired } else { Fate::Through }
    });
    let why = release(&cloud, IMAGES[0]).finish(false).unwrap_err();
    assert!(why.starts_with("the credentials have run out"), "{why}");
    assert!(!why.contains("test"), "nothing of the credentials themselves: {why}");
    proxy.judge(|_, _| Fate::Through);
    release(&client(proxy.port, "fresh"), IMAGES[0]).finish(false).unwrap();
    assert_eq!(end(&cloud), expected(IMAGES[0]));
    assert_eq!(orphans(&mut Boto::of(&server)), Vec::<String>::new());
}

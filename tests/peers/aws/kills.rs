//! The process is killed before and after every call of a rollout that changes something, and begun again.

use std::env;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use asagi::cloud::Cloud;
use asagi::cloud::aws::AwsCloud;
use asagi::model::Slot;
use asagi::rollout::observe;

use super::live::{IMAGES, end, expected, live, orphans, release};
use super::proxy::{Call, Fate, Proxy, changes};
use super::target::{client, direct, runtime};
use crate::support::{Boto, said};

const PORT: &str = "ASAGI_TEST_PORT";
const IMAGE: &str = "ASAGI_TEST_IMAGE";

/// What is killed: a process of its own that rolls a release out. Without its variables it is no test at all.
#[test]
#[ignore = "the other test of this file runs it as a process of its own"]
fn rolls_out() {
    let (Ok(port), Ok(image)) = (env::var(PORT), env::var(IMAGE)) else { return };
    let cloud = client(port.parse().unwrap(), "test");
    release(&cloud, &image).finish(false).unwrap();
}

fn start(port: u16, image: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["aws::kills::rolls_out", "--exact", "--ignored"])
        .envs([(PORT, port.to_string()), (IMAGE, image.to_owned())])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Calls that change what is deployed; telling people of a phase is none.
fn deploys(name: &str) -> bool {
    changes(name) && name != "Publish"
}

/// Holds the change with that number, before the server sees it or after.
fn hold(number: usize, fate: Fate) -> impl FnMut(&str, usize) -> Fate {
    let mut seen = 0;
    move |name, _| {
        let at = seen;
        seen += usize::from(deploys(name));
        if deploys(name) && at == number { fate } else { Fate::Through }
    }
}

/// Looks on, over and over, whether a slot that receives requests can answer them.
struct Witness {
    over: Arc<AtomicBool>,
    thread: thread::JoinHandle<Vec<String>>,
}

impl Witness {
    fn of(cloud: AwsCloud) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let given = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let mut seen = Vec::new();
            while !given.load(Ordering::SeqCst) {
                // The picture is not taken at once: what is bad twice is bad.
                seen.extend(dead_end(&cloud).and_then(|_| dead_end(&cloud)));
                thread::sleep(Duration::from_millis(400));
            }
            seen
        });
        Self { over, thread }
    }

    fn told(self) -> Vec<String> {
        self.over.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

fn dead_end(cloud: &dyn Cloud) -> Option<String> {
    let state = runtime().block_on(observe(cloud, "poc-poc", "web")).unwrap().state;
    let bad =
        Slot::ALL.into_iter().find(|slot| state.slot(*slot).weight > 0 && state.slot(*slot).healthy == 0);
    bad.map(|slot| format!("{slot} has {} % and nobody healthy", state.slot(slot).weight))
}

/// Ids of the change sets that the server was told to execute.
fn executed(calls: &[Call]) -> Vec<String> {
    let executed = calls.iter().filter(|call| call.name == "ExecuteChangeSet" && call.arrived());
    executed.map(|call| call.subject.clone()).collect()
}

#[test]
fn a_rollout_that_is_killed_before_and_after_each_change() {
    let server = live();
    let witness = Witness::of(direct(&server, "test"));
    let proxy = Proxy::before(server.port(), |_, _| Fate::Through);
    let (cloud, mut boto) = (direct(&server, "test"), Boto::of(&server));
    release(&client(proxy.port, "test"), IMAGES[1]).finish(false).unwrap();
    let undisturbed = proxy.take_calls().iter().filter(|call| deploys(&call.name)).count();
    let mut points = 0;
    for number in 0..undisturbed {
        for fate in [Fate::HeldBefore, Fate::HeldAfter] {
            let (image, place) = (IMAGES[points % 2], format!("change {number} {fate:?}"));
            proxy.judge(hold(number, fate));
            let mut child = start(proxy.port, image);
            let begun = Instant::now();
            while !proxy.take_held() {
                assert_eq!(child.try_wait().unwrap(), None, "{place}: it ended before");
                assert!(begun.elapsed() < Duration::from_secs(300), "{place}: nothing happens");
                thread::sleep(Duration::from_millis(5));
            }
            child.kill().unwrap();
            child.wait().unwrap();
            proxy.judge(|_, _| Fate::Through);
            let again = start(proxy.port, image).wait_with_output().unwrap();
            assert!(again.status.success(), "{place}, begun again: {}", said(&again));
            points += 1;
            assert_eq!(end(&cloud), expected(image), "{place}");
            assert_eq!(orphans(&mut boto), Vec::<String>::new(), "{place}");
            let mut sets = executed(&proxy.take_calls());
            sets.sort();
            let all = sets.len();
            sets.dedup();
            assert_eq!(sets.len(), all, "{place}: a change set was executed twice");
        }
    }
    assert_eq!(witness.told(), Vec::<String>::new());
    println!("killed at {points} points, before and after each of {undisturbed} calls");
    // Provision's two, verify, three shifts, hold, and retire's two: nine change sets, each made and executed.
    assert_eq!(points, 2 * 2 * 9);
}

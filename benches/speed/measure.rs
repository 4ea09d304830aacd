//! What a program costs: time until it ends, processor time, the most memory it held.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::peers::{finished, program, said};

/// What one run of a program cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds until it ended.
    pub(crate) wall: f64,
    /// Seconds of processors, its own and the kernel's for it.
    pub(crate) processor: f64,
    /// The most memory that it held, in MB.
    pub(crate) peak: f64,
}

/// Python knows what its children used; Rust's standard library does not.
const PROBE: &str = "
import json, resource, subprocess, sys, time
begun = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6]))
";

/// What one run in that folder cost, and its exit code.
pub(crate) fn used(folder: &Path, command: &[&str]) -> (f64, Cost) {
    let mut probe = Command::new(program("python"));
    let output = finished(probe.args(["-c", PROBE]).args(command).current_dir(folder));
    match serde_json::from_slice::<Vec<f64>>(&output.stdout).as_deref() {
        Ok([code, wall, processor, peak]) => {
            (*code, Cost { wall: *wall, processor: *processor, peak: *peak })
        }
        _ => panic!("{command:?} failed: {}", said(&output)),
    }
}

/// The cheapest of some runs in that folder: what else the machine does can only add to it.
pub(crate) fn cost(runs: usize, folder: &Path, command: &[&str]) -> Cost {
    let run = || match used(folder, command) {
        (0.0, cost) => cost,
        (code, _) => panic!("{command:?} ended with {code}"),
    };
    let all = (0..runs).map(|_| run());
    all.min_by(|a, b| a.wall.total_cmp(&b.wall)).expect("at least one run")
}

/// The shortest time from starting a program to its end, of some runs.
pub(crate) fn start(runs: usize, command: &[&str]) -> Duration {
    let (name, arguments) = command.split_first().expect("a program");
    let run = || {
        let begun = Instant::now();
        let ended = Command::new(name).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(ended.is_ok_and(|status| status.success()), "{command:?} failed");
        begun.elapsed()
    };
    (0..runs).map(|_| run()).min().expect("at least one run")
}

/// The shortest time that the work takes, of some runs.
pub(crate) fn shortest(runs: usize, work: impl Fn()) -> Duration {
    let run = || {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..runs).map(|_| run()).min().expect("at least one run")
}

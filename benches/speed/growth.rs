//! How cost grows with an input: each kind of input at n, 2n and 4n, processor time and the most memory. Where both
//! differences double, it is linear, whatever the start of a program takes: an exponent of 1; twice the exponent, a
//! product. `cargo bench --bench speed -- growth`

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::inputs::{ENVIRONMENT, Files, KINDS, Kind, Work};
use crate::measure::{Cost, used};
use crate::{ASAGI, peers};

/// The cheapest of so many runs.
const RUNS: usize = 3;

/// A line for each kind.
pub(crate) fn table() {
    println!("{:<22} {:>7}  {:>44}  {:>8}  codes", "input", "n", "n, 2n and 4n", "exponent");
    for kind in &KINDS {
        let sizes = [kind.n, 2 * kind.n, 4 * kind.n];
        let [once, twice, four] = sizes.map(|n| cost(kind, n));
        let growth = (four.1.processor - twice.1.processor) / (twice.1.processor - once.1.processor);
        let shown = [once, twice, four]
            .map(|(_, cost)| format!("{:>6.2} s {:>4.0} MB", cost.processor, cost.peak))
            .join("  ");
        let codes = [once.0, twice.0, four.0].map(|code| code.to_string()).join(" ");
        // less than a few milliseconds of growth cannot be told from the machine's noise
        let flat = four.1.processor - once.1.processor < 0.03;
        let exponent = if flat { "flat".to_owned() } else { format!("{:.1}", growth.log2()) };
        println!("{:<22} {:>7}  {shown}  {exponent:>8}  {codes}", kind.name, kind.n);
    }
}

/// What one size of a kind costs, and how the program ends: what is too much is refused (3), which is measured as well.
fn cost(kind: &Kind, n: usize) -> (f64, Cost) {
    let root = peers::temporary_folder();
    let arguments: &[&str] = match kind.work {
        Work::Check(files) => {
            write(root.path(), &files(n));
            &["check", ENVIRONMENT]
        }
        Work::Diff(before, after) => {
            write(root.path(), &before(n));
            commit(root.path());
            write(root.path(), &after(n));
            &["diff", ENVIRONMENT, "--against", "git:HEAD"]
        }
    };
    let command: Vec<&str> = [ASAGI].into_iter().chain(arguments.iter().copied()).collect();
    let runs = (0..RUNS).map(|_| used(root.path(), &command));
    runs.min_by(|a, b| a.1.processor.total_cmp(&b.1.processor)).unwrap()
}

fn write(root: &Path, files: &Files) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn commit(root: &Path) {
    let who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "before"]] {
        let mut git = Command::new("git");
        let ended = git.args(who).args(arguments).current_dir(root).stdout(Stdio::null()).status().unwrap();
        assert!(ended.success(), "git {arguments:?} failed");
    }
}

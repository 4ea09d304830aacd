//! How fast asagi is: against what the work would cost elsewhere, in one run on one machine.
//!
//! `cargo bench --bench speed` prints it. Times of one machine say little on another; how cost grows, and how it
//! compares with Sceptre, cfn-lint and a program that does nothing, says more.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stands outside: it prints, reads the clock, and stops where it cannot go on"
)]

mod diff;
mod folder;
mod growth;
mod inputs;
mod measure;
#[path = "../../tests/peers/support/mod.rs"]
mod peers;

use std::path::Path;

use folder::STACKS;
use measure::{Cost, cost, start};

/// The program's, for what is measured inside the benchmark.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ASAGI: &str = env!("CARGO_BIN_EXE_asagi");

/// Where it renders to; the number of the run follows.
const RENDERED: &str = "rendered";

/// How many environments there are, one size after the other, if no arguments say it.
const SIZES: [usize; 3] = [10, 100, 1000];

fn main() {
    if std::env::args().any(|argument| argument == "growth") {
        return growth::table();
    }
    let given: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if given.is_empty() { SIZES.to_vec() } else { given };
    let columns = ["asagi check", "asagi render", "cp -r of its files"].map(|name| format!("{name:^30}"));
    println!("{:>12} {:>8}  {}", "environments", "stacks", columns.join("  "));
    let measured: Vec<Measured> = sizes.into_iter().map(measured).collect();
    let (Some(few), Some(many)) = (measured.first(), measured.last()) else { return };
    println!();
    against_sceptre(few.root.path(), many.render.wall / many.stacks as f64);
    against_cfn_lint(few.root.path(), few.stacks, many.check.wall / many.stacks as f64 * few.stacks as f64);
    println!();
    println!("diff of 500 resources, from texts to text: {:.1} ms", diff::time().as_secs_f64() * 1e3);
    starts();
}

/// A repository of some size, rendered, and what that cost.
struct Measured {
    root: tempfile::TempDir,
    stacks: usize,
    check: Cost,
    render: Cost,
}

fn measured(environments: usize) -> Measured {
    let root = peers::temporary_folder();
    folder::write(root.path(), environments);
    let stacks = environments * STACKS;
    // the least of the runs counts; a long one is disturbed less
    let runs = if environments < 1000 { 5 } else { 2 };
    let check = cost(runs, root.path(), &[ASAGI, "check"]);
    let render = render(root.path(), runs, stacks);
    let copy = copy(root.path(), runs);
    let columns = [check, render, copy].map(|cost| shown(cost, stacks));
    println!("{environments:>12} {stacks:>8}  {}", columns.join("  "));
    Measured { root, stacks, check, render }
}

/// Renders to a new folder each time: a file system is slow to take what it has just let go.
fn render(root: &Path, runs: usize, stacks: usize) -> Cost {
    let least = least(runs, |run| cost(1, root, &[ASAGI, "render", "--out", &format!("{RENDERED}-{run}")]));
    let templates: usize = rendered(root).iter().map(|one| one.templates().len()).sum();
    assert_eq!(templates, stacks, "the environments do not have {STACKS} stacks each");
    least
}

/// The same files written by a program that only reads them: nobody writes so many for less.
fn copy(root: &Path, runs: usize) -> Cost {
    least(runs, |run| cost(1, root, &["cp", "-r", &format!("{RENDERED}-0"), &format!("copy-{run}")]))
}

fn least(runs: usize, run: impl Fn(usize) -> Cost) -> Cost {
    (0..runs).map(run).min_by(|a, b| a.wall.total_cmp(&b.wall)).unwrap()
}

/// What was rendered below that root.
fn rendered(root: &Path) -> Vec<peers::Rendered> {
    peers::Rendered::all_in(&root.join(format!("{RENDERED}-0")))
}

fn shown(cost: Cost, stacks: usize) -> String {
    let Cost { wall, processor, peak } = cost;
    let each = processor * 1e3 / (stacks / STACKS) as f64;
    format!("{wall:>6.2} s {each:>5.1} ms each {peak:>4.0} MB")
}

/// `stack` is what asagi takes for one of many, written to the disk.
fn against_sceptre(root: &Path, stack: f64) {
    let first = rendered(root).swap_remove(0);
    let sceptre = peers::program("sceptre");
    let arguments = |command: &[&'static str], path: &str| -> Vec<String> {
        let dir = ["--dir", first.folder.to_str().unwrap()];
        let words = [sceptre.to_str().unwrap()].into_iter().chain(dir).chain(command.iter().copied());
        words.chain([path]).map(str::to_owned).collect()
    };
    let seconds = |words: &[String]| {
        let place = peers::temporary_folder();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        cost(3, place.path(), &words).wall
    };
    let one = seconds(&arguments(&["generate"], &format!("{}/web-traffic.yaml", first.environment)));
    let all = seconds(&arguments(&["dump", "template", "--to-file"], &first.environment)) / STACKS as f64;
    println!("one of many stacks by asagi               {:>8.2} ms", stack * 1e3);
    println!("`sceptre generate` of one stack           {:>8.2} ms  {:>6.0} times", one * 1e3, one / stack);
    println!(
        "the same for {STACKS} stacks at once, each        {:>8.2} ms  {:>6.0} times",
        all * 1e3,
        all / stack
    );
}

fn against_cfn_lint(root: &Path, stacks: usize, check: f64) {
    let all = rendered(root);
    let templates: Vec<_> = all.iter().flat_map(peers::Rendered::templates).map(|(_, path)| path).collect();
    let lint = measure::shortest(1, || drop(peers::cfn_lint(&templates))).as_secs_f64();
    println!("`asagi check` of {stacks} stacks among many    {:>8.0} ms", check * 1e3);
    println!("`cfn-lint` of their templates             {:>8.0} ms  {:>6.0} times", lint * 1e3, lint / check);
}

/// What it takes to start; the least is what starting any program takes.
fn starts() {
    let commands: [&[&str]; 4] =
        [&["true"], &[ASAGI, "--version"], &[ASAGI, "--help"], &[ASAGI, "explain", "ASG0319"]];
    for command in commands {
        let name = command.join(" ").replace(ASAGI, "asagi");
        println!("start of `{name}`: {:.1} ms", start(50, command).as_secs_f64() * 1e3);
    }
}

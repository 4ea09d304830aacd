//! Random walks: whatever happens in whatever order, nobody is moved to the slot that is worse off, nothing live loses its
//! instances or is deleted, there is a way back until the old slot is emptied, and every rollout comes to an end that a
//! person reaches by the commands that `status` names.
//!
//! `ASAGI_WALKS` says how many (twenty in a test run), `ASAGI_WALKS_SEED` where they begin. How far a long run is stands in
//! its output (`--nocapture`). One that fails is made shorter until every step of it is needed, and its session is the story.

mod back;
mod oracle;
mod step;
mod walk;

use std::cell::Cell;
use std::time::Instant;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

pub(crate) use oracle::Oracle;
use step::{Step, Trouble};
use walk::Walk;

/// As many as a minute of a test run allows.
const WALKS: u32 = 20;
/// A long run tells of itself every so many.
const TOLD: u32 = 50;
/// One that fails is made shorter within so many tries: each takes as long as a walk.
const SHORTER: u32 = 150;

fn number(name: &str, otherwise: u32) -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a person asks for a longer run")]
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().unwrap())
}

/// Walks, their steps, looks at the way back, and seconds so far.
struct Count {
    seed: u32,
    walks: Cell<u32>,
    steps: Cell<usize>,
    ways_back: Cell<usize>,
    began: Instant,
}

impl Count {
    #[expect(clippy::disallowed_methods, reason = "a long run tells how long it takes")]
    fn new(seed: u32) -> Self {
        let (walks, steps, ways_back) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Self { seed, walks, steps, ways_back, began: Instant::now() }
    }

    fn add(&self, steps: usize, ways_back: usize) {
        self.walks.set(self.walks.get() + 1);
        self.steps.set(self.steps.get() + steps);
        self.ways_back.set(self.ways_back.get() + ways_back);
        if self.walks.get().is_multiple_of(TOLD) {
            self.tell();
        }
    }

    #[expect(clippy::print_stdout, reason = "a long run tells how far it is")]
    fn tell(&self) {
        let (walks, steps, ways) = (self.walks.get(), self.steps.get(), self.ways_back.get());
        let seconds = self.began.elapsed().as_secs();
        println!("seed {}: {walks} walks, {steps} steps, {ways} ways back, {seconds} s", self.seed);
    }
}

#[test]
fn walks() {
    let (cases, seed) = (number("ASAGI_WALKS", WALKS), number("ASAGI_WALKS_SEED", 0));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: SHORTER, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let count = Count::new(seed);
    let result = runner.run(&walk::any(), |walk| match walk.go() {
        Ok(gone) => {
            count.add(walk.steps.len(), gone.ways_back);
            Ok(())
        }
        Err((why, _)) => {
            println!("seed {seed}, after {} walks: {why}", count.walks.get());
            Err(TestCaseError::fail(why))
        }
    });
    match result {
        Ok(()) => count.tell(),
        Err(TestError::Fail(why, walk)) => tell(&why.to_string(), &walk),
        Err(error) => panic!("{error}"),
    }
}

/// A zone goes down while the move of everyone bakes: a rollback takes that move back first, and half of both slots, shared,
/// answers more users than half of one. Nothing else may have been promised before.
#[test]
fn a_move_that_bakes_is_taken_back_before_anybody_knows_to_what() {
    let zone_down = Step::Trouble(Trouble::ZoneDown("ap-northeast-1a"), 1, None);
    let walk = Walk { strategy: "blue-green", phases: 4, steps: vec![zone_down, Step::Apply] };
    if let Err((why, _)) = walk.go() {
        tell(&why, &walk);
    }
}

/// The story of the shortest walk that fails.
fn tell(why: &str, walk: &Walk) {
    let story = match walk.go() {
        Ok(gone) => format!("the second time it did not fail\n{}", gone.story),
        Err((_, story)) => story,
    };
    panic!("{why}\n{walk:#?}\n{story}");
}

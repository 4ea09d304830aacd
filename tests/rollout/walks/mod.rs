//! Random walks: whatever happens in whatever order, nobody is moved to the slot that is worse off, nothing live loses its
//! instances, and every rollout comes to an end that a person reaches by the commands that `status` names.
//!
//! `ASAGI_WALKS` says how many (twenty in a test run), `ASAGI_WALKS_SEED` where they begin. One that fails is made
//! shorter until every step of it is needed, and its session is the story.

mod oracle;
mod step;
mod walk;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

pub(crate) use oracle::Oracle;
use walk::Walk;

/// As many as a minute of a test run allows.
const WALKS: u32 = 20;

fn number(name: &str, otherwise: u32) -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a person asks for a longer run")]
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn walks() {
    let (cases, seed) = (number("ASAGI_WALKS", WALKS), number("ASAGI_WALKS_SEED", 0));
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let counted = std::cell::Cell::new(0_usize);
    let result = runner.run(&walk::any(), |walk| {
        counted.set(counted.get() + walk.steps.len());
        walk.go().map(drop).map_err(|(why, _)| TestCaseError::fail(why))
    });
    let steps = counted.get();
    match result {
        Ok(()) => println!("{cases} walks, {steps} steps"),
        Err(TestError::Fail(why, walk)) => tell(&why.to_string(), &walk),
        Err(error) => panic!("{error}"),
    }
}

/// The story of the shortest walk that fails.
fn tell(why: &str, walk: &Walk) {
    let story = match walk.go() {
        Ok(story) => format!("the second time it did not fail\n{story}"),
        Err((_, story)) => story,
    };
    panic!("{why}\n{walk:#?}\n{story}");
}

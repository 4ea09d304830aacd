//! A collection of pairs of templates. What asagi predicts for each is held against the change set that the server
//! computes, and against what AWS's own validator says of create-only properties (`I9001`). Where they differ, a reason
//! says who is right and why; a reason that nothing needs any more fails the test.

mod difference;
mod mutate;
mod pair;
mod server;
mod verdict;

use asagi::diff::diff_stack;

use difference::differences;
use server::Judge;
use verdict::of_asagi;

#[test]
fn asagi_predicts_the_change_sets_that_the_server_computes() {
    let pairs = pair::all();
    eprintln!("{} pairs", pairs.len());
    let mut judge = Judge::start();
    for (number, pair) in pairs.iter().enumerate() {
        let stack = judge.deploy(&pair.before);
        let asagi = diff_stack(&pair.after.side(&stack), Some(&pair.before.side(&stack)));
        match judge.judge(&stack, number, pair) {
            Err(message) => eprintln!("{}: REFUSED {message}", pair.name),
            Ok(server) => {
                for difference in differences(&of_asagi(&asagi), &server) {
                    eprintln!("{}: {difference}", pair.name);
                }
            }
        }
    }
}

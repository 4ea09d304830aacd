//! What happens in a stack, on the embedded target and on the server: each scenario runs on both, and what is seen of it
//! has to be the same, word by word. Where it is not, [`Difference`] says who is right and why.

mod differences;
mod scenarios;
mod scene;
mod target;
mod transcript;

use std::fmt::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

use asagi::cloud::local::{LocalCloud, Settings};

use crate::cloud::BotoCloud;
use crate::support::{ACCOUNT, REGION, Server};
use differences::Difference;
use scene::Scene;
use transcript::{Section, beside, sections, text};

/// One server for all scenarios: each has stacks of its own. Its client takes one call at a time.
fn server() -> &'static Mutex<(Server, BotoCloud)> {
    static SERVER: OnceLock<Mutex<(Server, BotoCloud)>> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = Server::start();
        let cloud = BotoCloud::of(&server);
        Mutex::new((server, cloud))
    })
}

fn embedded() -> LocalCloud {
    let start = "2026-11-09T00:00:00Z".parse().unwrap();
    LocalCloud::in_memory(Settings { account: ACCOUNT.to_owned(), region: REGION.to_owned(), start })
}

#[expect(clippy::print_stdout, reason = "both transcripts stand beside a failure")]
fn show(embedded: &[Section], server: &[Section]) {
    println!("{}", beside(embedded, server));
}

/// Plays `scenario` on both targets, which have to tell the same but for the `expected` differences; what they told is a
/// snapshot. Stacks are named after the scenario.
fn agree(name: &str, expected: &[Difference], scenario: impl Fn(&mut Scene<'_>)) {
    let local = embedded();
    let mut scene = Scene::on(&local, name);
    scenario(&mut scene);
    let embedded = sections(&scene.told());

    let held = server().lock().unwrap_or_else(PoisonError::into_inner);
    let mut scene = Scene::on(&held.1, name);
    scenario(&mut scene);
    let server = sections(&scene.told());
    drop(held);

    show(&embedded, &server);
    compare(&embedded, &server, expected);
    let mut shown = text(&embedded);
    for difference in expected {
        let (right, why) = difference.verdict();
        writeln!(shown, "\n{difference:?}: right is {right}: {why}").unwrap();
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, shown) });
}

/// Both sides have to be the same once every expected difference was taken out, and each of those has to be there.
fn compare(embedded: &[Section], server: &[Section], expected: &[Difference]) {
    let (mut left, mut right) = (embedded.to_vec(), server.to_vec());
    for difference in expected {
        let before = (left.clone(), right.clone());
        for (left, right) in left.iter_mut().zip(&mut right).filter(|(left, right)| left.call == right.call) {
            difference.take_out(left, right);
        }
        assert!(before != (left.clone(), right.clone()), "{difference:?} does not occur here any more");
    }
    let (left, right) = (text(&left), text(&right));
    assert!(
        left == right,
        "the two targets do not agree:\n{}",
        similar::TextDiff::from_lines(&left, &right).unified_diff().header("embedded", "server")
    );
}

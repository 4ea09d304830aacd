//! A collection of pairs of templates. What asagi predicts for each is held against the change set that the server
//! computes, and against what AWS's own validator says of create-only properties (`I9001`). Where they differ, a reason
//! says who is right and why; a reason that nothing needs any more fails the test. Beside the pairs, `types` holds every
//! property of every type against the validator.

mod difference;
mod mutate;
mod pair;
mod reason;
mod server;
mod types;
mod validator;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use asagi::diff::diff_stack;

use difference::differences;
use pair::Pair;
use reason::{Context, Reason, older_specification_replaces};
use server::Judge;
use validator::Resources;
use verdict::{Verdict, of_asagi};

/// So many pairs there are at least.
const AT_LEAST: usize = 150;

fn predicted(pair: &Pair, stack: &str) -> Verdict {
    of_asagi(&diff_stack(&pair.after.side(stack), Some(&pair.before.side(stack))))
}

#[test]
fn asagi_predicts_the_change_sets_that_the_server_computes() {
    let pairs = pair::all();
    assert!(pairs.len() >= AT_LEAST, "{} pairs", pairs.len());
    let mut judge = Judge::start();
    let mut given: BTreeMap<Reason, usize> = BTreeMap::new();
    let (mut agreed, mut unexplained) = (0, Vec::new());
    for (number, pair) in pairs.iter().enumerate() {
        let stack = judge.deploy(&pair.before);
        let (asagi, server) = (predicted(pair, &stack), judge.judge(&stack, number, pair));
        let context = Context::new(pair, &asagi, &server);
        let found = differences(&asagi, &server);
        agreed += usize::from(found.is_empty());
        for difference in found {
            match Reason::ALL.into_iter().find(|reason| reason.explains(&difference, &context)) {
                Some(reason) => *given.entry(reason).or_default() += 1,
                None => unexplained.push(format!("{}: {difference}", pair.name)),
            }
        }
    }
    eprintln!("{} pairs, {agreed} the same in everything, differences by reason: {given:?}", pairs.len());
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    for reason in Reason::ALL {
        assert!(given.contains_key(&reason), "{reason:?} explains nothing any more");
    }
}

/// Resources that change in some pair, by type and the properties that change, each with what asagi says of those.
fn changed(pairs: &[Pair]) -> (Resources, BTreeMap<String, BTreeSet<(String, String)>>) {
    let (mut resources, mut said) = (Resources::new(), BTreeMap::new());
    for pair in pairs {
        let (before, after) = (&pair.before.template, &pair.after.template);
        for (id, of_resource) in
            predicted(pair, "pair").into_iter().filter(|(_, said)| said.action == "Modify")
        {
            let declared = [before, after].into_iter().filter_map(|template| template.resources.get(&id));
            let properties = declared.flat_map(|resource| resource.properties.clone());
            let properties: serde_json::Map<_, _> =
                properties.filter(|(name, _)| of_resource.parts.contains_key(name)).collect();
            let key = format!("{} {:?}", of_resource.resource_type, properties.keys().collect::<Vec<_>>());
            let recreates = of_resource.parts.iter().filter(|(_, part)| part.recreation != "Never");
            let recreates: BTreeSet<_> =
                recreates.map(|(name, part)| (name.clone(), part.recreation.clone())).collect();
            // those that the older specification alone knows of are none that the validator could
            let recreates: BTreeSet<_> = recreates
                .into_iter()
                .filter(|(name, _)| !older_specification_replaces(&of_resource.resource_type, name))
                .collect();
            resources.insert(key.clone(), (of_resource.resource_type, properties));
            said.insert(key, recreates);
        }
    }
    (resources, said)
}

#[test]
fn asagi_and_the_validator_call_the_same_properties_create_only() {
    let (resources, asagi) = changed(pair::all());
    let validator = validator::create_only(&resources);
    let mut differing = Vec::new();
    for (key, ours) in &asagi {
        let theirs = validator.get(key).cloned().unwrap_or_default();
        if *ours != theirs {
            differing.push(format!("{key}: asagi {ours:?}, validator {theirs:?}"));
        }
    }
    eprintln!("{} resources, {} with create-only properties", asagi.len(), validator.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

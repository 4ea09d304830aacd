//! In which order stacks change: each after those that it takes values from, and each that lets go of something before the
//! one that removes it. What is deployed counts beside what is wanted.

use std::collections::{BTreeMap, BTreeSet};

use crate::stacks::StackGraph;

/// One stack changes, or goes, before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Before {
    /// Key of the first.
    pub(super) first: String,
    /// Key of the second.
    pub(super) then: String,
    /// Without this order the second fails; else the order is only the better one.
    pub(super) must: bool,
    /// Why, as a sentence.
    pub(super) why: String,
}

/// The order of a plan's steps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Order {
    /// Keys of the stacks that change, level by level.
    pub(super) levels: Vec<Vec<String>>,
    /// Keys of the stacks that go: how many levels are done before, and where among those that go then.
    pub(super) goes: BTreeMap<String, (usize, usize)>,
}

/// What is wanted and what is deployed contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Circle {
    /// What must come first, and for what.
    pub(super) before: Before,
}

/// The order of what changes and what goes; `changes` tells of a stack of the graph, `goes` are keys of stacks beside it.
///
/// # Errors
/// When there is none.
pub(super) fn order(
    graph: &StackGraph,
    changes: &dyn Fn(&str) -> bool,
    goes: &[&str],
    before: &[Before],
) -> Result<Order, Circle> {
    let changing: Vec<&str> = graph.stacks.keys().map(String::as_str).filter(|key| changes(key)).collect();
    let acts = |key: &str| changing.contains(&key) || goes.contains(&key);
    let before: Vec<&Before> = before.iter().filter(|it| acts(&it.first) && acts(&it.then)).collect();
    let musts: Vec<&Before> = before.iter().copied().filter(|it| it.must).collect();
    let all: Vec<&str> = graph.stacks.keys().map(String::as_str).collect();
    // What stands still between two that change gives its values on all the same; it binds them only where it can.
    let tries = [(&all, &before), (&changing, &before), (&changing, &musts)];
    let found = tries.iter().find_map(|(nodes, before)| depths(graph, nodes, goes, before).ok());
    let depth = match found {
        Some(depth) => depth,
        None => return Err(circle(graph, &changing, goes, &musts)),
    };
    Ok(steps(&changing, goes, &depth, &before))
}

/// How many steps must come before each; the error names those that are in a circle, or behind one.
fn depths<'a>(
    graph: &'a StackGraph,
    nodes: &[&'a str],
    goes: &[&'a str],
    before: &[&'a Before],
) -> Result<BTreeMap<&'a str, usize>, BTreeSet<&'a str>> {
    let mut waiting: Vec<&str> = nodes.iter().chain(goes).copied().collect();
    let known: BTreeSet<&str> = waiting.iter().copied().collect();
    let first = |key: &str| {
        let below = graph.get(key).map_or(&[][..], |stack| stack.depends_on.as_slice());
        let beside = before.iter().filter(|it| it.then == key).map(|it| it.first.as_str());
        let all: Vec<&str> = below.iter().map(String::as_str).chain(beside).collect();
        all.into_iter().filter(|first| known.contains(first)).collect::<Vec<_>>()
    };
    let firsts: BTreeMap<&str, Vec<&str>> = waiting.iter().map(|key| (*key, first(key))).collect();
    let mut depth: BTreeMap<&str, usize> = BTreeMap::new();
    while !waiting.is_empty() {
        let ready = |key: &str, depth: &BTreeMap<&str, usize>| {
            let below = firsts.get(key).into_iter().flatten();
            below
                .map(|first| depth.get(first).map(|depth| depth + 1))
                .try_fold(0, |most, it| Some(most.max(it?)))
        };
        let count = waiting.len();
        waiting.retain(|key| match ready(key, &depth) {
            Some(found) => {
                depth.insert(key, found);
                false
            }
            None => true,
        });
        if waiting.len() == count {
            return Err(waiting.into_iter().collect());
        }
    }
    Ok(depth)
}

/// The one order that cannot be kept beside all others.
fn circle(graph: &StackGraph, changing: &[&str], goes: &[&str], musts: &[&Before]) -> Circle {
    let mut kept: Vec<&Before> = Vec::new();
    for before in musts {
        kept.push(before);
        if depths(graph, changing, goes, &kept).is_err() {
            return Circle { before: (*before).clone() };
        }
    }
    // Without one of them there was an order: the graph itself has no circle.
    let none = || Before { first: String::new(), then: String::new(), must: true, why: String::new() };
    Circle { before: kept.last().map_or_else(none, |it| (*it).clone()) }
}

fn steps(changing: &[&str], goes: &[&str], depth: &BTreeMap<&str, usize>, before: &[&Before]) -> Order {
    let of = |key: &str| depth.get(key).copied().unwrap_or_default();
    let used: BTreeSet<usize> = changing.iter().map(|key| of(key)).collect();
    let level = |wanted: usize| {
        let level = changing.iter().filter(|key| of(key) == wanted);
        level.map(|key| (*key).to_owned()).collect::<Vec<_>>()
    };
    let levels: Vec<Vec<String>> = used.iter().map(|wanted| level(*wanted)).collect();
    let mut open: Vec<&str> = goes.to_vec();
    // From the last on, so that each knows when those after it go.
    open.sort_by_key(|key| std::cmp::Reverse(of(key)));
    let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for key in open {
        let after = || before.iter().filter(|it| it.first == *key).map(|it| it.then.as_str());
        let stays = after().any(|then| changing.contains(&then));
        let own = if stays { used.iter().filter(|depth| **depth <= of(key)).count() } else { levels.len() };
        let others = after().filter_map(|then| found.get(then)).map(|(done, _)| *done).min();
        found.insert(key.to_owned(), (others.map_or(own, |others| own.min(others)), of(key)));
    }
    Order { levels, goes: found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::example;
    use crate::stacks::lower;

    fn before(first: &str, then: &str, must: bool) -> Before {
        Before { first: first.to_owned(), then: then.to_owned(), must, why: format!("{first} before {then}") }
    }

    fn told(changes: &[&str], goes: &[&str], befores: &[Before]) -> String {
        let graph = lower(&example::poc()).unwrap();
        match order(&graph, &|key| changes.contains(&key), goes, befores) {
            Err(circle) => format!("circle: {}", circle.before.why),
            Ok(order) => {
                let mut steps: Vec<String> = Vec::new();
                for done in 0..=order.levels.len() {
                    let mut now: Vec<_> =
                        order.goes.iter().filter(|(_, (after, _))| *after == done).collect();
                    now.sort_by_key(|(_, (_, place))| *place);
                    steps.extend(now.iter().map(|(key, _)| format!("-{key}")));
                    steps.extend(order.levels.get(done).map(|level| level.join("+")));
                }
                steps.join(" ")
            }
        }
    }

    /// `security` comes before `load-balancer` before `web-traffic` by what is wanted.
    #[test]
    fn who_lets_go_comes_first_and_what_goes_goes_last_unless_somebody_waits_for_it() {
        type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a [Before], &'a str);
        let cases: [Case<'_>; 8] = [
            (&["security", "web-traffic"], &[], &[], "security web-traffic"),
            (&["security", "patching"], &[], &[], "security+patching"),
            (&["security", "patching"], &[], &[before("patching", "security", true)], "patching security"),
            // A better order is given up for a needed one.
            (
                &["security", "web-traffic"],
                &[],
                &[before("web-traffic", "security", false)],
                "security web-traffic",
            ),
            (
                &["security", "web-traffic"],
                &[],
                &[before("web-traffic", "security", true)],
                "circle: web-traffic before security",
            ),
            (
                &["security", "web-traffic"],
                &["x", "y"],
                &[before("y", "x", true), before("web-traffic", "x", true)],
                "security web-traffic -y -x",
            ),
            (
                &["security", "web-traffic"],
                &["x", "y"],
                &[before("y", "x", true), before("x", "security", true)],
                "-y -x security web-traffic",
            ),
            (
                &["security", "web-traffic"],
                &["x"],
                &[before("web-traffic", "x", true), before("x", "security", true)],
                "circle: x before security",
            ),
        ];
        for (changes, goes, befores, expected) in cases {
            assert_eq!(told(changes, goes, befores), expected, "{changes:?} {goes:?}");
        }
    }
}

//! A whole environment that goes: every stack after those that use what is in it, by what is deployed alone.

use std::collections::BTreeMap;

use super::DeployedStack;
use super::edges::{Edge, edges};
use super::leaving::{Goes, Leaving, Left};

/// Those stacks, each with its turn; `beside` are stacks that stay, and what they use keeps what they use it of.
pub fn teardown(left: &[Left], beside: &[DeployedStack]) -> Vec<Leaving> {
    let found = edges(left.iter().map(|left| &left.deployed).chain(beside));
    let mut leaving: Vec<Leaving> = left.iter().map(Leaving::of).collect();
    let turns = turns(&leaving, &found);
    for it in &mut leaving {
        let turn = turns.get(&it.name).copied().unwrap_or_default();
        it.goes = Some(Goes { after: 0, turn });
        let stays = |edge: &&Edge| {
            edge.producer == it.name && beside.iter().any(|stack| stack.stack.name == edge.consumer)
        };
        it.used_by = found.iter().filter(stays).map(|edge| edge.consumer.clone()).collect();
        it.used_by.dedup();
    }
    leaving.sort_by_key(|it| it.goes.map(|goes| goes.turn));
    leaving
}

/// When each goes. Those that use one another go together: CloudFormation tells which of them it cannot delete.
fn turns(leaving: &[Leaving], edges: &[Edge]) -> BTreeMap<String, usize> {
    let mut open: Vec<&str> = leaving.iter().map(|it| it.name.as_str()).collect();
    let mut turns = BTreeMap::new();
    let mut turn = 0;
    while !open.is_empty() {
        let used = |name: &str| {
            edges.iter().any(|edge| edge.producer == name && open.contains(&edge.consumer.as_str()))
        };
        let free: Vec<&str> = open.iter().copied().filter(|name| !used(name)).collect();
        let now = if free.is_empty() { open.clone() } else { free };
        turns.extend(now.iter().map(|name| ((*name).to_owned(), turn)));
        open.retain(|name| !now.contains(name));
        turn += 1;
    }
    turns
}

//! Removes a whole environment: every stack that is its own, by what is deployed alone. Protected environments refuse.

use serde_json::Value;

use crate::cfn::Stack;
use crate::cloud::{Cloud, CloudError};
use crate::model::Approval;
use crate::plan::{Cost, DeployedStack, Leaving, Left, Loss, Record, short_digest, teardown};
use crate::rollout::{Failure, remove};
use crate::stacks::{Owner, names};

use super::apply::{ApplyError, check_account};
use super::elsewhere::{ReadError, check_place};
use super::left::{self, Beside};
use super::look::Look;
use super::run::{Run, Surroundings};

/// What would go with an environment.
#[derive(Debug, Clone)]
pub struct Teardown {
    /// The account that was read.
    pub account: String,
    /// Its stacks, those that go first first.
    pub stacks: Vec<Leaving>,
    /// Stacks that have its tags and that no run of asagi made: they are left alone.
    pub beside: Vec<String>,
    /// What protects it, a sentence each: as long as there is any, nothing is removed.
    pub protected: Vec<String>,
    /// A person must agree: by the spec; where it cannot be read; or by the records of its roles where there is none.
    pub manual: bool,
    /// What else stands in the way, a sentence each.
    pub hindered: Vec<String>,
}

impl Teardown {
    /// What holds data and goes, and is not among those that a person lets go: each by its name, or all of a stack by its own.
    pub fn asked(&self, allowed: &[String]) -> Vec<Loss> {
        let losses = self.stacks.iter().flat_map(Leaving::losses).filter(|loss| loss.costs == Cost::Data);
        losses.filter(|loss| !allowed.iter().any(|it| *it == loss.name() || *it == loss.stack)).collect()
    }
}

/// Reads what would go with an environment; those of `adopt` are its own, whoever made them.
///
/// # Errors
/// When the account is not the one that was meant, the caller may not list stacks, or a call does not succeed.
pub async fn teardown_of(cloud: &dyn Cloud, look: Look<'_>, adopt: &[String]) -> Result<Teardown, ReadError> {
    let owner = look.identity.owner();
    let all = left::all_of(cloud, &owner).await?.ok_or_else(|| {
        CloudError::AccessDenied("the caller may not list stacks, so nobody knows what there is".to_owned())
    })?;
    let account = check_place(cloud, look.identity.account.as_deref(), all.first()).await?;
    let mut own = Vec::new();
    let mut beside = Vec::new();
    for stack in &all {
        if left::is_nested(cloud, stack, &all).await? {
            continue;
        }
        let planned = look.loaded.is_some_and(|it| it.graph.stacks.values().any(|it| it.name == stack.name));
        let is_own = planned || adopt.contains(&stack.name) || left::is_own(cloud, stack).await?;
        if is_own { own.push(Beside { stack: stack.clone(), own: true }) } else { beside.push(stack.clone()) }
    }
    let manual = manual(look, &own);
    let mut protected = protected(look, &own);
    let left = left::read(cloud, &owner, own).await?;
    protected.extend(left.iter().flat_map(locked_balancers));
    let stays: Vec<DeployedStack> = beside.iter().map(deployed).collect();
    let stacks = teardown(&left, &stays);
    Ok(Teardown {
        account,
        hindered: stacks.iter().filter_map(|it| hindered(it, &left)).collect(),
        beside: beside.into_iter().map(|stack| stack.name).collect(),
        stacks,
        protected,
        manual,
    })
}

/// A stack that stays, as far as its parameters tell what it uses.
fn deployed(stack: &Stack) -> DeployedStack {
    DeployedStack {
        stack: stack.clone(),
        text: String::new(),
        template: None,
        physical_ids: indexmap::IndexMap::new(),
        present: indexmap::IndexMap::new(),
    }
}

/// Why a stack cannot go now. What is protected is told for all of them together.
fn hindered(leaving: &Leaving, left: &[Left]) -> Option<String> {
    let unprotected = Leaving { protected: false, ..leaving.clone() };
    let (why, _) = unprotected.stays()?;
    let rolls = left.iter().any(|it| it.key == leaving.key && it.deployed.stack.status.is_busy());
    Some(if rolls { format!("{why}; wait for it") } else { why })
}

/// A person must agree, who reads what goes.
fn manual(look: Look<'_>, own: &[Beside]) -> bool {
    if let Some(loaded) = look.loaded {
        return loaded.environment.protection.approval == Approval::Manual;
    }
    // Nobody knows what a spec says that cannot be read.
    let records = own.iter().filter_map(|it| Record::parse(it.stack.parameter(names::ROLLOUT_RECORD)?));
    look.broken
        || records.into_iter().any(|record| record.protection.is_some_and(|protection| protection.manual))
}

fn protected(look: Look<'_>, own: &[Beside]) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(protection) = look.loaded.map(|loaded| &loaded.environment.protection) {
        if protection.approval == Approval::Manual {
            told.push("the spec says `protection.approval: manual`".to_owned());
        }
        if protection.termination {
            told.push(
                "the spec protects its stacks from deletion: `protection.termination`, which `retention: retain` sets"
                    .to_owned(),
            );
        }
    }
    let locked = own.iter().filter(|it| it.stack.termination_protection).map(|it| it.stack.name.as_str());
    let locked: Vec<&str> = locked.collect();
    if !locked.is_empty() {
        told.push(format!("stacks refuse to be deleted: {}", locked.join(", ")));
    }
    told
}

/// Load balancers that refuse to be deleted, by what is deployed.
fn locked_balancers(left: &Left) -> Vec<String> {
    const KIND: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    let all = left.deployed.template.iter().flat_map(|template| &template.resources);
    let locked = all.filter(|(_, it)| {
        let attributes = it.properties.get("LoadBalancerAttributes").and_then(Value::as_array);
        it.kind == KIND
            && attributes.into_iter().flatten().any(|attribute| {
                let on = attribute.get("Value").is_some_and(|value| value == "true" || value == true);
                on && attribute.get("Key").is_some_and(|key| key == "deletion_protection.enabled")
            })
    });
    let name = &left.deployed.stack.name;
    locked.map(|(id, _)| format!("load balancer {id} of {name} has its deletion protection on")).collect()
}

/// Removes those stacks; gives the first that could not be, and why. What was begun before is gone on with.
///
/// # Errors
/// When the caller is in another account, a call does not succeed, or the person cancels.
pub async fn destroy(
    around: &Surroundings<'_>,
    owner: &Owner,
    teardown: &Teardown,
) -> Result<Option<(String, Failure)>, ApplyError> {
    let caller = check_account(around.cloud, &teardown.account).await?;
    let prefix = owner.prefix();
    let digest = short_digest(format!("destroy|{prefix}|{}", around.cloud.now()).as_bytes());
    let run = Run::begin(around, &prefix, caller, digest, true).await?;
    let stacks: Vec<&Leaving> = teardown.stacks.iter().collect();
    Ok(remove(&run.context(), &stacks).await?)
}

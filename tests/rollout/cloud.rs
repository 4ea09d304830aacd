//! The embedded target with a witness: it writes down every request, and at every tick of the clock it looks whether a
//! slot that receives requests can answer them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use asagi::cfn::{ChangeSet, CreateChangeSet, RollbackConfiguration, Stack, StackEvent, StackResource};
use asagi::cloud::local::{Changes, Held, LocalCloud, Memory, Settings, Store};
use asagi::cloud::{
    AlarmDefinition, AlarmState, Caller, Clock, CloudError, CloudFormation, GroupState, ListenerRule,
    Observe, ParameterVersion, Result, TargetHealth, TargetState,
};
use async_trait::async_trait;
use jiff::Timestamp;

use super::walks::Oracle;

/// More than any session makes: one that makes them runs in a circle.
const MOST_CALLS: u64 = 200_000;

/// The embedded target with a witness.
pub(crate) struct Witness {
    /// The target.
    pub(crate) local: LocalCloud,
    memory: Arc<Memory>,
    hasty: AtomicBool,
    unmonitored: AtomicBool,
    calls: AtomicU64,
    death: Mutex<Death>,
    /// Once that phase's change set was executed, nobody wakes who sleeps.
    sleeper: Mutex<Option<&'static str>>,
    seen: Mutex<Seen>,
    oracle: OnceLock<Oracle>,
}

/// The documents, kept where the witness can see them too.
struct Shared(Arc<Memory>);

impl Store for Shared {
    fn lock(&self) -> Result<Held> {
        self.0.lock()
    }

    fn documents(&self) -> Result<Vec<String>> {
        self.0.documents()
    }

    fn read(&self, document: &str) -> Result<Option<String>> {
        self.0.read(document)
    }

    fn commit(&self, changes: &Changes) -> Result<()> {
        self.0.commit(changes)
    }

    fn broken(&self, document: &str, why: &dyn std::fmt::Display) -> CloudError {
        self.0.broken(document, why)
    }
}

/// When the process that drives the rollout ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Death {
    /// It does not.
    Never,
    /// With the changing call after so many others, which takes effect.
    After(u32),
    /// With the execution of a change set of that stack, which takes effect.
    Executing(&'static str),
    /// It has: every call fails until [`Witness::revive`].
    Dead,
}

#[derive(Default)]
struct Seen {
    requests: Vec<CreateChangeSet>,
    executed: Vec<String>,
    dead_ends: Vec<String>,
}

impl Witness {
    /// A new account.
    pub(crate) fn new(account: &str, start: &str, documents: &Changes) -> Self {
        let settings = Settings {
            account: account.to_owned(),
            region: "ap-northeast-1".to_owned(),
            start: start.parse().unwrap(),
        };
        let memory = Arc::new(Memory::default());
        memory.commit(documents).unwrap();
        let local = LocalCloud::with_store(Box::new(Shared(Arc::clone(&memory))), settings);
        Self {
            local,
            memory,
            hasty: AtomicBool::new(false),
            unmonitored: AtomicBool::new(false),
            calls: AtomicU64::new(0),
            death: Mutex::new(Death::Never),
            sleeper: Mutex::default(),
            seen: Mutex::default(),
            oracle: OnceLock::new(),
        }
    }

    /// Everything that the target keeps: another one can go on from there.
    pub(crate) fn documents(&self) -> Changes {
        let names = self.memory.documents().unwrap();
        names.into_iter().map(|name| (name.clone(), self.memory.read(&name).unwrap())).collect()
    }

    /// Somebody changes something in the account beside CloudFormation.
    pub(crate) fn edit_world(&self, edit: impl FnOnce(&mut serde_json::Value)) {
        let text = self.memory.read("world").unwrap().unwrap();
        let mut world = serde_json::from_str(&text).unwrap();
        edit(&mut world);
        self.memory.commit(&[("world".to_owned(), Some(world.to_string()))].into()).unwrap();
    }

    /// A stack that rests stands there from now on.
    pub(crate) fn put_in(&self, stack: &str, status: &str) {
        let name = format!("stacks/{stack}");
        let mut document: serde_json::Value =
            serde_json::from_str(&self.memory.read(&name).unwrap().unwrap()).unwrap();
        document["status"] = status.into();
        self.memory.commit(&[(name, Some(document.to_string()))].into()).unwrap();
        // Whoever has read the account before reads it again.
        self.edit_world(|world| world["revision"] = (world["revision"].as_u64().unwrap() + 1).into());
    }

    /// From now on long waits are slept through with few looks, and without the witness: for runs in the hundreds.
    pub(crate) fn hurry(&self) {
        self.hasty.store(true, Ordering::Relaxed);
    }

    /// From now on nothing is monitored: rollback configurations are dropped, as some servers do.
    pub(crate) fn drop_monitoring(&self) {
        self.unmonitored.store(true, Ordering::Relaxed);
    }

    /// Every request for a change set so far.
    pub(crate) fn requests(&self) -> Vec<CreateChangeSet> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// ARN of every change set executed so far.
    pub(crate) fn executed(&self) -> Vec<String> {
        self.seen.lock().unwrap().executed.clone()
    }

    /// Moments at which a slot had weight and no healthy target; seeing them empties the list.
    pub(crate) fn dead_ends(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().unwrap().dead_ends)
    }

    /// From now on users are looked after.
    pub(crate) fn set_oracle(&self, oracle: Oracle) {
        drop(self.oracle.set(oracle));
    }

    /// What users suffered by what was moved.
    pub(crate) fn offences(&self) -> Vec<String> {
        self.oracle.get().map(Oracle::offences).unwrap_or_default()
    }

    /// Goes back from here, in a copy of the account.
    pub(crate) fn try_way_back(&self) {
        self.oracle.get().into_iter().for_each(|oracle| oracle.try_way_back(self));
    }

    /// So many ways back were tried.
    pub(crate) fn ways_back(&self) -> usize {
        self.oracle.get().map(Oracle::tried).unwrap_or_default()
    }

    /// What a person moves by hand, or though users are worse off, is no offence.
    pub(crate) fn forget(&self) {
        self.oracle.get().into_iter().for_each(|oracle| oracle.forget(&self.local));
    }

    /// The process ends there.
    pub(crate) fn die(&self, death: Death) {
        *self.death.lock().unwrap() = death;
    }

    /// Another process begins; gives whether there was a need.
    pub(crate) fn revive(&self) -> bool {
        std::mem::replace(&mut *self.death.lock().unwrap(), Death::Never) == Death::Dead
    }

    /// Whoever sleeps once that phase's change set was executed sleeps for ever; `None` is nobody.
    pub(crate) fn never_wake_in(&self, phase: Option<&'static str>) {
        *self.sleeper.lock().unwrap() = phase;
    }

    fn sleeps_for_ever(&self) -> bool {
        let Some(phase) = *self.sleeper.lock().unwrap() else { return false };
        let executed = &self.seen.lock().unwrap().executed;
        executed.iter().any(|set| set.contains(&format!(":changeSet/asagi-{phase}-")))
    }

    fn alive(&self) -> Result<()> {
        if self.calls.fetch_add(1, Ordering::Relaxed) == MOST_CALLS {
            let endless = format!("{MOST_CALLS} calls, and it is not over");
            self.oracle.get().into_iter().for_each(|oracle| oracle.offend(endless.clone()));
            return Err(CloudError::Store(endless));
        }
        match *self.death.lock().unwrap() {
            Death::Dead => Err(CloudError::Store("the process ended here".to_owned())),
            _ => Ok(()),
        }
    }

    /// A changing call took effect: its caller may not live to see it.
    async fn mutated(&self, executed: Option<&str>) -> Result<()> {
        let stack = match executed {
            Some(id) => self.local.describe_change_set(id).await.map(|set| set.stack_id).unwrap_or_default(),
            None => String::new(),
        };
        let mut death = self.death.lock().unwrap();
        let dies = match &mut *death {
            Death::After(0) | Death::Dead => true,
            Death::After(calls) => {
                *calls -= 1;
                false
            }
            Death::Executing(name) => stack.contains(&format!("-{name}/")),
            Death::Never => false,
        };
        if dies {
            *death = Death::Dead;
        }
        drop(death);
        self.alive()
    }

    /// No group is asked for more instances than it may have.
    async fn look_at_sizes(&self) -> Result<()> {
        for name in self.local.stack_names()? {
            let Some(stack) = self.local.describe_stack(&name).await? else { continue };
            let size = |name: &str| stack.parameter(name).and_then(|size| size.parse::<u32>().ok());
            if let (Some(min), Some(max)) = (size("MinSize"), size("MaxSize")) {
                assert!(min <= max, "{name}: {min}-{max}");
            }
        }
        Ok(())
    }

    /// Looks at every rule of every traffic stack that was once opened.
    async fn look(&self) -> Result<()> {
        for name in self.local.stack_names()?.into_iter().filter(|name| name.ends_with("-traffic")) {
            let Some(stack) = self.local.describe_stack(&name).await? else { continue };
            if stack.parameter("RolloutRecord").is_none_or(|record| record.contains(r#""phase":"none""#)) {
                continue;
            }
            let resources = self.local.describe_stack_resources(&name).await?;
            let rules = resources.iter().filter(|it| it.resource_type.ends_with("::ListenerRule"));
            let arns: Vec<String> = rules.filter_map(|rule| rule.physical_id.clone()).collect();
            for rule in self.local.listener_rules(&arns).await? {
                for forward in rule.forwards.iter().filter(|forward| forward.weight > 0) {
                    let health = self.local.target_health(&forward.target_group).await?;
                    if !health.iter().any(|target| target.state == TargetState::Healthy) {
                        let slot = &forward.target_group;
                        let end = format!(
                            "{} rule {} sends {} % to {slot}",
                            self.local.now(),
                            rule.priority,
                            forward.weight
                        );
                        self.seen.lock().unwrap().dead_ends.push(end);
                    }
                }
            }
        }
        Ok(())
    }
}

#[async_trait]
impl CloudFormation for Witness {
    async fn describe_stack(&self, stack: &str) -> Result<Option<Stack>> {
        self.alive()?;
        self.local.describe_stack(stack).await
    }

    async fn stacks_named(&self, prefix: &str) -> Result<Vec<Stack>> {
        self.alive()?;
        self.local.stacks_named(prefix).await
    }

    async fn get_template(&self, stack: &str) -> Result<String> {
        self.alive()?;
        self.local.get_template(stack).await
    }

    async fn describe_stack_resources(&self, stack: &str) -> Result<Vec<StackResource>> {
        self.alive()?;
        self.local.describe_stack_resources(stack).await
    }

    async fn describe_stack_events(&self, stack: &str, after: Option<&str>) -> Result<Vec<StackEvent>> {
        self.alive()?;
        self.local.describe_stack_events(stack, after).await
    }

    async fn create_change_set(&self, request: &CreateChangeSet) -> Result<String> {
        self.alive()?;
        self.seen.lock().unwrap().requests.push(request.clone());
        let mut request = request.clone();
        if self.unmonitored.load(Ordering::Relaxed) {
            request.rollback_configuration = RollbackConfiguration::default();
        }
        let id = self.local.create_change_set(&request).await?;
        self.mutated(None).await?;
        Ok(id)
    }

    async fn describe_change_set(&self, change_set: &str) -> Result<ChangeSet> {
        self.alive()?;
        self.local.describe_change_set(change_set).await
    }

    async fn execute_change_set(&self, change_set: &str, token: &str) -> Result<()> {
        self.alive()?;
        self.local.execute_change_set(change_set, token).await?;
        self.seen.lock().unwrap().executed.push(change_set.to_owned());
        self.mutated(Some(change_set)).await
    }

    async fn delete_change_set(&self, change_set: &str) -> Result<()> {
        self.alive()?;
        self.local.delete_change_set(change_set).await?;
        self.mutated(None).await
    }

    async fn cancel_update_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.alive()?;
        self.local.cancel_update_stack(stack, token).await?;
        self.mutated(None).await
    }

    async fn continue_update_rollback(&self, stack: &str, token: &str) -> Result<()> {
        self.alive()?;
        self.local.continue_update_rollback(stack, token).await?;
        self.mutated(None).await
    }

    async fn delete_stack(&self, stack: &str, token: &str) -> Result<()> {
        self.alive()?;
        self.oracle.get().into_iter().for_each(|oracle| oracle.deletes(stack));
        self.local.delete_stack(stack, token).await?;
        self.mutated(None).await
    }

    /// The embedded target never leaves a stack in `UPDATE_FAILED`: one that a test put there is as it was before.
    async fn rollback_stack(&self, stack: &str, _token: &str) -> Result<()> {
        self.alive()?;
        let found = self.local.describe_stack(stack).await?.unwrap();
        assert_eq!(found.status.as_str(), "UPDATE_FAILED");
        self.put_in(&found.name, "UPDATE_ROLLBACK_COMPLETE");
        Ok(())
    }

    async fn update_termination_protection(&self, stack: &str, enabled: bool) -> Result<()> {
        self.alive()?;
        self.local.update_termination_protection(stack, enabled).await?;
        self.mutated(None).await
    }
}

#[async_trait]
impl Observe for Witness {
    async fn caller(&self) -> Result<Caller> {
        self.alive()?;
        self.local.caller().await
    }

    async fn listener_rules(&self, rules: &[String]) -> Result<Vec<ListenerRule>> {
        self.alive()?;
        self.local.listener_rules(rules).await
    }

    async fn target_health(&self, target_group: &str) -> Result<Vec<TargetHealth>> {
        self.alive()?;
        self.local.target_health(target_group).await
    }

    async fn group(&self, group: &str) -> Result<Option<GroupState>> {
        self.alive()?;
        self.local.group(group).await
    }

    async fn alarms(&self, names: &[String]) -> Result<Vec<AlarmState>> {
        self.alive()?;
        self.local.alarms(names).await
    }

    async fn alarm_definitions(&self, names: &[String]) -> Result<Vec<AlarmDefinition>> {
        self.alive()?;
        self.local.alarm_definitions(names).await
    }

    async fn alarmed_since(&self, name: &str, since: Timestamp) -> Result<Option<Timestamp>> {
        self.alive()?;
        self.local.alarmed_since(name, since).await
    }

    async fn parameter(&self, name: &str) -> Result<Option<String>> {
        self.alive()?;
        self.local.parameter(name).await
    }

    async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        self.alive()?;
        self.local.parameter_history(name).await
    }

    async fn publish(&self, topic: &str, subject: &str, message: &str) -> Result<()> {
        self.alive()?;
        self.local.publish(topic, subject, message).await
    }
}

#[async_trait]
impl Clock for Witness {
    fn now(&self) -> Timestamp {
        self.local.now()
    }

    fn lot(&self) -> u64 {
        self.local.lot()
    }

    async fn sleep(&self, duration: Duration) {
        if self.sleeps_for_ever() {
            return std::future::pending().await;
        }
        if self.hasty.load(Ordering::Relaxed) {
            // Polls far apart are those of bakes: a look now and then is enough.
            let times = if duration.as_secs() >= 15 { 8 } else { 1 };
            self.local.sleep(duration * times).await;
            self.oracle.get().into_iter().for_each(|oracle| oracle.tick(self));
            return;
        }
        self.local.sleep(duration).await;
        self.look().await.unwrap();
        self.look_at_sizes().await.unwrap();
    }
}

//! The target as its users hold it: every call locks the store, sees what other processes did, and writes back whole.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::engine;
use super::fault::Fault;
use super::state::State;
use super::store::{Folder, Memory, Store};
use super::world::{Message, World};
use crate::cloud::{CloudError, Result};
use crate::workspace::{Door, Waiting, WorkspaceError, private};

/// The account that a new target stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Twelve digits.
    pub account: String,
    /// Such as `ap-northeast-1`.
    pub region: String,
    /// When the virtual clock of a new target starts; one that exists goes on where it stands.
    pub start: Timestamp,
}

fn ended() -> CloudError {
    CloudError::Store("the process ended here: fault injected on the embedded target".to_owned())
}

/// Told how long each sleep is, before the clock is moved.
type Pace = Box<dyn Fn(Duration) + Send + Sync>;

/// The embedded target.
pub struct LocalCloud {
    store: Box<dyn Store>,
    settings: Settings,
    cache: Mutex<Cache>,
    pace: Option<Pace>,
    /// The process has ended, as far as its calls go.
    ended: AtomicBool,
}

/// The documents as last seen.
#[derive(Default)]
struct Cache {
    state: Option<State>,
    /// The account's document then: it changes with every change.
    text: Option<String>,
    /// What went wrong where nothing could be answered; the next call says so.
    failed: Option<CloudError>,
}

impl fmt::Debug for LocalCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalCloud").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl LocalCloud {
    /// Kept in memory, gone with the process.
    pub fn in_memory(settings: Settings) -> Self {
        Self::with_store(Box::new(Memory::default()), settings)
    }

    /// Kept in `.asagi/local` below the root, one folder an account and Region. `told` hears of waits for another process.
    ///
    /// # Errors
    /// `.asagi` is a link, or no folder.
    pub fn open(
        root: &Door,
        settings: Settings,
        told: impl Fn(&Waiting) + Send + Sync + 'static,
    ) -> Result<Self, WorkspaceError> {
        match private::prepare(root) {
            // Where nothing can be written, what is there can be read.
            Err(error) if error.is_read_only() => {}
            prepared => prepared?,
        }
        let parts = [private::FOLDER, "local", &settings.account, &settings.region];
        let store = Folder::below(root.clone(), &parts).telling(told);
        Ok(Self::with_store(Box::new(store), settings))
    }

    /// Kept in that store.
    pub fn with_store(store: Box<dyn Store>, settings: Settings) -> Self {
        Self { store, settings, cache: Mutex::default(), pace: None, ended: AtomicBool::new(false) }
    }

    /// Calls `pace` with the length of each sleep before the clock is moved, so that a person can follow.
    #[must_use]
    pub fn with_pace(mut self, pace: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.pace = Some(Box::new(pace));
        self
    }

    pub(super) fn pace(&self, duration: Duration) {
        if let Some(pace) = &self.pace {
            pace(duration);
        }
    }

    /// Moves the clock, through everything that happens meanwhile.
    ///
    /// # Errors
    /// The store is broken or out of reach.
    pub fn advance(&self, duration: Duration) -> Result<()> {
        self.change(|state| {
            let until = state.world.after(duration.as_secs());
            let rest = jiff::SignedDuration::from_nanos(i64::from(duration.subsec_nanos()));
            engine::advance(state, until.checked_add(rest).unwrap_or(until));
            Ok(())
        })
    }

    /// Makes something go wrong from now on.
    ///
    /// # Errors
    /// The store is broken or out of reach; for what is changed by hand, it is not there.
    pub fn inject(&self, fault: Fault) -> Result<()> {
        self.change(|state| {
            match &fault {
                Fault::WeightsMoved { rule, weights } => state.world.move_weights(rule, weights)?,
                Fault::GroupSized { group, min, max } => state.world.size_group(group, *min, *max)?,
                _ => state.world.faults.push(fault.clone()),
            }
            state.world.reconcile_all();
            engine::settle(state);
            Ok(())
        })
    }

    /// The faults at work.
    ///
    /// # Errors
    /// The store is broken or out of reach.
    pub fn faults(&self) -> Result<Vec<Fault>> {
        self.look(|state| Ok(state.world.faults.clone()))
    }

    /// Ends all faults.
    ///
    /// # Errors
    /// The store is broken or out of reach.
    pub fn clear_faults(&self) -> Result<()> {
        self.change(|state| {
            state.world.faults.clear();
            state.world.reconcile_all();
            engine::settle(state);
            Ok(())
        })
    }

    /// Sets a parameter, as somebody other than CloudFormation would.
    ///
    /// # Errors
    /// The store is broken or out of reach.
    pub fn put_parameter(&self, name: &str, value: &str) -> Result<()> {
        self.change(|state| {
            let by = state.world.caller();
            state.world.put_parameter(name, value, &by);
            Ok(())
        })
    }

    /// What was published to topics, oldest first.
    ///
    /// # Errors
    /// The store is broken or out of reach.
    pub fn messages(&self) -> Result<Vec<Message>> {
        self.look(|state| Ok(state.world.messages.clone()))
    }

    /// Names of the stacks that are there, in review too.
    ///
    /// # Errors
    /// The store is broken or out of reach.
    pub fn stack_names(&self) -> Result<Vec<String>> {
        self.look(|state| {
            let there = state.stacks().filter(|(document, _)| document.starts_with("stacks/"));
            Ok(there.map(|(_, stack)| stack.name.clone()).collect())
        })
    }

    /// Reads.
    pub(super) fn look<T>(&self, read: impl FnOnce(&State) -> Result<T>) -> Result<T> {
        let _held = self.store.lock()?;
        let mut cache = self.cache();
        if let Some(failed) = cache.failed.take() {
            return Err(failed);
        }
        read(self.fresh(&mut cache)?)
    }

    /// Changes: all of it is written, or nothing.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let _held = self.store.lock()?;
        let mut cache = self.cache();
        if let Some(failed) = cache.failed.take() {
            return Err(failed);
        }
        let state = self.fresh(&mut cache)?;
        let done = change(state).and_then(|value| Ok((value, state.commit(&*self.store)?)));
        match done {
            Ok((value, text)) => {
                cache.text = Some(text);
                Ok(value)
            }
            Err(error) => {
                // Whatever was begun is forgotten: the documents are as they were.
                cache.state = None;
                Err(error)
            }
        }
    }

    /// A call that can be throttled.
    pub(super) fn call<T>(&self, read: impl FnOnce(&State) -> Result<T>) -> Result<T> {
        self.live()?;
        let read = self.look(|state| match state.world.is_throttled() {
            true => Ok(None),
            false => read(state).map(Some),
        })?;
        read.map_or_else(|| self.throttled(), Ok)
    }

    /// A changing call, which can be throttled and whose process can end.
    pub(super) fn changing_call<T>(&self, change: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        self.live()?;
        let mut crashes = false;
        let value = self.change(|state| {
            if state.world.is_throttled() {
                return Ok(None);
            }
            let value = change(state)?;
            crashes = state.world.crashes();
            Ok(Some(value))
        })?;
        match value {
            None => self.throttled(),
            Some(_) if crashes => Err(ended()),
            Some(value) => Ok(value),
        }
    }

    /// Another process takes the place of one that ended; gives whether one had.
    pub fn revive(&self) -> bool {
        self.ended.swap(false, Ordering::Relaxed)
    }

    /// The process still runs.
    fn live(&self) -> Result<()> {
        let ends =
            self.look(|state| Ok(state.world.is_to_end()))? && self.change(|state| Ok(state.world.ends()))?;
        if ends {
            self.ended.store(true, Ordering::Relaxed);
        }
        if self.ended.load(Ordering::Relaxed) { Err(ended()) } else { Ok(()) }
    }

    fn throttled<T>(&self) -> Result<T> {
        self.change(|state| {
            state.world.throttle();
            Ok(())
        })?;
        Err(CloudError::Transient("Rate exceeded".to_owned()))
    }

    /// Now, as far as is known: an account that cannot be read has no time of its own.
    pub(super) fn now_or_last(&self) -> Timestamp {
        let now = self.look(|state| Ok(state.world.now));
        now.unwrap_or_else(|error| {
            let mut cache = self.cache();
            cache.failed = Some(error);
            cache.state.as_ref().map_or(self.settings.start, |state| state.world.now)
        })
    }

    /// Keeps what went wrong for the next call.
    pub(super) fn remember(&self, error: CloudError) {
        self.cache().failed = Some(error);
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The documents, read again when another process changed them.
    fn fresh<'a>(&self, cache: &'a mut Cache) -> Result<&'a mut State> {
        let is_stale = cache.state.is_none() || State::world_text(&*self.store)? != cache.text;
        if is_stale {
            cache.state = None;
        }
        let Cache { state, text, .. } = cache;
        match state {
            Some(state) => Ok(state),
            None => {
                let Settings { account, region, start } = &self.settings;
                let (loaded, read) = State::load(&*self.store, || World::new(account, region, *start))?;
                *text = read;
                Ok(state.insert(loaded))
            }
        }
    }
}

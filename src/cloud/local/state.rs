//! All documents of the target in memory, and how they get back to the store.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::engine::{StackRecord, Templates};
use super::store::{Changes, Store, misread};
use super::world::{FORM, World};
use crate::cloud::Result;

/// The document of the account.
const WORLD: &str = "world";

/// What is looked at before anything else of the account's document.
#[derive(Deserialize)]
struct Form {
    form: Option<u32>,
}

/// All documents.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) world: World,
    /// By document: `stacks/<name>`, and `deleted/<name>-<id>` for those that are gone.
    stacks: BTreeMap<String, StackRecord>,
    dirty: BTreeSet<String>,
    pub(crate) templates: Templates,
}

impl State {
    /// Everything in the store; a new account where it is empty.
    pub(crate) fn load(store: &dyn Store, empty: impl FnOnce() -> World) -> Result<(Self, Option<String>)> {
        let text = store.read(WORLD)?;
        let world = match &text {
            Some(text) => {
                let form = parse::<Form>(store, WORLD, text)?.form.unwrap_or(FORM);
                if form != FORM {
                    return Err(store.broken(WORLD, &format!("it has form {form} of documents, not {FORM}")));
                }
                parse(store, WORLD, text)?
            }
            None => empty(),
        };
        let mut stacks = BTreeMap::new();
        for document in store.documents()? {
            if document.starts_with("stacks/") || document.starts_with("deleted/") {
                let text = store.read(&document)?.unwrap_or_default();
                stacks.insert(document.clone(), parse(store, &document, &text)?);
            }
        }
        Ok((Self { world, stacks, dirty: BTreeSet::new(), templates: Templates::default() }, text))
    }

    /// Writes what changed; gives the account's new text.
    pub(crate) fn commit(&mut self, store: &dyn Store) -> Result<String> {
        self.world.revision += 1;
        let mut changes = Changes::new();
        for document in std::mem::take(&mut self.dirty) {
            let text = self.stacks.get(&document).map(|stack| write(store, &document, stack)).transpose()?;
            changes.insert(document, text);
        }
        let text = write(store, WORLD, &self.world)?;
        changes.insert(WORLD.to_owned(), Some(text.clone()));
        store.commit(&changes)?;
        Ok(text)
    }

    /// The account's text as it is in the store, to see whether another process changed it.
    pub(crate) fn world_text(store: &dyn Store) -> Result<Option<String>> {
        store.read(WORLD)
    }

    /// The document of a stack by name, or by ARN, which finds deleted ones too.
    pub(crate) fn document(&self, stack: &str) -> Option<String> {
        if stack.starts_with("arn:") {
            return self.stacks.iter().find(|(_, record)| record.id == stack).map(|(key, _)| key.clone());
        }
        let key = format!("stacks/{stack}");
        self.stacks.contains_key(&key).then_some(key)
    }

    /// A stack by name or ARN.
    pub(crate) fn stack(&self, stack: &str) -> Option<&StackRecord> {
        self.stacks.get(&self.document(stack)?)
    }

    /// A stack by its document.
    pub(crate) fn record(&self, document: &str) -> Option<&StackRecord> {
        self.stacks.get(document)
    }

    /// Takes a stack out, to be put back with [`Self::put`].
    pub(crate) fn take(&mut self, document: &str) -> Option<StackRecord> {
        self.dirty.insert(document.to_owned());
        self.stacks.remove(document)
    }

    /// Puts a stack in: a deleted one goes where deleted ones are.
    pub(crate) fn put(&mut self, record: StackRecord) {
        let gone = record.status == crate::cfn::StackStatus::DeleteComplete;
        let id: String = record.id.rsplit('/').next().unwrap_or_default().chars().take(8).collect();
        let key =
            if gone { format!("deleted/{}-{id}", record.name) } else { format!("stacks/{}", record.name) };
        self.dirty.insert(key.clone());
        self.stacks.insert(key, record);
    }

    /// All stacks, deleted ones too.
    pub(crate) fn stacks(&self) -> impl Iterator<Item = (&String, &StackRecord)> {
        self.stacks.iter()
    }
}

fn parse<T: DeserializeOwned>(store: &dyn Store, document: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| store.broken(document, &misread(&error)))
}

fn write<T: Serialize>(store: &dyn Store, document: &str, value: &T) -> Result<String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| store.broken(document, &error))?;
    Ok(text + "\n")
}

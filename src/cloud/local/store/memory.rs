//! Documents in memory, for tests and for simulation.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Changes, Held, Store};
use crate::cloud::{CloudError, Result};

/// Documents in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, String>>);

impl Memory {
    fn texts(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn lock(&self) -> Result<Held> {
        Ok(Held::default())
    }

    fn documents(&self) -> Result<Vec<String>> {
        Ok(self.texts().keys().cloned().collect())
    }

    fn read(&self, document: &str) -> Result<Option<String>> {
        Ok(self.texts().get(document).cloned())
    }

    fn commit(&self, changes: &Changes) -> Result<()> {
        let mut texts = self.texts();
        for (document, text) in changes {
            match text {
                Some(text) => texts.insert(document.clone(), text.clone()),
                None => texts.remove(document),
            };
        }
        Ok(())
    }

    fn broken(&self, document: &str, why: &dyn Display) -> CloudError {
        CloudError::Store(format!("`{document}` is not what this asagi wrote: {why}"))
    }
}

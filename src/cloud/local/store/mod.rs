//! Where the embedded target keeps its documents: a folder, or memory.

mod folder;
mod memory;

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::cloud::{CloudError, Result};
use crate::workspace::Lock;

pub use folder::Folder;
pub use memory::Memory;

/// Documents to write (`Some`) and to remove (`None`), by name.
pub type Changes = BTreeMap<String, Option<String>>;

/// Documents by name (`world`, `stacks/idhub-40-prod-network`), JSON text each.
pub trait Store: Send + Sync {
    /// Keeps every other process out until the answer is dropped; mends what a crash left half done.
    ///
    /// # Errors
    /// The store is out of reach.
    fn lock(&self) -> Result<Held>;

    /// The names of all documents, in order.
    ///
    /// # Errors
    /// The store is out of reach.
    fn documents(&self) -> Result<Vec<String>>;

    /// One document; `None` when there is none.
    ///
    /// # Errors
    /// It is there and cannot be read.
    fn read(&self, document: &str) -> Result<Option<String>>;

    /// Writes all of the changes, or none of them.
    ///
    /// # Errors
    /// They cannot be written.
    fn commit(&self, changes: &Changes) -> Result<()>;

    /// The error of a document that says something else than was written, with what mends it.
    fn broken(&self, document: &str, why: &dyn Display) -> CloudError;
}

/// Where a document is not what it should be. What stands there is not quoted: it may be the value of a parameter.
pub(in crate::cloud::local) fn misread(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => "something else than was written stands",
        serde_json::error::Category::Eof => "it ends too early",
        _ => "it is no JSON",
    };
    format!("{what} in line {} at character {}", error.line(), error.column())
}

/// The lock; dropping it lets others in.
#[derive(Debug, Default)]
pub struct Held(Option<Lock>);

impl Held {
    /// Is held by this process.
    pub fn is_shared_with_processes(&self) -> bool {
        self.0.is_some()
    }
}

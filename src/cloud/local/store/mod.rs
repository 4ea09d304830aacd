//! Where the embedded target keeps its documents: a folder, or memory.

mod folder;
mod memory;

use std::collections::BTreeMap;
use std::fs::File;

use crate::cloud::Result;

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

    /// Where a document is, for messages.
    fn place(&self, document: &str) -> String;
}

/// The lock; dropping it lets others in.
#[derive(Debug, Default)]
pub struct Held(Option<File>);

impl Held {
    /// Is held by this process.
    pub fn is_shared_with_processes(&self) -> bool {
        self.0.is_some()
    }
}

//! Reading a tree as a Rust type by serde, strictly: nothing is converted, and every error has a place.
//!
//! Errors found by serde's own buffers (`untagged`, internally tagged enums, `flatten`) get the place of the
//! value that was buffered, not the innermost one.

mod access;
mod failure;
mod key;
mod node;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use self::node::NodeReader;
use super::{Document, Node, TypeError};

impl Node {
    /// Reads the node as a `T`.
    ///
    /// # Errors
    /// The first value that does not fit, with its place.
    pub fn deserialize<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Box<TypeError>> {
        T::deserialize(NodeReader::root(self)).map_err(|failure| Box::new(failure.finish(self.head())))
    }
}

impl Document {
    /// Reads the whole document as a `T`.
    ///
    /// # Errors
    /// The first value that does not fit, with its place.
    pub fn deserialize<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Box<TypeError>> {
        self.root.deserialize()
    }
}

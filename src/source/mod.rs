//! Text and places: files, spans, and the YAML document whose every key and value knows where it stands.
//!
//! ```text
//! bytes ─SourceMap─▶ SourceFile ─parse─▶ Document ─┬─ get(pointer), key_span(pointer)
//!                                                  ├─ deserialize::<T>()      strict types, TypeError with a place
//!                                                  ├─ Node::to_json(Tags)     for JSON Schema and CloudFormation
//!                                                  └─ Node::merge(base, over) overlays, origins kept
//! ```
//!
//! This module names `words` alone. Its errors ([`SyntaxError`], [`TypeError`]) say what and where;
//! [`crate::diagnostics`] gives them their codes.

mod address;
mod anchors;
mod de;
mod digest;
mod file;
mod files;
mod json;
pub mod limits;
mod load;
mod mapping;
mod node;
mod overlay;
mod pointer;
mod scalar;
mod scan;
mod slips;
mod syntax;
mod type_error;

#[cfg(test)]
mod load_tests;
#[cfg(test)]
mod properties;
mod quoted;
#[cfg(test)]
pub(crate) mod testing;

pub use digest::{digest, digest_of, grouped, is_digest, sha256, short_digest};
pub use file::{Position, SourceFile, SourceId, SourceMap, Span};
pub use files::{FileError, Files, MemoryFiles};
pub use json::Tags;
pub use load::{Document, MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_TEXT, parse, parse_template};
pub use node::{Entry, Kind, Node, ScalarStyle};
pub use pointer::{escape, pointer};
pub use scalar::Value;
pub use syntax::{SyntaxError, SyntaxKind};
pub use type_error::{TypeError, TypeErrorKind};

//! What is fuzzed, one file a target: bytes in, and nothing may panic, hang or point outside of its file. The normal
//! tests replay the kept corpus through the same functions (`tests/corpus.rs`).

pub mod source;
pub mod spec;
pub mod template;
pub mod values;

/// What a target does with an input.
pub type Run = fn(&[u8]);

/// Every target by its name, which is that of its corpus folder and of its program.
pub const TARGETS: &[(&str, Run)] =
    &[("source", source::run), ("spec", spec::run), ("template", template::run), ("values", values::run)];

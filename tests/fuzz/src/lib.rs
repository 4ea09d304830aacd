//! What is fuzzed, one file a target: bytes in, and nothing may panic, hang, point outside of its file,
//! or come through a wall. The normal tests replay the kept corpus through the same functions (`tests/corpus.rs`).

pub mod account;
pub mod git;
pub mod leak;
pub mod lock;
pub mod own;
pub mod plan;
pub mod seen;
pub mod source;
pub mod spec;
pub mod template;
pub mod values;
pub mod words;

/// What a target does with an input.
pub type Run = fn(&[u8]);

/// Every target by its name, which is that of its corpus folder and of its program.
pub const TARGETS: &[(&str, Run)] = &[
    ("account", account::run),
    ("git", git::run),
    ("leak", leak::run),
    ("lock", lock::run),
    ("own", own::run),
    ("plan", plan::run),
    ("source", source::run),
    ("spec", spec::run),
    ("template", template::run),
    ("values", values::run),
    ("words", words::run),
];

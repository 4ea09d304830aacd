//! How much of a file is read at most, in bytes. A larger one is refused before it is read, with both numbers.

/// What a repository keeps in Git: a spec or part, the images lock, a stack template, user data, an Image Builder
/// component. 2 MiB; CloudFormation takes templates of at most 1 MiB.
pub const SOURCE: u64 = super::MAX_BYTES as u64;

/// A file of the output folder. 16 MiB: a template, or a manifest of some 100,000 files.
pub const RENDERED: u64 = 16 << 20;

/// A baseline of findings. 16 MiB: some 100,000 of them.
pub const BASELINE: u64 = 16 << 20;

/// A plan file. 64 MiB: it holds the templates of up to some hundred stacks, 1 MiB each at most.
pub const PLAN: u64 = 64 << 20;

/// A file of the machine's setup: certificates, profiles of AWS. 4 MiB: every root certificate there is takes a quarter of one.
pub const SHARED: u64 = 4 << 20;

/// A document of the embedded target: one stack with its templates and events, or the account. 64 MiB.
pub const LOCAL_DOCUMENT: u64 = 64 << 20;

/// A line of the journal: time, stack, verb and token take some 300 bytes.
pub const JOURNAL_LINE: u64 = 64 << 10;

/// What a render is about to move: some 150 bytes a file. 256 MiB.
pub const STEPS: u64 = 256 << 20;

//! What is told to a person: code, severity, message, labelled places, help.
//!
//! A [`Diagnostic`] is worded where it is found and rendered elsewhere, one file a format in [`render`].
//! Everything found in a run is gathered in [`Findings`], so that all of it is reported at once.
//!
//! Messages are lower-case phrases without a full stop, names in backticks, with at most one help that says what
//! to write. Labels are ASCII: text of the user's own belongs in message, note or help, where full-width
//! characters cannot shift an underline.

mod baseline;
mod code;
mod diagnostic;
mod findings;
mod fingerprint;
mod nearest;
pub mod render;
mod report;
mod secrets;
mod syntax;
mod types;

pub use baseline::{Baseline, Known};
pub use code::Code;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use findings::Findings;
pub use nearest::nearest;
pub use report::{Examined, Found, Report, RuleText, SetSeverity};
pub use syntax::codes as syntax_codes;
pub use types::codes as type_codes;

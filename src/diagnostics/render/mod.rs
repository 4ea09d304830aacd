//! Findings as text, one file a format.

mod human;
mod json;
mod junit;
mod sarif;
mod window;
#[cfg(test)]
mod tests;

pub use human::{Paint, human, human_one};
pub use json::{JSON_VERSION, json};
pub use junit::junit;
pub use sarif::sarif;

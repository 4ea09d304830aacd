//! Findings as text, one file a format.

mod human;
mod json;
#[cfg(test)]
mod tests;

pub use human::{Paint, human, human_one};
pub use json::{JSON_VERSION, json};

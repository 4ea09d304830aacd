//! Pictures of a diff: text for people, Markdown for pull requests, JSON for programs. What may not be shown is masked here.

mod following;
mod human;
mod json;
mod markdown;
mod palette;
mod remarks;
mod value;

pub use human::{human, human_roles};
pub use json::{VERSION, json, json_roles};
pub use markdown::markdown;
pub use palette::Palette;

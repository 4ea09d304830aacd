//! Pictures of a diff: text for people, JSON for programs. What may not be shown is masked here.

mod human;
mod json;
mod palette;
mod value;

pub use human::human;
pub use json::{VERSION, json};
pub use palette::Palette;

//! What a person reads: own words, and text that others gave, made so that it can be nothing but text.
//!
//! ```text
//! String, &str, any Display ──▶ foreign: one line, what nobody sees shown as `\u{202e}` ──┐
//! shown!("{} goes back", role) ── the literal is ours, its arguments are foreign ─────────┼─▶ Shown ─▶ console
//! Shown::painted, Page, markdown::code ── colours, lines and fences are ours ─────────────┘
//! Secret ──▶ nothing: it has no way to be shown
//! ```
//!
//! A console and every renderer take [`Shown`] and nothing else. Whatever is text is taken for foreign, so that nothing has
//! to be remembered where something is told: only the literals of [`shown!`](crate::shown), colours and line breaks that are
//! added here pass as they are. This module names no other.

mod beginning;
mod foreign;
pub mod json;
mod leak;
pub mod markdown;
mod secret;
mod shown;
#[cfg(test)]
mod tests;
mod unseen;
mod visible;
mod wall;

pub use beginning::{beginning, brief};
pub use foreign::Foreign;
pub use leak::{Leak, MASK, hidden, is_secret_name, leak_under, leaks, mask, mask_certain};
pub use secret::Secret;
pub use shown::{Gate, Piece, Show, Shown};
pub use unseen::{is_unseen, unseen, unseen_name};
pub use visible::{escaped, is_escaped, visible, visible_lines};
pub use wall::walled;

//! The command line as a person meets it: the real program in a folder of its own.

#[path = "cli/check.rs"]
mod check;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/render.rs"]
mod render;
#[path = "cli/repository.rs"]
mod repository;

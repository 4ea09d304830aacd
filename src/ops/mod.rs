//! One file per operation: options in, report out; prints nothing.

pub mod check;
pub mod load;
pub mod render;

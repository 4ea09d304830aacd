//! Environment variables that a spec names: each is asked for by its name, and its value is a secret from here on.

use std::env::{VarError, var};

use crate::words::Secret;

/// The value of a variable; `None` when it is not set.
///
/// # Errors
/// It is no text.
pub fn variable(name: &str) -> Result<Option<Secret>, String> {
    match var(name) {
        Ok(value) => Ok(Some(value.into())),
        Err(VarError::NotPresent) => Ok(None),
        // What it holds is not repeated.
        Err(VarError::NotUnicode(_)) => Err("which is no text".to_owned()),
    }
}

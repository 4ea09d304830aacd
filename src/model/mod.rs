//! The environment resolved and total: every default applied, every name derived.

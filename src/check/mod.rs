//! The checks: one rule a file, a sorted registry.

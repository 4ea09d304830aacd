//! Specs in, models and findings out.

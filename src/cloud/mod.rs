//! The cloud as traits, and the embedded target.

//! Phases of change sets, each with what it is predicted to change.

//! The rest of the outside: files, clock, environment variables.

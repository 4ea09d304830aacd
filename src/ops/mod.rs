//! One file per operation: options in, report out; prints nothing.

//! Hands arguments and streams to the library and exits with its code.

fn main() {}

//! Hands arguments and streams to the library and exits with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    asagi::cli::run(std::env::args_os(), asagi::cli::Streams::standard()).into()
}

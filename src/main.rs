//! Hands arguments and streams to the library and exits with its code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    asagi::cli::run(std::env::args_os(), asagi::cli::Streams::standard()).into()
}

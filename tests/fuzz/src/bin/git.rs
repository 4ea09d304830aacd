//! The target `git` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asagi_fuzz::git::run(data));

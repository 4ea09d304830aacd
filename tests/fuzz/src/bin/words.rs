//! The target `words` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asagi_fuzz::words::run(data));

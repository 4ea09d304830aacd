//! The target `spec` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asagi_fuzz::spec::run(data));

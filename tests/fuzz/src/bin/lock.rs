//! The target `lock` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asagi_fuzz::lock::run(data));

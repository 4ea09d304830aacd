//! The target `own` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| asagi_fuzz::own::run(data));

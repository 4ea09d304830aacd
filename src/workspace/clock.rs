//! The machine's clock and the variables that stand in for it.

use jiff::Timestamp;

/// When the clock of a new embedded target starts: now, or what `ASAGI_LOCAL_START` says (`2026-11-16T02:00:00Z`), so
/// that a session can be played again to the same bytes.
pub fn start_of_local_time() -> Timestamp {
    let said = std::env::var("ASAGI_LOCAL_START").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or_else(Timestamp::now)
}

//! The machine's clock and the variables that stand in for it.

use jiff::Timestamp;

use super::WorkspaceError;

/// The variable that says when the clock of a new embedded target starts.
const START: &str = "ASAGI_LOCAL_START";

/// When the clock of a new embedded target starts: now, or what `ASAGI_LOCAL_START` says (`2026-11-16T02:00:00Z`), so
/// that a session can be played again to the same bytes.
///
/// # Errors
/// The variable says something else than a time. Empty counts as unset.
pub fn start_of_local_time() -> Result<Timestamp, WorkspaceError> {
    match std::env::var_os(START) {
        None => Ok(Timestamp::now()),
        Some(said) if said.is_empty() => Ok(Timestamp::now()),
        Some(said) => time(&said.to_string_lossy()),
    }
}

fn time(said: &str) -> Result<Timestamp, WorkspaceError> {
    said.parse().map_err(|_| WorkspaceError::Variable {
        name: START,
        value: said.chars().take(64).collect(),
        wanted: "a time such as `2026-11-16T02:00:00Z`",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_that_is_no_time_is_told() {
        assert_eq!(time("2026-11-16T02:00:00+09:00").unwrap().to_string(), "2026-11-15T17:00:00Z");
        for said in ["now", "2026-11-16", "2026-11-16T02:00:00", "\u{1b}[31m"] {
            let error = time(said).unwrap_err().to_string();
            assert_eq!(
                error,
                format!(
                    "`ASAGI_LOCAL_START` is {said:?}, which is not a time such as `2026-11-16T02:00:00Z`"
                )
            );
        }
    }
}

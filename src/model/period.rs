//! A length of time as specs write it: `90s`, `15m`, `24h`, `2d`, `1h30m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whole seconds. Written as `90s`, `15m`, `24h`, `2d` or a sum of them such as `1h30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Period(u64);

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time such as `90s`, `15m`, `24h` or `2d`")]
pub struct PeriodError(String);

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Period {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// That many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// That many minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self(minutes * 60)
    }

    /// That many hours.
    pub const fn hours(hours: u64) -> Self {
        Self(hours * 3_600)
    }

    /// In seconds.
    pub const fn as_seconds(self) -> u64 {
        self.0
    }

    /// In minutes, rounded up: CloudFormation's monitoring time is in whole minutes.
    pub const fn as_minutes_up(self) -> u64 {
        self.0.div_ceil(60)
    }

    /// The sum, at most [`u64::MAX`] seconds.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of it, nothing at the least.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// For the clock.
    pub const fn as_duration(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl From<Duration> for Period {
    fn from(duration: Duration) -> Self {
        Self(duration.as_secs())
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.to_owned());
        let (mut total, mut number, mut last_unit) = (0u64, None::<u64>, u64::MAX);
        for c in text.chars() {
            if let Some(digit) = c.to_digit(10) {
                let grown = number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(u64::from(digit)));
                number = Some(grown.ok_or_else(wrong)?);
                continue;
            }
            let (_, unit) = UNITS.iter().find(|(name, _)| *name == c).ok_or_else(wrong)?;
            let part = number.take().filter(|_| *unit < last_unit).and_then(|n| n.checked_mul(*unit));
            total = part.and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
            last_unit = *unit;
        }
        if number.is_some() || last_unit == u64::MAX { Err(wrong()) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        // Whole days only from two on: people say 24h, and 2d.
        let mut rest = self.0;
        for (name, unit) in UNITS {
            let count = rest / unit;
            if count == 0 || (name == 'd' && (count < 2 || !rest.is_multiple_of(unit))) {
                continue;
            }
            rest %= unit;
            write!(f, "{count}{name}")?;
        }
        Ok(())
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_shown() {
        for text in ["0s", "90s", "15m", "24h", "2d", "1h30m", "7d"] {
            let period: Period = text.parse().unwrap();
            let shown = if text == "90s" { "1m30s" } else { text };
            assert_eq!(period.to_string(), shown, "{text} is {} seconds", period.as_seconds());
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["", "15", "m", "15 m", "1m1h", "1m1m", "-5m", "99999999999999999999s", "１５m"] {
            assert!(text.parse::<Period>().is_err(), "{text:?} passed");
        }
    }
}

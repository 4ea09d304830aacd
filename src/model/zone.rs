//! Where people are: every time in a message is told in their time zone, with its offset.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The time zone of those who read: the maintenance window's, or that of the machine.
#[derive(Clone, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// That of an IANA name such as `Asia/Tokyo`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// `2026-11-17 13:00 +09:00`
    pub fn told(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }

    /// `2026-11-17 13:00:05 +09:00`
    pub fn told_to_the_second(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    /// `2026-11-17 +09:00`, above lines with times of that day.
    pub fn day(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone()).strftime("%Y-%m-%d %:z").to_string()
    }

    /// `13:00:05`, where the lines around say of which day and zone.
    pub fn clock(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone()).strftime("%H:%M:%S").to_string()
    }
}

impl From<TimeZone> for Zone {
    fn from(zone: TimeZone) -> Self {
        Self(zone)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.0.iana_name().unwrap_or("without a name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_says_its_offset() {
        let at: Timestamp = "2026-10-25T00:30:05Z".parse().unwrap();
        let later: Timestamp = "2026-10-25T01:30:05Z".parse().unwrap();
        let london = Zone::named("Europe/London").unwrap();
        // One o'clock comes twice in that night.
        assert_eq!(london.told(at), "2026-10-25 01:30 +01:00");
        assert_eq!(london.told(later), "2026-10-25 01:30 +00:00");
        assert_eq!(Zone::named("Asia/Tokyo").unwrap().told_to_the_second(at), "2026-10-25 09:30:05 +09:00");
    }
}

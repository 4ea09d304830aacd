//! The maintenance window: when a phase may start.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::Serialize;

use crate::model::{Period, Window};

/// A weekly maintenance window, as a plan carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedWindow {
    /// Monday is 1. The day on which it opens.
    pub days: Vec<u8>,
    /// Minutes after midnight.
    pub from: u32,
    /// Minutes after midnight; not after `from` means the next day.
    pub to: u32,
    /// IANA name.
    pub timezone: String,
}

impl From<&Window> for PlannedWindow {
    fn from(window: &Window) -> Self {
        let Window { days, from, to, timezone } = window;
        Self { days: days.clone(), from: *from, to: *to, timezone: timezone.clone() }
    }
}

impl PlannedWindow {
    /// When the window that is open now closes; `None` when it is shut, or its time zone is unknown.
    pub fn closes(&self, now: Timestamp) -> Option<Timestamp> {
        let here = self.here(now)?;
        // A window over midnight was opened yesterday.
        let openings = [here.clone(), here.checked_sub(1.day()).ok()?];
        openings.iter().find_map(|day| {
            let (opens, closes) = self.on(day)?;
            (opens <= now && now < closes).then_some(closes)
        })
    }

    /// When it opens next.
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        let here = self.here(now)?;
        (0..=7).find_map(|ahead| {
            let (opens, _) = self.on(&here.checked_add(ahead.days()).ok()?)?;
            (opens > now).then_some(opens)
        })
    }

    /// A phase that needs so long may start now.
    pub fn admits(&self, now: Timestamp, needs: Period) -> bool {
        let seconds = i64::try_from(needs.as_seconds()).unwrap_or(i64::MAX);
        self.closes(now)
            .is_some_and(|closes| closes.duration_since(now) >= SignedDuration::from_secs(seconds))
    }

    fn here(&self, now: Timestamp) -> Option<Zoned> {
        Some(now.to_zoned(TimeZone::get(&self.timezone).ok()?))
    }

    /// Opening and closing of the window that opens on that day.
    fn on(&self, day: &Zoned) -> Option<(Timestamp, Timestamp)> {
        let weekday: Weekday = day.weekday();
        let number = u8::try_from(weekday.to_monday_one_offset()).ok()?;
        if !self.days.contains(&number) {
            return None;
        }
        let midnight = day.start_of_day().ok()?;
        let at = |minutes: u32| midnight.checked_add(i64::from(minutes).minutes()).ok();
        let length = if self.to > self.from { self.to } else { self.to + 24 * 60 };
        Some((at(self.from)?.timestamp(), at(length)?.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: u32, to: u32) -> PlannedWindow {
        PlannedWindow { days: vec![1, 2], from, to, timezone: "Asia/Tokyo".to_owned() }
    }

    #[test]
    fn a_phase_starts_only_where_it_can_also_end() {
        // 2026-11-16 is a Monday.
        let cases = [
            ("2026-11-16T01:59:00+09:00", 30, false),
            ("2026-11-16T02:00:00+09:00", 30, true),
            ("2026-11-16T05:30:00+09:00", 30, true),
            ("2026-11-16T05:31:00+09:00", 30, false),
            ("2026-11-18T03:00:00+09:00", 30, false),
        ];
        for (now, minutes, admitted) in cases {
            let now = now.parse().unwrap();
            assert_eq!(window(120, 360).admits(now, Period::minutes(minutes)), admitted, "{now}");
        }
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_it_opens() {
        let night = window(23 * 60, 5 * 60);
        assert!(
            night.admits("2026-11-18T04:00:00+09:00".parse().unwrap(), Period::minutes(60)),
            "Tuesday night"
        );
        assert!(
            !night.admits("2026-11-16T04:00:00+09:00".parse().unwrap(), Period::minutes(60)),
            "Sunday night"
        );
        let opens = night.opens("2026-11-18T12:00:00+09:00".parse().unwrap());
        assert_eq!(opens, Some("2026-11-23T23:00:00+09:00".parse().unwrap()));
    }
}

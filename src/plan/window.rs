//! The maintenance window: when a phase may start.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use crate::model::{Period, Window, Zone};

/// Days that are looked ahead: every opening of a week, in a week whose nights may be an hour longer or shorter besides.
const AHEAD: i64 = 14;

/// A weekly maintenance window, as a plan carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// When the window that is open now closes; `None` when it is shut, or its time zone is unknown. One that opens
    /// again as it closes stays open, for a fortnight at the most.
    pub fn closes(&self, now: Timestamp) -> Option<Timestamp> {
        let here = self.here(now)?;
        // A window over midnight was opened yesterday.
        let openings = (-1..=AHEAD).filter_map(|ahead| self.on(&here.checked_add(ahead.days()).ok()?));
        let mut open = None;
        for (opens, closes) in openings {
            let until = open.unwrap_or(now);
            if opens <= until && until < closes {
                open = Some(closes);
            }
        }
        open
    }

    /// When it opens next.
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        self.opens_for(now, Period::ZERO)
    }

    /// When it opens next for so long; `None` when it never does.
    pub fn opens_for(&self, now: Timestamp, needs: Period) -> Option<Timestamp> {
        let here = self.here(now)?;
        let openings = (0..=AHEAD).filter_map(|ahead| self.on(&here.checked_add(ahead.days()).ok()?));
        openings.map(|(opens, _)| opens).find(|opens| *opens > now && self.admits(*opens, needs))
    }

    /// What needs so long may start now.
    pub fn admits(&self, now: Timestamp, needs: Period) -> bool {
        self.left(now).is_some_and(|left| left >= needs)
    }

    /// How long it is still open; `None` when it is shut.
    pub fn left(&self, now: Timestamp) -> Option<Period> {
        let left = self.closes(now)?.duration_since(now);
        Some(Period::seconds(u64::try_from(left.as_secs()).unwrap_or(0)))
    }

    /// What is said where it does not admit what takes so long: when it does, or that it never does.
    pub fn refusal(&self, now: Timestamp, needs: Period) -> String {
        let left = match self.left(now) {
            Some(left) => {
                let left = Period::minutes(left.as_seconds() / 60);
                format!("{left} of the maintenance window are left")
            }
            None => "the maintenance window is shut".to_owned(),
        };
        let next = match (self.opens_for(now, needs), Zone::named(&self.timezone)) {
            (Some(opens), Some(zone)) => format!("the next one that it fits opens {}", zone.told(opens)),
            _ => "no window is ever long enough".to_owned(),
        };
        format!("it takes {needs} to where it can be left alone, and {left}; {next}")
    }

    /// Whether it is open at no time at which that other one is shut.
    pub fn is_within(&self, other: &Self) -> bool {
        let end = |window: &Self| if window.to > window.from { window.to } else { window.to + 24 * 60 };
        self.timezone == other.timezone
            && self.days.iter().all(|day| other.days.contains(day))
            && self.from >= other.from
            && end(self) <= end(other)
    }

    fn here(&self, now: Timestamp) -> Option<Zoned> {
        Some(now.to_zoned(TimeZone::get(&self.timezone).ok()?))
    }

    /// Opening and closing of the window that opens on that day, by the clocks on the wall: a night in which they are
    /// changed is an hour longer or shorter.
    fn on(&self, day: &Zoned) -> Option<(Timestamp, Timestamp)> {
        let weekday: Weekday = day.weekday();
        let number = u8::try_from(weekday.to_monday_one_offset()).ok()?;
        if !self.days.contains(&number) {
            return None;
        }
        let at = |date: jiff::civil::Date, minutes: u32| {
            let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
            Some(date.at(hour, minute, 0, 0).to_zoned(day.time_zone().clone()).ok()?.timestamp())
        };
        let ends = if self.to > self.from { day.date() } else { day.date().tomorrow().ok()? };
        Some((at(day.date(), self.from)?, at(ends, self.to)?))
    }
}

impl std::fmt::Display for PlannedWindow {
    /// `Mon-Thu 02:00-06:00 Asia/Tokyo`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let name = |day: &u8| usize::from(*day).checked_sub(1).and_then(|day| NAMES.get(day)).copied();
        let days: Vec<&str> = self.days.iter().filter_map(name).collect();
        let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        write!(f, "{} {}-{} {}", days.join(" "), clock(self.from), clock(self.to), self.timezone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: u32, to: u32) -> PlannedWindow {
        PlannedWindow { days: vec![1, 2], from, to, timezone: "Asia/Tokyo".to_owned() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
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
            assert_eq!(window(120, 360).admits(at(now), Period::minutes(minutes)), admitted, "{now}");
        }
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_it_opens() {
        let night = window(23 * 60, 5 * 60);
        assert!(night.admits(at("2026-11-18T04:00:00+09:00"), Period::minutes(60)), "Tuesday night");
        assert!(!night.admits(at("2026-11-16T04:00:00+09:00"), Period::minutes(60)), "Sunday night");
        let opens = night.opens(at("2026-11-18T12:00:00+09:00"));
        assert_eq!(opens, Some(at("2026-11-23T23:00:00+09:00")));
        // A night that ends with its month, and one that ends with the year.
        let daily = PlannedWindow { days: vec![1, 2, 3, 4, 5, 6, 7], ..night };
        assert_eq!(daily.closes(at("2026-11-30T23:30:00+09:00")), Some(at("2026-12-01T05:00:00+09:00")));
        assert_eq!(daily.closes(at("2027-01-01T00:30:00+09:00")), Some(at("2027-01-01T05:00:00+09:00")));
    }

    #[test]
    fn windows_that_meet_are_one() {
        let days = vec![1, 2, 3, 4, 5, 6, 7];
        let always = PlannedWindow { days, ..window(0, 0) };
        assert!(always.admits(at("2026-11-16T23:59:00+09:00"), Period::hours(300)));
        let two_days = window(0, 0);
        assert_eq!(two_days.left(at("2026-11-16T12:00:00+09:00")), Some(Period::hours(36)));
        assert_eq!(two_days.opens_for(at("2026-11-16T12:00:00+09:00"), Period::hours(49)), None);
        let next = two_days.opens_for(at("2026-11-17T12:00:00+09:00"), Period::hours(48));
        assert_eq!(next, Some(at("2026-11-23T00:00:00+09:00")));
    }

    #[test]
    fn the_clocks_on_the_wall_count() {
        let sundays =
            |from, to| PlannedWindow { days: vec![7], from, to, timezone: "Europe/Berlin".to_owned() };
        // On 2026-03-29 two o'clock is three o'clock; on 2026-10-25 three o'clock is two o'clock again.
        let night = sundays(60, 4 * 60);
        assert_eq!(night.left(at("2026-03-29T01:00:00+01:00")), Some(Period::hours(2)));
        assert_eq!(night.left(at("2026-03-22T01:00:00+01:00")), Some(Period::hours(3)));
        assert_eq!(night.left(at("2026-10-25T01:00:00+02:00")), Some(Period::hours(4)));
        // What fits an ordinary night skips the short one, and is told with the offset of that day.
        let now = at("2026-03-28T12:00:00+01:00");
        assert_eq!(night.opens_for(now, Period::hours(3)), Some(at("2026-04-05T01:00:00+02:00")));
        insta::assert_snapshot!(night.refusal(now, Period::hours(3)), @"it takes 3h to where it can be left alone, and the maintenance window is shut; the next one that it fits opens 2026-04-05 01:00 +02:00");
        insta::assert_snapshot!(night.refusal(now, Period::hours(5)), @"it takes 5h to where it can be left alone, and the maintenance window is shut; no window is ever long enough");
        // A window that opens in the hour that is left out opens when the clocks have gone on.
        let left_out = sundays(2 * 60 + 30, 4 * 60);
        assert_eq!(left_out.opens(now), Some(at("2026-03-29T03:30:00+02:00")));
    }

    #[test]
    fn what_is_open_less_is_within() {
        let wide = window(120, 360);
        assert!(window(120, 300).is_within(&wide) && wide.is_within(&wide));
        assert!(!wide.is_within(&window(120, 300)) && !window(120, 60).is_within(&wide));
        let other = PlannedWindow { timezone: "UTC".to_owned(), ..wide.clone() };
        assert!(!other.is_within(&wide));
        assert_eq!(wide.to_string(), "Mon Tue 02:00-06:00 Asia/Tokyo");
    }
}

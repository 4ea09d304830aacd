//! Schedules as people say them, as Image Builder's and Systems Manager's cron: `minute hour day month weekday year`.

use jiff::tz::TimeZone;

/// A schedule in its time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schedule {
    minute: u32,
    hour: u32,
    /// Day of month, month, day of week, year.
    rest: String,
    /// IANA name.
    pub(super) timezone: String,
}

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ScheduleError {
    /// None of the forms.
    Form,
    /// No time zone of that name.
    TimeZone(String),
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ORDINALS: [&str; 4] = ["1st", "2nd", "3rd", "4th"];

impl Schedule {
    /// Reads `2nd Wed 03:00 Asia/Tokyo`, `weekly Sun 03:00 Asia/Tokyo`, `daily 03:00 Asia/Tokyo` or
    /// `cron(0 3 ? * wed#2 *) Asia/Tokyo`. The zone must be there: without one AWS means UTC, nine hours off.
    pub(super) fn parse(text: &str) -> Result<Self, ScheduleError> {
        let (when, timezone) = text.trim().rsplit_once(' ').ok_or(ScheduleError::Form)?;
        let when = when.trim();
        let (minute, hour, rest) = match when.strip_prefix("cron(") {
            Some(cron) => cron_fields(cron.strip_suffix(')').ok_or(ScheduleError::Form)?)?,
            None => friendly(when)?,
        };
        if TimeZone::get(timezone).is_err() {
            return Err(ScheduleError::TimeZone(timezone.to_owned()));
        }
        Ok(Self { minute, hour, rest, timezone: timezone.to_owned() })
    }

    /// The six fields, so many hours later; `None` past midnight, where the day would be another.
    pub(super) fn later(&self, hours: u32) -> Option<String> {
        let hour = self.hour.checked_add(hours).filter(|hour| *hour < 24)?;
        Some(format!("{} {hour} {}", self.minute, self.rest))
    }
}

fn friendly(when: &str) -> Result<(u32, u32, String), ScheduleError> {
    let words: Vec<String> = when.split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let rest = match words.as_slice() {
        ["daily", _] => "* * ? *".to_owned(),
        ["weekly", day, _] => format!("? * {} *", weekday(day)?),
        [ordinal, day, _] => {
            let number = ORDINALS.iter().position(|known| known == ordinal).ok_or(ScheduleError::Form)? + 1;
            format!("? * {}#{number} *", weekday(day)?)
        }
        _ => return Err(ScheduleError::Form),
    };
    let (hour, minute) = words.last().and_then(|time| time.split_once(':')).ok_or(ScheduleError::Form)?;
    Ok((number(minute, 59)?, number(hour, 23)?, rest))
}

/// Minute and hour must be plain numbers, so that the later layers can follow; one of the two day fields is `?`.
fn cron_fields(cron: &str) -> Result<(u32, u32, String), ScheduleError> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday, year] = fields.as_slice() else {
        return Err(ScheduleError::Form);
    };
    let known = |field: &str| field.chars().all(|c| c.is_ascii_alphanumeric() || "*?,-/#".contains(c));
    let one_open = (*day == "?") != (*weekday == "?");
    if !one_open || ![day, month, weekday, year].into_iter().all(|field| known(field)) {
        return Err(ScheduleError::Form);
    }
    Ok((number(minute, 59)?, number(hour, 23)?, format!("{day} {month} {weekday} {year}")))
}

fn weekday(text: &str) -> Result<&'static str, ScheduleError> {
    DAYS.iter()
        .find(|day| text.starts_with(**day) && text.len() <= "wednesday".len())
        .copied()
        .ok_or(ScheduleError::Form)
}

fn number(text: &str, most: u32) -> Result<u32, ScheduleError> {
    text.parse().ok().filter(|number| *number <= most && text.len() <= 2).ok_or(ScheduleError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_say_is_cron_in_their_zone() {
        for (text, base, application) in [
            ("2nd Wed 03:00 Asia/Tokyo", "0 3 ? * wed#2 *", Some("0 7 ? * wed#2 *")),
            ("1st wednesday 9:05 Asia/Tokyo", "5 9 ? * wed#1 *", Some("5 13 ? * wed#1 *")),
            ("weekly Sun 20:30 Asia/Tokyo", "30 20 ? * sun *", None),
            ("daily 00:00 UTC", "0 0 * * ? *", Some("0 4 * * ? *")),
            ("cron(0 3 ? * wed#2 *) Asia/Tokyo", "0 3 ? * wed#2 *", Some("0 7 ? * wed#2 *")),
        ] {
            let schedule = Schedule::parse(text).unwrap();
            assert_eq!(schedule.later(0).as_deref(), Some(base), "{text}");
            assert_eq!(schedule.later(4).as_deref(), application, "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for text in [
            "",
            "2nd Wed 03:00",
            "5th Wed 03:00 Asia/Tokyo",
            "2nd Wed 24:00 Asia/Tokyo",
            "2nd Foo 03:00 Asia/Tokyo",
            "weekly 03:00 Asia/Tokyo",
            "cron(0 3 * * wed#2 *) Asia/Tokyo",
            "cron(0 3 ? * wed#2) Asia/Tokyo",
            "cron(0/5 3 ? * wed *) Asia/Tokyo",
            "every day at three Asia/Tokyo",
        ] {
            assert_eq!(Schedule::parse(text), Err(ScheduleError::Form), "{text:?}");
        }
        let zone = ScheduleError::TimeZone("Asia/Tokio".to_owned());
        assert_eq!(Schedule::parse("daily 03:00 Asia/Tokio"), Err(zone));
    }
}

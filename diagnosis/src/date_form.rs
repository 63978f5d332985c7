//! Dates in the forms that programs write them in, by the letters of C's `strftime`.
use crate::page::Page;
use apisig_core::text::Text;
use apisig_core::text::date::{DAY, DAY_NAMES, MONTH_NAMES, Time, name, two_digits, year_month_day, zone};
use apisig_core::text::{Number, Sink};

/// What programs make of a time.
pub const FORMS: [&str; 26] = [
    RFC_2822,
    "%a, %d %b %Y %H:%M:%S GMT",
    "%a, %d %b %Y %H:%M:%S -0000",
    "%a, %d %b %Y %H:%M:%S UTC",
    "%a, %d %b %Y %H:%M:%S UT",
    "%a, %d %b %Y %H:%M:%S Z",
    "%d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S",
    "%a, %d %b %Y %H:%M:%S ",
    "%a, %d %b %Y %H:%M %z",
    "%a, %d %b %y %H:%M:%S %z",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S UTC",
    "%A, %d-%b-%Y %H:%M:%S GMT",
    "%A, %d-%b-%Y %H:%M:%S UTC",
    "%a %b %e %H:%M:%S %Y",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.000Z",
    "%Y-%m-%dT%H:%M:%S%:z",
    "%Y-%m-%dT%H:%M:%S.000%:z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%s",
    "%s000",
    "%a %b %d %Y %H:%M:%S GMT%z (Coordinated Universal Time)",
];

pub const RFC_2822: &str = "%a, %d %b %Y %H:%M:%S %z";

/// The time of a date, perhaps some seconds later, in a form and a zone.
#[derive(Clone, Copy)]
pub struct Moment {
    pub form: &'static str,
    pub later: i64,
    /// Seconds east of Greenwich; None is the date's own zone.
    pub zone: Option<i64>,
}

/// A time as it is written in a zone.
struct Local {
    time: i64,
    zone: i64,
    local: i64,
}

impl Moment {
    /// Nothing, if the date cannot be read, or it is a year out of range there.
    pub fn write(&self, date: &[u8], sink: &mut Page) {
        let own = date.iter().rposition(|byte| *byte == b' ').and_then(|at| zone(date.get(at + 1..)?));
        if let (Ok(time), Some(zone)) = (Time::parse(date), self.zone.or(own)) {
            self.write_at(time.unix_seconds() + self.later, zone, sink);
        }
    }

    fn write_at(&self, time: i64, zone: i64, sink: &mut Page) {
        let Ok(local) = Time::new(time.saturating_add(zone)).map(Time::unix_seconds) else { return };
        let local = Local { time, zone, local };
        let mut pieces = self.form.as_bytes().split(|byte| *byte == b'%');
        sink.push(pieces.next().unwrap_or_default());
        for piece in pieces {
            let len = if piece.starts_with(b":") { 2 } else { 1 };
            let (letter, behind) = piece.split_at_checked(len).unwrap_or_default();
            local.write_field(letter, sink);
            sink.push(behind);
        }
    }
}

impl Local {
    fn write_field(&self, letter: &[u8], sink: &mut Page) {
        const DAY_NAME_ENDS: [&str; 7] = ["day", "sday", "nesday", "rsday", "day", "urday", "day"];
        let day = self.local.div_euclid(DAY);
        let second = self.local.rem_euclid(DAY) as u32;
        let (year, month, month_day) = year_month_day(day);
        let (year, month_day) = (year as u32, month_day as u32);
        // 1970-01-01, day 0, was a Thursday.
        let week_day = (day + 3).rem_euclid(7);
        match letter {
            b"a" => name(&DAY_NAMES, week_day).write(sink),
            b"A" => (name(&DAY_NAMES, week_day), DAY_NAME_ENDS.get(week_day as usize).copied()).write(sink),
            b"d" => two_digits(month_day).write(sink),
            b"e" if month_day < 10 => (" ", Number(month_day.into())).write(sink),
            b"e" => two_digits(month_day).write(sink),
            b"b" => name(&MONTH_NAMES, month - 1).write(sink),
            b"m" => two_digits(month as u32).write(sink),
            b"Y" => (&two_digits(year / 100), &two_digits(year % 100)).write(sink),
            b"y" => two_digits(year % 100).write(sink),
            b"H" => two_digits(second / 3600).write(sink),
            b"M" => two_digits(second / 60 % 60).write(sink),
            b"S" => two_digits(second % 60).write(sink),
            b"z" => self.write_zone("", sink),
            b":z" => self.write_zone(":", sink),
            _ => Number(self.time).write(sink),
        }
    }

    fn write_zone(&self, between: &str, sink: &mut Page) {
        let minutes = (self.zone.unsigned_abs() / 60 % 1440) as u32;
        let sign = if self.zone < 0 { "-" } else { "+" };
        (sign, &two_digits(minutes / 60), between, &two_digits(minutes % 60)).write(sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, FixedOffset};

    #[test]
    fn written_as_the_oracle_writes_it() {
        let form = "%a|%A|%d|%e|%b|%m|%Y|%y|%H:%M:%S %z%:z %s.";
        let (first, last) = (-62_167_219_200, 253_402_300_799);
        for (i, time) in (first..=last).step_by(3_155_695_203 / 41).chain([first, last, 0, -1]).enumerate() {
            for zone in [0, (i as i64 % 2879 - 1439) * 60] {
                let mut ours = Vec::new();
                Moment { form, later: 0, zone: None }.write_at(time, zone, &mut Page(&mut ours));
                if !(first..=last).contains(&(time + zone)) {
                    assert!(ours.is_empty());
                    continue;
                }
                let offset = FixedOffset::east_opt(zone as i32).unwrap();
                let oracle = DateTime::from_timestamp(time, 0).unwrap().with_timezone(&offset);
                assert_eq!(String::from_utf8(ours).unwrap(), oracle.format(form).to_string());
            }
        }
    }
}

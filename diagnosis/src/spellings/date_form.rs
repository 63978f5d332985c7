//! Dates in the forms that programs write them in, by the letters of C's `strftime`. For diagnoses,
//! which look for the date that was signed.
use apisig_core::text::Number;
use apisig_core::text::date::{DAY, DAY_NAMES, MONTH_NAMES, Time, name, two_digits, year_month_day};
use apisig_core::text::{Sink, Text};

const DAY_NAME_ENDS: [&str; 7] = ["day", "sday", "nesday", "rsday", "day", "urday", "day"];

/// A time as it is written in a zone.
#[derive(Clone, Copy)]
pub struct DateForm {
    form: &'static str,
    time: Time,
    /// Seconds east of Greenwich.
    zone: i64,
    local: Time,
}

impl DateForm {
    /// None if it is a year out of range there.
    ///
    /// `form`: any text with `%a %A %d %e %b %m %Y %y %H %M %S %z %:z %s` in it.
    /// `zone`: seconds east of Greenwich, whole minutes, less than a day.
    pub fn new(form: &'static str, time: Time, zone: i64) -> Option<Self> {
        let local = Time::new(time.unix_seconds().saturating_add(zone)).ok()?;
        Some(DateForm { form, time, zone, local })
    }

    fn write_field(&self, letter: &[u8], sink: &mut impl Sink) {
        let day = self.local.unix_seconds().div_euclid(DAY);
        let second = self.local.unix_seconds().rem_euclid(DAY) as u32;
        let (year, month, month_day) = year_month_day(day);
        let (year, month_day) = (year as u32, month_day as u32);
        // 1970-01-01, day 0, was a Thursday.
        let week_day = (day + 3).rem_euclid(7);
        match letter {
            b"a" => name(&DAY_NAMES, week_day).write(sink),
            b"A" => {
                let end = DAY_NAME_ENDS.get(week_day as usize).copied().unwrap_or_default();
                (name(&DAY_NAMES, week_day), end).write(sink);
            }
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
            _ => Number(self.time.unix_seconds()).write(sink),
        }
    }

    fn write_zone(&self, between: &str, sink: &mut impl Sink) {
        let minutes = (self.zone.unsigned_abs() / 60 % 1440) as u32;
        let sign = if self.zone < 0 { "-" } else { "+" };
        (sign, &two_digits(minutes / 60), between, &two_digits(minutes % 60)).write(sink);
    }
}

impl Text for DateForm {
    fn write(&self, sink: &mut impl Sink) {
        let mut pieces = self.form.as_bytes().split(|byte| *byte == b'%');
        sink.push(pieces.next().unwrap_or_default());
        for piece in pieces {
            let len = if piece.starts_with(b":") { 2 } else { 1 };
            let (letter, behind) = piece.split_at_checked(len).unwrap_or_default();
            self.write_field(letter, sink);
            sink.push(behind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;
    use chrono::{DateTime, FixedOffset};

    #[test]
    fn written_as_the_oracle_writes_it() {
        let form = "%a|%A|%d|%e|%b|%m|%Y|%y|%H:%M:%S %z%:z %s.";
        let (first, last) = (-62_167_219_200, 253_402_300_799);
        for (i, time) in (first..=last).step_by(3_155_695_203 / 41).chain([first, last, 0, -1]).enumerate() {
            for zone in [0, (i as i64 % 2879 - 1439) * 60] {
                let ours = DateForm::new(form, Time::new(time).unwrap(), zone);
                if !(first..=last).contains(&(time + zone)) {
                    assert!(ours.is_none());
                    continue;
                }
                let offset = FixedOffset::east_opt(zone as i32).unwrap();
                let oracle = DateTime::from_timestamp(time, 0).unwrap().with_timezone(&offset);
                let ours = String::from_utf8(written(&ours.unwrap())).unwrap();
                assert_eq!(ours, oracle.format(form).to_string());
            }
        }
    }
}

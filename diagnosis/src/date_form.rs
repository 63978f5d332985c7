//! Dates in the forms that programs write them in, by the letters of C's `strftime`.
use crate::Mistake::{self, DateFormat, DateGmt, DateUnpadded};
use crate::page::{Decimal, Page};
use apisig_core::text::date::{DAY_NAMES, MONTH_NAMES, Time, two_digits};
use apisig_core::text::{Sink, Text};

/// What programs make of a time; and the mistake, where nothing but the form differs from what was sent.
pub const FORMS: [(&str, Mistake); 30] = [
    ("%N%d %b %Y %T %Z", DateUnpadded),
    ("%N%-d %b %Y %T %Z", DateUnpadded),
    ("%N%e %b %Y %T %Z", DateUnpadded),
    ("%N%d %b %Y %T +0000", DateGmt),
    ("%N%d %b %Y %T GMT", DateGmt),
    ("%N%d %b %Y %T UTC", DateGmt),
    ("%N%d %b %Y %T UT", DateGmt),
    ("%N%d %b %Y %T Z", DateGmt),
    ("%N%d %b %Y %T -0000", DateGmt),
    RFC_2822,
    ("%d %b %Y %T %z", DateFormat),
    ("%a, %d %b %Y %T", DateFormat),
    ("%a, %d %b %Y %T ", DateFormat),
    ("%a, %d %b %Y %R %z", DateFormat),
    ("%a, %d %b %y %T %z", DateFormat),
    ("%A, %d-%b-%y %T GMT", DateFormat),
    ("%A, %d-%b-%y %T UTC", DateFormat),
    ("%A, %d-%b-%Y %T GMT", DateFormat),
    ("%A, %d-%b-%Y %T UTC", DateFormat),
    ("%a %b %e %T %Y", DateFormat),
    ("%Y-%m-%dT%TZ", DateFormat),
    ("%Y-%m-%dT%T.000Z", DateFormat),
    ("%Y-%m-%dT%T%:z", DateFormat),
    ("%Y-%m-%dT%T.000%:z", DateFormat),
    ("%Y-%m-%dT%T%z", DateFormat),
    ("%Y-%m-%dT%T", DateFormat),
    ("%Y-%m-%d %T", DateFormat),
    ("%s", DateFormat),
    ("%s000", DateFormat),
    ("%a %b %d %Y %T GMT%z (Coordinated Universal Time)", DateFormat),
];

/// The first ones, which change the zone or the day alone.
pub const NEAR_FORMS: usize = 9;

pub const RFC_2822: (&str, Mistake) = ("%a, %d %b %Y %T %z", DateFormat);

/// A time, in a form and a zone.
#[derive(Clone, Copy)]
pub struct Moment {
    pub form: &'static str,
    /// Unix seconds.
    pub time: i64,
    /// Seconds east of Greenwich.
    pub zone: i64,
}

impl Moment {
    /// Writes the time in this form, in place of the date `sent`: `%N` is the day name of `sent`, `%Z` its zone. Writes
    /// nothing for a year beyond 0 to 9999.
    pub fn write(&self, sent: &[u8], sink: &mut Page) {
        let Ok(local) = Time::new(self.time.saturating_add(self.zone)) else { return };
        // Like `Wed, 23 Nov 2022 19:25:21 +0000`.
        let date = local.date();
        let mut pieces = self.form.as_bytes().split(|byte| *byte == b'%');
        sink.push(pieces.next().unwrap_or_default());
        for piece in pieces {
            let len = if matches!(piece, [b':' | b'-', ..]) { 2 } else { 1 };
            let (letter, behind) = piece.split_at_checked(len).unwrap_or_default();
            let field = match letter {
                b"a" | b"A" => 0..3,
                b"e" | b"-d" if date.get(5) == Some(&b'0') => 6..7,
                b"d" | b"e" | b"-d" => 5..7,
                b"b" => 8..11,
                b"Y" => 12..16,
                b"y" => 14..16,
                b"R" => 17..22,
                b"T" => 17..25,
                _ => 0..0,
            };
            let field = date.get(field).unwrap_or_default();
            match letter {
                b"e" if field.len() == 1 => (b" ", field).write(sink),
                b"A" => {
                    let day = DAY_NAMES.iter().position(|name| *name == field);
                    (field, day.and_then(|day| DAY_NAME_ENDS.get(day)).copied()).write(sink);
                }
                b"m" => {
                    let month = MONTH_NAMES.iter().position(|name| date.get(8..11) == Some(*name));
                    two_digits(month.unwrap_or_default() as u32 + 1).write(sink);
                }
                b"z" => write_zone(self.zone, "", sink),
                b":z" => write_zone(self.zone, ":", sink),
                b"N" => sink.push(day_name_of(sent)),
                b"Z" => sink.push(zone_of(sent)),
                b"s" => Decimal(self.time).write(sink),
                _ => sink.push(field),
            }
            sink.push(behind);
        }
    }
}

const DAY_NAME_ENDS: [&str; 7] = ["day", "sday", "nesday", "rsday", "day", "urday", "day"];

/// What a date begins with, up to a comma and a space.
fn day_name_of(date: &[u8]) -> &[u8] {
    let comma = date.windows(2).position(|pair| pair == b", ");
    comma.and_then(|comma| date.get(..comma + 2)).unwrap_or_default()
}

/// What a date has behind its last space.
pub fn zone_of(date: &[u8]) -> &[u8] {
    date.rsplit(|byte| *byte == b' ').next().unwrap_or_default()
}

fn write_zone(zone: i64, between: &str, sink: &mut Page) {
    let minutes = (zone.unsigned_abs() / 60 % 1440) as u32;
    let sign = if zone < 0 { "-" } else { "+" };
    (sign, &two_digits(minutes / 60), between, &two_digits(minutes % 60)).write(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, FixedOffset};

    #[test]
    fn written_as_the_oracle_writes_it() {
        let form = "%a|%A|%d|%-d|%e|%b|%m|%Y|%y|%T %R %z%:z %s.";
        let (first, last) = (-62_167_219_200, 253_402_300_799);
        for (i, time) in (first..=last).step_by(3_155_695_203 / 41).chain([first, last, 0, -1]).enumerate() {
            for zone in [0, (i as i64 % 2879 - 1439) * 60] {
                let mut ours = Vec::new();
                Moment { form, time, zone }.write(b"", &mut Page::new(&mut ours));
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

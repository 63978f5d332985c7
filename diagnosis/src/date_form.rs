//! Dates in the forms that programs write them in, by the letters of C's `strftime`.
use crate::page::{Decimal, Page};
use apisig_core::text::Sink;
use apisig_core::text::Text;
use apisig_core::text::date::{DATE_LEN, DAY_NAMES, MONTH_NAMES, Time, two_digits};

/// What programs make of a time.
pub const FORMS: [&str; 26] = [
    RFC_2822,
    "%a, %d %b %Y %T GMT",
    "%a, %d %b %Y %T -0000",
    "%a, %d %b %Y %T UTC",
    "%a, %d %b %Y %T UT",
    "%a, %d %b %Y %T Z",
    "%d %b %Y %T %z",
    "%a, %d %b %Y %T",
    "%a, %d %b %Y %T ",
    "%a, %d %b %Y %R %z",
    "%a, %d %b %y %T %z",
    "%A, %d-%b-%y %T GMT",
    "%A, %d-%b-%y %T UTC",
    "%A, %d-%b-%Y %T GMT",
    "%A, %d-%b-%Y %T UTC",
    "%a %b %e %T %Y",
    "%Y-%m-%dT%TZ",
    "%Y-%m-%dT%T.000Z",
    "%Y-%m-%dT%T%:z",
    "%Y-%m-%dT%T.000%:z",
    "%Y-%m-%dT%T%z",
    "%Y-%m-%dT%T",
    "%Y-%m-%d %T",
    "%s",
    "%s000",
    "%a %b %d %Y %T GMT%z (Coordinated Universal Time)",
];

pub const RFC_2822: &str = "%a, %d %b %Y %T %z";

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
    /// Nothing, if it is a year out of range there.
    pub fn write(&self, sink: &mut Page) {
        let Moment { form, time, zone } = *self;
        let Ok(local) = Time::new(time.saturating_add(zone)) else { return };
        let local = local.date();
        let mut pieces = form.as_bytes().split(|byte| *byte == b'%');
        sink.push(pieces.next().unwrap_or_default());
        for piece in pieces {
            let len = if piece.starts_with(b":") { 2 } else { 1 };
            let (letter, behind) = piece.split_at_checked(len).unwrap_or_default();
            match letter {
                b"z" => write_zone(zone, "", sink),
                b":z" => write_zone(zone, ":", sink),
                b"s" => Decimal(time).write(sink),
                _ => write_field(letter, &local, sink),
            }
            sink.push(behind);
        }
    }
}

/// A field of a date like `Wed, 23 Nov 2022 19:25:21 +0000`.
fn write_field(letter: &[u8], date: &[u8; DATE_LEN], sink: &mut Page) {
    const DAY_NAME_ENDS: [&str; 7] = ["day", "sday", "nesday", "rsday", "day", "urday", "day"];
    let field = match letter {
        b"a" | b"A" => 0..3,
        b"d" | b"e" => 5..7,
        b"b" => 8..11,
        b"Y" => 12..16,
        b"y" => 14..16,
        b"R" => 17..22,
        b"T" => 17..25,
        _ => 0..0,
    };
    let field = date.get(field).unwrap_or_default();
    match (letter, field) {
        (b"m", _) => {
            let month =
                MONTH_NAMES.iter().position(|name| date.get(8..11) == Some(*name)).unwrap_or_default();
            two_digits(month as u32 + 1).write(sink);
        }
        (b"e", [b'0', digit]) => sink.push(&[b' ', *digit]),
        _ => sink.push(field),
    }
    if letter == b"A" {
        let day = DAY_NAMES.iter().position(|name| *name == field);
        day.and_then(|day| DAY_NAME_ENDS.get(day)).copied().write(sink);
    }
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
        let form = "%a|%A|%d|%e|%b|%m|%Y|%y|%T %R %z%:z %s.";
        let (first, last) = (-62_167_219_200, 253_402_300_799);
        for (i, time) in (first..=last).step_by(3_155_695_203 / 41).chain([first, last, 0, -1]).enumerate() {
            for zone in [0, (i as i64 % 2879 - 1439) * 60] {
                let mut ours = Vec::new();
                Moment { form, time, zone }.write(&mut Page::new(&mut ours));
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

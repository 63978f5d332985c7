//! The Date header of RFC 2822, as PHP's `DATE_RFC2822` writes it, and every single-line form of it
//! that is in use.
use crate::Error;

/// The length of a date that was written here: `Wed, 23 Nov 2022 19:25:21 +0000`.
pub const DATE_LEN: usize = 31;

/// A day in seconds.
pub const DAY: i64 = 86_400;
/// As dates have them.
pub const DAY_NAMES: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
/// As dates have them.
pub const MONTH_NAMES: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// Unix seconds within the years 0000 to 9999: no sum or difference of two of them overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// The first second after those years, which is no `Time` itself.
    pub const END: i64 = days(10_000, 1, 1) * DAY;
    /// The first second of those years.
    pub const FIRST: i64 = days(0, 1, 1) * DAY;

    /// A time outside those years is [`Error::ArgumentTime`].
    pub const fn new(unix_seconds: i64) -> Result<Time, Error> {
        match unix_seconds {
            Time::FIRST..Time::END => Ok(Time(unix_seconds)),
            _ => Err(Error::ArgumentTime),
        }
    }

    /// Unix seconds.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The date in UTC.
    #[inline]
    pub fn date(self) -> [u8; DATE_LEN] {
        // 1970-01-01, day 0, was a Thursday. From a Monday before the year 0 on nothing is negative, and so is divided in
        // fewer steps.
        const MONDAY: i64 = -3 - 7 * 110_000;
        let seconds = (self.0 - MONDAY * DAY) as u64;
        let (day, second) = ((seconds / DAY as u64) as u32, (seconds % DAY as u64) as u32);
        let (year, month, month_day) = year_month_day(i64::from(day) + MONDAY);
        let [w0, w1, w2] = *name(&DAY_NAMES, i64::from(day % 7));
        let [m0, m1, m2] = *name(&MONTH_NAMES, month - 1);
        let (year, month_day) = (year as u32, month_day as u32);
        let [d0, d1] = two_digits(month_day);
        let ([y0, y1], [y2, y3]) = (two_digits(year / 100), two_digits(year % 100));
        let [h0, h1] = two_digits(second / 3600);
        let [i0, i1] = two_digits(second / 60 % 60);
        let [s0, s1] = two_digits(second % 60);
        [
            w0, w1, w2, b',', b' ', d0, d1, b' ', m0, m1, m2, b' ', y0, y1, y2, y3, b' ', h0, h1, b':', i0,
            i1, b':', s0, s1, b' ', b'+', b'0', b'0', b'0', b'0',
        ]
    }

    /// Reads `[Wed, ]4 Jan 2023 00:00[:00] +0000`: a day of one or two digits, names in any case,
    /// and as zone an offset, GMT, UT, UTC or Z. The name of the day is not compared with the date:
    /// vendors' own examples have wrong ones. Anything else is [`Error::Malformed`].
    pub fn parse(date: &[u8]) -> Result<Time, Error> {
        read(date).and_then(|time| Time::new(time).ok()).ok_or(Error::Malformed)
    }

    /// Whether `self` is at most `tolerance` seconds away from `now`.
    pub fn within(self, tolerance: i64, now: Time) -> Result<(), Error> {
        match now.0 - self.0 {
            age if age > tolerance => Err(Error::Expired),
            age if -age > tolerance => Err(Error::NotYetValid),
            _ => Ok(()),
        }
    }
}

/// The name with a number; three spaces for a number that has none.
pub fn name<const N: usize>(names: &[&'static [u8; 3]; N], number: i64) -> &'static [u8; 3] {
    names.get(number as usize).copied().unwrap_or(b"   ")
}

/// A number below 100, padded with a zero.
pub fn two_digits(number: u32) -> [u8; 2] {
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that
/// a leap day ends one.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// The inverse of [`days`], from the year -400 on.
#[inline]
pub const fn year_month_day(days: i64) -> (i64, i64, i64) {
    const DAYS_IN_400_YEARS: u32 = 146_097;
    // From 1 March of the year -400 on, likewise.
    let days = (days + 719_468 + DAYS_IN_400_YEARS as i64) as u32;
    let (cycle, day) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let month_day = (day_of_year - (153 * month + 2) / 5 + 1) as i64;
    let year = (400 * cycle + year) as i64 - 400;
    if month < 10 { (year, month as i64 + 3, month_day) } else { (year + 1, month as i64 - 9, month_day) }
}

fn read(date: &[u8]) -> Option<i64> {
    let mut rest = match date.split_first_chunk::<3>() {
        Some((day_name, after)) if position(&DAY_NAMES, day_name).is_some() => {
            spaces(after.strip_prefix(b",")?)?
        }
        _ => date,
    };
    let rest = &mut rest;
    let day = number(rest, 1..=2)?;
    *rest = spaces(rest)?;
    let (month_name, after) = rest.split_first_chunk::<3>()?;
    let month = 1 + position(&MONTH_NAMES, month_name)?;
    *rest = spaces(after)?;
    let year = number(rest, 4..=4)?;
    *rest = spaces(rest)?;
    let hour = number(rest, 2..=2)?;
    *rest = rest.strip_prefix(b":")?;
    let minute = number(rest, 2..=2)?;
    let second = match rest.strip_prefix(b":") {
        Some(after) => {
            *rest = after;
            number(rest, 2..=2)?
        }
        None => 0,
    };
    let offset = zone(spaces(rest)?)?;
    let midnight = days(year, month, day);
    // Second 60 is a leap second, taken for the one before it; a day that the month does not have
    // would come back as another date.
    let exists = year_month_day(midnight) == (year, month, day) && hour < 24 && minute < 60 && second <= 60;
    exists.then_some(midnight * DAY + hour * 3600 + minute * 60 + second.min(59) - offset)
}

/// Seconds east of Greenwich.
pub fn zone(name: &[u8]) -> Option<i64> {
    if [&b"GMT"[..], b"UT", b"UTC", b"Z"].iter().any(|utc| utc.eq_ignore_ascii_case(name)) {
        return Some(0);
    }
    let (sign, mut digits) = name.split_first()?;
    let hour = number(&mut digits, 4..=4).filter(|_| digits.is_empty())?;
    let (hour, minute) = (hour / 100, hour % 100);
    let offset = (hour < 24 && minute < 60).then_some(hour * 3600 + minute * 60)?;
    match sign {
        b'+' => Some(offset),
        b'-' => Some(-offset),
        _ => None,
    }
}

/// Takes a run of digits, of an allowed length.
fn number(rest: &mut &[u8], length: core::ops::RangeInclusive<usize>) -> Option<i64> {
    let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, after) = rest.split_at_checked(len).filter(|_| length.contains(&len))?;
    *rest = after;
    Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// What follows one or more spaces.
fn spaces(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text.strip_prefix(b" ")?;
    while let Some(after) = rest.strip_prefix(b" ") {
        rest = after;
    }
    Some(rest)
}

fn position(names: &[&'static [u8; 3]], name: &[u8; 3]) -> Option<i64> {
    let index = names.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    i64::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeZone, Utc};

    fn text(time: i64) -> String {
        String::from_utf8(Time::new(time).unwrap().date().to_vec()).unwrap()
    }

    /// A fixed walk over all the years, with steps that visit every day of the week, hour and
    /// second; and 29 February 2000, the last day of 400 years.
    fn times() -> impl Iterator<Item = i64> {
        let (first, last) = (-62_167_219_200, 253_402_300_799);
        (first..=last).step_by(3_155_695_203 / 1009).chain([first, last, 0, -1, 951_782_400, 1_669_231_521])
    }

    #[test]
    fn written_as_the_oracle_writes_it() {
        for time in times() {
            let oracle = Utc.timestamp_opt(time, 0).unwrap().format("%a, %d %b %Y %H:%M:%S +0000");
            assert_eq!(text(time), oracle.to_string());
        }
    }

    #[test]
    fn read_back_in_every_zone() {
        for (i, time) in times().enumerate() {
            assert_eq!(Time::parse(text(time).as_bytes()), Ok(Time(time)));
            let offset = chrono::FixedOffset::east_opt((i as i32 % 2800 - 1400) * 60).unwrap();
            let local = DateTime::from_timestamp(time, 0).unwrap().with_timezone(&offset);
            if (0..10_000).contains(&chrono::Datelike::year(&local)) {
                let local = local.format("%a, %-d %b %Y %H:%M:%S %z").to_string();
                assert_eq!(Time::parse(local.as_bytes()), Ok(Time(time)), "{local}");
            }
        }
    }

    /// One character changed, lost or added anywhere: whatever is still read must mean what the
    /// oracle reads.
    #[test]
    fn never_read_as_another_time_than_the_oracle_reads() {
        for date in ["Wed, 23 Nov 2022 19:25:21 +0000", "4 Jan 2023 00:00:00 GMT"] {
            for at in 0..date.len() {
                for byte in (0x20..0x7f).map(char::from) {
                    let replaced = format!("{}{byte}{}", &date[..at], &date[at + 1..]);
                    let inserted = format!("{}{byte}{}", &date[..at], &date[at..]);
                    for changed in [replaced, inserted] {
                        let Ok(ours) = Time::parse(changed.as_bytes()) else { continue };
                        // The oracle knows no UTC, and refuses a day name that does not fit the
                        // date.
                        let comparable = changed.split_once(", ").map_or(&changed[..], |(_, date)| date);
                        let oracle = DateTime::parse_from_rfc2822(comparable).expect(&changed);
                        assert_eq!(ours.0, oracle.timestamp(), "{changed}");
                    }
                }
            }
        }
    }

    #[test]
    fn forms() {
        let noon = Ok(Time(1_672_574_400));
        for date in [
            "Sun, 01 Jan 2023 12:00:00 +0000",
            "Thu, 01 Jan 2023 12:00:00 +0000",
            "Sun, 1 Jan 2023 12:00:00 +0000",
            "Sun,  1 Jan 2023 12:00:00 +0000",
            "1 Jan 2023 12:00 Z",
            "01 jan 2023 12:00:00 utc",
            "SUN, 01 JAN 2023 12:00:00 ut",
            "Sun, 01 Jan 2023 15:00:00 +0300",
            "Sat, 31 Dec 2022 23:30:00 -1230",
        ] {
            assert_eq!(Time::parse(date.as_bytes()), noon, "{date}");
        }
        for date in [
            "",
            " Sun, 01 Jan 2023 12:00:00 +0000",
            "Sun, 01 Jan 2023 12:00:00 +0000 ",
            "Sun, 01 Jan 2023 12:00:00",
            "Sun 01 Jan 2023 12:00:00 +0000",
            "Sun,01 Jan 2023 12:00:00 +0000",
            "Sun, 001 Jan 2023 12:00:00 +0000",
            "Sun, 00 Jan 2023 12:00:00 +0000",
            "Wed, 29 Feb 2023 12:00:00 +0000",
            "Mon, 31 Apr 2023 12:00:00 +0000",
            "Sun, 01 Jan 23 12:00:00 +0000",
            "Sun, 01 Jan 2023 24:00:00 +0000",
            "Sun, 01 Jan 2023 12:60:00 +0000",
            "Sun, 01 Jan 2023 12:00:61 +0000",
            "Sun, 01 Jan 2023 12:00:00 +2400",
            "Sun, 01 Jan 2023 12:00:00 +0060",
            "Sun, 01 Jan 2023 12:00:00 +00:00",
            "Sun, 01 Jan 2023 12:00:00 EST",
            "Sun, 01 Jan 2023 12:00:00 +0000 (noon)",
            "Sun,\t01 Jan 2023 12:00:00 +0000",
            "2023-01-01T12:00:00Z",
            "Fri, 31 Dec 9999 23:59:59 -0001",
            "Sat, 01 Jan 0000 00:00:00 +0001",
        ] {
            assert_eq!(Time::parse(date.as_bytes()), Err(Error::Malformed), "{date}");
        }
    }

    #[test]
    fn a_time_is_the_seconds_that_it_was_made_of() {
        for time in times() {
            assert_eq!(Time::new(time).unwrap().unix_seconds(), time);
        }
    }

    #[test]
    fn a_tolerance_is_for_both_sides_and_includes_its_last_second() {
        let (tolerance, now) = (900, Time(1_669_231_521));
        for (age, expected) in [
            (901, Err(Error::Expired)),
            (900, Ok(())),
            (1, Ok(())),
            (0, Ok(())),
            (-1, Ok(())),
            (-900, Ok(())),
            (-901, Err(Error::NotYetValid)),
        ] {
            assert_eq!(Time(now.0 - age).within(tolerance, now), expected, "{age}");
        }
        assert_eq!(Time(now.0 - 1).within(0, now), Err(Error::Expired));
        assert_eq!(Time(now.0 + 1).within(0, now), Err(Error::NotYetValid));
    }

    #[test]
    fn times_outside_the_years_are_refused() {
        for time in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
            assert_eq!(Time::new(time), Err(Error::ArgumentTime));
        }
    }
}

//! The dates that may have been signed in place of the one that was sent: the same moment, or one
//! beside it, written otherwise.
use crate::Mistake;
use crate::spellings::date_form::DateForm;
use apisig_core::text::date::{Time, zone};
use apisig_core::text::{Text, write_into};

/// No date that is written here is longer.
const DATE_MAX: usize = 64;

/// The mistake that makes of this date the one that `fits`, if its words are the same.
pub fn other_words(date: &[u8], fits: &dyn Fn(&[u8]) -> bool) -> Option<Mistake> {
    let fits = |date: &[&[u8]]| fits_text(date, fits);
    let (local, _) = split_zone(date)?;
    if ["+0000", "GMT", "UT", "UTC", "Z", "-0000"].iter().any(|zone| fits(&[local, zone.as_bytes()])) {
        return Some(Mistake::DateGmt);
    }
    let (name, day) = split_day_name(date);
    let found = match day {
        [b'0', unpadded @ ..] => fits(&[name, unpadded]) || fits(&[name, b" ", unpadded]),
        [_, b' ', ..] => fits(&[name, b"0", day]) || fits(&[name, b" ", day]),
        _ => false,
    };
    found.then_some(Mistake::DateUnpadded)
}

/// Likewise, if it was made another time, or of another form.
pub fn other_form(date: &[u8], fits: &dyn Fn(&[u8]) -> bool) -> Option<Mistake> {
    let time = Time::parse(date).ok()?;
    let zone = split_zone(date).and_then(|(_, name)| zone(name))?;
    let fits = |form, time, zone| DateForm::new(form, time, zone).is_some_and(|date| fits_text(&date, fits));
    let found = [0, 1, -1, 2, -2].into_iter().any(|later| {
        let Ok(time) = Time::new(time.unix_seconds() + later) else { return false };
        FORMS.iter().any(|form| fits(form, time, zone) || fits(form, time, 0))
            || zones().any(|zone| fits(RFC_2822, time, zone))
    });
    found.then_some(Mistake::DateFormat)
}

const RFC_2822: &str = "%a, %d %b %Y %H:%M:%S %z";

/// What programs make of a time, if it is not that.
const FORMS: [&str; 21] = [
    "%a, %d %b %Y %H:%M:%S GMT",
    "%a, %d %b %Y %H:%M:%S UTC",
    "%a, %d %b %Y %H:%M:%S",
    "%a, %d %b %Y %H:%M %z",
    "%a, %d %b %y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %z",
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

/// Every quarter of an hour that is the time somewhere.
fn zones() -> impl Iterator<Item = i64> {
    (-48..=56).map(|quarters| quarters * 900)
}

/// The zone, and what stands before it.
fn split_zone(date: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = date.iter().rposition(|byte| *byte == b' ')?;
    date.split_at_checked(space + 1)
}

/// The name of the day with what is behind it, if there is one, and the rest.
fn split_day_name(date: &[u8]) -> (&[u8], &[u8]) {
    let comma = date.windows(2).position(|pair| pair == b", ");
    date.split_at_checked(comma.map_or(0, |comma| comma + 2)).unwrap_or((b"", date))
}

fn fits_text(date: &(impl Text + ?Sized), fits: &dyn Fn(&[u8]) -> bool) -> bool {
    write_into(date, &mut [0; DATE_MAX]).is_some_and(fits)
}

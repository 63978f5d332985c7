//! The texts that one number has in Kayako's clients: for a salt that was signed as another of them
//! than was sent.
use apisig_core::text::Number;
use apisig_core::text::{Line, Sink, Text};

/// Whether one of the other texts fits: without leading zeros or with some, with a sign or another,
/// with `.0` behind, with an exponent, and rounded as languages round their floats.
pub fn other_text(text: &[u8], fits: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    let numbers = [Decimal::read(text), Decimal::float(text), Decimal::octal(text)];
    numbers.iter().flatten().any(|number| {
        number.any_text(fits)
            || FLOAT_DIGITS.iter().filter_map(|digits| number.rounded(*digits)).any(|it| it.any_text(fits))
    })
}

/// PHP casts a float to a text of 14 digits, others write as many as it takes.
const FLOAT_DIGITS: [usize; 4] = [17, 16, 15, 14];

/// The longest text that is read as a number.
const TEXT_MAX: usize = 40;
const POINT_MAX: i32 = 40;
const ZEROS: &[u8; POINT_MAX as usize] = &[b'0'; POINT_MAX as usize];
/// So many leading zeros are looked for.
const LEADING_ZEROS: usize = 20;
/// A sign, leading zeros, zeros or digits before the point, digits behind it, and `.0` or an exponent.
const WRITTEN_MAX: usize = 128;

/// `0.DIGITS` times ten to the power of `point`. Neither the first digit nor the last one is 0: zero
/// has none.
struct Decimal {
    digits: Line<TEXT_MAX>,
    point: i32,
}

impl Decimal {
    /// Without its sign.
    fn new(digits: &[u8], point: i32) -> Option<Self> {
        let behind = digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len());
        let end = digits.iter().rposition(|digit| *digit != b'0').map_or(behind, |last| last + 1);
        let mut line = Line::default();
        line.push(digits.get(behind..end)?);
        let point = if behind == end { 0 } else { point.checked_sub(i32::try_from(behind).ok()?)? };
        (-POINT_MAX..=POINT_MAX).contains(&point).then_some(Decimal { digits: line, point })
    }

    /// Such as 0123, -1.5 or 1.0E+9.
    fn read(text: &[u8]) -> Option<Self> {
        if text.len() > TEXT_MAX {
            return None;
        }
        let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
        let mut parts = unsigned.splitn(2, |byte| matches!(byte, b'e' | b'E'));
        let mut mantissa = parts.next()?.splitn(2, |byte| *byte == b'.');
        let exponent =
            parts.next().map_or(Some(0), |exponent| str::from_utf8(exponent).ok()?.parse().ok())?;
        let (whole, fraction) = (mantissa.next()?, mantissa.next().unwrap_or_default());
        if whole.is_empty() || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
            return None;
        }
        let mut digits = Line::<TEXT_MAX>::default();
        (whole, fraction).write(&mut digits);
        Self::new(digits.as_bytes(), i32::try_from(whole.len()).ok()?.checked_add(exponent)?)
    }

    fn integer(integer: u64) -> Option<Self> {
        Self::read(itoa::Buffer::new().format(integer).as_bytes())
    }

    /// What a float holds of an integer that has too many digits for it.
    fn float(text: &[u8]) -> Option<Self> {
        let integer: u64 = str::from_utf8(text).ok()?.parse().ok()?;
        if integer > 1 << 53 { Self::integer(integer as f64 as u64) } else { None }
    }

    /// What an integer with a 0 in front is in PHP if it is not quoted.
    fn octal(text: &[u8]) -> Option<Self> {
        let digits = text.strip_prefix(b"0").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        Self::integer(u64::from_str_radix(str::from_utf8(digits).ok()?, 8).ok()?)
    }

    /// With fewer digits; None if it has no more than these.
    fn rounded(&self, digits: usize) -> Option<Self> {
        let (kept, [next, ..]) = self.digits.as_bytes().split_at_checked(digits)? else { return None };
        if *next < b'5' {
            return Self::new(kept, self.point);
        }
        let nines = kept.iter().rev().take_while(|digit| **digit == b'9').count();
        let Some((last, before)) = kept.get(..kept.len() - nines)?.split_last() else {
            return Self::new(b"1", self.point + 1);
        };
        let mut up = Line::<TEXT_MAX>::default();
        (before, &[last + 1]).write(&mut up);
        Self::new(up.as_bytes(), self.point)
    }

    fn any_text(&self, fits: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        ["", "-", "+"].into_iter().any(|sign| self.any_plain(sign, fits) || self.any_exponent(sign, fits))
    }

    fn any_plain(&self, sign: &str, fits: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        (0..=LEADING_ZEROS)
            .any(|zeros| ["", ".0"].into_iter().any(|end| is((sign, Zeros(zeros), Plain(self), end), fits)))
    }

    fn any_exponent(&self, sign: &str, fits: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        let Some((first, rest)) = self.digits.as_bytes().split_first() else { return false };
        let exponent = self.point - 1;
        [("E", "+"), ("e", "+"), ("E", ""), ("e", "")].into_iter().any(|(mark, plus)| {
            [("", 1), (".0", 1), ("", 2), (".0", 2)].into_iter().any(|(end, width)| {
                is((sign, Exponent { first: *first, rest, end, mark, plus, exponent, width }), fits)
            })
        })
    }
}

fn is(text: impl Text, fits: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    let mut line = Line::<WRITTEN_MAX>::default();
    text.write(&mut line);
    fits(line.as_bytes())
}

/// So many zeros.
struct Zeros(usize);

impl Text for Zeros {
    fn write(&self, sink: &mut impl Sink) {
        sink.push(ZEROS.get(..self.0).unwrap_or_default());
    }
}

/// Such as 123, 1.5 or 0.
struct Plain<'a>(&'a Decimal);

impl Text for Plain<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let digits = self.0.digits.as_bytes();
        let point = usize::try_from(self.0.point).unwrap_or(0);
        match digits.split_at_checked(point) {
            None => (digits, Zeros(point - digits.len())).write(sink),
            Some((_, [])) if point > 0 => digits.write(sink),
            Some((_, [])) => "0".write(sink),
            Some((whole, fraction)) if point > 0 => (whole, ".", fraction).write(sink),
            Some(_) => ("0.", Zeros(self.0.point.unsigned_abs() as usize), digits).write(sink),
        }
    }
}

/// Such as 1.0E+9, 1e9 or 1.5e-05.
struct Exponent<'a> {
    first: u8,
    rest: &'a [u8],
    /// Behind a single digit.
    end: &'a str,
    mark: &'a str,
    /// Before an exponent that is not negative.
    plus: &'a str,
    exponent: i32,
    /// The least number of the exponent's digits.
    width: usize,
}

impl Text for Exponent<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let (point, rest) = if self.rest.is_empty() { ("", self.end.as_bytes()) } else { (".", self.rest) };
        let sign = if self.exponent < 0 { "-" } else { self.plus };
        let exponent = self.exponent.unsigned_abs();
        let zeros = Zeros(if exponent < 10 { self.width - 1 } else { 0 });
        (&[self.first], point, rest, self.mark, sign, zeros, Number(exponent.into())).write(sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text_of(salt: &str, signed: &str) -> bool {
        other_text(salt.as_bytes(), &mut |text| text == signed.as_bytes())
    }

    #[test]
    fn every_text_of_a_number_is_found() {
        for (salt, signed) in [
            ("0123456789", "123456789"),
            ("123456789", "0123456789"),
            ("7", "00000000000000000007"),
            ("00", "0"),
            ("1234567890", "1234567890.0"),
            ("1234567890.0", "1234567890"),
            ("1234567890", "1.23456789E9"),
            ("1234567890", "1.23456789E+9"),
            ("1234567890", "1.23456789e+09"),
            ("1000000000", "1.0E+9"),
            ("1000000000", "1.0E9"),
            ("1000000000", "1e+09"),
            ("1.0E+9", "1000000000"),
            ("1e9", "1000000000.0"),
            ("1E+25", "10000000000000000000000000"),
            ("-123", "123"),
            ("123", "-123"),
            ("+123", "123"),
            ("1.50", "1.5"),
            ("150e-2", "1.5"),
            ("0.00001", "1.0E-5"),
            ("0.00001", "1e-05"),
            ("1e-5", "0.00001"),
            ("0.0", "0"),
        ] {
            assert!(is_text_of(salt, signed), "{salt} {signed}");
        }
    }

    /// PHP 8.2: `(string) 1234567890123456.0` and the like. JavaScript: `String(12345678901234567890)`.
    /// Python: `float` and `"%.0f" %` of the same.
    #[test]
    fn a_float_is_rounded_as_languages_do() {
        for (salt, signed) in [
            ("1234567890123456", "1.2345678901235E+15"),
            ("12345678901234567890", "1.2345678901235E+19"),
            ("12345678901234567890", "12345678901234567000"),
            ("12345678901234567890", "1.2345678901234567e+19"),
            ("999999999999999.9", "1.0E+15"),
            ("0.7182818284590452", "0.71828182845905"),
            ("1700000000.123456", "1700000000.1235"),
            ("12345678901234567890", "12345678901234567168"),
            ("1234567890123499999", "1.2345678901235E+18"),
        ] {
            assert!(is_text_of(salt, signed), "{salt} {signed}");
        }
        assert!(!is_text_of("12345678901234", "1.234567890123E+13"));
    }

    #[test]
    fn an_unquoted_zero_in_front_makes_it_octal() {
        assert!(is_text_of("01234567", "342391"));
        assert!(!is_text_of("1234567", "342391"));
    }

    #[test]
    fn what_is_no_number_or_another_one_is_not_found() {
        for salt in ["", "a", "1a", "0x10", "1 ", "0+7", "e5", ".5", "1e", "1e5.0", "--1", "1.2.3", "\u{661}"]
        {
            assert!(!other_text(salt.as_bytes(), &mut |_| true), "{salt}");
        }
        for (salt, signed) in
            [("123", "124"), ("123", "1230"), ("1e100", "1"), ("1e-100", "0"), ("12", "1.2")]
        {
            assert!(!is_text_of(salt, signed), "{salt} {signed}");
        }
        // Zero has no exponent.
        assert!(!is_text_of("00", "") && !is_text_of("00", "-"));
        for salt in ["1e2147483647", "1e-2147483648", "1e99999999999", &"9".repeat(40), &"9".repeat(100)] {
            assert!(!is_text_of(salt, ""), "{salt}");
        }
    }

    /// Rust's own reading of each text that is tried.
    #[test]
    fn every_text_that_is_tried_is_the_number() {
        for salt in ["1234567890", "0.00123", "100", "1.5e10", "9007199254740993", "00", "1e-7"] {
            let number: f64 = salt.parse().unwrap();
            let mut count = 0;
            other_text(salt.as_bytes(), &mut |text| {
                count += 1;
                // Nothing has two points.
                if let Ok(text) = str::from_utf8(text).unwrap().parse::<f64>() {
                    assert!((text.abs() - number).abs() <= number * 1e-13, "{salt}: {text}");
                }
                false
            });
            assert!(count >= 126, "{salt}");
        }
    }
}

//! What may have been signed in place of the five lines that were sent: one of them changed, in another order, or
//! joined otherwise.
use crate::Mistake;
use crate::attempt::{Attempt, Lines, Message};
use crate::date_form::{FORMS, Moment, RFC_2822};
use crate::engine::{Case, permutation};
use crate::json_style::{Escapes, Objects, Space, Style};
use crate::readings::{Form, Readings};
use crate::twist::{Md5Form, PATH_ENCODINGS, Spelt, Twist, without_bom};
use apisig_core::crypto::hash::{BLOCK, Hasher, Md5};
use apisig_core::kommo::{CONTENT_TYPE, Request, after_host, webhook};
use apisig_core::text::Text;
use apisig_core::text::encoding::hex;

/// The body's number among the parts, behind the five lines.
const BODY: u8 = 5;

/// A request that was sent, its path, and its body if that is known.
pub struct Slots<'a> {
    pub request: Request<'a>,
    pub path: &'a [u8],
    pub body: Option<&'a [u8]>,
    pub bodies: Option<Bodies<'a>>,
}

impl<'a> Case<'a> for Slots<'a> {
    fn change(&self, slot: usize, at: usize, attempt: &mut Attempt<'a>) -> Option<Option<Mistake>> {
        let Message::Lines(lines) = &mut attempt.message else { return None };
        let [method, content_md5, content_type, date, path, body] = &mut lines.parts;
        let (part, by, mistake) = match slot {
            3 => {
                let (twist, by, mistake) = self.other_md5(at)?;
                attempt.cost = self.bodies.as_ref().map_or(0, |bodies| bodies.cost(twist));
                body.twist = twist;
                (content_md5, by, mistake)
            }
            4 => (method, self.other_method(at)?, Mistake::MethodCase),
            5 => self.other_path(at).map(|(by, mistake)| (path, by, mistake))?,
            6 if at == 0 => {
                (lines.order, lines.len) = ([0, 1, 3, 4, 2], 4);
                return Some(Some(Mistake::ContentTypeMissing));
            }
            6 => self.other_type(at - 1).map(|(by, mistake)| (content_type, by, mistake))?,
            7 => return self.other_frame(at, lines),
            8 => self.other_date(at).map(|(by, mistake)| (date, by, mistake))?,
            _ => return None,
        };
        Some(part.replace(by, mistake))
    }
}

impl<'a> Slots<'a> {
    /// What is wrong with the value of Content-MD5, if anything is.
    pub fn wrong_content_md5(&self) -> Option<Mistake> {
        let (sent, bodies) = (self.request.content_md5, self.bodies.as_ref()?);
        match Readings::new(sent, Form::Hex).of(&bodies.md5(Twist::Plain)) {
            Some(Ok(())) => None,
            Some(Err(Mistake::UpperCase)) => Some(Mistake::Md5UpperCase),
            Some(Err(Mistake::Base64 | Mistake::Base64Url | Mistake::Base64OfHex)) => {
                Some(Mistake::Md5Base64)
            }
            Some(other) => other.err(),
            None => {
                let mut others = (0..).map_while(|at| bodies.change(at));
                let other = others.find(|(twist, _)| hex::<16, 32>(&bodies.md5(*twist)) == sent);
                Some(other.map_or(Mistake::BodyOther, |(_, mistake)| mistake))
            }
        }
    }

    /// Another body, its Content-MD5, and what that is called.
    fn other_md5(&self, at: usize) -> Option<(Twist<'a>, Spelt<'a>, Mistake)> {
        let bodies = self.bodies.as_ref()?;
        let (twist, form, mistake) = match at {
            // It was signed rightly, and then another one was sent: see `wrong_content_md5`.
            0 => (Twist::Plain, Md5Form::Lower, Mistake::BodyOther),
            1 => (Twist::Plain, Md5Form::Upper, Mistake::Md5UpperCase),
            2 => (Twist::Plain, Md5Form::Base64, Mistake::Md5Base64),
            3 => (Twist::Plain, Md5Form::Base64OfHex, Mistake::Md5Base64),
            _ => bodies.change(at - 4).map(|(twist, mistake)| (twist, Md5Form::Lower, mistake))?,
        };
        let md5 = Twist::Md5(bodies.md5(twist), form);
        Some((twist, Spelt::new(self.request.content_md5, md5), mistake))
    }

    fn other_method(&self, at: usize) -> Option<Spelt<'a>> {
        let twists = [Twist::Case(u8::to_ascii_lowercase), Twist::Plain];
        twists.get(at).map(|twist| Spelt::new(self.request.method, *twist))
    }

    fn other_path(&self, at: usize) -> Option<(Spelt<'a>, Mistake)> {
        let (path, url) = (self.path, self.request.url);
        let query =
            url.iter().position(|byte| *byte == b'?').and_then(|at| url.get(at..)).unwrap_or_default();
        let around = |before, behind| Spelt::new(path, Twist::Around(before, behind));
        let recoded = |at: usize| PATH_ENCODINGS.get(at).map(|it| Spelt::new(path, Twist::Recoded(it)));
        Some(match at {
            0 => (around(b"", query), Mistake::PathQuery),
            1..9 => (around(host(url, at - 1), b""), Mistake::PathHost),
            9..17 => (around(host(url, at - 9), query), Mistake::PathHost),
            17 => (around(b"", b"/"), Mistake::PathSlash),
            18 => (Spelt::new(path.strip_suffix(b"/").unwrap_or(path), Twist::Plain), Mistake::PathSlash),
            19 => (Spelt::new(path, Twist::Percent), Mistake::PathEncoded),
            20..24 => (recoded(at - 20)?, Mistake::PathEncoded),
            24 => (Spelt::new(path, Twist::Encoded(PATH_ENCODINGS.first()?)), Mistake::PathEncoded),
            _ => {
                let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
                let start = slashes.take(SLASHES_MAX).nth((at - 25) / 2)? + (at - 25) % 2;
                (Spelt::new(path.get(start..)?, Twist::Plain), Mistake::PathPrefix)
            }
        })
    }

    fn other_type(&self, at: usize) -> Option<(Spelt<'a>, Mistake)> {
        let sent = self.request.content_type;
        let media_type = sent.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
        Some(match CHARSETS.get(at) {
            Some(charset) => {
                (Spelt::new(media_type, Twist::Around(b"", charset)), Mistake::ContentTypeCharset)
            }
            None => {
                let signed: &[u8] = [b"", &CONTENT_TYPE[..]].get(at - CHARSETS.len())?;
                (Spelt::new(signed, Twist::Plain), Mistake::ContentTypeMissing)
            }
        })
    }

    fn other_frame(&self, at: usize, lines: &mut Lines<'a>) -> Option<Option<Mistake>> {
        let (order, number) = (lines.order, at.wrapping_sub(9));
        let mistake = match at {
            0..6 => {
                lines.between = SEPARATORS.get(at)?;
                Some(Mistake::LineSeparator)
            }
            6 => {
                lines.end = "\n";
                Some(Mistake::LineSeparator)
            }
            7 | 8 => self.body.map(|_| {
                let (cut, [.., body]) = (Twist::Cut(webhook::without_line_end), &mut lines.parts);
                body.twist = if at == 8 { cut } else { body.twist };
                (lines.order, lines.len) = ([BODY; 5], 1);
                // A request has at least one of these.
                let is_webhook = self.request.content_md5.is_empty() && self.request.date.is_empty();
                if is_webhook { Mistake::WebhookRequest } else { Mistake::BodyOnly }
            }),
            // In any order, with or without Content-Type.
            9..129 => {
                lines.order = permutation([0, 1, 2, 3, 4], 5, number);
                (lines.order != order).then_some(Mistake::HeaderOrder)
            }
            129..153 => {
                let [one, two, three, four] = permutation([0, 1, 3, 4], 4, number - 120);
                (lines.order, lines.len) = ([one, two, three, four, 2], 4);
                Some(Mistake::HeaderOrder)
            }
            _ => return None,
        };
        Some(mistake)
    }

    fn other_date(&self, at: usize) -> Option<(Spelt<'a>, Mistake)> {
        let date = self.request.date;
        let (local, zone) = date.split_at_checked(date.iter().rposition(|byte| *byte == b' ')? + 1)?;
        let comma = date.windows(2).position(|pair| pair == b", ").map_or(0, |comma| comma + 2);
        let (name, day) = date.split_at_checked(comma)?;
        let around =
            |before, text, behind, mistake| Some((Spelt::new(text, Twist::Around(before, behind)), mistake));
        match at {
            0..6 => around(b"", local, ZONES.get(at)?, Mistake::DateGmt),
            6 => around(b"", date, b" ", Mistake::DateSpace),
            7 => around(b" ", date, b"", Mistake::DateSpace),
            8 | 9 => {
                let (others, rest): ([&[u8]; 2], _) = match day {
                    [b'0', rest @ ..] => ([b"", b" "], rest),
                    [_, b' ', ..] => ([b"0", b" "], day),
                    _ => ([b"0"; 2], b"".as_slice()),
                };
                around(name, others.get(at - 8)?, rest, Mistake::DateUnpadded)
            }
            _ => {
                let is_utc = apisig_core::text::date::zone(zone) == Some(0);
                let moment = Twist::Date(moments(is_utc).nth(at - 10)?);
                Some((Spelt::new(date, moment), Mistake::DateFormat))
            }
        }
    }
}

/// Another form or zone, then the same some seconds apart.
fn moments(is_utc: bool) -> impl Iterator<Item = Moment> {
    let own: &[_] = if is_utc { &[Some(0)] } else { &[None, Some(0)] };
    [0, 1, -1, 2, -2].into_iter().flat_map(move |later| {
        let zones = move |form| own.iter().map(move |zone| Moment { form, later, zone: *zone });
        let hours = (-12..=14).map(move |hour| Moment { form: RFC_2822, later, zone: Some(3600 * hour) });
        FORMS.into_iter().flat_map(zones).chain(hours)
    })
}

const ZONES: [&[u8]; 6] = [b"+0000", b"GMT", b"UT", b"UTC", b"Z", b"-0000"];

/// Where requests go: a path alone does not say which host was signed with it.
const ORIGINS: [&[u8]; 3] =
    [b"https://amojo.kommo.com", b"https://amojo.amocrm.ru", b"https://amojo.amocrm.com"];

/// One of eight: of each origin, and of the URL's own one, itself and its host.
fn host(url: &[u8], number: usize) -> &[u8] {
    let own = || url.get(..url.len() - after_host(url).unwrap_or(url).len());
    let origin = ORIGINS.get(number / 2).copied().or_else(own).unwrap_or_default();
    let slashes = origin.iter().position(|byte| *byte == b'/').filter(|_| number % 2 == 1);
    origin.get(slashes.map_or(0, |slash| slash + 2)..).unwrap_or_default()
}

/// Parts of a path that may be missing: an untrusted one may be of slashes alone.
const SLASHES_MAX: usize = 32;

const CHARSETS: [&[u8]; 5] =
    [b"", b"; charset=utf-8", b"; charset=UTF-8", b";charset=utf-8", b";charset=UTF-8"];

/// PHP's '\n' is a backslash and an n.
const SEPARATORS: [&str; 6] = [r"\n", "\r\n", r"\r\n", "", " ", "|"];

/// A body, and what else it may have been.
pub struct Bodies<'a> {
    pub body: &'a [u8],
    /// For each of five things that encoders do differently a bit for each way that changes something.
    ways: [u8; 5],
}

/// The longest body that is tried in other styles, in bytes: longer ones must not
/// keep a server that diagnoses each refused request busy for seconds.
pub const RESTYLED_MAX: usize = 65_536;

/// What encoders make of nothing.
const EMPTY: [&[u8]; 4] = [b"{}", b"[]", b"null", b"\"\""];

const SPACES: [Space; 6] = [
    Space::AsItIs,
    Space::Compact,
    Space::Spaced,
    Space::Indented("    "),
    Space::Indented("  "),
    Space::Indented("\t"),
];
const ESCAPES: [Escapes; 3] = [Escapes::AsTheyAre, Escapes::Escaped, Escapes::Plain];
const OBJECTS: [Objects; 4] =
    [Objects::AsTheyAre, Objects::Empty("[]"), Objects::Empty("{}"), Objects::Sorted];

/// By the number of each way.
fn style([letters, markup, slashes, space, objects]: [usize; 5]) -> Option<Style> {
    Some(Style {
        letters: *ESCAPES.get(letters)?,
        markup: *ESCAPES.get(markup)?,
        slashes: *ESCAPES.get(slashes)?,
        space: *SPACES.get(space)?,
        objects: *OBJECTS.get(objects)?,
    })
}

impl<'a> Bodies<'a> {
    pub fn new(body: &'a [u8]) -> Self {
        let mut ways = [1; 5];
        for (at, bits) in ways.iter_mut().enumerate().filter(|_| body.len() <= RESTYLED_MAX) {
            for way in 1..SPACES.len() {
                let mut numbers = [0; 5];
                numbers.iter_mut().skip(at).take(1).for_each(|number| *number = way);
                let changes = |style| Spelt::new(body, Twist::Json(style)).is_other_than(body);
                *bits |= u8::from(style(numbers).is_some_and(changes)) << way;
            }
        }
        Bodies { body, ways }
    }

    /// How long it takes to write one, in hashed blocks: to sort members each searches its object for the next.
    pub fn cost(&self, twist: Twist) -> usize {
        let (len, is_quote) = (self.body.len(), |byte: &&u8| **byte == b'"');
        let is_sorted = matches!(twist, Twist::Json(Style { objects: Objects::Sorted, .. }));
        let searched = if is_sorted { self.body.iter().filter(is_quote).count() * len } else { 0 };
        (len + searched) / BLOCK + 1
    }

    pub fn md5(&self, twist: Twist) -> [u8; 16] {
        let mut hasher = Hasher::<Md5>::default();
        Spelt::new(self.body, twist).write(&mut hasher);
        hasher.finish()
    }

    /// One of the bodies that may have been signed in its place; None if there are no more. With less changed it comes before.
    pub fn change(&self, at: usize) -> Option<(Twist<'a>, Mistake)> {
        const BOM: &[u8] = b"\xef\xbb\xbf";
        Some(match at {
            0 => (Twist::Around(b"", b"\n"), Mistake::BodyNewline),
            1 => (Twist::Around(b"", b"\r\n"), Mistake::BodyNewline),
            2 => (Twist::Cut(webhook::without_line_end), Mistake::BodyNewline),
            3 => (Twist::Around(BOM, b""), Mistake::BodyBom),
            4 => (Twist::Cut(without_bom), Mistake::BodyBom),
            5 => (Twist::Latin1, Mistake::Latin1),
            _ if self.body.is_empty() => (Twist::Around(EMPTY.get(at - 6)?, b""), Mistake::BodyEmptyJson),
            _ => self.style(at - 5).map(|style| (Twist::Json(style), named(style)))?,
        })
    }

    /// The style of this number, of all that change something; 0 changes nothing.
    fn style(&self, mut number: usize) -> Option<Style> {
        let digits = self.ways.map(|ways| {
            let count = (ways.count_ones() as usize).max(1);
            let digit = number % count;
            number /= count;
            (0..8).filter(|way| ways >> way & 1 == 1).nth(digit).unwrap_or_default()
        });
        style(digits).filter(|_| number == 0)
    }
}

fn named(style: Style) -> Mistake {
    match style {
        Style { objects: Objects::Empty(_), .. } => Mistake::BodyEmptyList,
        Style { objects: Objects::Sorted, .. } => Mistake::BodySorted,
        Style { space: Space::AsItIs, slashes: Escapes::AsTheyAre, .. } => Mistake::BodyUnicode,
        Style { space: Space::AsItIs, .. } => Mistake::BodySlashes,
        _ => Mistake::BodyPretty,
    }
}

//! What may have been signed in place of the five lines that were sent: one of them changed, in another order, or
//! joined otherwise.
use crate::Mistake;
use crate::attempt::{Attempt, Lines, Mac, numbers};
use crate::date_form::{FORMS, Moment, NEAR_FORMS, RFC_2822, zone_of};
use crate::engine::{Case, Flow, OWN, TWO_MAX, Tries, permutation};
use crate::json_style::{SORTED, Ways};
use crate::readings::{Form, Readings};
use crate::twist::{BOM, LOWER_CASE, Md5Form, PATH_ENCODINGS, Spelt, Twist, without_bom};
use apisig_core::crypto::hash::{BLOCK, Md5, hash};
use apisig_core::kommo::{CONTENT_TYPE, Request};
use apisig_core::text::date::{Time, zone};
use apisig_core::text::encoding::{base64, hex};
use apisig_core::text::{Sink, after_host, without_line_end};
use core::ops::ControlFlow::Continue;

/// The texts' numbers: the five lines, and the body behind them.
const METHOD: usize = 0;
const CONTENT_MD5: usize = 1;
const TYPE: usize = 2;
const DATE: usize = 3;
const PATH: usize = 4;
const BODY: usize = 5;

/// A request that was sent, its path, and its body if that is known.
pub struct Slots<'a> {
    pub request: Request<'a>,
    pub path: &'a [u8],
    pub bodies: Option<Bodies<'a>>,
}

impl<'a> Case<'a> for Slots<'a> {
    fn changes(&self, slot: usize, tries: &mut Tries<'_, 'a>) -> Flow {
        match slot.wrapping_sub(OWN) {
            0 => self.content(tries),
            1 => {
                for twist in [LOWER_CASE, Twist::Plain] {
                    tries.replace(METHOD, Spelt::new(self.request.method, twist), Mistake::MethodCase)?;
                }
                METHODS.into_iter().try_for_each(|other| {
                    tries.replace(METHOD, Spelt::new(other, Twist::Plain), Mistake::MethodOther)
                })
            }
            2 => self.paths(tries),
            3 => self.types(tries),
            4 => {
                self.body_alone(tries)?;
                self.frames(tries)
            }
            5 => self.dates(tries),
            _ => Continue(()),
        }
    }
}

impl<'a> Slots<'a> {
    /// What is wrong with the value of Content-MD5, if anything is.
    pub fn wrong_content_md5(&self) -> Option<Mistake> {
        let (sent, bodies) = (self.request.content_md5, self.bodies.as_ref()?);
        match Readings::new(sent, Form::Hex).of(&Mac::new(bodies.md5(Twist::Plain))) {
            Some(Ok(())) => None,
            None if sent.is_empty() => Some(Mistake::Md5Missing),
            Some(Err(Mistake::UpperCase)) => Some(Mistake::Md5UpperCase),
            Some(Err(Mistake::Base64 | Mistake::Base64Url | Mistake::Base64OfHex)) => {
                Some(Mistake::Md5Base64)
            }
            // What stands around it is told as a hint: the names are those of a signature.
            Some(Err(_)) => Some(Mistake::BodyOther),
            None => {
                let mut left = TWO_MAX;
                let mut is_affordable = |twist| {
                    left = left.saturating_sub(bodies.cost(twist));
                    left > 0
                };
                let mut others = bodies.others().take_while(|(twist, _)| is_affordable(*twist));
                let other = others.find(|(twist, _)| hex::<16, 32>(&bodies.md5(*twist)) == sent);
                Some(other.map_or(Mistake::BodyOther, |(_, mistake)| mistake))
            }
        }
    }

    /// Another body, or its MD5 otherwise.
    fn content(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        let Some(bodies) = &self.bodies else { return Continue(()) };
        let forms = MD5_FORMS.into_iter().map(|(form, mistake)| (Twist::Plain, form, mistake));
        let others = bodies.others().map(|(twist, mistake)| (twist, MD5_FORMS[0].0, mistake));
        for (twist, form, mistake) in forms.chain(others) {
            tries.spend(bodies.cost(twist))?;
            let md5 = Spelt::new(self.request.content_md5, Twist::Md5(bodies.md5(twist), form));
            // The sender may have sent the MD5 of the body that it signed. Then only the body differs, which matters
            // if the body itself is signed.
            let other_body = || Spelt::new(bodies.body, twist).is_other_than(bodies.body);
            if md5.is_other_than(md5.text) || other_body() {
                let mut other = tries.of;
                other.texts[BODY].twist = twist;
                other.texts[CONTENT_MD5] = md5;
                tries.attempt(&other, mistake)?;
            }
        }
        // A stream that was read before gives the MD5 of nothing.
        tries.replace(CONTENT_MD5, Spelt::new(MD5_OF_NOTHING, Twist::Plain), Mistake::BodyOther)?;
        let body = Spelt::new(bodies.body, Twist::Plain);
        if body.text.is_empty() { Continue(()) } else { tries.replace(CONTENT_MD5, body, Mistake::BodyLine) }
    }

    fn paths(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        let (path, url) = (self.path, self.request.url);
        let query = url.iter().position(|byte| *byte == b'?').and_then(|at| url.get(at..));
        let query = query.unwrap_or_default();
        let mut replace = |text, twist, mistake| tries.replace(PATH, Spelt::new(text, twist), mistake);
        replace(path, Twist::Around(b"", query), Mistake::PathQuery)?;
        hosts(url).try_for_each(|host| replace(path, Twist::Around(host, b""), Mistake::PathHost))?;
        replace(path, Twist::Around(b"", b"?"), Mistake::PathQuery)?;
        replace(path, Twist::Around(b"", b"/"), Mistake::PathSlash)?;
        replace(path, Twist::Around(b"/", b""), Mistake::PathSlash)?;
        replace(path.strip_suffix(b"/").unwrap_or(path), Twist::Plain, Mistake::PathSlash)?;
        for encoding in &PATH_ENCODINGS {
            replace(path, Twist::Recoded(encoding), Mistake::PathEncoded)?;
        }
        for twist in [Twist::Percent, Twist::Encoded(&PATH_ENCODINGS[0])] {
            replace(path, twist, Mistake::PathEncoded)?;
        }
        hosts(url).try_for_each(|host| replace(path, Twist::Around(host, query), Mistake::PathHost))?;
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').take(SLASHES_MAX);
        for (before, behind) in slashes.filter_map(|(at, _)| path.split_at_checked(at)) {
            let without = behind.get(1..).unwrap_or_default();
            if without.starts_with(b"/") {
                replace(without, Twist::Around(before, b""), Mistake::PathSlash)?;
            }
            replace(behind, Twist::Plain, Mistake::PathPrefix)?;
            replace(without, Twist::Plain, Mistake::PathPrefix)?;
            replace(b"/", Twist::Around(before, behind), Mistake::PathSlash)?;
        }
        Continue(())
    }

    fn types(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        let of = tries.of;
        let lines = of.lines.without(TYPE);
        tries.attempt(&Attempt { lines, ..of }, Mistake::ContentTypeMissing)?;
        let sent = self.request.content_type;
        let media_type = sent.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
        for charset in CHARSETS {
            let other = Spelt::new(media_type, Twist::Around(b"", charset));
            tries.replace(TYPE, other, Mistake::ContentTypeCharset)?;
        }
        for signed in OTHER_TYPES {
            tries.replace(TYPE, Spelt::new(signed, Twist::Plain), Mistake::ContentTypeMissing)?;
        }
        Continue(())
    }

    fn frames(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        let (of, lines) = (tries.of, tries.of.lines);
        let mut join = |lines, mistake| tries.attempt(&Attempt { lines, ..of }, mistake);
        for between in SEPARATORS {
            join(Lines { between, ..lines }, Mistake::LineSeparator)?;
        }
        join(Lines { end: "\n", ..lines }, Mistake::LineSeparator)?;
        for names in HEADER_NAMES {
            join(Lines { names, ..lines }, Mistake::LineNames)?;
        }
        for line in [CONTENT_MD5, DATE, METHOD, PATH] {
            join(lines.without(line), Mistake::LineMissing)?;
        }
        // In any order, with or without Content-Type.
        for (all, count) in [(&[0, 1, 2, 3, 4][..], 120), (&[0, 1, 3, 4], 24)] {
            let orders = (0..count).map(|number| permutation(all, number));
            orders
                .filter(|order| order.as_bytes() != lines.order.as_bytes())
                .try_for_each(|order| join(Lines { order, ..lines }, Mistake::HeaderOrder))?;
        }
        [CONTENT_MD5, DATE, METHOD, PATH]
            .into_iter()
            .try_for_each(|line| tries.replace(line, Spelt::new(b"", Twist::Plain), Mistake::LineMissing))
    }

    /// The body alone, as a webhook.
    fn body_alone(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        if self.bodies.is_none() {
            return Continue(());
        }
        // A request has at least one of these.
        let is_webhook = self.request.content_md5.is_empty() && self.request.date.is_empty();
        let mistake = if is_webhook { Mistake::WebhookRequest } else { Mistake::BodyOnly };
        let mut body = tries.of;
        body.lines.order = numbers([BODY]);
        tries.attempt(&body, mistake)?;
        body.texts[BODY].twist = Twist::Cut(without_line_end);
        tries.attempt(&body, mistake)
    }

    fn dates(&self, tries: &mut Tries<'_, 'a>) -> Flow {
        let date = self.request.date;
        for (before, behind) in [(&b""[..], &b" "[..]), (b" ", b"")] {
            tries.replace(DATE, Spelt::new(date, Twist::Around(before, behind)), Mistake::DateSpace)?;
        }
        let (Ok(time), Some(own)) = (Time::parse(date), zone(zone_of(date))) else { return Continue(()) };
        let mut write = |(form, mistake), later, zone| {
            let moment = Moment { form, time: time.unix_seconds() + later, zone };
            let mistake = if (later, zone) == (0, own) { mistake } else { Mistake::DateFormat };
            tries.replace(DATE, Spelt::new(date, Twist::Date(moment)), mistake)
        };
        FORMS.into_iter().take(NEAR_FORMS).try_for_each(|form| write(form, 0, own))?;
        // A clock that was read twice is the most common.
        [1, -1, 2, -2].into_iter().try_for_each(|later| write(RFC_2822, later, own))?;
        for later in [0, 1, -1, 2, -2] {
            for form in FORMS {
                write(form, later, own)?;
                if own != 0 {
                    write(form, later, 0)?;
                }
            }
            (-12..=14).try_for_each(|hour| write(RFC_2822, later, 3600 * hour))?;
        }
        Continue(())
    }
}

/// How an MD5 is written, and what is wrong with that.
const MD5_FORMS: [(Md5Form, Mistake); 4] = [
    // It was signed rightly, and then another body was sent: see `wrong_content_md5`.
    (|md5, sink| sink.push(&hex::<16, 32>(md5)), Mistake::BodyOther),
    (
        |md5, sink| sink.push(&hex::<16, 32>(md5).map(|digit| digit.to_ascii_uppercase())),
        Mistake::Md5UpperCase,
    ),
    (|md5, sink| sink.push(&base64::<16, 24>(md5)), Mistake::Md5Base64),
    (|md5, sink| sink.push(&base64::<32, 44>(&hex(md5))), Mistake::Md5Base64),
];

const MD5_OF_NOTHING: &[u8] = b"d41d8cd98f00b204e9800998ecf8427e";

const METHODS: [&[u8]; 5] = [b"GET", b"POST", b"DELETE", b"PUT", b"PATCH"];

/// That were signed and not sent; the empty one too.
const OTHER_TYPES: [&[u8]; 3] = [b"", CONTENT_TYPE, b"application/x-www-form-urlencoded"];

/// Where requests go: a path alone does not say which host was signed with it.
const ORIGINS: [&[u8]; 3] =
    [b"https://amojo.kommo.com", b"https://amojo.amocrm.ru", b"https://amojo.amocrm.com"];

/// Of each origin, and of the URL's own one, itself and its host.
fn hosts(url: &[u8]) -> impl Iterator<Item = &[u8]> {
    let own = url.len() - after_host(url).unwrap_or(url).len();
    let origins = ORIGINS.into_iter().chain(url.get(..own));
    origins.flat_map(|origin| [Some(origin), origin.rsplit(|byte| *byte == b'/').next()]).flatten()
}

/// Parts of a path that may be missing: an untrusted one may be of slashes alone.
const SLASHES_MAX: usize = 32;

const CHARSETS: [&[u8]; 5] =
    [b"", b"; charset=utf-8", b"; charset=UTF-8", b";charset=utf-8", b";charset=UTF-8"];

/// PHP's '\n' is a backslash and an n.
const SEPARATORS: [&str; 6] = [r"\n", "\r\n", r"\r\n", "", " ", "|"];

const HEADER_NAMES: [&[&str]; 3] = [
    &["", "Content-MD5: ", "Content-Type: ", "Date: "],
    &["", "Content-MD5:", "Content-Type:", "Date:"],
    &["", "content-md5:", "content-type:", "date:"],
];

/// A body, and what else it may have been.
pub struct Bodies<'a> {
    pub body: &'a [u8],
    /// For each thing that encoders do differently a bit for each way that changes something.
    changing: [u8; 5],
}

/// The longest body that is tried in other styles, in bytes: longer ones must not
/// keep a server that diagnoses each refused request busy for seconds.
pub const RESTYLED_MAX: usize = 65_536;

/// What encoders make of nothing.
const EMPTY: [&[u8]; 4] = [b"{}", b"[]", b"null", b"\"\""];

impl<'a> Bodies<'a> {
    pub fn new(body: &'a [u8]) -> Self {
        let mut changing = [1; 5];
        for (at, bits) in changing.iter_mut().enumerate().filter(|_| body.len() <= RESTYLED_MAX) {
            for way in 1..8 {
                let ways = core::array::from_fn(|it| if it == at { way } else { 0 });
                *bits |= u8::from(Spelt::new(body, Twist::Json(ways)).is_other_than(body)) << way;
            }
        }
        Bodies { body, changing }
    }

    /// How long it takes to write one, in hashed blocks: a style takes longer than to hash it, and to sort members each
    /// searches its object for the next.
    pub fn cost(&self, twist: Twist) -> usize {
        let (len, is_quote) = (self.body.len(), |byte: &&u8| **byte == b'"');
        let is_sorted = matches!(twist, Twist::Json([.., SORTED]));
        let searched = if is_sorted { 3 * self.body.iter().filter(is_quote).count() * len } else { 0 };
        let written = if matches!(twist, Twist::Json(_)) { 3 * len } else { len };
        (written + searched) / BLOCK + 1
    }

    pub fn md5(&self, twist: Twist) -> [u8; 16] {
        hash::<Md5>(&Spelt::new(self.body, twist))
    }

    /// The bodies that may have been signed in its place, those with less changed before others.
    pub fn others(&self) -> impl Iterator<Item = (Twist<'a>, Mistake)> {
        // A change that cannot be made writes nothing, and a client may well have signed the MD5 of nothing.
        let is_made = |twist| Spelt::new(self.body, twist).is_other_than(self.body);
        let all = (0..).map_while(|number| self.other(number));
        all.filter(move |(twist, _)| matches!(twist, Twist::Json(_)) || is_made(*twist))
    }

    #[inline(never)]
    fn other(&self, number: usize) -> Option<(Twist<'a>, Mistake)> {
        const COMMON: [(Twist, Mistake); 9] = [
            (Twist::Around(b"", b"\n"), Mistake::BodyNewline),
            (Twist::Around(b"", b"\r\n"), Mistake::BodyNewline),
            (Twist::Cut(without_line_end), Mistake::BodyNewline),
            (Twist::Around(BOM, b""), Mistake::BodyBom),
            (Twist::Cut(without_bom), Mistake::BodyBom),
            (Twist::Latin1, Mistake::Latin1),
            (Twist::LineEnds("\r\n"), Mistake::BodyNewline),
            (Twist::LineEnds("\n"), Mistake::BodyNewline),
            (Twist::JsonText, Mistake::BodyTwice),
        ];
        let behind = number.wrapping_sub(COMMON.len());
        COMMON.get(number).copied().or_else(|| match self.body {
            [] => EMPTY.get(behind).map(|text| (Twist::Around(text, b""), Mistake::BodyEmptyJson)),
            _ => self.ways(behind + 1).map(|ways| (Twist::Json(ways), named(ways))),
        })
    }

    /// Those of this number, of all that change something; 0 changes nothing.
    fn ways(&self, mut number: usize) -> Option<Ways> {
        let ways = self.changing.map(|bits| {
            // One at least, and so never divided by 0.
            let count = bits.count_ones() as usize;
            let way = number.checked_rem(count).unwrap_or_default();
            number = number.checked_div(count).unwrap_or_default();
            (0..8).filter(|way| bits >> way & 1 == 1).nth(way).unwrap_or_default()
        });
        (number == 0).then_some(ways)
    }
}

fn named([_letters, _markup, slashes, space, objects]: Ways) -> Mistake {
    if objects == SORTED {
        Mistake::BodySorted
    } else if objects != 0 {
        Mistake::BodyEmptyList
    } else if space != 0 {
        Mistake::BodyPretty
    } else if slashes != 0 {
        Mistake::BodySlashes
    } else {
        Mistake::BodyUnicode
    }
}

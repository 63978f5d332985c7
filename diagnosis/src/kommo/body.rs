//! The bodies that may have been signed in place of the one that was sent: the same JSON, written
//! otherwise.
use crate::Mistake;
use crate::spellings::json_style::{Escapes, Space, Style, Styled};
use apisig_core::kommo::webhook::without_line_end;
use apisig_core::text::{Sink, Text, len};

/// A body that may have been signed.
pub enum Suspect<'a> {
    /// With something else at its end.
    Ending(&'a [u8], &'a [u8]),
    Styled(Styled<'a>),
}

impl Text for Suspect<'_> {
    fn write(&self, sink: &mut impl Sink) {
        match self {
            Suspect::Ending(body, end) => (*body, *end).write(sink),
            Suspect::Styled(body) => body.write(sink),
        }
    }
}

/// The mistake that makes of this body one that was signed: then it `fits`.
pub fn other_body(body: &[u8], fits: &dyn Fn(&Suspect) -> bool) -> Option<Mistake> {
    other_end(body, fits).or_else(|| empty_json(body, fits)).or_else(|| other_style(body, fits))
}

fn other_end(body: &[u8], fits: &dyn Fn(&Suspect) -> bool) -> Option<Mistake> {
    let line = without_line_end(body);
    let with_end = |end: &[u8]| fits(&Suspect::Ending(body, end));
    let found = with_end(b"\n")
        || with_end(b"\r\n")
        || (line.len() < body.len() && fits(&Suspect::Ending(line, b"")));
    found.then_some(Mistake::BodyNewline)
}

/// The longest body that is tried in other styles, in bytes: longer ones must not
/// keep a server that diagnoses each refused request busy for seconds.
pub const RESTYLED_MAX: usize = 65_536;

/// What encoders make of nothing.
fn empty_json(body: &[u8], fits: &dyn Fn(&Suspect) -> bool) -> Option<Mistake> {
    let found = |empty: &str| fits(&Suspect::Ending(empty.as_bytes(), b""));
    (body.is_empty() && ["{}", "[]", "null", "\"\""].into_iter().any(found)).then_some(Mistake::BodyEmptyJson)
}

const SPACES: [Space; 6] = [
    Space::AsItIs,
    Space::Compact,
    Space::Spaced,
    Space::Indented("    "),
    Space::Indented("  "),
    Space::Indented("\t"),
];
const ESCAPES: [Escapes; 3] = [Escapes::AsTheyAre, Escapes::Escaped, Escapes::Plain];
const AS_IT_IS: Style =
    Style { space: Space::AsItIs, slashes: Escapes::AsTheyAre, letters: Escapes::AsTheyAre };

fn other_style(body: &[u8], fits: &dyn Fn(&Suspect) -> bool) -> Option<Mistake> {
    let body = Styled::new(body, AS_IT_IS).filter(|_| body.len() <= RESTYLED_MAX)?;
    // Few bodies have more than one other form of each: what is escaped already stays as it is.
    let differs = |style: &Style| *style == AS_IT_IS || len(&body.with(*style)) != len(&body);
    let slashes = ESCAPES.map(|slashes| Some(Style { slashes, ..AS_IT_IS }).filter(differs));
    let letters = ESCAPES.map(|letters| Some(Style { letters, ..AS_IT_IS }).filter(differs));
    for space in SPACES {
        for Style { slashes, .. } in slashes.into_iter().flatten() {
            for Style { letters, .. } in letters.into_iter().flatten() {
                let style = Style { space, slashes, letters };
                if fits(&Suspect::Styled(body.with(style))) {
                    return Some(named(style));
                }
            }
        }
    }
    None
}

/// By the first thing that is changed: with less changed it was tried before.
fn named(style: Style) -> Mistake {
    match style {
        Style { space: Space::AsItIs, slashes: Escapes::AsTheyAre, .. } => Mistake::BodyUnicode,
        Style { space: Space::AsItIs, .. } => Mistake::BodySlashes,
        _ => Mistake::BodyPretty,
    }
}

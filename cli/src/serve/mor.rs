//! The API of a Kolmisoft MOR server: XML that repeats what was sent. Source: the vendor's page "MOR API hash
//! construction", and servers that are public.
use super::{Refused, Reply, Stand};
use apisig_core::Error;
use apisig_request::Request;
use form_urlencoded::parse;

pub const STAND: Stand = Stand {
    kind: Some("mor"),
    is_mine: |request| request.path().starts_with(b"/billing/api/"),
    is_signed: |_| true,
    other: |_, _| None,
    answer,
    is_from_browsers: false,
    is_open: false,
};

fn answer(request: &Request, refused: Option<Refused>) -> Reply {
    let content = match refused {
        None => accepted(&sent(request)),
        Some(Refused::Check(Error::Method)) => "<status><error>There is no such API</error></status>".into(),
        Some(_) => "<status><error>Incorrect hash</error></status>".into(),
    };
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<page>{content}</page>\n");
    Reply::new(200, "text/xml; charset=utf-8", xml)
}

/// What methods answer with, beside what was sent.
fn accepted(sent: &str) -> String {
    let payment = format!("<payment><payment_id>1</payment_id>{sent}</payment>");
    format!(
        "<status>ok</status><balance>12.50</balance>{sent}<response><status>ok</status>{payment}</response>"
    )
}

/// The parameters, but for the credentials.
fn sent(request: &Request) -> String {
    let form = request.form();
    let forms = [request.query(), form.as_deref()];
    let fields = forms.into_iter().flatten().flat_map(parse);
    let is_name = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let shown = fields.filter(|(name, _)| is_name(name) && name != "p");
    shown.map(|(name, value)| format!("<{name}>{}</{name}>", escaped(&value))).collect()
}

/// What XML 1.0 cannot write is left out.
fn escaped(text: &str) -> String {
    text.chars().filter(|letter| *letter >= ' ' || "\t\n\r".contains(*letter)).fold(
        String::new(),
        |mut text, letter| {
            match letter {
                '<' => text += "&lt;",
                '&' => text += "&amp;",
                '>' => text += "&gt;",
                '\u{fffe}' | '\u{ffff}' => {}
                _ => text.push(letter),
            }
            text
        },
    )
}

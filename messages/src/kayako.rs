//! Kayako REST API: the URL of a request. Source: not on the vendor's page: as its PHP library makes it.
use crate::url;
use apisig_core::Error;
use apisig_core::text::form::{EncodedOnce, FIELDS_MAX, count, only};
use apisig_core::text::{Sink, Text};

/// The URL of a request: `https://help.example.com/api/index.php?e=/Base/User&` and the query; where
/// `standard_url` is wanted, without `e=`.
///
/// The base may end at any part of `/api/index.php`; the query is encoded already. An error
/// if the base is none for [`url::base`]; if the route does not start with a slash; if the query has a
/// field `e`, a `#` or what is not visible ASCII.
pub fn url<'a>(
    base: &'a [u8],
    route: &'a [u8],
    standard_url: bool,
    query: &'a [u8],
) -> Result<impl Text + 'a, Error> {
    let (site, rest) = script(base).ok_or(Error::ArgumentBase)?;
    if route.first() != Some(&b'/') {
        return Err(Error::ArgumentRoute);
    }
    if !query.iter().all(is_in_url) {
        return Err(Error::ArgumentQuery);
    }
    if only(query, "e") != Ok(None) {
        return Err(Error::ArgumentFormName);
    }
    // The route is a field too, and PHP would drop the last one.
    if count(query) >= FIELDS_MAX {
        return Err(Error::ArgumentFormFields);
    }
    let question = if standard_url { "?" } else { "?e=" };
    let and = if query.is_empty() { "" } else { "&" };
    Ok((site, rest, question, Route(route), and, query))
}

/// What of the base is kept, and what of `/api/index.php` it lacks.
fn script(base: &[u8]) -> Option<(&[u8], &'static str)> {
    let (site, host_and_path) = url::base(base)?;
    let rest = if host_and_path.ends_with(b"/index.php") {
        ""
    } else if host_and_path.ends_with(b"/api") {
        "/index.php"
    } else {
        "/api/index.php"
    };
    Some((site, rest))
}

/// Visible ASCII that does not end the URL.
fn is_in_url(byte: &u8) -> bool {
    byte.is_ascii_graphic() && *byte != b'#'
}

/// A route, encoded once but for its slashes. A space is `%20`: the server may or may not read the
/// standard URL as a form.
struct Route<'a>(&'a [u8]);

impl Text for Route<'_> {
    fn write(&self, sink: &mut impl Sink) {
        for byte in self.0 {
            match *byte {
                b'/' => sink.push(b"/"),
                b' ' => sink.push(b"%20"),
                byte => EncodedOnce(&[byte]).write(sink),
            }
        }
    }
}

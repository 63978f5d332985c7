//! Kayako's REST API: XML, and the texts of its refusals. Source: the vendor's page on the REST API, and its server.
use super::{Refused, Reply, Stand};
use apisig_core::text::form::only;
use apisig_request::Request;

pub const STAND: Stand = Stand {
    kind: Some("kayako"),
    is_mine: |request| request.path().ends_with(b"/api/index.php"),
    is_signed: |_| true,
    other: |request, _| value(request, "apikey").is_none().then_some("The parameter apikey is missing."),
    answer,
    is_from_browsers: false,
    is_open: false,
};

fn answer(request: &Request, refused: Option<Refused>) -> Reply {
    if refused.is_none() {
        return Reply::new(200, "text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<users></users>\n");
    }
    let is_salted = value(request, "salt").is_some_and(|salt| salt != b"0");
    Reply::new(401, "text/plain", if is_salted { "FAILED TO AUTHENTICATE" } else { "NO SALT PROVIDED!" })
}

/// A parameter that is there and not empty.
fn value(request: &Request, name: &str) -> Option<Vec<u8>> {
    let form = request.form();
    let forms = [request.query(), form.as_deref()];
    let mut values = forms.into_iter().flatten().filter_map(|form| only(form, name).ok().flatten());
    values.next().map(|value| value.bytes().collect()).filter(|value: &Vec<u8>| !value.is_empty())
}

//! What a request's signature is made of, step by step, for a person who looks for the step that
//! differs.
use super::{SCHEME, method_in_upper_case};
use crate::attempt::Attempt;
use crate::page::{Bytes, Decimal, Explanation, Page, Visible, warn, write_steps, write_warnings};
use apisig_core::kommo::{CONTENT_TYPE, Keys, Request, StringToSign, md5};
use apisig_core::text::Text;
use apisig_core::text::encoding::hex;
use apisig_core::{Error, Time};

/// Explains a request, whose header values are those that were sent; a body that is not known is None. Of
/// the secret only the length and the start of its SHA-256 show.
///
/// An error as by [`StringToSign::new`], and for a method longer than [`METHOD_MAX`](super::METHOD_MAX).
pub fn explain<'a>(
    secret: &'a [u8],
    request: Request<'a>,
    body: Option<&'a [u8]>,
) -> Result<impl Text + use<'a>, Error> {
    Keys::default().add(secret)?;
    let StringToSign { request, path } = StringToSign::new(request)?;
    let method = method_in_upper_case(request.method).ok_or(Error::ArgumentHttpMethod)?;
    let body = body.map(|body| (body, hex::<16, 32>(&md5(body))));
    Ok(Explanation(move |sink: &mut Page| {
        let Request { url, content_md5, content_type, date, .. } = request;
        let lines = [method.as_bytes(), content_md5, content_type, date, path];
        let right = &Attempt::right(SCHEME, secret, lines, "\n");
        write_steps(right, SCHEME, None, sink);
        let names = ["1, method", "2, Content-MD5", "3, Content-Type", "4, Date", "5, path"];
        for (name, line) in names.into_iter().zip(lines) {
            ("line ", name, ": ", Visible(line), "\n").write(sink);
        }
        ("URL: ", Visible(url), "\n").write(sink);
        match &body {
            Some((body, md5)) => ("body: ", Bytes(body.len()), ", MD5 ", md5, "\n").write(sink),
            None => "body: not given\n".write(sink),
        }
        if let Ok(time) = Time::parse(date) {
            ("time: ", Decimal(time.unix_seconds()), " in Unix seconds\n").write(sink);
        }
        write_warnings("secret", secret, sink);
        // That of a GET is empty.
        if let Some((body, _)) = body.filter(|(body, _)| !body.is_empty()) {
            write_warnings("body", body, sink);
        }
        let is_other = body.is_some_and(|(_, md5)| content_md5 != md5);
        warn(
            &[
                (is_other, "Content-MD5 is not the MD5 of the body in lower-case hex"),
                (content_type != CONTENT_TYPE, "Content-Type is not application/json"),
                (Time::parse(date).is_err(), "Date cannot be read"),
                (true, "the signature does not cover the query, the host and other headers"),
            ],
            sink,
        );
    }))
}

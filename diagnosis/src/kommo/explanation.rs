//! What a request's signature is made of, step by step, for a person who looks for the step that
//! differs.
use super::{METHOD_MAX, method_in};
use crate::page::{Length, Page, Secret, Visible, Warnings};
use apisig_core::kommo::{CONTENT_TYPE, Keys, Request, StringToSign, md5, sign_digest};
use apisig_core::text::encoding::hex;
use apisig_core::text::{Line, Number, Sink, Text, len};
use apisig_core::{Error, Time};

/// Explains a request, whose header values are those that were sent; a body that is not known is None. Of
/// the secret only the length and the start of its SHA-256 show.
///
/// An error as by [`StringToSign::new`], and for a method longer than [`METHOD_MAX`].
pub fn explain<'a>(
    secret: &'a [u8],
    request: Request<'a>,
    body: Option<&'a [u8]>,
) -> Result<impl Text + use<'a>, Error> {
    let mut keys = Keys::default();
    keys.add(secret)?;
    let string_to_sign = StringToSign::new(request)?;
    Ok(Explanation {
        secret,
        method: method_in(u8::to_ascii_uppercase, request.method).ok_or(Error::ArgumentHttpMethod)?,
        x_signature: sign_digest(&keys, &string_to_sign)?,
        string_to_sign,
        body: body.map(|body| (body, hex(&md5(body)))),
    })
}

struct Explanation<'a> {
    secret: &'a [u8],
    method: Line<METHOD_MAX>,
    string_to_sign: StringToSign<'a>,
    x_signature: [u8; 40],
    /// With its MD5, if it is known.
    body: Option<(&'a [u8], [u8; 32])>,
}

impl Text for Explanation<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let page = &mut Page(sink);
        self.write_steps(page);
        self.write_warnings(page);
    }
}

impl Explanation<'_> {
    fn write_steps(&self, sink: &mut Page) {
        let StringToSign { request, path } = self.string_to_sign;
        ("secret: ", Secret(self.secret), "\n").write(sink);
        ("URL: ", Visible(request.url), "\n").write(sink);
        match &self.body {
            Some((body, md5)) => ("body: ", Length(body), ", MD5 ", md5, "\n").write(sink),
            None => "body: not given\n".write(sink),
        }
        if let Ok(time) = Time::parse(request.date) {
            ("time: ", Number(time.unix_seconds()), " in Unix seconds\n").write(sink);
        }
        ("line 1, method: ", Visible(self.method.as_bytes()), "\n").write(sink);
        ("line 2, Content-MD5: ", Visible(request.content_md5), "\n").write(sink);
        ("line 3, Content-Type: ", Visible(request.content_type), "\n").write(sink);
        ("line 4, Date: ", Visible(request.date), "\n").write(sink);
        ("line 5, path: ", Visible(path), "\n").write(sink);
        let len = i64::try_from(len(&self.string_to_sign)).unwrap_or(i64::MAX);
        ("string to sign: ", Number(len), " bytes, a line feed between each two lines\n").write(sink);
        ("X-Signature: ", &self.x_signature, "\n").write(sink);
    }

    fn write_warnings(&self, sink: &mut Page) {
        Warnings { name: "secret", value: self.secret }.write(sink);
        // That of a GET is empty.
        if let Some((body, _)) = self.body.filter(|(body, _)| !body.is_empty()) {
            Warnings { name: "body", value: body }.write(sink);
        }
        let Request { content_md5, content_type, date, .. } = self.string_to_sign.request;
        if self.body.is_some_and(|(_, body_md5)| content_md5 != body_md5) {
            "warning: Content-MD5 is not the MD5 of the body in lower-case hex\n".write(sink);
        }
        if content_type != CONTENT_TYPE {
            "warning: Content-Type is not application/json\n".write(sink);
        }
        if Time::parse(date).is_err() {
            "warning: Date cannot be read\n".write(sink);
        }
    }
}

//! Kolmisoft MOR API: which parameters of a request are hashed, how it is known, and why a form is not signed.
use apisig_core::Error;
use apisig_core::mor::methods::Method;
use apisig_core::mor::order::{Parameter, Type};
use apisig_core::mor::request::{FORM_MAX, Refusal, Request};
use apisig_core::text::form::{Encoded, FIELDS_MAX};
use apisig_core::text::{Number, Sink, Text};

/// Which parameters of a form are hashed, in their order, and which are not: two lines of names, a comma between each
/// two.
pub fn parameters<'a>(method: &[u8], form: &'a [u8]) -> Result<impl Text + 'a, Error> {
    Ok(Parameters(Request::read(Some(Method::find(method)?), form).map_err(|_| Error::Malformed)?))
}

struct Parameters<'a>(Request<'a>);

impl Text for Parameters<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let mut hashed = Names { before: "", between: ",", sink };
        self.0.each_hashed(&mut |field| hashed.push(field.name));
        "\n".write(sink);
        let mut others = Names { before: "", between: ",", sink };
        self.0.others().for_each(|field| others.push(field.name));
    }
}

/// Writes names: something before the first one, and between each two.
pub struct Names<'s, S> {
    /// Before the next one.
    pub before: &'s str,
    /// Before those that follow it.
    pub between: &'s str,
    /// What they are written to.
    pub sink: &'s mut S,
}

impl<S: Sink> Names<'_, S> {
    /// Writes the next one.
    pub fn push(&mut self, name: Encoded) {
        (self.before, name).write(self.sink);
        self.before = self.between;
    }
}

/// Whether hashes show what a method hashes: those of requests, or one example of the vendor's. A list alone, of the
/// vendor or of a client library, is false, and so is a method that is not in the registry.
pub fn is_confirmed(method: &[u8]) -> bool {
    Method::find(method).is_ok_and(|method| matches!(method.source(), b"rule" | b"published hash"))
}

/// Where it comes from what a method hashes.
pub(super) fn source(method: Method) -> &'static str {
    match method.source() {
        b"rule" => "requests whose hashes are public",
        b"published hash" => "a hash that the vendor published, of one example",
        b"wiki" => "a list of the vendor, which no hash shows",
        _ => "a list of a client library, which no hash shows",
    }
}

/// Why a form is not signed; an empty text if it is. A method that is not in the registry is [`Error::Method`].
pub fn refusal(method: &[u8], form: &[u8]) -> Result<impl Text + use<>, Error> {
    let request = Request::read(Some(Method::find(method)?), form);
    Ok(request.map_or_else(Some, |request| request.refusal()).map(RefusalText))
}

/// A refusal as one or two sentences.
pub struct RefusalText(pub Refusal);

impl Text for RefusalText {
    fn write(&self, sink: &mut impl Sink) {
        match self.0 {
            Refusal::TooLong => ("The form is longer than ", Number(FORM_MAX as i64), " bytes.").write(sink),
            Refusal::Semicolon => "The form has a semicolon that is not encoded. Write %3B.".write(sink),
            Refusal::Multipart => {
                let fields = Number(FIELDS_MAX as i64);
                ("The form has more than ", fields, " fields, or a line that starts with two hyphens.")
                    .write(sink);
            }
            Refusal::Name => {
                "A parameter's name is empty, or has a character other than A-Z, a-z, 0-9, _ and -. Rename it."
                    .write(sink);
            }
            Refusal::Twice(name) => {
                ("The parameter ", name, " is in the form twice. Send it once.").write(sink);
            }
            Refusal::Value(Parameter(name, kind)) => {
                let words = words(kind);
                (
                    "The parameter ",
                    name,
                    " has to be ",
                    words,
                    ": the server does not hash its value as it is.",
                )
                    .write(sink);
            }
        }
    }
}

/// What a value has to be, for a person.
pub(super) fn words(kind: Type) -> &'static str {
    match kind {
        Type::Text | Type::Never => "text",
        Type::Integer => "digits without leading zeros",
        Type::Digits => "digits",
        Type::DigitsOrAll => "digits or all",
        Type::Balance => "digits, ., - and +",
        Type::Block => "true or false",
        Type::Calls => "a type of call, such as all or answered",
        Type::Direction => "outgoing or incoming",
        Type::Users => "postpaid, prepaid, all, or digits and commas",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_confirm_a_method_and_lists_do_not() {
        for (method, expected) in [
            ("active_calls_get", true),
            ("did_close", true),
            ("lcr_create", false),
            ("spy_call", false),
            ("no_such_method", false),
        ] {
            assert_eq!(is_confirmed(method.as_bytes()), expected, "{method}");
        }
    }
}

//! Kolmisoft MOR API: how the hash of a request is made, for a person to read.
use super::parameters::{Names, source, words};
use super::values::{self, has_value, sent};
use super::{SCHEME, check_secret, right};
use crate::page::{Bytes, Decimal, Explanation, Page, Visible, write_steps, write_warnings};
use apisig_core::Error;
use apisig_core::mor::methods::Method;
use apisig_core::mor::order::Parameter;
use apisig_core::mor::request::Request;
use apisig_core::text::form::{Encoded, Field, fields};
use apisig_core::text::{Text, len};

/// Explains the hash of a request of one's own, a fact a line. Without a method what is hashed is the
/// form as it stands. What the form has as `hash` does not count.
///
/// An empty secret, or one that is too long, is an error; a method that is not in the
/// registry [`Error::Method`]; a form that servers read in different ways [`Error::ArgumentForm`].
pub fn explain<'a>(secret: &'a [u8], name: &'a [u8], form: &'a [u8]) -> Result<impl Text + 'a, Error> {
    check_secret(secret)?;
    let method = (!name.is_empty()).then(|| Method::find(name)).transpose()?;
    let request = Request::read(method, form).map_err(|_| Error::ArgumentForm)?;
    Ok(Explanation(move |sink: &mut Page| {
        let hashed = match method {
            Some(_) => values::Source::Request(&request),
            None => values::Source::Form(form),
        };
        write_steps(&right(secret, hashed), SCHEME, None, sink);
        write_method(method, name, sink);
        let mut number = 0;
        each_value(hashed, &mut |field| {
            number += 1;
            let bytes = Bytes(len(&field.value));
            (Decimal(number), ". ", field.name, " (", bytes, "): ", Visible(field.value), "\n").write(sink);
        });
        write_others(method, form, &request, sink);
        write_warnings("secret", secret, sink);
        each_value(hashed, &mut |field| warn_of(field, sink));
        "warning: the hash does not cover the method, the names, and where one value ends\n".write(sink);
    }))
}

/// The longest value, and name, of which is said what is seldom meant.
const VALUE_MAX: usize = 1024;

#[inline(never)]
fn each_value<'a>(hashed: values::Source<'a>, show: &mut dyn FnMut(Field<'a>)) {
    hashed.each(&mut |field| {
        if has_value(&field) {
            show(field);
        }
    });
}

fn write_method(method: Option<Method>, name: &[u8], sink: &mut Page) {
    let Some(method) = method else {
        return "method: none, the parameters are hashed in the order in which they stand\n".write(sink);
    };
    ("method: ", method.name()).write(sink);
    if name != method.name() {
        (", by its other name ", name).write(sink);
    }
    ("\nwhat it hashes is known from: ", source(method), "\n").write(sink);
}

/// The parameters that do not enter.
fn write_others(method: Option<Method>, form: &[u8], request: &Request, sink: &mut Page) {
    let Some(method) = method else {
        let empty = sent(form).filter(|field| !has_value(field));
        write_line("empty: ", &mut empty.map(|field| field.name), sink);
        let hash = fields(form).filter(|field| field.name.is("hash"));
        return write_line("not hashed: ", &mut hash.map(|field| field.name), sink);
    };
    let is_sent = |name: &[u8]| fields(form).any(|field| field.name.is_bytes(name));
    let mut missing = method.list().filter(|name| !is_sent(name)).map(Encoded::new);
    write_line("not sent: ", &mut missing, sink);
    write_line("not hashed: ", &mut request.others().map(|field| field.name), sink);
    request.each_rewritten(&mut |Parameter(name, kind)| {
        ("not hashed as it was sent: ", name, ", which has to be ", words(kind), "\n").write(sink);
    });
}

/// A line of names. Nothing where there are none.
#[inline(never)]
fn write_line<'a>(title: &str, names: &mut dyn Iterator<Item = Encoded<'a>>, sink: &mut Page) {
    let mut line = Names { before: title, between: ", ", sink };
    names.for_each(|name| line.push(name));
    if line.before != title {
        "\n".write(sink);
    }
}

fn warn_of(field: Field, sink: &mut Page) {
    let (mut name, mut value) = ([0; VALUE_MAX], [0; VALUE_MAX]);
    let name = field.name.decode_into(&mut name).and_then(|name| str::from_utf8(name).ok());
    if let (Some(name), Some(value)) = (name, field.value.decode_into(&mut value)) {
        write_warnings(name, value, sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written;
    use apisig_core::mor::SECRET_MAX;

    fn explained(secret: &str, method: &str, form: &str) -> Result<String, Error> {
        let explanation = explain(secret.as_bytes(), method.as_bytes(), form.as_bytes())?;
        Ok(String::from_utf8(written(&explanation)).unwrap())
    }

    #[test]
    fn where_a_list_comes_from_is_said() {
        for (method, source) in [
            ("did_close", "a hash that the vendor published, of one example"),
            ("lcr_create", "a list of the vendor, which no hash shows"),
            ("spy_call", "a list of a client library, which no hash shows"),
        ] {
            let line = format!("\nwhat it hashes is known from: {source}\n");
            assert!(explained("secret", method, "").unwrap().contains(&line), "{method}");
        }
    }

    #[test]
    fn what_is_no_form_of_ones_own_is_refused() {
        let longest = "s".repeat(SECRET_MAX);
        assert!(explained(&longest, "logout", "").is_ok());
        for (secret, method, form, error) in [
            ("", "logout", "", Error::ArgumentSecret),
            (&format!("{longest}s"), "logout", "", Error::ArgumentSecretLength),
            ("secret", "unknown", "", Error::Method),
            ("secret", "balance", "username[]=a", Error::ArgumentForm),
            ("secret", "", "username[]=a", Error::ArgumentForm),
            ("secret", "balance", "username=a&username=a", Error::ArgumentForm),
        ] {
            assert_eq!(explained(secret, method, form), Err(error), "{method} {form}");
        }
    }

    /// But for lists of names, and for what the caller's own values make longer.
    #[test]
    fn every_line_of_ours_fits_on_a_terminal() {
        for method in ["balance", "payment_create", "logout", ""] {
            let text = explained(&"s".repeat(SECRET_MAX), method, "username=bob&amount=1").unwrap();
            let mut lines = text.lines();
            assert!(lines.all(|line| line.len() <= 80), "{text}");
        }
    }
}

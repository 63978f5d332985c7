//! Kolmisoft MOR API: how the hash of a request is made, for a person to read.
use super::candidate::{Candidate, Fields, has_value, sent};
use super::check_secret;
use crate::page::{Bytes, Length, Page, Secret, VisibleText, Warnings};
use apisig_core::Error;
use apisig_core::crypto::hash::Sha1;
use apisig_core::mor::methods::{Method, Source};
use apisig_core::mor::order::Parameter;
use apisig_core::mor::request::{Names, Request};
use apisig_core::text::encoding::hex;
use apisig_core::text::form::{Encoded, Field, fields};
use apisig_core::text::{Number, Sink, Text, len};

/// Explains the hash of a request of one's own, a fact a line. Without a method what is hashed is the
/// form as it stands. What the form holds as `hash` does not count.
///
/// An empty secret, or one that is too long, is an error; a method that is not in the
/// registry [`Error::Method`]; a form that servers read in different ways [`Error::ArgumentForm`].
pub fn explain<'a>(secret: &'a [u8], name: &'a [u8], form: &'a [u8]) -> Result<impl Text + 'a, Error> {
    check_secret(secret)?;
    let method = (!name.is_empty()).then(|| Method::find(name)).transpose()?;
    let request = Request::read(method, form).map_err(|_| Error::ArgumentForm)?;
    Ok(Explanation { secret, name, method, form, request })
}

struct Explanation<'a> {
    secret: &'a [u8],
    name: &'a [u8],
    method: Option<Method>,
    form: &'a [u8],
    request: Request<'a>,
}

impl Text for Explanation<'_> {
    fn write(&self, sink: &mut impl Sink) {
        self.lines(&mut Page(sink));
    }
}

/// The longest value, and name, of which is said what is seldom meant.
const VALUE_MAX: usize = 1024;

impl Explanation<'_> {
    /// Compiled once for every sink.
    fn lines(&self, sink: &mut Page) {
        self.write_method(sink);
        ("secret: ", Secret(self.secret), "\n").write(sink);
        let mut number = 0;
        self.each_value(|field| {
            number += 1;
            let bytes = Bytes(len(&field.value));
            (Number(number), ". ", field.name, " (", bytes, "): ", VisibleText(field.value), "\n")
                .write(sink);
        });
        self.write_others(sink);
        self.write_hash(sink);
        "not covered by the hash: the method, the names, and where one value ends\n".write(sink);
        Warnings { name: "secret", value: self.secret }.write(sink);
        self.each_value(|field| write_warnings(field, sink));
    }

    fn write_method(&self, sink: &mut Page) {
        let Some(method) = self.method else {
            return "method: none, the parameters are hashed in the order in which they stand\n".write(sink);
        };
        ("method: ", method.name()).write(sink);
        if self.name != method.name() {
            (", by its other name ", self.name).write(sink);
        }
        let source = match method.source() {
            Source::Rule => "requests whose hashes are public",
            Source::PublishedHash => "a hash that the vendor published, of one example",
            Source::Wiki => "a list of the vendor, which no hash shows",
            Source::ClientLibrary => "a list of a client library, which no hash shows",
        };
        ("\nwhat it hashes is known from: ", source, "\n").write(sink);
    }

    /// The parameters that do not enter.
    fn write_others(&self, sink: &mut Page) {
        let Some(method) = self.method else {
            let empty = sent(self.form).filter(|field| !has_value(field));
            write_line("empty: ", empty.map(|field| field.name), sink);
            let hash = fields(self.form).filter(|field| field.name.is("hash"));
            return write_line("not hashed: ", hash.map(|field| field.name), sink);
        };
        let is_sent = |name: &[u8]| fields(self.form).any(|field| field.name.is_bytes(name));
        let missing = method.list().filter(|name| !is_sent(name)).map(Encoded::new);
        write_line("not sent: ", missing, sink);
        write_line("not hashed: ", self.request.others().map(|field| field.name), sink);
        self.request.each_rewritten(&mut |Parameter(name, kind)| {
            ("not hashed as it was sent: ", name, ", which has to be ", kind.words(), "\n").write(sink);
        });
    }

    fn write_hash(&self, sink: &mut Page) {
        let values = Candidate::right(self.fields(), b"");
        let hash: [u8; 40] = hex(&Candidate::right(self.fields(), self.secret).hash::<Sha1>());
        ("hashed text: ", VisibleText(values), "<secret>\n").write(sink);
        ("lengths: values ", Bytes(len(&values)), ", secret ", Length(self.secret), "\n").write(sink);
        ("hash: ", &hash, "\n").write(sink);
    }

    fn fields(&self) -> Fields<'_> {
        self.method.map_or(Fields::Form(self.form), |_| Fields::Request(&self.request))
    }

    fn each_value(&self, mut show: impl FnMut(Field)) {
        self.fields().each(&mut |field| {
            if has_value(&field) {
                show(field);
            }
        });
    }
}

/// A line of names. Nothing where there are none.
fn write_line<'a>(title: &str, names: impl Iterator<Item = Encoded<'a>>, sink: &mut Page) {
    let mut line = Names { before: title, between: ", ", sink };
    names.for_each(|name| line.push(name));
    if line.before != title {
        "\n".write(sink);
    }
}

fn write_warnings(field: Field, sink: &mut Page) {
    let (mut name, mut value) = ([0; VALUE_MAX], [0; VALUE_MAX]);
    let name = field.name.decode_into(&mut name).and_then(|name| str::from_utf8(name).ok());
    if let (Some(name), Some(value)) = (name, field.value.decode_into(&mut value)) {
        Warnings { name, value }.write(sink);
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

    /// The hashes of Python's hashlib.
    #[test]
    fn a_fact_a_line_and_no_secret() {
        assert_eq!(
            explained("secret", "balance", "u=admin&currency=EUR&username=a%2Bb+c&test=&hash=x").unwrap(),
            "\
            method: user_balance_get, by its other name balance\n\
            what it hashes is known from: requests whose hashes are public\n\
            secret: 6 bytes, SHA-256 2bb80d53...\n\
            1. username (5 bytes): a+b c\n\
            2. currency (3 bytes): EUR\n\
            not hashed: u, test, hash\n\
            hashed text: a+b cEUR<secret>\n\
            lengths: values 8 bytes, secret 6 bytes\n\
            hash: 425500c7d7380f6ede4651400d9fec5009b06791\n\
            not covered by the hash: the method, the names, and where one value ends\n"
        );
        assert_eq!(
            explained("456789", "user_balance_update", "balance=ten&user_id=0123&p_currency=").unwrap(),
            "\
            method: user_balance_update\n\
            what it hashes is known from: requests whose hashes are public\n\
            secret: 6 bytes, SHA-256 472bbe83...\n\
            1. user_id (3 bytes): 123\n\
            not hashed: balance, p_currency\n\
            not hashed as it was sent: user_id, which has to be digits without leading zeros\n\
            not hashed as it was sent: balance, which has to be digits, ., - and +\n\
            hashed text: 123<secret>\n\
            lengths: values 3 bytes, secret 6 bytes\n\
            hash: f7c3bc1d808e04732adf679965ccc34ca7ae3441\n\
            not covered by the hash: the method, the names, and where one value ends\n"
        );
        assert_eq!(
            explained("456789", "user_sms_service_subscribe", "user_id=02&sms_lcr_id=1").unwrap(),
            "\
            method: user_sms_service_subscribe\n\
            what it hashes is known from: requests whose hashes are public\n\
            secret: 6 bytes, SHA-256 472bbe83...\n\
            1. user_id (2 bytes): 02\n\
            not sent: sms_tariff_id\n\
            not hashed: sms_lcr_id\n\
            hashed text: 02<secret>\n\
            lengths: values 2 bytes, secret 6 bytes\n\
            hash: d1690eb092f20488f06c022aceed56bea361b612\n\
            not covered by the hash: the method, the names, and where one value ends\n"
        );
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
    fn without_a_method_the_form_is_hashed_as_it_stands() {
        assert_eq!(
            explained("secret\n", "", "b=%c3&%61=%a9%0a&c=&hash=&d=1").unwrap(),
            "\
            method: none, the parameters are hashed in the order in which they stand\n\
            secret: 7 bytes, SHA-256 b37e50ce...\n\
            1. b (1 byte): \\xc3\n\
            2. a (2 bytes): \\xa9\\n\n\
            3. d (1 byte): 1\n\
            empty: c\n\
            not hashed: hash\n\
            hashed text: \u{e9}\\n1<secret>\n\
            lengths: values 4 bytes, secret 7 bytes\n\
            hash: 3d2d7b3e7d1323fdac3bd70ff9aecf3de22a19b4\n\
            not covered by the hash: the method, the names, and where one value ends\n\
            warning: the secret ends with a line feed\n\
            warning: the a ends with a line feed\n"
        );
        let nothing = explained("s", "", "").unwrap();
        assert!(nothing.contains("\nhashed text: <secret>\nlengths: values 0 bytes, secret 1 byte\n"));
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

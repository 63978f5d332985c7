//! Kolmisoft MOR API: how the hash of a request comes about, for a person to read.
use super::candidate::{Candidate, Fields, List, has_value, sent};
use super::methods::Method;
use super::request::Request;
use crate::Error;
use crate::primitives::encoding::hex;
use crate::primitives::form::{Encoded, Field, fields};
use crate::primitives::hash::Sha1;
use crate::primitives::shown::{Bytes, Length, Number, Page, Secret, VisibleText, Warnings};
use crate::primitives::text::{Sink, Text, len};

/// Explains the hash of a request of one's own, a fact a line. Without a method what is hashed is the
/// form as it stands. What the form holds as `hash` does not count.
///
/// An empty secret, or one that is too long, is [`Error::Argument`]; a method that is not in the
/// registry [`Error::Method`]; a form that servers read in different ways [`Error::Argument`].
pub fn explain<'a>(secret: &'a [u8], name: &'a [u8], form: &'a [u8]) -> Result<impl Text + 'a, Error> {
    if secret.is_empty() || secret.len() > super::SECRET_MAX {
        return Err(Error::Argument);
    }
    let method = (!name.is_empty()).then(|| Method::find(name)).transpose()?;
    let request = Request::read(method, form).map_err(|_| Error::Argument)?;
    let listed = List::of(request.fields()).ok_or(Error::Argument)?;
    Ok(Explanation { secret, name, method, form, request, listed })
}

struct Explanation<'a> {
    secret: &'a [u8],
    name: &'a [u8],
    method: Option<Method>,
    form: &'a [u8],
    request: Request<'a>,
    listed: List<'a>,
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
        let confirmed = if method.is_confirmed() {
            "\nconfirmed: yes, by a hash that the vendor published\n"
        } else {
            "\nconfirmed: no, only a list of the vendor or of a client library says so\n"
        };
        confirmed.write(sink);
    }

    /// The parameters that do not enter.
    fn write_others(&self, sink: &mut Page) {
        let parameters = self.request.hashed.iter().filter(|it| !it.name.is_empty());
        let without_value = parameters.filter(|it| it.value.is_none_or(|value| value.is("")));
        let without_value = without_value.map(|it| Encoded::new(it.name));
        let is_hashed =
            |field: &Field| self.method.map_or(!field.name.is("hash"), |_| self.listed.has(field));
        let empty = sent(self.form).filter(|field| self.method.is_none() && !has_value(field));
        let missing = without_value.chain(empty.map(|field| field.name));
        write_names("missing or empty: ", missing, sink);
        let others = fields(self.form).filter(|field| !is_hashed(field));
        write_names("not hashed: ", others.map(|field| field.name), sink);
    }

    fn write_hash(&self, sink: &mut Page) {
        let values = Candidate::right(self.fields(), b"");
        let hash: [u8; 40] = hex(&Candidate::right(self.fields(), self.secret).hash::<Sha1>());
        ("hashed text: ", VisibleText(values), "<secret>\n").write(sink);
        ("lengths: values ", Bytes(len(&values)), ", secret ", Length(self.secret), "\n").write(sink);
        ("hash: ", &hash, "\n").write(sink);
    }

    fn fields(&self) -> Fields<'_> {
        self.method.map_or(Fields::Form(self.form), |_| Fields::Listed(self.listed.fields()))
    }

    fn each_value(&self, mut show: impl FnMut(Field)) {
        self.fields().each(|field| {
            if has_value(&field) {
                show(field);
            }
        });
    }
}

/// A line of names, a comma between each two. Nothing where there are none.
fn write_names<'a>(title: &str, names: impl Iterator<Item = Encoded<'a>>, sink: &mut Page) {
    let (mut before, mut end) = (title, "");
    for name in names {
        (before, name).write(sink);
        (before, end) = (", ", "\n");
    }
    end.write(sink);
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
    use crate::mor::SECRET_MAX;
    use crate::primitives::text::written;

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
            confirmed: no, only a list of the vendor or of a client library says so\n\
            secret: 6 bytes, SHA-256 2bb80d53...\n\
            1. username (5 bytes): a+b c\n\
            2. currency (3 bytes): EUR\n\
            not hashed: u, test, hash\n\
            hashed text: a+b cEUR<secret>\n\
            lengths: values 8 bytes, secret 6 bytes\n\
            hash: 425500c7d7380f6ede4651400d9fec5009b06791\n"
        );
        assert_eq!(
            explained("456789", "payment_create", "amount=+100&user_id=123&p_currency=").unwrap(),
            "\
            method: payment_create\n\
            confirmed: yes, by a hash that the vendor published\n\
            secret: 6 bytes, SHA-256 472bbe83...\n\
            1. user_id (3 bytes): 123\n\
            2. amount (4 bytes):  100\n\
            missing or empty: p_currency, paymenttype, tax_in_amount, transaction, payer_email\n\
            hashed text: 123 100<secret>\n\
            lengths: values 7 bytes, secret 6 bytes\n\
            hash: f5930216da0c10169b1dfb27d435eb794c11af77\n\
            warning: the amount begins with white space\n"
        );
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
            missing or empty: c\n\
            not hashed: hash\n\
            hashed text: \u{e9}\\n1<secret>\n\
            lengths: values 4 bytes, secret 7 bytes\n\
            hash: 3d2d7b3e7d1323fdac3bd70ff9aecf3de22a19b4\n\
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
            ("", "logout", "", Error::Argument),
            (&format!("{longest}s"), "logout", "", Error::Argument),
            ("secret", "unknown", "", Error::Method),
            ("secret", "balance", "username[]=a", Error::Argument),
            ("secret", "", "username[]=a", Error::Argument),
            ("secret", "balance", "username=a&username=a", Error::Argument),
        ] {
            assert_eq!(explained(secret, method, form), Err(error), "{method} {form}");
        }
    }

    /// But for lists of names, and for what the caller's own values make longer.
    #[test]
    fn every_line_of_ours_fits_on_a_terminal() {
        for method in ["balance", "payment_create", "logout", ""] {
            let text = explained(&"s".repeat(SECRET_MAX), method, "username=bob&amount=1").unwrap();
            let mut lines = text.lines().filter(|line| !line.starts_with("missing or empty: "));
            assert!(lines.all(|line| line.len() <= 80), "{text}");
        }
    }
}

//! Kayako REST API: all the parameters of a request, its URL, and how the vendor's server reads them.
//! Source: the vendor's page on generating an API signature; not on the page, but as its PHP library
//! and its framework do it: the URLs, and what the server takes for what.
use super::{Keys, sign};
use crate::Error;
use crate::crypto::constant_time::equal;
use crate::text::encoding::from_base64;
use crate::text::form::{self, Encoded, EncodedOnce, is_read_alike, only};
use crate::text::url;
use crate::text::{Sink, Text};
use subtle::{Choice, ConstantTimeEq};

/// The names of the parameters.
const NAMES: [&str; 3] = ["apikey", "salt", "signature"];

/// The parameters of a request, as a query string that **is encoded once**.
struct Parameters<'a> {
    api_key: &'a [u8],
    salt: &'a [u8],
    signature: [u8; 44],
}

impl Text for Parameters<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let [api_key, salt, signature] = [self.api_key, self.salt, &self.signature].map(EncodedOnce);
        ("apikey=", api_key, "&salt=", salt, "&signature=", signature).write(sink);
    }
}

/// Signs a salt, and puts it and the API key behind a form or query, which may be empty.
/// An API key of white space alone, a salt that the vendor's server takes for none, and a form that
/// [`form::with`] does not take are errors.
///
/// They stand behind the form, since a query may start with a route that has no name.
pub fn sign_form<'a>(
    keys: &Keys,
    api_key: &'a [u8],
    salt: &'a [u8],
    form: &'a [u8],
) -> Result<impl Text + 'a, Error> {
    form::with(form, NAMES, Parameters { api_key: trim(api_key)?, salt, signature: sign(keys, salt)? })
}

/// Checks a query string or a form's body just as the vendor's server does, but in constant time. It
/// refuses a name that is there twice, as a list, or as only PHP reads it. Returns the index of the
/// secret that matched.
pub fn verify_request(keys: &Keys, api_key: &[u8], form: &[u8]) -> Result<usize, Error> {
    let api_key = trim(api_key)?;
    if !is_read_alike(form) {
        return Err(Error::Malformed);
    }
    let [presented, salt, signature] = NAMES.map(|name| only(form, name).map(Option::unwrap_or_default));
    let (presented, salt, signature) = (presented?, salt?, signature?);
    if salt.is("") || salt.is("0") {
        return Err(Error::Malformed);
    }
    let signature = read_signature(signature).ok_or(Error::Mismatch)?;
    let is_key = is_key(presented, api_key);
    keys.find(|key| is_key & equal(&key.of(&salt), &signature))
}

/// Compares all of the API key, whatever was presented.
fn is_key(presented: Encoded, api_key: &[u8]) -> Choice {
    let mut presented = presented.bytes().skip_while(is_trimmed);
    let difference =
        api_key.iter().fold(0, |difference, own| difference | (own ^ presented.next().unwrap_or(!own)));
    let ends = presented.all(|byte| is_trimmed(&byte));
    difference.ct_eq(&0) & Choice::from(u8::from(ends))
}

/// The vendor's server makes a `+` of each space, which a `+` that nobody encoded has become, and trims
/// then: so no space is trimmed.
fn read_signature(presented: Encoded) -> Option<[u8; 32]> {
    let plus = |byte| if byte == b' ' { b'+' } else { byte };
    let mut characters = presented.bytes().map(plus).skip_while(is_trimmed);
    let text: [u8; 44] = core::array::from_fn(|_| characters.next().unwrap_or_default());
    let ends = characters.all(|byte| is_trimmed(&byte));
    from_base64(&text).filter(|_| ends)
}

/// An API key without the white space that the vendor's server would trim.
pub fn trim(api_key: &[u8]) -> Result<&[u8], Error> {
    let kept = |byte: &u8| !is_trimmed(byte);
    let ends = api_key.iter().position(kept).zip(api_key.iter().rposition(kept));
    ends.and_then(|(first, last)| api_key.get(first..=last)).ok_or(Error::ArgumentApiKey)
}

/// What PHP's `trim()` takes away.
fn is_trimmed(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b)
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::text::written;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{KeyInit, Mac};

    const API_KEY: &str = "d5a3-key";
    const SECRETS: [&str; 2] = ["secretkey", "old"];

    fn keys() -> Keys {
        let mut keys = Keys::default();
        SECRETS.iter().for_each(|secret| keys.add(secret.as_bytes()).unwrap());
        keys
    }

    fn signature(secret: &str, salt: &str) -> String {
        let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        STANDARD.encode(mac.chain_update(salt).finalize().into_bytes())
    }

    /// What the vendor's server makes of a form, and PHP before it.
    fn of_server(form: &str) -> Result<usize, Error> {
        let fields: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
        let value = |wanted: &str| {
            let named: Vec<_> = fields
                .iter()
                .filter(|(name, _)| {
                    let name = name.trim_start_matches(' ');
                    name.split(['\0', '[']).next() == Some(wanted)
                })
                .collect();
            match named[..] {
                [] => Ok(String::new()),
                [(name, value)] if name == wanted => Ok(value.to_string()),
                _ => Err(Error::Malformed),
            }
        };
        let white = [' ', '\t', '\n', '\r', '\0', '\x0b'];
        let (api_key, salt, sent) = (value("apikey")?, value("salt")?, value("signature")?);
        if salt.is_empty() || salt == "0" {
            return Err(Error::Malformed);
        }
        let sent = sent.replace(' ', "+");
        let found = SECRETS.iter().position(|secret| sent.trim_matches(white) == signature(secret, &salt));
        found.filter(|_| api_key.trim_matches(white) == API_KEY).ok_or(Error::Mismatch)
    }

    fn check(form: &str) -> Result<usize, Error> {
        let ours = verify_request(&keys(), API_KEY.as_bytes(), form.as_bytes());
        assert_eq!(ours, of_server(form), "{form:?}");
        ours
    }

    fn parameters(salt: &str) -> String {
        let parameters = sign_form(&keys(), API_KEY.as_bytes(), salt.as_bytes(), b"").ok().unwrap();
        String::from_utf8(written(&parameters)).unwrap()
    }

    #[test]
    fn parameters_are_encoded_once_and_accepted() {
        let mut random = Random::new();
        for _ in 0..1000 {
            let salt = random.several(20, |random| random.one_of(b"09az+/= %&?#.-_~*\0\n\x7f"));
            let salt = format!("s{}", String::from_utf8(salt).unwrap());
            let form = parameters(&salt);
            let encode = |text: &str| {
                form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('*', "%2A")
            };
            let sent = signature(SECRETS[0], &salt);
            assert_eq!(form, format!("apikey={API_KEY}&salt={}&signature={}", encode(&salt), encode(&sent)));
            assert_eq!(check(&form), Ok(0));
        }
    }

    #[test]
    fn a_request_that_is_cut_is_refused() {
        let form = parameters("1234567890");
        for end in 0..form.len() {
            let refused = check(&form[..end]);
            let salt = form.find("salt=").unwrap() + "salt=".len();
            let why = if end <= salt { Error::Malformed } else { Error::Mismatch };
            assert_eq!(refused, Err(why), "{end}");
        }
    }

    #[test]
    fn every_byte_changed_to_every_other_is_judged_as_the_server_does() {
        let form = parameters("3777329113");
        for at in 0..form.len() {
            for byte in 0..0x80 {
                let mut changed = form.clone().into_bytes();
                changed[at] = byte;
                let _ = check(str::from_utf8(&changed).unwrap());
            }
        }
    }

    /// One of the choice, but mostly nothing.
    fn rarely(random: &mut Random, choice: &[&'static str]) -> &'static str {
        if random.below(8) == 0 { random.one_of(choice) } else { "" }
    }

    /// Names, values and white space of every kind thrown together, most of them near to what is right.
    #[test]
    fn random_forms_are_judged_as_the_server_does() {
        let mut random = Random::new();
        let mut counts = [0; 3];
        for _ in 0..30_000 {
            let salt = random.one_of(&["7", "7", "7", "a+b", "a+b", "a%20b", "s%00", "0", ""]);
            let decoded = salt.replace(['+', '%'], " ").replace(" 20", " ").replace(" 00", "\0");
            let sent = signature(random.one_of(&["secretkey", "old", "other"]), &decoded);
            let sent = match random.below(4) {
                0 => sent.replace('+', "%2B"),
                1 => sent.replace('+', "%20"),
                2 => sent.replace('/', "%2f"),
                _ => sent,
            };
            let mut form = String::new();
            for (name, value) in [("apikey", API_KEY), ("salt", salt), ("signature", &sent)] {
                let before = rarely(&mut random, &["+", "%20", "%00", "x"]);
                let behind = rarely(&mut random, &["[]", "%00", "%00x", "%5Bx%5D", "+", "."]);
                let (start, end) = match name {
                    "salt" => ("", ""),
                    _ => (
                        rarely(&mut random, &["%0A", "\t", "+", "%00", "%0B", "%0C"]),
                        rarely(&mut random, &["%0A", "\r\n", "+", "%00", "x", "="]),
                    ),
                };
                let field = format!("{before}{name}{behind}={start}{value}{end}&");
                form += &field.repeat(random.one_of(&[1, 1, 1, 1, 1, 1, 1, 0, 2]));
            }
            counts[match check(&form) {
                Ok(_) => 0,
                Err(Error::Malformed) => 1,
                Err(_) => 2,
            }] += 1;
        }
        assert!(counts.iter().all(|count| *count > 1000), "{counts:?}");
    }

    #[test]
    fn an_api_key_of_white_space_is_the_callers_mistake() {
        let form = parameters("1");
        for api_key in ["", " ", "\n", " \t\r\n\0\x0b"] {
            let form = form.replace(API_KEY, api_key);
            assert_eq!(
                verify_request(&keys(), api_key.as_bytes(), form.as_bytes()),
                Err(Error::ArgumentApiKey)
            );
            assert_eq!(sign_form(&keys(), api_key.as_bytes(), b"1", b"").err(), Some(Error::ArgumentApiKey));
        }
        let padded = format!("\0 {API_KEY}\r\n");
        assert_eq!(verify_request(&keys(), padded.as_bytes(), form.as_bytes()), Ok(0));
        assert_eq!(written(&sign_form(&keys(), padded.as_bytes(), b"1", b"").ok().unwrap()), form.as_bytes());
    }

    fn url_of(base: &str, route: &str, standard_url: bool, query: &str) -> Result<String, Error> {
        let url = url(base.as_bytes(), route.as_bytes(), standard_url, query.as_bytes())?;
        Ok(String::from_utf8(written(&url)).unwrap())
    }

    #[test]
    fn a_base_may_end_anywhere() {
        for base in [
            "http://h",
            "HTTPS://u:p@h:8443",
            "https://h/api/v2",
            "https://api",
            "https://h/myapi/xindex.php",
        ] {
            for end in ["", "/", "//", "/api", "/api/", "/api/index.php", "/api/index.php/"] {
                let url = url_of(&format!("{base}{end}"), "/Base/User", false, "");
                assert_eq!(url, Ok(format!("{base}/api/index.php?e=/Base/User")), "{base}{end}");
            }
        }
        let moved = url_of("https://h/kayako/rest/index.php", "/", true, "a=b");
        assert_eq!(moved, Ok("https://h/kayako/rest/index.php?/&a=b".into()));
    }

    #[test]
    fn a_route_is_encoded_once_and_the_query_not_at_all() {
        for (standard_url, start) in [(false, "?e="), (true, "?")] {
            let url = url_of("https://h", "/a b/c+d%2Fe&f=g?h#i/\u{e9}~-._", standard_url, "x=%2B+y");
            let route = "/a%20b/c%2Bd%252Fe%26f%3Dg%3Fh%23i/%C3%A9%7E-._";
            assert_eq!(url, Ok(format!("https://h/api/index.php{start}{route}&x=%2B+y")));
        }
    }

    #[test]
    fn what_is_no_base_no_route_or_no_query_is_refused() {
        for base in [
            "",
            "/",
            "h",
            "//h",
            "ftp://h",
            "https:",
            "https:/",
            "https://",
            "https:///",
            "https:///api",
            "https//h",
            "ht://h",
            "https://h?",
            "https://h/?e=",
            "https://h#",
            "https://h/a b",
            "https://h\n",
            "https://h\0",
            "https://\u{e9}",
            " https://h",
            "https://h\x7f",
        ] {
            assert_eq!(url_of(base, "/x", false, ""), Err(Error::ArgumentBase), "{base:?}");
        }
        for route in ["", "Base/User", "?/Base", " /Base"] {
            assert_eq!(url_of("https://h", route, false, ""), Err(Error::ArgumentRoute), "{route}");
        }
        for query in ["a b", "a#b", "\n", "\0", "\u{e9}", "a\x7f"] {
            assert_eq!(url_of("https://h", "/x", false, query), Err(Error::ArgumentQuery), "{query:?}");
        }
        for query in ["a=1&e=2", "e[]=1"] {
            assert_eq!(url_of("https://h", "/x", false, query), Err(Error::ArgumentFormName), "{query:?}");
        }
    }
}

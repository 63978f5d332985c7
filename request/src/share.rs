//! Decides which parts of a request can be shared: never a credential.
use crate::kind::{Likeness, Taken};
use crate::multipart;
use crate::request::Request;
use crate::verdict::string;
use apisig_core::text::form::fields;

/// Which parts of a kind's requests can be shared.
pub enum Shareable {
    /// Nothing: they have a credential, or are one.
    Nothing,
    /// These headers and the body.
    Headers(&'static [&'static str]),
    /// The parameters of query and body, if no name of one is that of a credential.
    Parameters,
}

/// A request as a text that can be pasted and given to others. None if it has a credential, or may have one.
pub fn shareable(request: &Request, taken: Taken) -> Option<String> {
    if matches!(taken.likeness, None | Some(Likeness::Common(_))) {
        return None;
    }
    let (headers, query): (&[_], _) = match taken.kind.shareable {
        Shareable::Nothing => return None,
        Shareable::Headers(names) => (names, None),
        Shareable::Parameters if has_other_body(request) => return None,
        Shareable::Parameters => (&["Content-Type"], request.query()),
    };
    let body = request.form();
    let mut forms = [query, body.as_deref()].into_iter().flatten();
    if forms.any(|form| !is_plain_form(form) || fields(form).any(|field| is_credential(&string(field.name))))
    {
        return None;
    }
    match (&request.bare, &request.url) {
        (Some(bare), None) => String::from_utf8(bare.clone()).ok(),
        _ => raw(request, headers, query),
    }
}

/// A body whose parameters are not known, such as JSON, or perhaps not all: some servers read parts of a multipart body
/// that others do not.
fn has_other_body(request: &Request) -> bool {
    let has =
        |body: &Vec<u8>| !body.is_empty() && (request.form().is_none() || multipart::form(body).is_some());
    request.body.as_ref().is_some_and(has)
}

/// As raw HTTP. What is not known of it is missing there too.
fn raw(request: &Request, headers: &[&'static str], query: Option<&[u8]>) -> Option<String> {
    let path = str::from_utf8(request.path()).ok()?;
    let query = query.map(str::from_utf8).transpose().ok()?.map(|query| format!("?{query}"));
    let mut text = format!("{} {path}{} HTTP/1.1\n", request.method(), query.unwrap_or_default());
    for name in headers {
        if let Some(value) = request.header(name).ok()? {
            text += &format!("{name}: {}\n", str::from_utf8(value).ok()?);
        }
    }
    let body = request.body.as_deref().or(request.bare.as_deref()).map(str::from_utf8).transpose().ok()?;
    Some(text + "\n" + body.unwrap_or_default())
}

/// Whether every server reads the same fields: it is no JSON or XML, and has no semicolon or line, at which some end a
/// field.
pub fn is_plain_form(form: &[u8]) -> bool {
    let form = form.trim_ascii();
    let is_other = |byte: &u8| matches!(byte, b'<' | b'{' | b';' | b'\r' | b'\n');
    !form.starts_with(b"[") && !form.starts_with(b"\xef\xbb\xbf") && !form.iter().any(is_other)
}

/// Whether a parameter name may be that of a credential. Compares only letters and digits, since servers read `[p]`,
/// ` p` and `p%00x` as p.
pub fn is_credential(name: &str) -> bool {
    let letters = |name: &str| {
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let whole = letters(name);
    let parts =
        ["pass", "pswd", "pw", "token", "key", "secret", "pin", "auth", "module", "register", "session"];
    whole == "p"
        || name.split_once('\0').is_some_and(|(read, _)| letters(read) == "p")
        || parts.iter().any(|part| whole.contains(part))
}

#[cfg(test)]
mod tests {
    use crate::{read, shareable, taken};

    fn shared(pasted: &str) -> Option<String> {
        let requests = read(pasted.as_bytes()).unwrap().requests;
        let (request, taken) = *taken(&requests, None).first().unwrap();
        shareable(request, taken)
    }

    #[test]
    fn a_request_without_a_credential_is_read_again_as_the_same() {
        let raw = "POST /billing/api/user_balance_get?a=b HTTP/1.1\n\
                   Content-Type: application/x-www-form-urlencoded\n\nusername=x&hash=00";
        assert_eq!(shared(raw).as_deref(), Some(raw));
        let in_url = "GET /api/index.php?e=/Base/User&salt=1&signature=x HTTP/1.1\n\n";
        let sent = "curl 'https://u:hidden@desk.example/api/index.php?e=/Base/User&salt=1&signature=x'";
        assert_eq!(shared(sent).as_deref(), Some(in_url));
        assert_eq!(shared("salt=1&signature=x").as_deref(), Some("salt=1&signature=x"));
    }

    #[test]
    fn one_with_a_credential_is_not_shared() {
        for pasted in [
            "https://desk.example/api/index.php?apikey=1&salt=1&signature=x",
            "https://switch.example/billing/api/user_balance_get?u=1&%70=1&hash=00",
            "https://switch.example/billing/api/user_balance_get?[p]=1&hash=00",
            "https://switch.example/billing/api/user_register?pswd=1&hash=00",
            "https://switch.example/billing/api/user_balance_get?p%00x=1&hash=00",
            "https://switch.example/billing/api/user_balance_get?a=1;p=1&hash=00",
            "POST /billing/api/user_balance_get HTTP/1.1\n\nhash=00\np=1",
            "POST /billing/api/x?hash=00 HTTP/1.1\n\n<user><p>1</p></user>",
            "POST /billing/api/x?hash=00 HTTP/1.1\n\n\u{feff}{\"p\":\"1\"}",
            "POST /billing/api/x HTTP/1.1\nContent-Type: multipart/form-data; boundary=b\n\n\
             --b\nContent-Disposition: form-data; name=\"hash\"\n\n00\n--b\n\
             Content-Disposition: form-data; name=p\n\n1\n--b--\n",
            "POST /billing/api/x HTTP/1.1\n\nhash=00&Auth-Token=1",
            "POST /billing/api/x?hash=00 HTTP/1.1\nContent-Type: application/json\n\n{\"p\":1}",
            "https://elsewhere.example/?hash=b93c35d5c6183288322122561a3da7e09abb63b7",
            "POST /hook HTTP/1.1\nX-Signature: 00\n\na=b&p=1",
            "Authorization: Basic dTpw",
            "eyJhbGciOiJIUzI1NiJ9.e30.x",
        ] {
            assert_eq!(shared(pasted), None, "{pasted}");
        }
    }
}

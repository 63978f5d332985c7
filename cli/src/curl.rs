//! A curl command that sends a request exactly as it was signed, or the reason why there is none.
use crate::output::Failure;
use std::path::PathBuf;

/// A request that curl can send.
pub struct HttpRequest {
    pub method: String,
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

/// A body, and the file that it was read from, if any.
#[derive(Default)]
pub struct Body {
    pub bytes: Vec<u8>,
    pub file: Option<PathBuf>,
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Body { bytes: text.into_bytes(), file: None }
    }
}

/// A longer body is read from its file.
const INLINE_MAX: usize = 16 * 1024;
/// The longest argument that the system accepts.
const ARGUMENT_MAX: usize = 128 * 1024 - 1;

impl HttpRequest {
    pub fn curl(&self) -> Result<String, Failure> {
        self.check()?;
        let method = match self.method.as_str() {
            // Behind -X HEAD curl waits for a body.
            "HEAD" => "--head".into(),
            method => format!("-X {method}"),
        };
        // Brackets and braces are not patterns, and dot segments stay.
        let mut command = format!("curl --globoff --path-as-is {method} {}", quoted(&self.url));
        for (name, value) in &self.headers {
            command += &format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
        if let Some(data) = self.data()? {
            command += &format!(" \\\n  {data}");
        }
        Ok(command)
    }

    /// Refuses what curl would change, or read as an option.
    fn check(&self) -> Result<(), Failure> {
        let has_scheme = |scheme: &str| {
            self.url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        let is_sendable = has_scheme("http://") || has_scheme("https://");
        if !is_sendable || !self.url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::usage(
                "no curl command: the URL is not http:// or https://, percent-encoded",
            ));
        }
        if !self.method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Failure::usage("no curl command: the method has characters other than letters"));
        }
        if self.method == "HEAD" && !self.body.bytes.is_empty() {
            return Err(Failure::usage("no curl command: curl sends no body with HEAD"));
        }
        Ok(())
    }

    /// The option that sends the body; from its file, if a command line cannot contain or show it.
    fn data(&self) -> Result<Option<String>, Failure> {
        let Body { bytes, file } = &self.body;
        if bytes.is_empty() {
            // For Content-Length, which many servers require.
            let has_body = matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
            return Ok(has_body.then(|| "--data-raw ''".into()));
        }
        let file = file.as_ref().and_then(|file| file.canonicalize().ok()).filter(|file| file.is_file());
        let file = file.as_ref().and_then(|file| file.to_str()).filter(|file| is_shown(file));
        match (str::from_utf8(bytes).ok().filter(|text| is_shown(text)), file) {
            (Some(text), None) if bytes.len() <= ARGUMENT_MAX => {
                Ok(Some(format!("--data-raw {}", quoted(text))))
            }
            (Some(text), _) if bytes.len() <= INLINE_MAX => Ok(Some(format!("--data-raw {}", quoted(text)))),
            (_, Some(file)) => Ok(Some(format!("--data-binary {}", quoted(&format!("@{file}"))))),
            (_, None) => Err(Failure::usage(
                "no curl command: the body is not text, or too long for a command line: use --body-file",
            )),
        }
    }
}

/// Whether a text keeps its bytes when it is displayed and copied.
fn is_shown(text: &str) -> bool {
    !text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t'))
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_a_shell_means_itself() {
        for text in ["plain-1", "", "it's", "$(rm x)", "a b\n\"`\\"] {
            let output = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {}", quoted(text))])
                .output();
            assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), text);
        }
    }

    fn request(method: &str, url: &str, body: &[u8]) -> HttpRequest {
        let body = Body { bytes: body.to_vec(), file: None };
        HttpRequest { method: method.into(), url: url.into(), headers: Vec::new(), body }
    }

    #[test]
    fn what_curl_would_not_send_as_it_is_gets_no_command() {
        let long = vec![b'x'; ARGUMENT_MAX + 1];
        for (method, url, body) in [
            ("GET", "-o/etc/passwd", &b""[..]),
            ("GET", "ftp://h/x", b""),
            ("GET", "h/x", b""),
            ("GET", "http://h/\u{e9}", b""),
            ("GET", "http://h/a b", b""),
            ("GET", "http://h/\n", b""),
            ("G ET", "http://h/", b""),
            ("-X", "http://h/", b""),
            ("HEAD", "http://h/", b"x"),
            ("POST", "http://h/", b"\0"),
            ("POST", "http://h/", b"\xff"),
            ("POST", "http://h/", b"\x1b[2J"),
            ("POST", "http://h/", b"a\r\n"),
            ("POST", "http://h/", &long),
        ] {
            assert!(request(method, url, body).curl().is_err(), "{method} {url} {body:?}");
        }
        assert!(request("POST", "HTTPS://h/?[1-3]{a}", "{\"a\":\"\u{e9}\n\t'@\"}".as_bytes()).curl().is_ok());
    }
}

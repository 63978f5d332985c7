//! curl commands, as shells, Postman, Chrome and Insomnia write them.
use crate::request::{Header, Request};
use crate::shell::{self, Command};
use crate::verdict::{bytes, visible};
use crate::{Form, Unreadable, cmd, options};
use apisig_core::Encoded;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(crate) const FORM: Form = Form {
    name: "a curl command",
    is_it: |text| is_command(text, NAMES),
    read: |text| requests(text, NAMES, |words| Ok(words.to_vec())),
};

/// What the program is called.
pub const NAMES: &[&str] = &["curl", "curl.exe"];

/// Whether a line, or what is behind a `|`, begins with one of these programs, behind what runs it or not.
pub fn is_command(text: &[u8], names: &[&str]) -> bool {
    let mut commands = text.split(|byte| matches!(byte, b'\n' | b'|'));
    commands.any(|command| {
        let mut words = command.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        behind_runner(&mut words).is_some_and(|word| is_program(word, names)) && words.next().is_some()
    })
}

/// The first word that is neither a variable for one command nor of a command that runs another one, such as
/// `docker exec app`.
fn behind_runner<'a>(words: &mut impl Iterator<Item = &'a [u8]>) -> Option<&'a [u8]> {
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || *byte == b'_';
    let is_variable = |word: &[u8]| {
        let name = word.split(|byte| *byte == b'=').next().unwrap_or_default();
        name.len() < word.len() && name.iter().all(is_name)
    };
    let first = words.find(|word| !is_variable(word))?;
    match RUNNERS.iter().any(|runner| runner.as_bytes() == first) {
        true => words.find(|word| is_program(word, NAMES)),
        false => Some(first),
    }
}

const RUNNERS: &[&str] = &[
    "sudo",
    "time",
    "docker",
    "docker-compose",
    "podman",
    "kubectl",
    "ssh",
    "env",
    "nohup",
    "timeout",
    "watch",
];

/// A program by its name, behind its folder or not.
pub fn is_program(word: &[u8], names: &[&str]) -> bool {
    let name = word.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    names.iter().any(|known| known.as_bytes() == name)
}

/// The words of another program as those of curl.
type AsCurl = fn(&[Vec<u8>]) -> Result<Vec<Vec<u8>>, Unreadable>;

/// The requests of all commands of a program, whose words are made those of curl.
pub fn requests(text: &[u8], names: &[&str], as_curl: AsCurl) -> Result<Vec<Request>, Unreadable> {
    let commands = if cmd::is_for_cmd(text) { cmd::commands(text) } else { shell::commands(text) };
    let mut requests = Vec::new();
    for Command { words, input, is_joined, .. } in commands? {
        let mut words = words.iter().map(Vec::as_slice);
        let Some(program) = behind_runner(&mut words).filter(|word| is_program(word, names)) else {
            continue;
        };
        let (words, notes) = of_windows(program, words);
        let words = as_curl(&words)?;
        let notes = notes.into_iter().chain(is_joined.then_some(JOINED));
        let sent = transfers(&words.iter().map(Vec::as_slice).collect::<Vec<_>>(), input)?;
        requests.extend(sent.into_iter().map(|request| noted(request, notes.clone())));
    }
    Ok(requests)
}

fn noted(mut request: Request, notes: impl Iterator<Item = &'static str>) -> Request {
    notes.for_each(|note| request.note(note));
    request
}

const JOINED: &str = "lines that begin with an option were read as one command; a shell needs a \\ at the end of each line in front";

/// PowerShell 5 hands `'{\"a\"}'` to a program as cmd does.
fn of_windows<'a>(
    program: &[u8],
    words: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Vec<u8>>, Option<&'static str>) {
    let words: Vec<Vec<u8>> = words.map(<[u8]>::to_vec).collect();
    let has_escapes = |word: &Vec<u8>| word.windows(2).any(|pair| pair == b"\\\"");
    if !program.ends_with(b".exe") || !words.iter().any(has_escapes) {
        return (words, None);
    }
    let unescaped = |word: Vec<u8>| {
        String::from_utf8(word)
            .map_or_else(|error| error.into_bytes(), |word| word.replace("\\\"", "\"").into_bytes())
    };
    (
        words.into_iter().map(unescaped).collect(),
        Some("\\\" was read as PowerShell 5 does, as \"; PowerShell 7.3 sends the backslash too"),
    )
}

/// What one command sends: `--next` begins anew.
fn transfers(words: &[&[u8]], mut input: Option<Vec<u8>>) -> Result<Vec<Request>, Unreadable> {
    let parts = words.split(|word| matches!(*word, b"--next" | b"-:"));
    let mut requests = Vec::new();
    for part in parts {
        let mut transfer = Transfer { input: input.take(), ..Transfer::default() };
        let mut words = part.iter().copied();
        while let Some(word) = words.next() {
            transfer.take(word, &mut words)?;
        }
        input = transfer.input.take();
        if transfer.urls.len() > URLS_MAX {
            return Err(Unreadable::new(
                "The command has more than 16 URLs. Paste the one that was refused.",
            ));
        }
        requests.extend(transfer.requests());
    }
    Ok(requests)
}

/// The options of a transfer.
#[derive(Default)]
struct Transfer {
    urls: Vec<Vec<u8>>,
    method: Option<Vec<u8>>,
    headers: Vec<Header>,
    /// Of -d and its kind, joined.
    data: Option<Vec<u8>>,
    query: Vec<Vec<u8>>,
    /// Of -F: a form.
    fields: Option<Vec<u8>>,
    user: Option<Vec<u8>>,
    /// Of a here-document, which is the file -.
    input: Option<Vec<u8>>,
    is_get: bool,
    is_head: bool,
    is_json: bool,
    is_upload: bool,
    /// Of a file of headers nothing is known.
    has_other_headers: bool,
    notes: Vec<String>,
}

impl Transfer {
    fn take<'a>(
        &mut self,
        word: &'a [u8],
        words: &mut impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), Unreadable> {
        let mut value = |option: &str| {
            words.next().ok_or_else(|| Unreadable::new(format!("The command was cut off behind {option}.")))
        };
        match word {
            [b'-', b'-', name @ ..] => {
                let name = str::from_utf8(name).unwrap_or_default();
                match options::LONG.contains(&name) {
                    true => self.option(name, value(&format!("--{name}"))?),
                    false => self.flag(name),
                }
            }
            [b'-', letters @ ..] if !letters.is_empty() => self.letters(letters, value)?,
            url => self.urls.push(url.to_vec()),
        }
        Ok(())
    }

    /// Short options: the value of one is the rest of the word, or else the next one.
    fn letters<'a>(
        &mut self,
        letters: &'a [u8],
        mut value: impl FnMut(&str) -> Result<&'a [u8], Unreadable>,
    ) -> Result<(), Unreadable> {
        for (at, letter) in letters.iter().enumerate() {
            if options::SHORT.contains(letter) {
                let rest = letters.get(at + 1..).filter(|rest| !rest.is_empty());
                let value = rest.map_or_else(|| value(&format!("-{}", char::from(*letter))), Ok)?;
                self.option(long(*letter), value);
                return Ok(());
            }
            self.flag(match letter {
                b'G' => "get",
                b'I' => "head",
                _ => "",
            });
        }
        Ok(())
    }

    fn flag(&mut self, name: &str) {
        self.is_get |= name == "get";
        self.is_head |= name == "head";
    }

    fn option(&mut self, name: &str, value: &[u8]) {
        match name {
            "url" => self.urls.push(value.to_vec()),
            "request" => self.method = Some(value.to_vec()),
            "header" => self.header(value),
            "user" => self.user = Some(value.to_vec()),
            "oauth2-bearer" => self.headers.push((b"Authorization".to_vec(), [b"Bearer ", value].concat())),
            "data" | "data-ascii" => self.data_or_file(value, b"&", |byte| !matches!(byte, b'\r' | b'\n')),
            "data-binary" => self.data_or_file(value, b"&", |_| true),
            "data-raw" => self.data(value, b"&"),
            "json" => {
                self.is_json = true;
                self.data_or_file(value, b"", |_| true);
            }
            "data-urlencode" => match encoded(value) {
                Ok(field) => self.data(&field, b"&"),
                Err(file) => self.file(file),
            },
            "url-query" => match encoded(value) {
                Ok(field) => self.query.push(field),
                Err(file) => self.file(file),
            },
            "form" => self.field(value, true),
            "form-string" => self.field(value, false),
            "upload-file" => {
                self.is_upload = true;
                self.file(value);
            }
            _ => (),
        }
    }

    /// `Name: value`; `Name;` is empty; what has no value removes one of curl's own.
    fn header(&mut self, line: &[u8]) {
        let colon = line.iter().position(|byte| *byte == b':');
        if let Some(file) = line.strip_prefix(b"@") {
            self.has_other_headers = true;
            self.notes.push(format!("the headers of the file {} are missing: paste them", visible(file)));
        } else if let Some((name, rest)) = colon.and_then(|at| line.split_at_checked(at)) {
            let value = rest.get(1..).unwrap_or_default().trim_ascii();
            if !value.is_empty() {
                self.headers.push((name.to_vec(), value.to_vec()));
            }
        } else if let Some(name) = line.strip_suffix(b";") {
            self.headers.push((name.to_vec(), Vec::new()));
        }
    }

    /// The here-document's bytes in place of the file -, without its line ends where curl drops them.
    fn data_or_file(&mut self, value: &[u8], between: &[u8], is_kept: fn(&u8) -> bool) {
        match (value.strip_prefix(b"@"), self.input.take()) {
            (Some(b"-"), Some(input)) => {
                let kept: Vec<u8> = input.into_iter().filter(is_kept).collect();
                self.data(&kept, between);
            }
            (Some(file), _) => self.file(file),
            (None, input) => {
                self.input = input;
                self.data(value, between);
            }
        }
    }

    fn data(&mut self, value: &[u8], between: &[u8]) {
        match &mut self.data {
            Some(data) => data.extend([between, value].concat()),
            None => self.data = Some(value.to_vec()),
        }
    }

    /// What stands in a file was not pasted.
    fn file(&mut self, file: &[u8]) {
        self.notes.push(format!("{FILE}{}", visible(file)));
    }

    /// A field of -F: `name=value`, `name="value"`, `name=value;type=…`, or a file.
    fn field(&mut self, field: &[u8], has_syntax: bool) {
        let at = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
        let (name, value) = field.split_at_checked(at).unwrap_or_default();
        let value = value.get(1..).unwrap_or_default();
        if has_syntax && matches!(value.first(), Some(b'@' | b'<')) {
            return self.file(value.get(1..).unwrap_or_default());
        }
        let value = if has_syntax { unquoted(value) } else { value.to_vec() };
        crate::multipart::push(self.fields.get_or_insert_default(), name, &value);
    }

    fn requests(self) -> Vec<Request> {
        let is_missing = self.notes.iter().any(|note| note.starts_with(FILE));
        let has_body = self.data.is_some() || self.fields.is_some() || is_missing;
        let method = match &self.method {
            Some(method) => String::from_utf8_lossy(method).into_owned(),
            None if self.is_head => "HEAD".into(),
            None if self.is_upload => "PUT".into(),
            None if has_body && !self.is_get => "POST".into(),
            None => "GET".into(),
        };
        let (body, query) = match self.is_get {
            true => (Some(Vec::new()), self.data.as_deref()),
            false if is_missing || self.fields.is_some() => (None, None),
            false => (Some(self.data.clone().unwrap_or_default()), None),
        };
        let query: Vec<&[u8]> = query.into_iter().chain(self.query.iter().map(Vec::as_slice)).collect();
        let query = query.join(&b'&');
        let request = Request {
            method: Some(method),
            headers: (!self.has_other_headers).then(|| self.all_headers()),
            body,
            bare: self.fields.clone(),
            notes: self.notes.clone(),
            ..Request::default()
        };
        self.urls
            .iter()
            .map(|url| Request { url: Some(with_query(url, &query)), ..request.clone() })
            .collect()
    }

    /// With those that curl adds itself.
    fn all_headers(&self) -> Vec<Header> {
        let mut headers = self.headers.clone();
        let mut add = |name: &str, value: &[u8]| {
            if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes())) {
                headers.push((name.into(), value.to_vec()));
            }
        };
        match (&self.data, self.is_json) {
            (_, true) => add("Content-Type", b"application/json"),
            (Some(_), false) if !self.is_get => add("Content-Type", b"application/x-www-form-urlencoded"),
            _ => (),
        }
        let of_url = self.urls.first().and_then(|url| user_of(url));
        if let Some(user) = self.user.clone().or(of_url) {
            add("Authorization", format!("Basic {}", STANDARD.encode(user)).as_bytes());
        }
        headers
    }
}

/// Each gets a copy of the body.
const URLS_MAX: usize = 16;

/// How the note about a body in a file begins.
const FILE: &str = "the body is missing: paste what is in the file ";

/// The long name of a short option that means something here.
fn long(letter: u8) -> &'static str {
    match letter {
        b'X' => "request",
        b'H' => "header",
        b'd' => "data",
        b'F' => "form",
        b'u' => "user",
        b'T' => "upload-file",
        _ => "",
    }
}

/// `content`, `=content` and `name=content` with the content encoded, or the file that it is in.
fn encoded(value: &[u8]) -> Result<Vec<u8>, &[u8]> {
    let at = value.iter().position(|byte| matches!(byte, b'=' | b'@'));
    let (name, rest) = at.and_then(|at| value.split_at_checked(at)).unwrap_or((b"", value));
    match rest {
        [b'@', file @ ..] => Err(file),
        [b'=', content @ ..] if name.is_empty() => Ok(percent_encoded(content)),
        [b'=', content @ ..] => Ok([name, b"=", &percent_encoded(content)].concat()),
        content => Ok(percent_encoded(content)),
    }
}

/// As curl does: a space is %20.
fn percent_encoded(text: &[u8]) -> Vec<u8> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: &u8| if is_plain(*byte) { vec![*byte] } else { format!("%{byte:02X}").into_bytes() };
    text.iter().flat_map(encode).collect()
}

/// A value of -F without its quotation marks, or what follows a semicolon.
fn unquoted(value: &[u8]) -> Vec<u8> {
    let Some(quoted) = value.strip_prefix(b"\"") else {
        return value.split(|byte| *byte == b';').next().unwrap_or_default().to_vec();
    };
    let (mut text, mut bytes) = (Vec::new(), quoted.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => text.extend(bytes.next()),
            byte => text.push(*byte),
        }
    }
    text
}

/// `user:password` of a URL, which curl sends as a login.
fn user_of(url: &[u8]) -> Option<Vec<u8>> {
    let at = url.windows(3).position(|bytes| bytes == b"://")?;
    let host = url.get(at + 3..)?.split(|byte| matches!(byte, b'/' | b'?' | b'#')).next()?;
    let end = host.iter().rposition(|byte| *byte == b'@')?;
    // A + stands for itself.
    let parts = host.get(..end)?.split(|byte| *byte == b'+').map(|part| bytes(Encoded::new(part)));
    Some(parts.collect::<Vec<_>>().join(&b'+'))
}

/// A URL as curl sends it: without a scheme it is http, and the fragment stays here.
fn with_query(url: &[u8], query: &[u8]) -> Vec<u8> {
    let url = url.split(|byte| *byte == b'#').next().unwrap_or_default();
    let scheme = if url.windows(3).any(|bytes| bytes == b"://") { "" } else { "http://" };
    let separator = if query.is_empty() {
        ""
    } else if url.contains(&b'?') {
        "&"
    } else {
        "?"
    };
    [scheme.as_bytes(), url, separator.as_bytes(), query].concat()
}

//! Names and values, as programs print and write them: `print_r`, `var_dump`, `console.log`, headers as JSON with the
//! body below, Ruby's parameters, and code that sends a request (fetch, PowerShell, Python, PHP's curl, Bruno).
use crate::heads::lines;
use crate::request::{Header, Request};
use crate::verdict::visible;
use crate::{Form, Unreadable, literal, multipart, recognize};

pub(crate) const FORM: Form = Form { name: "code, or what a program printed", is_it, read };

/// What the parts of a request are called, in lower case.
const URL: &[&str] = &["url", "uri", "request_uri"];
const METHOD: &[&str] = &["method", "request_method", "customrequest"];
const BODY: &[&str] = &["body", "data", "payload", "content", "postfields", "request_body", "raw"];
/// What fields are printed under.
const FIELDS: &[&str] =
    &["params", "data", "form_params", "query", "parameters", "_post", "_get", "form", "body", "payload"];
/// What only an answer has.
const OF_ANSWER: &[&str] = &["server", "set-cookie", "x-powered-by", "etag"];

fn is_it(text: &[u8]) -> bool {
    recognize(&request(text, &Dump::new(text))).is_some()
}

/// A value that was not pasted is none that could be checked.
fn read(text: &[u8]) -> Result<Vec<Request>, Unreadable> {
    let dump = Dump::new(text);
    let headers = dump.header_group();
    let unknown = dump.pairs.iter().find(|pair| {
        !pair.is_known
            && (dump.is_of_fields(pair.group) || headers == Some(pair.group) && is_header_name(&pair.name))
    });
    match unknown {
        Some(Pair { name, .. }) => Err(Unreadable::new(format!(
            "The code has a variable or a call in place of {}: put in the value that was sent.",
            visible(name)
        ))),
        None => Ok(vec![request(text, &dump)]),
    }
}

/// The fields of `{"a"=>"b"}`, as a form.
pub fn form(text: &[u8]) -> Vec<u8> {
    let dump = Dump::new(text);
    dump.form(|_| true)
}

fn request(text: &[u8], dump: &Dump) -> Request {
    let group = dump.header_group();
    let headers = group.map(|group| dump.headers(group));
    let url = dump.first(URL, is_place).or(dump.lone(is_place));
    let method = dump.first(METHOD, is_method).or(dump.lone(is_method)).or(dump.called());
    let behind = || {
        let group = dump.groups.get(group?).filter(|group| group.parent == 0)?;
        Some(text.get(group.end..)?.trim_ascii().to_vec())
    };
    let named = dump.first(BODY, |value| !is_word(value)).or(of_bruno(text));
    let body = named.or_else(|| behind().filter(|text| !text.is_empty() && url.is_none()));
    let is_known = headers.is_some() || url.is_some() || body.is_some();
    let bare = dump.form(|group| !is_known || dump.is_of_fields(group));
    let mut request = Request {
        method: method.map(|method| String::from_utf8_lossy(&method).to_ascii_uppercase()),
        url,
        headers,
        body,
        bare: (!bare.is_empty()).then_some(bare),
        ..Request::default()
    };
    if request.method.is_none() && request.url.is_some() && request.body.is_some() {
        request.method = Some("POST".into());
        request.note("the method was not pasted; since there is a body, POST was assumed");
    }
    if request.body.is_none() && request.is_without_body() {
        request.body = request.headers.is_some().then(Vec::new);
    } else if request.body.is_none() && request.headers.is_some() {
        request.note("the body is missing: it was not printed");
    }
    request
}

/// What is between `body:json {` and the line `}`, without the two spaces in front of each line.
fn of_bruno(text: &[u8]) -> Option<Vec<u8>> {
    let is_begin = |line: &&[u8]| line.starts_with(b"body:") && line.ends_with(b"{");
    let body = lines(text).skip_while(|line| !is_begin(line)).skip(1).take_while(|line| *line != b"}");
    let body: Vec<&[u8]> = body.map(|line| line.strip_prefix(b"  ").unwrap_or(line)).collect();
    (!body.is_empty()).then(|| body.join(&b'\n'))
}

fn is_place(value: &[u8]) -> bool {
    value.starts_with(b"/") || value.starts_with(b"http://") || value.starts_with(b"https://")
}

fn is_method(value: &[u8]) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
        .iter()
        .any(|method| value.eq_ignore_ascii_case(method.as_bytes()))
}

/// A variable's name, not a value.
fn is_word(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.$".contains(byte))
}

fn is_one_of(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|known| known.as_bytes() == name)
}

/// In lower case, without what stands in front: `$session.`, `CURLOPT_`, `-` of PowerShell.
fn plain(name: &[u8]) -> Vec<u8> {
    let name = name.rsplit(|byte| matches!(byte, b'.' | b'$' | b'>')).next().unwrap_or_default();
    let name = name.strip_prefix(b"-").unwrap_or(name).to_ascii_lowercase();
    name.strip_prefix(b"curlopt_").map_or(name.clone(), <[u8]>::to_vec)
}

/// What a header is called where CGI gave it a name of its own: `HTTP_X_SIGNATURE`.
pub fn header_name(name: &[u8]) -> Vec<u8> {
    let of_cgi = name.strip_prefix(b"HTTP_").or(Some(name).filter(|name| name.starts_with(b"CONTENT_")));
    let dashed = |name: &[u8]| name.iter().map(|byte| if *byte == b'_' { b'-' } else { *byte }).collect();
    of_cgi.map_or_else(|| name.to_vec(), dashed)
}

fn is_header_name(name: &[u8]) -> bool {
    let name = header_name(name).to_ascii_lowercase();
    is_one_of(&["host", "date", "authorization", "accept", "user-agent"], &name)
        || name.starts_with(b"x-")
        || name.starts_with(b"content-")
}

/// A name and its value, of a group.
struct Pair {
    group: usize,
    name: Vec<u8>,
    value: Vec<u8>,
    /// Not a variable, or what a call returns.
    is_known: bool,
}

/// What is between two brackets. The first one is the whole text.
#[derive(Default)]
struct Group {
    name: Vec<u8>,
    parent: usize,
    /// Where the text goes on behind it.
    end: usize,
}

struct Dump {
    pairs: Vec<Pair>,
    groups: Vec<Group>,
}

impl Dump {
    fn new(text: &[u8]) -> Self {
        let mut reader = Reader {
            text,
            rest: text,
            name: None,
            word: None,
            unclosed: Vec::new(),
            open: Vec::new(),
            dump: Dump { pairs: Vec::new(), groups: vec![Group::default()] },
        };
        while let Some(byte) = reader.rest.first() {
            reader.read(*byte);
        }
        reader.dump
    }

    fn known(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| pair.is_known)
    }

    fn first(&self, names: &[&str], is_it: fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        let pair = self.known().find(|pair| is_one_of(names, &plain(&pair.name)) && is_it(&pair.value));
        pair.map(|pair| pair.value.clone())
    }

    /// `requests.post(…)`, or `post {…}` of Bruno.
    fn called(&self) -> Option<Vec<u8>> {
        self.groups.iter().map(|group| plain(&group.name)).find(|name| is_method(name))
    }

    /// A value without a name.
    fn lone(&self, is_it: fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        self.known().find(|pair| pair.name.is_empty() && is_it(&pair.value)).map(|pair| pair.value.clone())
    }

    /// The group with the most headers, the first of several, which is none of an answer.
    fn header_group(&self) -> Option<usize> {
        let (mut counts, mut of_answer) = (vec![0_usize; self.groups.len()], vec![false; self.groups.len()]);
        for Pair { group, name, .. } in &self.pairs {
            if let Some((count, of_answer)) = counts.get_mut(*group).zip(of_answer.get_mut(*group)) {
                *count += usize::from(is_header_name(name));
                *of_answer |= is_one_of(OF_ANSWER, &name.to_ascii_lowercase());
            }
        }
        let best = (0..counts.len()).rev().filter(|group| of_answer.get(*group) == Some(&false));
        best.max_by_key(|group| counts.get(*group)).filter(|group| counts.get(*group) > Some(&0))
    }

    fn headers(&self, group: usize) -> Vec<Header> {
        let is_other = |name: &[u8]| {
            let name = plain(name);
            name.is_empty()
                || [URL, METHOD, BODY, &["authority", "path", "scheme"]]
                    .iter()
                    .any(|names| is_one_of(names, &name))
        };
        let of_group = self.pairs.iter().filter(|pair| pair.group == group && !is_other(&pair.name));
        let mut headers: Vec<Header> =
            of_group.map(|pair| (header_name(&pair.name), pair.value.clone())).collect();
        let content_type = self.first(&["contenttype"], |_| true);
        headers.extend(content_type.map(|value| (b"Content-Type".to_vec(), value)));
        headers
    }

    fn is_of_fields(&self, group: usize) -> bool {
        self.groups.get(group).is_some_and(|group| is_one_of(FIELDS, &plain(&group.name)))
    }

    /// The pairs of such groups, as PHP names them: `a[b]` is of a group in another one.
    fn form(&self, is_it: impl Fn(usize) -> bool) -> Vec<u8> {
        let mut form = Vec::new();
        let pairs = self.known().filter(|pair| is_it(pair.group) && !pair.name.is_empty());
        for Pair { group, name, value, .. } in pairs {
            let of = self.groups.get(*group).filter(|group| group.parent != 0 && !group.name.is_empty());
            match of.filter(|_| !self.is_of_fields(*group)) {
                Some(group) => {
                    multipart::push(&mut form, &[&group.name, &b"["[..], name, b"]"].concat(), value)
                }
                None => multipart::push(&mut form, name, value),
            }
        }
        form
    }
}

/// The most bytes of a name in brackets.
const NAME_MAX: usize = 200;

struct Reader<'a> {
    text: &'a [u8],
    rest: &'a [u8],
    /// Of the next value.
    name: Option<Vec<u8>>,
    /// What may turn out to be a name.
    word: Option<Vec<u8>>,
    /// Quotation marks that do not come again.
    unclosed: Vec<u8>,
    /// Groups, and whether each is in square brackets.
    open: Vec<(usize, bool)>,
    dump: Dump,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn line(&self) -> &'a [u8] {
        self.rest.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii()
    }

    fn read(&mut self, byte: u8) {
        match byte {
            b'"' | b'\'' | b'`' if self.quoted(byte) => (),
            b'[' if self.name_in_brackets() => (),
            b'{' | b'(' | b'[' => self.begin(byte),
            b'}' | b')' | b']' => self.end(),
            b',' | b';' => {
                self.skip(1);
                (self.name, self.word) = (None, None);
            }
            b':' | b'=' => self.separator(),
            byte if byte.is_ascii_alphanumeric() || b"_-$".contains(&byte) => self.word(),
            _ => self.skip(1),
        }
    }

    fn begin(&mut self, byte: u8) {
        self.skip(1);
        let name = self.name.take().or(self.word.take()).unwrap_or_default();
        let parent = self.open.last().map_or(0, |(group, _)| *group);
        self.open.push((self.dump.groups.len(), byte == b'['));
        self.dump.groups.push(Group { name, parent, end: 0 });
    }

    fn end(&mut self) {
        self.skip(1);
        let end = self.text.len() - self.rest.len();
        let group = self.open.pop().and_then(|(group, _)| self.dump.groups.get_mut(group));
        group.into_iter().for_each(|group| group.end = end);
        (self.name, self.word) = (None, None);
    }

    fn push(&mut self, value: Vec<u8>, is_known: bool) {
        let (group, is_list) = self.open.last().copied().unwrap_or_default();
        let name = self.name.take().unwrap_or_default();
        // `'Date: …'` of a list of headers.
        let colon = value.windows(2).take(NAME_MAX).position(|pair| pair == b": ");
        let (group, name, value) = match colon.and_then(|at| value.split_at_checked(at)) {
            Some((header, text)) if is_header_name(header) && !header.contains(&b' ') => {
                (group, header.to_vec(), text.get(2..).unwrap_or_default().trim_ascii().to_vec())
            }
            _ => {
                // A value of a list is one of the list's name.
                let is_numbered = if name.is_empty() { is_list } else { name.iter().all(u8::is_ascii_digit) };
                let list = self.dump.groups.get(group).filter(|list| is_numbered && !list.name.is_empty());
                let (group, name) = list.map_or((group, name), |list| (list.parent, list.name.clone()));
                (group, name, value)
            }
        };
        let is_filled_in = is_header_name(&name) && value.iter().any(|byte| matches!(byte, b'$' | b'{'));
        self.dump.pairs.push(Pair { group, name, value, is_known: is_known && !is_filled_in });
    }

    /// A text in quotation marks: a name, if a separator follows.
    fn quoted(&mut self, quote: u8) -> bool {
        let before = self.text.get((self.text.len() - self.rest.len()).wrapping_sub(2)..).unwrap_or_default();
        let is_line_end = |text: &[u8]| matches!(text.get(1), None | Some(b'\r' | b'\n'));
        let is_apostrophe =
            matches!(before, [a, b, ..] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric());
        if quote == b'`' && is_line_end(self.rest) || is_apostrophe || self.unclosed.contains(&quote) {
            return false;
        }
        let Some((text, rest)) = literal::string(self.rest) else {
            self.unclosed.push(quote);
            return false;
        };
        self.rest = rest;
        let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        match next {
            Some(b':' | b'=') => self.word = Some(text),
            // Something is joined to it.
            Some(b'+' | b'%') => self.push(text, false),
            Some(b'.') if !is_line_end(rest) => self.push(text, false),
            _ => self.push(text, true),
        }
        true
    }

    /// `[name] => value` of `print_r`, and `["name"]=>` of `var_dump`.
    fn name_in_brackets(&mut self) -> bool {
        let head = self.rest.get(..self.rest.len().min(NAME_MAX)).unwrap_or_default();
        let Some(end) = head.iter().skip(1).position(|byte| matches!(byte, b'[' | b']' | b'\n')) else {
            return false;
        };
        let end = end + 1;
        let behind = self.rest.get(end..).unwrap_or_default();
        let Some(behind) = behind.strip_prefix(b"] =>").or(behind.strip_prefix(b"]=>")) else { return false };
        let name = self.rest.get(1..end).unwrap_or_default();
        let is_dumped = name.starts_with(b"\"");
        self.name = Some(name.iter().copied().filter(|byte| *byte != b'"').collect());
        self.rest = behind;
        if is_dumped {
            self.skip_spaces();
            if let Some((value, rest)) = dumped(self.rest) {
                self.push(value.to_vec(), true);
                self.rest = rest;
            }
            return true;
        }
        let value = self.line();
        if value.ends_with(b"Array") || value.ends_with(b"Object") {
            self.skip(value.len() + 1);
        } else {
            self.skip(self.rest.split(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len));
            self.push(value.to_vec(), true);
        }
        true
    }

    /// Behind a name.
    fn separator(&mut self) {
        let is_separator = |byte: &&u8| matches!(byte, b':' | b'=' | b'>');
        self.skip(self.rest.iter().take_while(is_separator).count());
        let Some(name) = self.word.take() else { return };
        self.name = Some(name);
        self.skip(self.rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count());
        let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_.+$>:\\-".contains(byte);
        let (word, behind) =
            self.rest.split_at_checked(self.rest.iter().take_while(is_word).count()).unwrap_or_default();
        match behind.first() {
            None | Some(b'"' | b'\'' | b'`' | b'{' | b'(' | b'[' | b'@' | b'\r' | b'\n')
                if word.is_empty() => {}
            // Bytes in Python; a list.
            Some(b'"' | b'\'' | b'[') => self.skip(word.len()),
            Some(b'(') if word == b"array" => self.skip(word.len()),
            // What a call returns is not known. Its arguments are read.
            Some(b'(') => self.push(Vec::new(), false),
            Some(b',') if goes_on(behind) => self.bare(word),
            _ if matches!(behind.trim_ascii_start().first(), Some(b')' | b'}' | b']' | b';')) => {
                self.bare(word)
            }
            _ => self.rest_of_line(),
        }
    }

    /// A value without quotation marks, or what stands in front of a bracket: `Array`, `Object [AxiosHeaders] {`.
    fn rest_of_line(&mut self) {
        let line = self.line();
        match line.last() {
            Some(b'{' | b'(' | b'[') => self.skip(line.len() - 1),
            _ if line.ends_with(b"Array") => self.skip(line.len()),
            _ => {
                self.skip(line.len());
                let value = line.strip_suffix(b",").or(line.strip_suffix(b";")).unwrap_or(line);
                self.push(value.to_vec(), !value.starts_with(b"$") && !value.starts_with(b"new "));
            }
        }
    }

    /// A number, or a variable, whose value is not known.
    fn bare(&mut self, word: &[u8]) {
        self.skip(word.len());
        match word {
            b"null" | b"undefined" | b"None" | b"nil" => self.name = None,
            _ => self.push(word.to_vec(), word.first().is_some_and(u8::is_ascii_digit)),
        }
    }

    /// A word. A parameter of PowerShell, and an option of PHP's curl, is a name.
    fn word(&mut self) {
        let is_of_word = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.$>".contains(byte);
        let len = self.rest.iter().take_while(is_of_word).count();
        let word = self.rest.get(..len).unwrap_or_default();
        let next = self.rest.get(len..).unwrap_or_default();
        self.skip(len);
        match (word, next.first()) {
            ([b'-', b'A'..=b'Z', ..], Some(b' ')) => self.name = Some(word.to_vec()),
            (_, Some(b',')) if word.starts_with(b"CURLOPT_") => {
                self.name = Some(word.to_vec());
                self.skip(1);
            }
            (word, _) if self.name.as_ref().is_some_and(|name| name.starts_with(b"-")) => {
                self.push(word.to_vec(), true)
            }
            (word, _) => self.word = Some(word.to_vec()),
        }
    }
}

/// Whether a comma ends a value: behind it is nothing, or a name or text. In `Wed, 23 Nov 2022` it does not.
fn goes_on(behind: &[u8]) -> bool {
    let next = behind.get(1..).unwrap_or_default().trim_ascii_start();
    let len = next.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(byte)).count();
    matches!(next.first(), None | Some(b'"' | b'\'' | b'{' | b'['))
        || matches!(next.get(len), Some(b':' | b'='))
}

/// `string(2) "ab"`.
fn dumped(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = text.strip_prefix(b"string(")?;
    let digits = rest.iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
    let (len, rest) = rest.split_at_checked(digits)?;
    rest.strip_prefix(b") \"")?.split_at_checked(str::from_utf8(len).ok()?.parse().ok()?)
}

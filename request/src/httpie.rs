//! Commands of HTTPie and xh: what their words are for curl.
use crate::{Form, Unreadable, curl};
use serde_json::Value;

pub(crate) const FORM: Form = Form {
    name: "an HTTPie command",
    is_it: |text| curl::is_command(text, NAMES),
    read: |text| curl::requests(text, NAMES, as_curl),
};

/// What the program is called.
pub const NAMES: &[&str] = &["http", "https", "xh", "xhs"];

/// What is between the two parts of a word, the longer ones first.
const SEPARATORS: &[&str] = &[":=@", ":=", "==", "=@", ":@", "=", ":", "@"];

fn as_curl(words: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Unreadable> {
    let mut command = Command::default();
    let mut words = words.iter().map(Vec::as_slice);
    while let Some(word) = words.next() {
        match word {
            b"--raw" => command.add("--data-raw", words.next().unwrap_or_default()),
            b"-a" | b"--auth" => command.add("--user", words.next().unwrap_or_default()),
            [b'-', b'-', b'r', b'a', b'w', b'=', raw @ ..] => command.add("--data-raw", raw),
            b"-f" | b"--form" => command.is_form = true,
            b"-o" | b"--output" | b"-A" | b"--auth-type" | b"-p" | b"--print" | b"-s" | b"--style"
            | b"--timeout" => {
                words.next();
            }
            [b'-', ..] => (),
            word if !command.has_url && is_method(word) => command.add("--request", word),
            word if !command.has_url => {
                command.has_url = true;
                command.add("--url", word);
            }
            word => command.item(word)?,
        }
    }
    Ok(command.words())
}

fn is_method(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_uppercase)
}

#[derive(Default)]
struct Command {
    options: Vec<Vec<u8>>,
    fields: Vec<(Vec<u8>, Value)>,
    has_url: bool,
    is_form: bool,
}

impl Command {
    fn add(&mut self, option: &str, value: &[u8]) {
        self.options.extend([option.as_bytes().to_vec(), value.to_vec()]);
    }

    /// `Name:value`, `name==value`, `name=value`, `name:=json`.
    fn item(&mut self, word: &[u8]) -> Result<(), Unreadable> {
        let (name, separator, value) = parts(word).ok_or_else(|| unreadable(word))?;
        let text = || Value::String(String::from_utf8_lossy(value).into_owned());
        match separator {
            ":" => self.add("--header", &[name, &b": "[..], value].concat()),
            "==" => self.add("--url-query", &[name, b"=", value].concat()),
            "=" => self.fields.push((name.to_vec(), text())),
            ":=" => self
                .fields
                .push((name.to_vec(), serde_json::from_slice(value).map_err(|_| unreadable(word))?)),
            _ => self.add("--data-binary", &[b"@", value].concat()),
        }
        Ok(())
    }

    /// The fields are JSON, as Python writes it.
    fn words(mut self) -> Vec<Vec<u8>> {
        let fields = std::mem::take(&mut self.fields);
        if self.is_form {
            for (name, value) in fields {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.add("--data-urlencode", &[&name, &b"="[..], value.as_bytes()].concat());
            }
        } else if !fields.is_empty() || self.options.iter().any(|word| word.starts_with(b"--data")) {
            if !fields.is_empty() {
                let members =
                    fields.iter().map(|(name, value)| format!("{}: {}", ascii(&name_of(name)), ascii(value)));
                self.add("--data-raw", format!("{{{}}}", members.collect::<Vec<_>>().join(", ")).as_bytes());
            }
            let is_typed = |word: &Vec<u8>| {
                word.get(..13).is_some_and(|name| name.eq_ignore_ascii_case(b"content-type:"))
            };
            if !self.options.iter().any(is_typed) {
                self.add("--header", b"Content-Type: application/json");
            }
        }
        self.options
    }
}

fn name_of(name: &[u8]) -> Value {
    Value::String(String::from_utf8_lossy(name).into_owned())
}

/// JSON with the escapes of Python.
fn ascii(value: &Value) -> String {
    let mut text = String::new();
    for character in value.to_string().chars() {
        match character {
            ' '..='~' => text.push(character),
            _ => text.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}"))),
        }
    }
    text
}

/// A word at its first separator.
fn parts(word: &[u8]) -> Option<(&[u8], &'static str, &[u8])> {
    (1..word.len()).find_map(|at| {
        let (name, rest) = word.split_at_checked(at)?;
        let separator = SEPARATORS.iter().find(|separator| rest.starts_with(separator.as_bytes()))?;
        Some((name, *separator, rest.get(separator.len()..)?))
    })
}

fn unreadable(word: &[u8]) -> Unreadable {
    Unreadable::new(format!(
        "The command has {}, of which it is not known what it sends.",
        crate::verdict::visible(word)
    ))
}

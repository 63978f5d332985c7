//! How the command answers: text for a person, JSON for a script, colours only where a person looks.
use crate::secret::read;
use crate::vendor::{HttpRequest, Signed};
use apisig_core::{Error, Mistake};
use clap::Args;
use serde_json::{Map, Value, json};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Why a command could not do its work: wrong use.
pub struct Failure(String);

impl Failure {
    pub fn usage(message: impl Into<String>) -> Self {
        Failure(message.into())
    }

    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Failure(format!("{}: {error}", path.display()))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error.text().to_string_lossy().into_owned())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure(error.to_string())
    }
}

#[derive(Clone, Copy)]
pub struct Style {
    pub json: bool,
}

impl Style {
    pub fn fail(self, failure: &Failure) {
        eprintln!("apisig: {}", failure.0);
    }

    pub fn signed(self, signed: &Signed, curl: bool) -> Result<bool, Failure> {
        if self.json {
            let values = signed.values.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
            println!("{}", Value::Object(values.collect::<Map<_, _>>()));
        } else if curl {
            let request = signed.request.as_ref();
            println!("{}", request.ok_or_else(|| Failure::usage("there is no request to send"))?.curl());
        } else if let [(_, value)] = &signed.values[..] {
            println!("{value}");
        } else {
            signed.values.iter().for_each(|(name, value)| println!("{name}: {value}"));
        }
        Ok(true)
    }

    pub fn verified(self, checked: Result<(), Error>) -> Result<bool, Failure> {
        let reason = match checked {
            Ok(()) => None,
            // What was presented never makes it this: it is how the command was used.
            Err(Error::Argument) => return Err(Error::Argument.into()),
            Err(error) => Some(error),
        };
        let text = reason.map(|error| error.text().to_string_lossy());
        if self.json {
            println!(
                "{}",
                json!({"holds": reason.is_none(), "status": reason.map(|error| name(&format!("{error:?}"))), "text": text})
            );
        } else {
            println!("{}", text.as_deref().unwrap_or("It holds."));
        }
        Ok(reason.is_none())
    }

    pub fn explained(self, text: &str) -> Result<bool, Failure> {
        if self.json {
            println!("{}", json!({"explanation": text.lines().collect::<Vec<_>>()}));
        } else {
            print!("{text}");
        }
        Ok(true)
    }

    pub fn diagnosed(self, diagnosis: Result<Option<Mistake>, Error>) -> Result<bool, Failure> {
        let status = diagnosis.err().map(|error| name(&format!("{error:?}")));
        let (holds, mistake, text) = match diagnosis {
            Ok(None) => (true, None, "Nothing is wrong.".into()),
            Ok(Some(mistake)) => (false, Some(mistake), mistake.text().to_string_lossy()),
            Err(Error::Argument) => return Err(Error::Argument.into()),
            Err(error) => (false, None, error.text().to_string_lossy()),
        };
        if self.json {
            let name = mistake.map(|mistake| name(&format!("{mistake:?}")));
            println!("{}", json!({"holds": holds, "status": status, "mistake": name, "text": text}));
        } else {
            println!("{text}");
        }
        Ok(holds)
    }
}

/// The name of a status or mistake as C, Python and the documentation have it: UPPER_CASE.
fn name(camel: &str) -> String {
    let mut name = String::new();
    for (number, letter) in camel.char_indices() {
        if letter.is_ascii_uppercase() && number > 0 {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

impl HttpRequest {
    /// A command for a POSIX shell.
    fn curl(&self) -> String {
        let mut command = format!("curl -X {} {}", quoted(&self.method), quoted(&self.url));
        for (name, value) in &self.headers {
            command += &format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
        if !self.body.is_empty() {
            command += &format!(" \\\n  --data-raw {}", quoted(&String::from_utf8_lossy(&self.body)));
        }
        command
    }
}

/// One word of a shell, whatever stands in it.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Two strings to sign, each in a file: yours on the left, the other on the right.
#[derive(Args)]
pub struct Diff {
    /// File with one string to sign; - is standard input
    ours: PathBuf,
    /// File with the other
    theirs: PathBuf,
}

impl Diff {
    pub fn run(&self, style: Style) -> Result<bool, Failure> {
        let text = |path: &PathBuf| read(path).map_err(|error| Failure::file(path, &error));
        let (ours, theirs) = (text(&self.ours)?, text(&self.theirs)?);
        let (ours, theirs) = (lines(&ours), lines(&theirs));
        if style.json {
            println!("{}", json!({"same": ours == theirs, "ours": ours, "theirs": theirs}));
            return Ok(ours == theirs);
        }
        let coloured = std::io::stdout().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let width = ours.iter().map(|line| line.chars().count()).max().unwrap_or(0).clamp(1, 60);
        for number in 0..ours.len().max(theirs.len()) {
            let empty = String::new();
            let (one, other) = (ours.get(number).unwrap_or(&empty), theirs.get(number).unwrap_or(&empty));
            let mark = if one == other { ' ' } else { '|' };
            let padding = " ".repeat(width.saturating_sub(one.chars().count()));
            let (one, other) = if coloured { marked(one, other) } else { (one.clone(), other.clone()) };
            println!("{one}{padding} {mark} {other}");
        }
        Ok(ours == theirs)
    }
}

/// Lines with their line feeds made visible.
fn lines(text: &[u8]) -> Vec<String> {
    let visible = |line: &[u8]| crate::vendor::string(apisig_core::Visible(line));
    text.split_inclusive(|byte| *byte == b'\n').map(visible).collect()
}

/// Two lines, coloured from where they begin to differ to where they are the same again.
fn marked(one: &str, other: &str) -> (String, String) {
    if one == other {
        return (one.to_owned(), other.to_owned());
    }
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let start = same(&mut one.chars(), &mut other.chars());
    let shorter = one.chars().count().min(other.chars().count());
    let end = same(&mut one.chars().rev(), &mut other.chars().rev()).min(shorter - start);
    let colour = |line: &str, number: u8| {
        let line: Vec<char> = line.chars().collect();
        let (before, rest) = line.split_at(start);
        let (middle, after) = rest.split_at(rest.len() - end);
        let string = |part: &[char]| part.iter().collect::<String>();
        format!("{}\x1b[{number}m{}\x1b[0m{}", string(before), string(middle), string(after))
    };
    (colour(one, 31), colour(other, 32))
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

    #[test]
    fn only_what_differs_is_coloured() {
        assert_eq!(marked("same", "same"), ("same".into(), "same".into()));
        assert_eq!(marked("a1c", "a22c"), ("a\x1b[31m1\x1b[0mc".into(), "a\x1b[32m22\x1b[0mc".into()));
        assert_eq!(marked("", "x"), ("\x1b[31m\x1b[0m".into(), "\x1b[32mx\x1b[0m".into()));
        assert_eq!(marked("aa", "a"), ("a\x1b[31ma\x1b[0m".into(), "a\x1b[32m\x1b[0m".into()));
    }
}

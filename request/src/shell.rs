//! The words of a command line as a shell of Unix reads them: `'…'`, `"…"`, `$'…'` and `\`. A variable is expanded
//! if its value was pasted, above.
use crate::{PASTED_MAX, Unreadable};
use std::collections::HashMap;

/// A command: its words, and what it reads from a here-document, or from the command in front of it.
#[derive(Debug, Default, PartialEq)]
pub struct Command {
    pub words: Vec<Vec<u8>>,
    pub input: Option<Vec<u8>>,
    pub is_piped: bool,
    /// A line with its options does not end with `\`.
    pub is_joined: bool,
}

impl Command {
    /// What it writes, where the words say it.
    fn output(&self) -> Option<Vec<u8>> {
        let words: Vec<&[u8]> = self.words.iter().map(Vec::as_slice).collect();
        match &words[..] {
            [b"echo", b"-n", words @ ..] => Some(words.join(&b' ')),
            [b"echo", words @ ..] if !words.iter().any(|word| word.starts_with(b"-")) => {
                Some([&words.join(&b' ')[..], b"\n"].concat())
            }
            [b"printf", b"%s", text] => Some(text.to_vec()),
            [b"printf", b"%s\\n", text] => Some([text, &b"\n"[..]].concat()),
            [b"printf", text] if !text.iter().any(|byte| matches!(byte, b'%' | b'\\')) => Some(text.to_vec()),
            [b"cat"] => self.input.clone(),
            _ => None,
        }
    }
}

/// The commands of a text. One ends with its line, unless the line ends with `\`, or at `;`, `&` or `|`.
pub fn commands(text: &[u8]) -> Result<Vec<Command>, Unreadable> {
    let mut reader = Reader { rest: text, ..Reader::default() };
    while let Some(byte) = reader.next() {
        reader.read(byte)?;
    }
    reader.end_command();
    let mut written = None;
    for command in &mut reader.commands {
        if command.is_piped && command.input.is_none() {
            command.input = written;
        }
        written = command.output();
    }
    Ok(reader.commands)
}

#[derive(Default)]
struct Reader<'a> {
    rest: &'a [u8],
    /// None between two words: `''` is a word too.
    word: Option<Vec<u8>>,
    /// The next word is the target of a redirection.
    redirection: Option<Redirection>,
    /// The here-document that begins with the next line: which command reads it, and the word that ends it.
    here: Option<(usize, Vec<u8>)>,
    command: Command,
    commands: Vec<Command>,
    variables: HashMap<Vec<u8>, Vec<u8>>,
    /// Bytes of all values so far.
    expanded: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Redirection {
    File,
    Here,
    /// `<<< text`.
    Text,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn starts_with(&mut self, start: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn push(&mut self, bytes: &[u8]) {
        self.word.get_or_insert_default().extend_from_slice(bytes);
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        match self.redirection.take() {
            None => self.command.words.push(word),
            Some(Redirection::File) => (),
            Some(Redirection::Here) => self.here = Some((self.commands.len(), word)),
            Some(Redirection::Text) => self.command.input = Some([&word[..], b"\n"].concat()),
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.redirection = None;
        let command = std::mem::take(&mut self.command);
        let values: Option<Vec<_>> = command.words.iter().map(|word| assignment(word)).collect();
        match values {
            Some(values) => self.variables.extend(values),
            None => self.commands.push(command),
        }
    }

    /// A here-document begins behind the line. What `curl -v` printed below its command is no command. A line that
    /// begins with an option goes on with the command.
    fn end_line(&mut self) {
        self.end_word();
        let spaces = self.rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let option = self.rest.get(spaces..).unwrap_or_default();
        let is_option =
            matches!(option, [b'-', b'-' | b'a'..=b'z' | b'A'..=b'Z', letter, ..] if *letter != b'-');
        if is_option && self.here.is_none() && !self.command.words.is_empty() {
            self.command.is_joined = true;
            self.rest = option;
            return;
        }
        self.end_command();
        if let Some((reader, end)) = self.here.take() {
            let mut input = Vec::new();
            for line in self.rest.split_inclusive(|byte| *byte == b'\n') {
                self.rest = self.rest.get(line.len()..).unwrap_or_default();
                if line.trim_ascii() == end {
                    break;
                }
                input.extend_from_slice(line);
            }
            if let Some(command) = self.commands.get_mut(reader) {
                command.input = Some(input);
            }
        }
        let is_printed = |mark: &&[u8]| self.rest.starts_with(mark);
        if [&b"* "[..], b"> ", b"< "].iter().any(is_printed) && !self.commands.is_empty() {
            self.rest = b"";
        }
    }

    /// `>file`, `2>&1`, `<file`, `<<END`: neither the number nor the target is a word of the command.
    fn redirect(&mut self, byte: u8) {
        let is_number = self.word.as_ref().is_some_and(|word| word.iter().all(u8::is_ascii_digit));
        if is_number {
            self.word = None;
        }
        self.end_word();
        let is_here = byte == b'<' && self.starts_with(b"<");
        let is_text = is_here && self.starts_with(b"<");
        if is_here {
            self.starts_with(b"-");
        }
        while self.starts_with(b">") || self.starts_with(b"&") {}
        self.redirection = Some(match (is_here, is_text) {
            (_, true) => Redirection::Text,
            (true, _) => Redirection::Here,
            _ => Redirection::File,
        });
    }

    fn unclosed(&self) -> Unreadable {
        Unreadable::new("A quotation mark is not closed: the command was cut off.")
    }

    fn read(&mut self, byte: u8) -> Result<(), Unreadable> {
        if let Some(what) = self.typographic(byte) {
            return Err(Unreadable::new(format!(
                "The command has {what}: copy the original, or type it again."
            )));
        }
        match byte {
            b'\'' => return self.until_quote(),
            b'"' => return self.in_double_quotes(),
            b'$' if self.starts_with(b"'") => return self.in_ansi_quotes(),
            b'$' => return self.dollar(),
            b'`' if self.starts_with(b"\n") || self.starts_with(b"\r\n") => (), // PowerShell goes on
            b'`' => return Err(a_substitution()),
            b'<' | b'>' => self.redirect(byte),
            b'#' if self.word.is_none() => {
                let end = self.rest.iter().position(|byte| *byte == b'\n').unwrap_or(self.rest.len());
                self.rest = self.rest.get(end..).unwrap_or_default();
            }
            b'\\' => self.backslash(),
            b' ' | b'\t' => self.end_word(),
            b'\r' if self.rest.starts_with(b"\n") => self.end_word(),
            b'\n' => self.end_line(),
            b'&' if self.is_in_query() => {
                return Err(Unreadable::new(
                    "The URL is not in quotation marks: a shell cuts it at the first &. Put it in '…' and send it again.",
                ));
            }
            b'|' if !self.starts_with(b"|") => {
                self.end_command();
                self.command.is_piped = true;
            }
            b'\r' | b';' | b'&' | b'|' => self.end_command(),
            byte => self.push(&[byte]),
        }
        Ok(())
    }

    /// What an office program or a page puts in place of a quotation mark, a space or a hyphen.
    fn typographic(&self, byte: u8) -> Option<&'static str> {
        let second_and_third = self.rest.first_chunk::<2>();
        Some(match (byte, second_and_third?) {
            (0xc2, [0xa0, _]) => "a space that no shell splits at (U+00A0)",
            (0xe2, [0x80, 0x98 | 0x99 | 0x9c | 0x9d]) => "typographic quotation marks, which no shell reads",
            (0xe2, [0x80, 0x90..=0x95] | [0x88, 0x92]) if self.word.is_none() => {
                "a dash in place of a hyphen"
            }
            (0xe2, [0x80, 0x8b..=0x8f | 0xa8..=0xaf]) => "a character that cannot be seen",
            _ => return None,
        })
    }

    /// Whether a `&` cuts a URL: its query goes on.
    fn is_in_query(&self) -> bool {
        let is_query =
            self.word.as_ref().is_some_and(|word| word.contains(&b'?') || word.starts_with(b"http"));
        let next = self.rest.split(|byte| !byte.is_ascii_alphanumeric() && !b"_[]%.-".contains(byte)).next();
        is_query && next.is_some_and(|name| !name.is_empty() && self.rest.get(name.len()) == Some(&b'='))
    }

    /// A line goes on behind it; another character is meant as it is.
    fn backslash(&mut self) {
        if self.starts_with(b"\r\n") || self.starts_with(b"\n") {
            return;
        }
        // A space behind the \ at a line's end is a slip of copying.
        let next = self.next();
        let is_line_end = matches!(next, Some(b' ' | b'\t')) && self.starts_with(b"\n");
        next.filter(|_| !is_line_end).into_iter().for_each(|byte| self.push(&[byte]));
    }

    /// In single quotes nothing has a meaning.
    fn until_quote(&mut self) -> Result<(), Unreadable> {
        let end = self.rest.iter().position(|byte| *byte == b'\'').ok_or_else(|| self.unclosed())?;
        let (text, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.push(text);
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(())
    }

    fn in_double_quotes(&mut self) -> Result<(), Unreadable> {
        self.push(b"");
        loop {
            match self.next().ok_or_else(|| self.unclosed())? {
                b'"' => return Ok(()),
                b'`' => return Err(a_substitution()),
                b'$' => self.dollar()?,
                b'\\' => match self.next().ok_or_else(|| self.unclosed())? {
                    b'\n' => (),
                    byte @ (b'"' | b'\\' | b'$' | b'`') => self.push(&[byte]),
                    byte => self.push(&[b'\\', byte]),
                },
                byte => self.push(&[byte]),
            }
        }
    }

    /// A `$` that stands for itself, or a variable whose value was pasted.
    fn dollar(&mut self) -> Result<(), Unreadable> {
        let is_braced = self.rest.starts_with(b"{");
        let rest = self.rest.get(usize::from(is_braced)..).unwrap_or_default();
        let len = rest.iter().take_while(|byte| is_of_name(byte)).count();
        let (name, behind) = rest.split_at_checked(len).unwrap_or_default();
        let behind = if is_braced { behind.strip_prefix(b"}") } else { Some(behind) };
        if let Some((value, behind)) = self.variables.get(name).filter(|_| len > 0).cloned().zip(behind) {
            self.rest = behind;
            self.expanded += value.len();
            if self.expanded > PASTED_MAX {
                return Err(Unreadable::new(
                    "The command is longer than 1 MiB with the values of its variables.",
                ));
            }
            self.push(&value);
            return Ok(());
        }
        match self.rest.first() {
            Some(byte) if byte.is_ascii_alphanumeric() || b"_{(@*?$!-".contains(byte) => {
                Err(a_substitution())
            }
            _ => {
                self.push(b"$");
                Ok(())
            }
        }
    }

    /// `$'…'`: escapes as in C, and characters of Unicode by their number.
    fn in_ansi_quotes(&mut self) -> Result<(), Unreadable> {
        self.push(b"");
        loop {
            match self.next().ok_or_else(|| self.unclosed())? {
                b'\'' => return Ok(()),
                b'\\' => self.ansi_escape()?,
                byte => self.push(&[byte]),
            }
        }
    }

    fn ansi_escape(&mut self) -> Result<(), Unreadable> {
        let byte = self.next().ok_or_else(|| self.unclosed())?;
        let plain = match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'v' => 11,
            b'e' | b'E' => 27,
            b'u' => return self.unicode(4),
            b'U' => return self.unicode(8),
            b'x' => self.number(0, 16, 2) as u8,
            b'0'..=b'7' => self.number(u32::from(byte - b'0'), 8, 2) as u8,
            byte => byte,
        };
        self.push(&[plain]);
        Ok(())
    }

    /// A number that goes on with digits, so many at most.
    fn number(&mut self, start: u32, base: u32, digits: usize) -> u32 {
        let mut number = start;
        for _ in 0..digits {
            let digit = self.rest.first().and_then(|byte| char::from(*byte).to_digit(base));
            let Some(digit) = digit else { break };
            number = number.wrapping_mul(base).wrapping_add(digit);
            self.next();
        }
        number
    }

    /// A character by its number; two surrogates, as JavaScript writes them, are one.
    fn unicode(&mut self, digits: usize) -> Result<(), Unreadable> {
        let mut number = self.number(0, 16, digits);
        if (0xd800..0xdc00).contains(&number) && self.starts_with(b"\\u") {
            let low = self.number(0, 16, 4);
            number = 0x10000 + ((number - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
        }
        let character = char::from_u32(number)
            .ok_or_else(|| Unreadable::new("An escape in $'…' is no character of Unicode."))?;
        self.push(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }
}

/// `NAME=value`, or `export` in front of some.
fn assignment(word: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    if word == b"export" {
        return Some((Vec::new(), Vec::new()));
    }
    let at = word.iter().position(|byte| *byte == b'=')?;
    let (name, value) = word.split_at_checked(at)?;
    let is_name = !name.is_empty() && name.iter().all(is_of_name) && !name.starts_with(b"-");
    is_name.then(|| (name.to_vec(), value.get(1..).unwrap_or_default().to_vec()))
}

fn is_of_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

fn a_substitution() -> Unreadable {
    Unreadable::new(
        "The command has a variable of the shell or another command in it: put in the value that was sent.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// What bash makes of the words, each with a NUL behind it.
    fn of_bash(words: &str) -> Vec<u8> {
        let script = format!("printf '%s\\0' {words}");
        let output =
            std::process::Command::new("bash").env("LC_ALL", "C.UTF-8").args(["-c", &script]).output();
        output.unwrap().stdout
    }

    fn ours(text: &str) -> Option<Vec<Vec<u8>>> {
        commands(text.as_bytes()).ok().map(|commands| commands.into_iter().next().unwrap_or_default().words)
    }

    #[test]
    fn words_are_those_of_bash() {
        for words in [
            "a 'b c' \"d e\" f'g'\"h\"i",
            "'' \"\" $''",
            r"\a \  \' \$x",
            r#""a\"b" "\\" "\$x" "\n" 'a\b' "a'b" 'a"b' it\'s"#,
            r"$'a\'b' $'\n\t\\\x41\101\u00e9\U0001f600' $'\e\a' $'{\u0022a\u0022}'",
            "a\\\nb \\\n c \"d\\\ne\"",
            "a#b '#' $ a$ \"$\" '$x' '`x`' \u{e9}",
        ] {
            let joined: Vec<u8> =
                ours(words).unwrap().into_iter().flat_map(|word| [word, vec![0]].concat()).collect();
            assert_eq!(String::from_utf8_lossy(&joined), String::from_utf8_lossy(&of_bash(words)), "{words}");
        }
    }

    #[test]
    fn what_is_around_a_command_is_none_of_its_words() {
        let words = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>();
        for text in [
            "a b >c",
            "a >c b",
            "a 2>&1 b",
            "a b 2>/dev/null",
            "a b &>c",
            "a b <c",
            "a b | c",
            "a b; c",
            "a `\nb",
            "a b\n* it's",
        ] {
            assert_eq!(ours(text), Some(words(&["a", "b"])), "{text}");
        }
        for end in ["END", "'END'", "-END", " \"END\""] {
            let [command, next] =
                &commands(format!("a <<{end} b\n{{'$x'\n}}\nEND\nc").as_bytes()).unwrap()[..]
            else {
                panic!("{end}")
            };
            assert_eq!(command.input.as_deref(), Some(&b"{'$x'\n}\n"[..]));
            assert_eq!((&command.words, &next.words), (&words(&["a", "b"]), &words(&["c"])));
        }
        assert!(
            commands("a \u{201c}b\u{201d}".as_bytes()).is_err()
                && commands("a '\u{201c}'".as_bytes()).is_ok()
        );
    }

    /// Two surrogates, as JavaScript escapes a character, are no characters for bash.
    #[test]
    fn two_surrogates_are_one_character() {
        assert_eq!(ours(r"$'\ud83d\ude00'"), Some(vec!["\u{1f600}".into()]));
        assert_eq!(ours(r"$'\ud83d'"), None);
    }

    #[test]
    fn what_was_not_pasted_has_no_words() {
        for text in [
            "$x", "${x}", "$(date)", "`date`", "\"$x\"", "\"`x`\"", "\"$(x)\"", "$1 $@", "'a", "\"a", "$'a",
            "$'\\",
        ] {
            assert_eq!(ours(text), None, "{text}");
        }
    }

    #[test]
    fn random_words_are_those_of_the_oracle() {
        let (mut random, mut read) = (Random::new(), 0);
        for _ in 0..100_000 {
            let text: String = random
                .several(16, |random| random.one_of(b"aab  ''\"\"\\\\#"))
                .iter()
                .map(|byte| char::from(*byte))
                .collect();
            let oracle = shlex::split(&text);
            // What a line ends with a backslash goes on with was not pasted.
            if text.ends_with('\\') {
                continue;
            }
            let ours = ours(&text)
                .map(|words| words.into_iter().map(|word| String::from_utf8(word).unwrap()).collect());
            assert_eq!(ours, oracle, "{text}");
            read += usize::from(oracle.is_some());
        }
        assert!(read > 10_000, "{read}");
    }
}

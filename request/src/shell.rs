//! The words of a command line as a shell of Unix reads them: `'…'`, `"…"`, `$'…'` and `\`. Nothing is expanded: the value of a
//! variable was not pasted.
use crate::Unreadable;

/// A command: its words.
pub type Words = Vec<Vec<u8>>;

/// The commands of a text. One ends with its line, unless the line ends with `\`, or at `;`, `&` or `|`.
pub fn commands(text: &[u8]) -> Result<Vec<Words>, Unreadable> {
    let mut reader = Reader { rest: text, word: None, words: Vec::new(), commands: Vec::new() };
    while let Some(byte) = reader.next() {
        reader.read(byte)?;
    }
    reader.end_command();
    Ok(reader.commands)
}

struct Reader<'a> {
    rest: &'a [u8],
    /// None between two words: `''` is a word too.
    word: Option<Vec<u8>>,
    words: Words,
    commands: Vec<Words>,
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
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
    }

    fn unclosed(&self) -> Unreadable {
        Unreadable::new("A quotation mark is not closed: the command was cut off.")
    }

    fn read(&mut self, byte: u8) -> Result<(), Unreadable> {
        match byte {
            b'\'' => return self.until_quote(),
            b'"' => return self.in_double_quotes(),
            b'$' if self.starts_with(b"'") => return self.in_ansi_quotes(),
            b'$' => return self.dollar(),
            b'`' => return Err(a_substitution()),
            b'#' if self.word.is_none() => {
                let end = self.rest.iter().position(|byte| *byte == b'\n').unwrap_or(self.rest.len());
                self.rest = self.rest.get(end..).unwrap_or_default();
            }
            b'\\' => self.backslash(),
            b' ' | b'\t' => self.end_word(),
            b'\n' | b'\r' | b';' | b'&' | b'|' => self.end_command(),
            byte => self.push(&[byte]),
        }
        Ok(())
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

    /// A `$` that stands for itself. What else it begins has a value that was not pasted.
    fn dollar(&mut self) -> Result<(), Unreadable> {
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

fn a_substitution() -> Unreadable {
    Unreadable::new(
        "The command has a variable of the shell or another command in it: put in the value that was sent.",
    )
}

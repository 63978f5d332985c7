//! The words of a command line as Windows reads them: first cmd, with its `^`, then the program, with `"…"`
//! and `\"`.
use crate::Unreadable;
use crate::shell::Command;

type Words = Vec<Vec<u8>>;

/// Whether a command was written for cmd: a line ends with `^`, a browser wrote `^"`, or JSON has its `""`.
pub fn is_for_cmd(text: &[u8]) -> bool {
    let has_json = text.windows(4).any(|bytes| matches!(bytes, b"\"{\"\"" | b"\"[\"\""));
    is_of_browser(text)
        || has_json
        || text.windows(3).any(|bytes| matches!(bytes, [b' ' | b'"', b'^', b'\n' | b'\r']))
}

fn is_of_browser(text: &[u8]) -> bool {
    text.windows(3).any(|bytes| bytes == b" ^\"")
}

/// The commands of a text, one a line, unless the line ends with `^`.
pub fn commands(text: &[u8]) -> Result<Vec<Command>, Unreadable> {
    let split = if is_of_browser(text) { browser_words } else { program_words };
    let commands =
        without_carets(text).iter().map(|command| split(command)).collect::<Result<Vec<_>, _>>()?;
    let commands = commands.into_iter().filter(|words| !words.is_empty());
    Ok(commands.map(|words| Command { words, ..Command::default() }).collect())
}

/// What cmd hands on. Outside of quotation marks `^` makes the character behind it a plain one.
fn without_carets(text: &[u8]) -> Vec<Vec<u8>> {
    let mut commands = vec![Vec::new()];
    let (mut bytes, mut is_quoted) = (text.iter().copied().filter(|byte| *byte != b'\r').peekable(), false);
    while let Some(byte) = bytes.next() {
        let is_escaped = byte == b'^' && !is_quoted;
        let byte = if is_escaped { bytes.next().unwrap_or(b'\n') } else { byte };
        let taken = match byte {
            // A line that goes on. Of two line ends behind a ^, the second one is meant.
            b'\n' if is_escaped => bytes.next_if_eq(&b'\n'),
            b'\n' | b'&' | b'|' if !is_escaped && !is_quoted => {
                commands.push(Vec::new());
                None
            }
            byte => Some(byte),
        };
        is_quoted ^= byte == b'"' && !is_escaped;
        if let Some(command) = commands.last_mut() {
            command.extend(taken);
        }
    }
    commands
}

/// As browsers copy a command: every `\` and every `"` of a word has a `\` in front.
fn browser_words(command: &[u8]) -> Result<Words, Unreadable> {
    split(command, |rest| match rest {
        [b'\\', byte, rest @ ..] => Some((vec![*byte], rest)),
        _ => None,
    })
}

/// As programs read theirs: a `\` has a meaning in front of a `"` alone, and in quotation marks `""` is one.
fn program_words(command: &[u8]) -> Result<Words, Unreadable> {
    split(command, |rest| {
        let count = rest.iter().take_while(|byte| **byte == b'\\').count();
        let (slashes, behind) = rest.split_at_checked(count).filter(|_| count > 0)?;
        Some(match behind.strip_prefix(b"\"") {
            Some(behind) if count % 2 == 1 => ([&b"\\".repeat(count / 2)[..], b"\""].concat(), behind),
            Some(_) => (b"\\".repeat(count / 2), behind),
            None => (slashes.to_vec(), behind),
        })
    })
}

/// Splits at white space outside of quotation marks, by a rule for escapes: what one stands for, and what
/// follows.
fn split<'a>(
    command: &'a [u8],
    escape: impl Fn(&'a [u8]) -> Option<(Vec<u8>, &'a [u8])>,
) -> Result<Words, Unreadable> {
    let (mut rest, mut is_quoted, mut word, mut words) = (command, false, None::<Vec<u8>>, Vec::new());
    while let [byte, behind @ ..] = rest {
        if let Some((meant, behind)) = escape(rest) {
            word.get_or_insert_default().extend(meant);
            rest = behind;
            continue;
        }
        rest = behind;
        match byte {
            b'"' if is_quoted && behind.starts_with(b"\"") => {
                word.get_or_insert_default().push(b'"');
                rest = behind.get(1..).unwrap_or_default();
            }
            b'"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            byte if byte.is_ascii_whitespace() && !is_quoted => words.extend(word.take()),
            byte => word.get_or_insert_default().push(*byte),
        }
    }
    words.extend(word);
    if is_quoted {
        Err(Unreadable::new("A quotation mark is not closed: the command was cut off."))
    } else {
        Ok(words)
    }
}

//! What surrounds a paste and is none of it: the colours of a terminal, the marks of a quoted email, Markdown, prompts.
use crate::{curl, httpie, wget};

/// How a text is without it: None if it does not have it.
type Without = fn(&[u8]) -> Option<Vec<u8>>;

/// Each by its name.
const STEPS: &[(&str, Without)] = &[
    ("its colours", without_colours),
    ("the marks of a quoted email", without_quotes),
    ("the Markdown around it", without_markdown),
    ("its prompt", without_prompts),
];

/// The programs whose commands are read.
const PROGRAMS: &[&[&str]] = &[curl::NAMES, wget::NAMES, httpie::NAMES];

/// The most bytes of a prompt.
const PROMPT_MAX: usize = 200;
/// More than the name of a program.
const WORD_MAX: usize = 64;

/// A text without what surrounds it, and the names of what that was.
pub fn cleaned(text: &[u8]) -> (Vec<u8>, Vec<&'static str>) {
    let (mut text, mut names) = (text.to_vec(), Vec::new());
    for (name, without) in STEPS {
        if let Some(clean) = without(&text) {
            text = clean;
            names.push(*name);
        }
    }
    (text, names)
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

/// `ESC [ 33 m`.
fn without_colours(text: &[u8]) -> Option<Vec<u8>> {
    let mut parts = text.split(|byte| *byte == 0x1b);
    let mut clean = parts.next()?.to_vec();
    let mut has_any = false;
    for part in parts {
        let number = part.strip_prefix(b"[").unwrap_or_default();
        let end = number.iter().position(|byte| !byte.is_ascii_digit() && *byte != b';');
        let (Some(b'm' | b'K'), Some(end)) = (end.and_then(|end| number.get(end)), end) else {
            clean.push(0x1b);
            clean.extend_from_slice(part);
            continue;
        };
        has_any = true;
        clean.extend_from_slice(number.get(end + 1..).unwrap_or_default());
    }
    has_any.then_some(clean)
}

/// Every line has a `>`, which is not that of `curl -v`.
fn without_quotes(text: &[u8]) -> Option<Vec<u8>> {
    let unquoted = |line| -> Option<&[u8]> {
        let rest = <[u8]>::strip_prefix(line, b">")?;
        Some(rest.strip_prefix(b" ").unwrap_or(rest))
    };
    let is_empty = |line: &[u8]| line.trim_ascii().is_empty();
    let first = unquoted(lines(text).find(|line| !is_empty(line))?)?;
    if crate::heads::request_line(first).is_some() || first.starts_with(b">>") {
        return None;
    }
    let lines = lines(text).map(|line| if is_empty(line) { Some(line) } else { unquoted(line) });
    Some(lines.collect::<Option<Vec<_>>>()?.concat())
}

/// What is between the first two lines of three backticks, or in backticks alone.
fn without_markdown(text: &[u8]) -> Option<Vec<u8>> {
    let is_fence = |line: &&[u8]| line.trim_ascii_start().starts_with(b"```");
    if lines(text).any(|line| is_fence(&line)) {
        let fenced =
            lines(text).skip_while(|line| !is_fence(line)).skip(1).take_while(|line| !is_fence(line));
        return Some(fenced.collect::<Vec<_>>().concat());
    }
    let inline = text.trim_ascii().strip_prefix(b"`")?.strip_suffix(b"`")?;
    (!inline.contains(&b'`')).then(|| inline.to_vec())
}

/// In front of a program that is known, and the `>` in front of a line that goes on.
fn without_prompts(text: &[u8]) -> Option<Vec<u8>> {
    let (mut clean, mut goes_on) = (Vec::new(), false);
    for line in lines(text) {
        let rest = line.strip_prefix(b"> ").filter(|_| goes_on).or(behind_prompt(line)).unwrap_or(line);
        goes_on = matches!(line.trim_ascii_end().last(), Some(b'\\' | b'^' | b'`'));
        clean.extend_from_slice(rest);
    }
    (clean.len() < text.len()).then_some(clean)
}

fn behind_prompt(line: &[u8]) -> Option<&[u8]> {
    let ends = (1..line.len().min(PROMPT_MAX))
        .filter(|end| matches!(line.get(end - 1), Some(b'$' | b'%' | b'#' | b'>')));
    ends.filter_map(|end| line.split_at_checked(end)).find_map(|(prompt, rest)| {
        let rest = rest.trim_ascii_start();
        let word = rest.get(..rest.len().min(WORD_MAX))?.split(u8::is_ascii_whitespace).next()?;
        let is_command = PROGRAMS.iter().any(|names| curl::is_program(word, names));
        (is_command && is_prompt(prompt)).then_some(rest)
    })
}

/// `$`, `me@host:~$`, `C:\>`, `PS C:\>`; a `#` by itself is a comment.
fn is_prompt(prompt: &[u8]) -> bool {
    let is_text = prompt.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'=' | b'{'));
    !is_text
        && match (prompt.trim_ascii(), prompt.last()) {
            (b"$" | b"%", _) => true,
            (prompt, Some(b'>')) => prompt.starts_with(b"PS ") || prompt.get(1..3) == Some(b":\\"),
            (prompt, _) => prompt.iter().any(|byte| matches!(byte, b'@' | b':' | b'~')),
        }
}

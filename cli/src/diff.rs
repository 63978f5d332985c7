//! Two strings to sign, side by side, with colours only on a terminal.
use crate::output::{Answer, Failure, Style};
use crate::secret::read;
use crate::vendor::string;
use apisig_diagnosis::Visible;
use clap::Args;
use serde_json::json;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::io::IsTerminal;
use std::path::PathBuf;

/// Two strings to sign, each in a file: yours on the left, the other on the right.
#[derive(Args)]
pub struct Diff {
    /// File with one string to sign; - is standard input
    ours: PathBuf,
    /// File with the other
    theirs: PathBuf,
}

impl Diff {
    pub fn run(&self, style: Style) -> Result<Answer, Failure> {
        let (ours, theirs) = (lines(&read(&self.ours)?), lines(&read(&self.theirs)?));
        let is_coloured = std::io::stdout().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let json = json!({"same": ours == theirs, "ours": ours, "theirs": theirs});
        Ok(style.answer(ours == theirs, side_by_side(&ours, &theirs, is_coloured), json))
    }
}

/// Lines with invisible characters escaped.
fn lines(text: &[u8]) -> Vec<String> {
    text.split_inclusive(|byte| *byte == b'\n').map(|line| string(Visible(line))).collect()
}

/// A row for each line. Equal lines share a row, even after lines that only one side has.
fn side_by_side(ours: &[String], theirs: &[String], is_coloured: bool) -> String {
    let width = ours.iter().map(|line| line.chars().count()).max().unwrap_or(0).clamp(1, 60);
    let rows = capture_diff_slices(Algorithm::Myers, ours, theirs);
    rows.into_iter()
        .flat_map(|rows| pairs(rows, ours, theirs))
        .map(|pair| row(pair, width, is_coloured))
        .collect()
}

type Pair<'a> = (Option<&'a String>, Option<&'a String>);

fn pairs<'a>(rows: DiffOp, ours: &'a [String], theirs: &'a [String]) -> impl Iterator<Item = Pair<'a>> {
    let (old, new) = (rows.old_range(), rows.new_range());
    let count = old.len().max(new.len());
    (0..count).map(move |number| {
        let line = |lines: &'a [String], range: &std::ops::Range<usize>| {
            lines.get(range.clone()).and_then(|lines| lines.get(number))
        };
        (line(ours, &old), line(theirs, &new))
    })
}

fn row(pair: Pair, width: usize, is_coloured: bool) -> String {
    let empty = String::new();
    let mark = match pair {
        (Some(_), None) => '<',
        (None, Some(_)) => '>',
        (one, other) if one == other => ' ',
        _ => '|',
    };
    let (one, other) = (pair.0.unwrap_or(&empty), pair.1.unwrap_or(&empty));
    let padding = " ".repeat(width.saturating_sub(one.chars().count()));
    let (one, other) = if is_coloured { marked(one, other) } else { (one.clone(), other.clone()) };
    format!("{one}{padding} {mark} {other}\n")
}

/// Two lines, coloured from the first difference to the last.
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
    fn only_what_differs_is_coloured() {
        assert_eq!(marked("same", "same"), ("same".into(), "same".into()));
        assert_eq!(marked("a1c", "a22c"), ("a\x1b[31m1\x1b[0mc".into(), "a\x1b[32m22\x1b[0mc".into()));
        assert_eq!(marked("", "x"), ("\x1b[31m\x1b[0m".into(), "\x1b[32mx\x1b[0m".into()));
        assert_eq!(marked("aa", "a"), ("a\x1b[31ma\x1b[0m".into(), "a\x1b[32m\x1b[0m".into()));
    }

    #[test]
    fn a_line_that_one_side_lacks_moves_nothing_else() {
        let diff = |ours: &str, theirs: &str| {
            side_by_side(&lines(ours.as_bytes()), &lines(theirs.as_bytes()), false)
        };
        assert_eq!(
            diff("POST\n\nx\n/y", "POST\nx\n/y"),
            "POST\\n   POST\\n\n\\n     < \nx\\n      x\\n\n/y       /y\n"
        );
        assert_eq!(diff("a\nc", "a\nb\nc"), "a\\n   a\\n\n    > b\\n\nc     c\n");
        assert_eq!(diff("a\n1\nc", "a\n2\nc"), "a\\n   a\\n\n1\\n | 2\\n\nc     c\n");
        assert_eq!(diff("", ""), "");
        assert_eq!(diff("a\u{ad}", "a"), "a\\xc2\\xad | a\n");
    }
}

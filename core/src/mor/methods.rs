//! What each method of the Kolmisoft MOR API hashes: the registry in methods.tsv, which says of every row
//! where it comes from.
use super::order::{self, ORDER, Parameter, Type};
use super::table::Table;
use crate::Error;
use crate::text::form::Encoded;

/// A tab between columns, a newline behind each row. In front stand comments.
const FILE: &[u8] = include_bytes!("methods.tsv");

/// The same without comments and sources, which are for people: what is shipped.
static REGISTRY: [u8; SHIPPED.1] = match SHIPPED.0.first_chunk() {
    Some(rows) => *rows,
    None => [0; SHIPPED.1],
};

const SHIPPED: ([u8; FILE.len()], usize) = shipped();

/// What stands for nothing.
const NONE: &[u8] = b"-";

/// What stands for every parameter of the order.
const ALL: &[u8] = b"*";

/// A method.
#[derive(Clone, Copy)]
pub struct Method {
    /// Its row of the registry.
    row: &'static [u8],
    /// The third column of it.
    hashed: &'static [u8],
}

impl Method {
    /// Finds a method by its name, or by another name that it has. Names are compared exactly. One
    /// that is not in the registry is [`Error::Method`].
    pub fn find(name: &[u8]) -> Result<Method, Error> {
        let is_there = |start| from(start).split(|byte| matches!(byte, b'\t' | b',')).next() == Some(name);
        let start = NAMES.find(name, is_there).ok_or(Error::Method)?;
        let row = line_around(start);
        Ok(Method { row, hashed: column(row, 2) })
    }

    /// The name that the registry goes by.
    pub fn name(self) -> &'static [u8] {
        column(self.row, 0)
    }

    /// Where a parameter stands among those that are hashed: in the method's own list, whose values are hashed
    /// as they were received, or else in the one order.
    pub fn position(self, name: &[u8]) -> Option<usize> {
        if self.is_by_order() { order::position(name) } else { self.list().position(|it| it == name) }
    }

    /// The parameter that stands there.
    pub fn parameter(self, at: usize) -> Option<Parameter> {
        let listed = || self.list().nth(at).map(|name| Parameter(name, Type::Text));
        if self.is_by_order() { ORDER.get(at).copied() } else { listed() }
    }

    /// Whether it hashes whatever is sent of the one order.
    pub fn is_by_order(self) -> bool {
        self.hashed.starts_with(ALL)
    }

    /// Whether a parameter adds nothing to the hash of this method, or does not with this value.
    pub fn leaves_out(self, name: &[u8], value: Encoded) -> bool {
        self.hashed != ALL
            && self.items().filter_map(|item| item.strip_prefix(NONE)).any(|item| {
                let mut parts = item.splitn(2, |byte| *byte == b'=');
                parts.next() == Some(name) && parts.next().is_none_or(|only| value.is_bytes(only))
            })
    }

    /// The source of what it hashes: the fourth column of methods.tsv.
    pub fn source(self) -> &'static [u8] {
        column(self.row, 3)
    }

    fn items(self) -> impl Iterator<Item = &'static [u8]> {
        self.hashed.split(|byte| *byte == b',')
    }

    /// The method's own list. Empty too if it hashes by the order.
    pub fn list(self) -> impl Iterator<Item = &'static [u8]> {
        self.items().filter(|item| *item != ALL && !item.starts_with(NONE))
    }
}

fn column(row: &'static [u8], number: usize) -> &'static [u8] {
    row.split(|byte| *byte == b'\t').nth(number).unwrap_or_default()
}

/// The row that a place of the registry is in.
fn line_around(place: usize) -> &'static [u8] {
    let before = REGISTRY.get(..place).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    from(start).split(|byte| *byte == b'\n').next().unwrap_or_default()
}

fn from(start: usize) -> &'static [u8] {
    REGISTRY.get(start..).unwrap_or_default()
}

/// The first four columns of each row, and how many bytes they are.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn shipped() -> ([u8; FILE.len()], usize) {
    let mut rows = [0; FILE.len()];
    let (mut len, mut at, mut column, mut is_comment) = (0, 0, 0, false);
    while at < FILE.len() {
        is_comment |= FILE[at] == b'#' && (at == 0 || FILE[at - 1] == b'\n');
        column += (FILE[at] == b'\t') as usize;
        if !is_comment && (column < 4 || FILE[at] == b'\n') {
            rows[len] = FILE[at];
            len += 1;
        }
        if FILE[at] == b'\n' {
            (column, is_comment) = (0, false);
        }
        at += 1;
    }
    (rows, len)
}

/// Where every name of every method starts in the registry.
static NAMES: Table<512> = names();

#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn names() -> Table<512> {
    let mut names = Table::NEW;
    let (mut start, mut at, mut column) = (0, 0, 0);
    while at < REGISTRY.len() {
        let is_end = matches!(REGISTRY[at], b'\t' | b',' | b'\n');
        if is_end && column < 2 && REGISTRY[start] != NONE[0] {
            names.insert(REGISTRY.split_at(at).0.split_at(start).1, start);
        }
        if is_end {
            start = at + 1;
        }
        match REGISTRY[at] {
            b'\t' => column += 1,
            b'\n' => column = 0,
            _ => {}
        }
        at += 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn rows() -> Vec<Vec<&'static str>> {
        let text = str::from_utf8(FILE).unwrap();
        assert!(text.ends_with('\n'));
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        rows.map(|row| row.split('\t').collect()).collect()
    }

    fn list(column: &str) -> Vec<&str> {
        if column == "-" { vec![] } else { column.split(',').collect() }
    }

    fn is_name(name: &str) -> bool {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    #[test]
    fn every_row_is_whole_and_the_rows_are_sorted() {
        let rows = rows();
        assert!(rows.len() >= 120);
        assert!(rows.is_sorted_by(|one, next| one[0] < next[0]));
        let mut names = HashSet::new();
        for row in &rows {
            let [method, aliases, hashed, source, _] = row[..] else { panic!("{row:?}") };
            for name in [vec![method], list(aliases)].concat() {
                assert!(is_name(name) && !name.bytes().any(|byte| byte.is_ascii_uppercase()), "{name}");
                assert!(names.insert(name), "{name} is repeated");
            }
            let (left_out, listed): (Vec<_>, Vec<_>) =
                list(hashed).into_iter().partition(|it| it.starts_with('-'));
            assert!(listed == ["*"] || listed.iter().all(|name| is_name(name) && *name != "hash"), "{row:?}");
            assert_eq!(HashSet::<_>::from_iter(&listed).len(), listed.len(), "{row:?}");
            assert!(listed.len() <= ORDER.len());
            assert!(left_out.iter().all(|it| is_name(it[1..].split('=').next().unwrap())), "{row:?}");
            assert!(["rule", "published hash", "wiki", "client library"].contains(&source), "{row:?}");
            assert!(source == "rule" || listed != ["*"], "{row:?}");
        }
        assert_eq!(names.len(), NAMES.len());
    }

    #[test]
    fn every_name_finds_its_row() {
        for row in rows() {
            for name in [vec![row[0]], list(row[1])].concat() {
                let method = Method::find(name.as_bytes()).unwrap();
                assert_eq!(method.row, row[..4].join("\t").as_bytes(), "{name}");
                assert_eq!(method.name(), row[0].as_bytes());
                assert_eq!(method.is_by_order(), row[2].starts_with('*'));
                let count = if method.is_by_order() { ORDER.len() } else { method.list().count() };
                for at in 0..count {
                    assert_eq!(method.position(method.parameter(at).unwrap().0), Some(at));
                }
                assert!(method.parameter(count).is_none());
                assert_eq!(method.position(b"no_such_parameter"), None);
                assert_eq!(method.source(), row[3].as_bytes());
            }
        }
    }

    #[test]
    fn what_a_method_leaves_out_is_told_by_name_and_value() {
        let leaves_out = |method: &str, name: &str, value: &str| {
            let method = Method::find(method.as_bytes()).unwrap();
            method.leaves_out(name.as_bytes(), Encoded::new(value.as_bytes()))
        };
        assert!(leaves_out("quickstats_get", "u", "admin") && leaves_out("quickstats_get", "u", "%61dmin"));
        assert!(!leaves_out("quickstats_get", "u", "bob") && !leaves_out("quickstats_get", "p", "admin"));
        assert!(leaves_out("card_from_group_sell", "number", "1"));
        assert!(
            !leaves_out("card_from_group_sell", "numbe", "1") && !leaves_out("user_logout", "number", "1")
        );
    }

    #[test]
    fn nothing_else_is_a_name() {
        let names: HashSet<_> = rows()
            .iter()
            .flat_map(|row| {
                [vec![row[0].to_string()], list(row[1]).iter().map(|name| name.to_string()).collect()]
                    .concat()
            })
            .collect();
        for name in &names {
            for len in 0..name.len() {
                let cut = &name[..len];
                assert_eq!(Method::find(cut.as_bytes()).is_ok(), names.contains(cut), "{cut}");
            }
            for changed in [
                format!("{name} "),
                format!("{name}\0"),
                format!("{name}\t-"),
                format!("{name},"),
                name.to_uppercase(),
            ] {
                assert_eq!(Method::find(changed.as_bytes()).err(), Some(Error::Method), "{changed}");
            }
        }
        for name in ["", "-", "#", "#user_logout", "user_logout\tlogout", "logout\t-\trule", ",", "\n", "u"] {
            assert_eq!(Method::find(name.as_bytes()).err(), Some(Error::Method), "{name}");
        }
    }
}

//! Which parameters each method of the Kolmisoft MOR API hashes, and in which order: the registry in
//! methods.tsv, which says of every row where it comes from.
use crate::Error;

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

/// The most parameters that a method hashes.
pub(crate) const PARAMETERS_MAX: usize = 20;

/// A method: its row of the registry.
#[derive(Clone, Copy)]
pub struct Method(&'static [u8]);

impl Method {
    /// Finds a method by its name, or by another name that it has. Names are compared exactly. One
    /// that is not in the registry is [`Error::Method`].
    pub fn find(name: &[u8]) -> Result<Method, Error> {
        let found = NAMES.binary_search_by(|place| name_at(place.name).iter().cmp(name)).ok();
        let place = found.and_then(|found| NAMES.get(found)).ok_or(Error::Method)?;
        let row = from(place.row).split(|byte| *byte == b'\n').next();
        row.map(Method).ok_or(Error::Method)
    }

    /// The name that the registry goes by.
    pub fn name(self) -> &'static [u8] {
        self.column(0)
    }

    /// The names of the hashed parameters, in order.
    pub fn parameters(self) -> impl Iterator<Item = &'static [u8]> {
        self.parameters_text().split(|byte| *byte == b',').filter(|name| !name.is_empty())
    }

    /// The same, a comma between each two.
    pub fn parameters_text(self) -> &'static [u8] {
        let parameters = self.column(2);
        if parameters == NONE { &[] } else { parameters }
    }

    /// Whether a hash that the vendor published shows the parameters and their order.
    pub fn is_confirmed(self) -> bool {
        self.column(3) == b"confirmed"
    }

    fn column(self, number: usize) -> &'static [u8] {
        self.0.split(|byte| *byte == b'\t').nth(number).unwrap_or_default()
    }
}

/// Where a name and its row start in the registry.
#[derive(Clone, Copy)]
struct Place {
    name: u16,
    row: u16,
}

fn from(start: u16) -> &'static [u8] {
    REGISTRY.get(usize::from(start)..).unwrap_or_default()
}

fn name_at(start: u16) -> &'static [u8] {
    from(start).split(|byte| matches!(byte, b'\t' | b',')).next().unwrap_or_default()
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

/// Every name of every method, sorted. The compiler makes it: a few comparisons find a name.
static NAMES: [Place; PLACES.1] = match PLACES.0.first_chunk() {
    Some(names) => *names,
    None => [NOWHERE; PLACES.1],
};

const PLACES: ([Place; NAMES_MAX], usize) = places();
const NOWHERE: Place = Place { name: 0, row: 0 };

/// As many as there is room for below. One too many does not compile.
const NAMES_MAX: usize = 256;

/// The names, sorted, and how many they are.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn places() -> ([Place; NAMES_MAX], usize) {
    assert!(REGISTRY.len() <= u16::MAX as usize);
    let mut places = [NOWHERE; NAMES_MAX];
    let (mut count, mut at, mut row, mut column) = (0, 0, 0, 0);
    while at < REGISTRY.len() {
        let starts_a_name = match column {
            0 => at == row,
            1 => matches!(REGISTRY[at - 1], b'\t' | b',') && REGISTRY[at] != NONE[0],
            _ => false,
        };
        if starts_a_name {
            insert(&mut places, count, Place { name: at as u16, row: row as u16 });
            count += 1;
        }
        match REGISTRY[at] {
            b'\t' => column += 1,
            b'\n' => (row, column) = (at + 1, 0),
            _ => {}
        }
        at += 1;
    }
    (places, count)
}

/// Puts a name among the first `count` ones, which are sorted.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn insert(places: &mut [Place; NAMES_MAX], count: usize, new: Place) {
    let mut at = count;
    while at > 0 && is_less(new.name as usize, places[at - 1].name as usize) {
        places[at] = places[at - 1];
        at -= 1;
    }
    places[at] = new;
}

/// Whether the name that starts at `one` comes before the one at `other`. What ends a name, a tab or
/// a comma, is below every character of a name.
#[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn is_less(mut one: usize, mut other: usize) -> bool {
    while REGISTRY[one] == REGISTRY[other] && REGISTRY[one] > b',' {
        one += 1;
        other += 1;
    }
    let (one, other) = (REGISTRY[one], REGISTRY[other]);
    one < other && other > b','
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
            let [method, aliases, parameters, confirmed, source] = row[..] else { panic!("{row:?}") };
            for name in [vec![method], list(aliases)].concat() {
                assert!(is_name(name) && !name.bytes().any(|byte| byte.is_ascii_uppercase()), "{name}");
                assert!(names.insert(name), "{name} is there twice");
            }
            let parameters = list(parameters);
            assert!(parameters.iter().all(|name| is_name(name) && *name != "hash"), "{row:?}");
            assert_eq!(HashSet::<_>::from_iter(&parameters).len(), parameters.len(), "{row:?}");
            assert!(parameters.len() <= PARAMETERS_MAX);
            assert!(["confirmed", "unconfirmed"].contains(&confirmed), "{row:?}");
            assert!(source.starts_with("wiki: ") || source.starts_with("client library"), "{row:?}");
        }
        assert_eq!(names.len(), NAMES.len());
    }

    #[test]
    fn every_name_finds_its_row() {
        for row in rows() {
            for name in [vec![row[0]], list(row[1])].concat() {
                let method = Method::find(name.as_bytes()).unwrap();
                let parameters: Vec<_> = method.parameters().collect();
                assert_eq!(method.0, row[..4].join("\t").as_bytes(), "{name}");
                assert_eq!(method.name(), row[0].as_bytes());
                assert_eq!(parameters, list(row[2]).iter().map(|name| name.as_bytes()).collect::<Vec<_>>());
                assert_eq!(method.parameters_text(), list(row[2]).join(",").as_bytes());
                assert_eq!(method.is_confirmed(), row[3] == "confirmed");
            }
        }
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
        for name in
            ["", "-", "#", "#user_logout", "user_logout\tlogout", "logout\t-\tunconfirmed", ",", "\n", "u"]
        {
            assert_eq!(Method::find(name.as_bytes()).err(), Some(Error::Method), "{name}");
        }
    }
}

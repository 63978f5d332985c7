//! Every call of tests/vectors, made through the C face with debug assertions and checks of overflow on. The
//! columns of a call are the parameters of its function in order; what it writes goes to `out`.
use apisig_core::Error;
use apisig_diagnosis::Mistake;
use std::path::{Path, PathBuf};
use std::{env, fs, mem};

/// Name, type of the result, types of the parameters, and the function.
type Function = (&'static str, &'static str, &'static [&'static str], *const ());
const FUNCTIONS: &[Function] = include!(concat!(env!("OUT_DIR"), "/functions.rs"));
const OUT_SIZE: usize = 1 << 16;

/// Integers and pointers are passed as words alike, and no function looks at those that are too many.
macro_rules! call_with {
    ($function:expr, $words:expr, $($at:literal)*) => {{
        type Any = unsafe extern "C" fn($(call_with!(@ $at)),*) -> u64;
        // SAFETY: a function of the C face, and the words that its parameters ask for. Not portable: where integers and
        // pointers are passed in registers and then on the stack, those that are too many are ignored.
        unsafe { mem::transmute::<*const (), Any>($function)($($words[$at]),*) }
    }};
    (@ $at:literal) => { u64 };
}

fn call(function: &Function, words: &[u64]) -> u64 {
    let mut all = [0; 20];
    all[..words.len()].copy_from_slice(words);
    call_with!(function.3, all, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19)
}

struct Row<'a> {
    vendor: &'a str,
    verb: &'a str,
    columns: Vec<&'a str>,
    expected: Vec<u8>,
}

impl Row<'_> {
    fn function(&self, verb: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.0 == format!("apisig_{}_{verb}", self.vendor))
    }

    fn is_right(&self) -> bool {
        let function = self.function(self.verb).expect("a function of the header");
        let Some(what) = self.verb.strip_prefix("verify") else { return self.is_answered(function) };
        let check = self.function(&format!("check{what}")).expect("what is verified can be checked");
        let by_index = self.function(&format!("check_secret{what}")).unwrap_or(check);
        let (is_index, user) = (self.expected.len() == 1, self.columns.last().unwrap_or(&""));
        self.number(function) == Ok(i64::from(is_index))
            && self.is_answered(by_index)
            && (by_index.0 == check.0
                || !is_index
                || self.number(check).map(|id| id.to_string()).as_deref() == Ok(user))
    }

    fn number(&self, function: &Function) -> Result<i64, i64> {
        self.answer(function).map(|(number, _)| number)
    }

    /// What a function returns and writes; or why there is no handle.
    fn answer(&self, function: &Function) -> Result<(i64, Vec<u8>), i64> {
        let mut columns = self.columns.iter();
        let (mut words, mut strings, mut out) = (Vec::new(), Vec::new(), vec![0; OUT_SIZE]);
        let mut len = 0;
        let mut handle = 0;
        for parameter in function.2 {
            words.push(match *parameter {
                "size_t" => len as u64,
                "const char *" => {
                    strings.push(unescape(columns.next().expect("a string")));
                    let string = strings.last().expect("it is there");
                    len = string.len();
                    string.as_ptr() as u64
                }
                "int64_t" | "int32_t" | "bool" => {
                    columns.next().expect("a number").parse::<i64>().expect("digits") as u64
                }
                kind if kind.starts_with("const ") => {
                    handle = self.handle(columns.next().expect("secrets"))?;
                    handle
                }
                kind => {
                    len = if kind == "int64_t *" { OUT_SIZE / 8 } else { OUT_SIZE };
                    out.as_mut_ptr() as u64
                }
            });
        }
        let returned = call(function, &words);
        call(self.function("free").expect("handles are freed"), &[handle]);
        let number = match function.1 {
            "int32_t" => i64::from(returned as i32),
            "bool" => i64::from(returned as u8),
            _ => returned as i64,
        };
        Ok((number, out))
    }

    fn handle(&self, secrets: &str) -> Result<u64, i64> {
        let [new, add, free] =
            ["new", "add_secret", "free"].map(|verb| self.function(verb).expect("of each vendor"));
        let mut handle = 0;
        for secret in secrets.split('|').map(unescape) {
            let mut why = 0_i32;
            let (at, len, place) = (secret.as_ptr() as u64, secret.len() as u64, &raw mut why as u64);
            if handle == 0 {
                handle = call(new, &[at, len, place]);
            } else {
                call(add, &[handle, at, len, place]);
            }
            if why != 0 {
                call(free, &[handle]);
                return Err(why.into());
            }
        }
        Ok(handle)
    }

    fn is_answered(&self, function: &Function) -> bool {
        let (number, out) = match self.answer(function) {
            Ok(answer) => answer,
            Err(why) => return self.is_named(why),
        };
        match (function.1, function.2.last()) {
            ("const char *", _) if number == 0 => {
                Error::ALL.iter().any(|error| name(error.name()) == self.expected)
            }
            ("const char *", Some(_)) => out.starts_with(&[&self.expected[..], b"\0"].concat()),
            _ if number < 0 => self.is_named(number),
            ("ptrdiff_t", _) if function.2.contains(&"int64_t *") => {
                let ids = out
                    .chunks(8)
                    .take(number as usize)
                    .map(|id| i64::from_ne_bytes(id.try_into().expect("8 bytes")));
                self.expected == ids.map(|id| id.to_string()).collect::<Vec<_>>().join(" ").as_bytes()
            }
            ("ptrdiff_t", _) => out[..number as usize] == self.expected,
            ("int32_t", Some(&record)) if record.starts_with("apisig_") => self.is_recorded(&out, number),
            _ => number.to_string().as_bytes() == self.expected || self.is_named(number),
        }
    }

    /// The last columns are fields of the record; the result is the last field or the number.
    fn is_recorded(&self, out: &[u8], number: i64) -> bool {
        let fields: Vec<_> = out.split(|byte| *byte == 0).filter(|field| !field.is_empty()).collect();
        let parameters = self.column_count();
        let is_index = number.to_string().as_bytes() == self.expected;
        let mut texts: Vec<_> = self.columns[parameters..].iter().map(|column| unescape(column)).collect();
        texts.extend((!is_index).then(|| self.expected.clone()));
        !texts.is_empty() && texts.iter().all(|text| fields.contains(&&text[..]))
    }

    fn column_count(&self) -> usize {
        let function = self.function(self.verb).expect("a function of the header");
        let is_column =
            |kind: &&&str| kind.starts_with("const ") || matches!(**kind, "int64_t" | "int32_t" | "bool");
        function.2.iter().filter(is_column).count()
    }

    /// Where an argument is not allowed, a row need not say which.
    fn is_named(&self, number: i64) -> bool {
        let statuses = Error::ALL.iter().map(|error| (*error as i64, error.name()));
        let mistakes = Mistake::ALL.iter().map(|mistake| (*mistake as i64, mistake.name()));
        let named = statuses.chain(mistakes).find(|(of, _)| *of == number);
        let known = name(named.map_or("?", |(_, name)| name));
        known == self.expected || (self.expected == b"ARGUMENT" && known.starts_with(b"ARGUMENT_"))
    }
}

/// `NotYetValid` as `NOT_YET_VALID`.
fn name(camel: &str) -> Vec<u8> {
    let words = camel
        .chars()
        .flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain([c.to_ascii_uppercase()]));
    words.skip(1).collect::<String>().into()
}

fn unescape(field: &str) -> Vec<u8> {
    let mut pieces = field.split('\\');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    while let Some(piece) = pieces.next() {
        let (byte, rest) = match piece.as_bytes().first() {
            Some(b'n') => (b'\n', &piece[1..]),
            Some(b'r') => (b'\r', &piece[1..]),
            Some(b't') => (b'\t', &piece[1..]),
            Some(b'x') => (u8::from_str_radix(&piece[1..3], 16).expect("two digits"), &piece[3..]),
            None => (b'\\', pieces.next().expect("what follows the backslash")),
            Some(_) => panic!("not an escape: {field}"),
        };
        bytes.push(byte);
        bytes.extend(rest.as_bytes());
    }
    bytes
}

#[test]
fn every_call_is_answered_as_the_vectors_say() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let folder = env::var_os("APISIG_VECTORS").map_or(beside, PathBuf::from);
    let mut rows = 0;
    let files = fs::read_dir(folder).expect("there are vectors").map(|file| file.expect("a file").path());
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "tsv")) {
        let vendor = file.file_stem().and_then(|stem| stem.to_str()).expect("a vendor");
        let text = fs::read_to_string(&file).expect("it is readable");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut columns: Vec<_> = line.split('\t').collect();
            let expected = unescape(columns.pop().expect("a result"));
            let row = Row { vendor, verb: columns.remove(0), columns, expected };
            assert!(row.is_right(), "{vendor}: {line}");
            rows += 1;
        }
    }
    assert!(rows >= 20);
}

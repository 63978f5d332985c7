//! The core's two lists, as every face prints them.
use apisig_core::Error;
use apisig_diagnosis::Mistake;

pub struct Row {
    /// In `CamelCase`.
    pub name: &'static str,
    pub number: i32,
    pub text: String,
}

pub fn statuses() -> Vec<Row> {
    let row = |error: &Error| Row { name: error.name(), number: *error as i32, text: text(error.text()) };
    Error::ALL.iter().map(row).collect()
}

/// Those that say why there is no result.
pub fn reasons() -> Vec<Row> {
    statuses().into_iter().filter(|row| !row.names_an_argument()).collect()
}

/// Those that name an argument of the caller's own.
pub fn arguments() -> Vec<Row> {
    statuses().into_iter().filter(Row::names_an_argument).collect()
}

pub fn mistakes() -> Vec<Row> {
    let row =
        |mistake: &Mistake| Row { name: mistake.name(), number: *mistake as i32, text: text(mistake.text()) };
    Mistake::ALL.iter().map(row).collect()
}

pub fn text(text: &core::ffi::CStr) -> String {
    text.to_str().expect("the core's texts are UTF-8").into()
}

impl Row {
    /// Whether it is a status for an argument of the caller's own.
    pub fn names_an_argument(&self) -> bool {
        self.number <= Error::ArgumentHandle as i32
    }

    /// In `UPPER_CASE`.
    pub fn constant(&self) -> String {
        let mut constant = String::new();
        for letter in self.name.chars() {
            if letter.is_uppercase() && !constant.is_empty() {
                constant.push('_');
            }
            constant.push(letter.to_ascii_uppercase());
        }
        constant
    }

    /// The text's first sentence: what was wrong.
    pub fn sentence(&self) -> &str {
        self.text.find(". ").map_or(&self.text, |end| &self.text[..=end])
    }
}

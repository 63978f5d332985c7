//! The form of src/handle.rs, filled in: cbindgen sees nothing that a macro makes.
use std::fs;

/// A module's source with the form filled in.
pub fn fill_in(source: &str) -> String {
    let Some((before, rest)) = source.split_once("\nhandle! {\n") else { return source.into() };
    let (fields, behind) = rest.split_once("\n}\n").expect("the form ends");
    let handle = fs::read_to_string("src/handle.rs").expect("src/ is readable");
    let (_, form) = handle.split_once("=> {\n").expect("there is a form");
    let mut form = form.split_once("\n    };\n").expect("it ends").0.to_string();
    for field in fields.replace("\\\n", "").lines() {
        let (name, value) = field.trim().split_once(": ").expect("a field has a value");
        form = form.replace(&format!("${name}"), value.trim_end_matches(',').trim_matches('"'));
    }
    format!("{before}\n{}{behind}", wrapped(&form))
}

/// The same, with lines of comments that are as long as elsewhere.
fn wrapped(source: &str) -> String {
    const WIDTH: usize = 100;
    let (mut text, mut column) = (String::new(), 0);
    for line in source.lines().map(str::trim) {
        let Some(comment) = line.strip_prefix("/// ") else {
            text += if column > 0 { "\n" } else { "" };
            text += &format!("{line}\n");
            column = 0;
            continue;
        };
        for word in comment.split_whitespace() {
            if column == 0 || column + 1 + word.len() > WIDTH {
                text += if column > 0 { "\n///" } else { "///" };
                column = 3;
            }
            text += &format!(" {word}");
            column += 1 + word.len();
        }
    }
    text
}

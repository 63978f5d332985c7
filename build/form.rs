//! The forms of src/, filled in: cbindgen sees nothing that a macro makes.
use std::fs;

/// Each macro is the only one of the file that has its name.
const FORMS: [&str; 3] = ["handle", "check", "diagnose"];

/// A module's source with its forms filled in.
pub fn fill_in(source: &str) -> String {
    FORMS.into_iter().fold(source.into(), |source, name| fill_in_each(&source, name))
}

fn fill_in_each(source: &str, name: &str) -> String {
    let start = format!("\n{name}! {{\n");
    let mut pieces = source.split(&start);
    let before = pieces.next().unwrap_or_default();
    pieces.fold(before.into(), |text, piece| {
        let (fields, behind) = piece.split_once("\n}\n").expect("the form ends");
        format!("{text}\n{}{behind}", filled(&form(name), fields))
    })
}

/// What the macro makes of its fields.
fn form(name: &str) -> String {
    let source = fs::read_to_string(format!("src/{name}.rs")).expect("src/ is readable");
    let (_, form) = source.split_once("=> {\n").expect("there is a form");
    form.split_once("\n    };\n").expect("it ends").0.into()
}

fn filled(form: &str, fields: &str) -> String {
    let lines = fields.lines().map(str::trim);
    let (about, fields): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with("///"));
    let mut form = form.replace("$($parameter),*", "");
    // What a function does is not declared.
    let fields = fields.join("\n");
    let fields = fields.split("\nresult: ").next().unwrap_or_default();
    let (fields, parameters) = parameters(fields);
    for repeated in ["$($parameter: $type),*", "$($parameter: $type,)*"] {
        form = form.replace(repeated, &parameters);
    }
    for field in fields.replace("\\\n", "").lines() {
        if let Some((name, value)) = field.split_once(": ") {
            form = form.replace(&format!("${name}"), value.trim_end_matches(',').trim_matches('"'));
        }
    }
    wrapped(&form).replace("$result", "todo!()").replace("$(#[$about])*", &about.join("\n"))
}

/// The fields without the parameters, and these.
fn parameters(fields: &str) -> (String, String) {
    let Some((before, rest)) = fields.split_once("parameters: (\n") else {
        return (fields.into(), String::new());
    };
    let (parameters, behind) = rest.split_once("\n),").expect("the parameters end");
    (format!("{before}{behind}"), parameters.into())
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

//! The C interface as data, read from the header for PHP: each item there is a paragraph.

pub struct Interface {
    /// Names without `APISIG_`, and their values.
    pub limits: Vec<(String, String)>,
    pub functions: Vec<Function>,
}

pub struct Function {
    pub result: String,
    pub name: String,
    /// Their types alone, none for `void`.
    pub parameters: Vec<String>,
}

impl Interface {
    pub fn read(header: &str) -> Interface {
        let mut interface = Interface { limits: Vec::new(), functions: Vec::new() };
        for section in header.split("/* ---- ").skip(1) {
            let (_, items) = section.split_once(" ----\n */").expect("a section has a name");
            for item in items.split("\n\n").filter(|item| !item.trim().is_empty()) {
                interface.add(&words(item));
            }
        }
        interface
    }

    fn add(&mut self, item: &str) {
        if let Some(limit) = item.strip_prefix("#define APISIG_") {
            let (name, value) = limit.split_once(' ').expect("a limit has a value");
            self.limits.push((name.into(), value.into()));
        } else if !item.starts_with("typedef") {
            self.functions.push(Function::read(item));
        }
    }
}

impl Function {
    fn read(prototype: &str) -> Function {
        let (head, parameters) = prototype.split_once('(').expect("only functions are left");
        let (result, name) = declaration(head);
        let parameters = parameters.trim_end_matches(");").split(',').map(str::trim);
        let types =
            parameters.filter(|parameter| *parameter != "void").map(|parameter| declaration(parameter).0);
        Function { parameters: types.map(Into::into).collect(), result: result.into(), name: name.into() }
    }
}

/// The type and the name: `const char *` and `salt`.
fn declaration(text: &str) -> (&str, &str) {
    let end = text.rfind([' ', '*']).map_or(0, |end| end + 1);
    (text[..end].trim_end(), &text[end..])
}

/// With single spaces in place of line ends and indentation.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

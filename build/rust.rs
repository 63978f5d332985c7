//! The functions as a table, for the tests of the C face.
use crate::interface::{Interface, Section};

/// Rows of name, type of the result, types of the parameters, and the function itself.
pub fn functions(interface: &Interface) -> String {
    format!("&[\n{}]\n", interface.sections.iter().map(rows).collect::<String>())
}

fn rows(section: &Section) -> String {
    let path = section.name.replacen('_', "::", 1);
    let rows = section.functions.iter().map(|function| {
        let (name, result, parameters) = (&function.name, &function.result, &function.parameters);
        format!("    ({name:?}, {result:?}, &{parameters:?}, crate::{path}::{name} as *const ()),\n")
    });
    rows.collect()
}

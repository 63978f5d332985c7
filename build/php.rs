//! PHP's enums, and what its classes declare to FFI: as constants, since opcache keeps those between requests.
use crate::interface::{Function, Interface};
use crate::lists::{Row, arguments, mistakes, reasons, statuses, text};
use crate::{LIBRARIES, VERSION};
use apisig_core::text::{form::FIELDS_MAX, json};
use apisig_core::{Error, Time};
use apisig_diagnosis::Mistake;

/// The longest line of the coding standard.
const LINE_LENGTH: usize = 120;
const INDENTATION: &str = "        ";

pub fn status() -> String {
    file(&format!(
        r"/**
 * Why there is no result, or why a check fails: the `apisig_status` of include/apisig.h.
 */
enum Status: int
{{
{}
    /**
     * The status of a number: Argument for those that name an argument, Mismatch for those that only a later library
     * knows.
     *
     * @internal
     */
    public static function known(int $number): self
    {{
        return self::tryFrom($number) ?? ($number <= Abi::ARGUMENT_HANDLE ? self::Argument : self::Mismatch);
    }}

    /** What it means and what to do about it, without anything that was passed in. */
    public function text(): string
    {{
        return Handle::library(Abi::STATUS_TEXT)->apisig_status_text($this->value);
    }}
}}
",
        cases(&reasons())
    ))
}

pub fn mistake() -> String {
    file(&format!(
        r"/**
 * What was done wrong when something was signed: the `apisig_mistake` of include/apisig.h, as a diagnosis names it.
 *
 * Log it; never return it to the sender, who would learn how to sign.
 */
enum Mistake: int
{{
{}
    /** What was done wrong, and what to do instead, without anything that was passed in. */
    public function text(): string
    {{
        return Handle::library(Abi::MISTAKE_TEXT)->apisig_mistake_text($this->value);
    }}
}}
",
        cases(&mistakes())
    ))
}

/// Limits, and a constant a function: reading declarations is most of what a request's first signature costs, so that each
/// class gives FFI those that it calls alone, without names and white space.
pub fn abi(interface: &Interface) -> String {
    let limit = |(name, value): &(String, String)| format!("    public const {name} = {value};\n");
    let limits: String = interface.limits.iter().chain(&inner_limits()).map(limit).collect();
    let argument = |row: &Row| format!("    public const {} = {};\n", row.constant(), row.number);
    let arguments: String = arguments().iter().map(argument).collect();
    let library =
        |(system, _, file, name): &(_, &str, _, _)| format!("        '{system}' => ['{file}', '{name}'],\n");
    let libraries: String = LIBRARIES.iter().map(library).collect();
    let constants = interface.functions.chunk_by(|one, next| constant(one) == constant(next));
    let declarations: String = constants.map(declarations).collect();
    file(&format!(
        "/**\n * The C interface, as include/apisig.h describes it: its limits, and what FFI is told of its functions.\n\
         \x20* Handles and records are declared as bytes.\n *\n * @internal\n */\n\
        final class Abi\n{{\n    \
        public const VERSION = '{VERSION}';\n    public const SCOPE = 'apisig-{VERSION}';\n\n    \
        /** By PHP's name of the system: the library's file, and the name that the system looks for. */\n    \
        public const LIBRARIES = [\n{libraries}    ];\n\n\
        {limits}\n{arguments}\n{declarations}\n{}}}\n",
        in_php(interface)
    ))
}

/// Those that only the library in PHP needs.
fn inner_limits() -> Vec<(String, String)> {
    let limits = [
        ("TIME_FIRST", Time::FIRST),
        ("TIME_END", Time::END),
        ("FORM_FIELDS_MAX", FIELDS_MAX as i64),
        ("JSON_DEPTH_MAX", json::NESTING_MAX as i64),
        ("JSON_MEMBERS_MAX", json::MEMBERS_MAX as i64),
    ];
    limits.map(|(name, value)| (name.into(), value.to_string())).into()
}

/// The sections of C whose functions only give a text to a number, for hosts without FFI.
pub fn portable_status() -> String {
    let unknown = format!(
        "$status >= 0\n            ? {}\n            : {}",
        literal(&text(Error::WELL)),
        literal(&text(Error::UNKNOWN))
    );
    portable_texts("status", "Status", &statuses(), &unknown)
}

pub fn portable_mistake() -> String {
    portable_texts("mistake", "Mistake", &mistakes(), &literal(&text(Mistake::UNKNOWN)))
}

fn portable_texts(section: &str, class: &str, rows: &[Row], unknown: &str) -> String {
    let row = |row: &Row| format!("        {} => {},\n", row.number, folded_text(&row.text));
    let rows: String = rows.iter().map(row).collect();
    let text = format!(
        r"/**
 * The section {section} of the C interface.
 *
 * @internal
 */
final class {class} extends Library
{{
    private const TEXTS = [
{rows}    ];

    protected function text(int ${section}): string
    {{
        return self::TEXTS[${section}] ?? ({unknown});
    }}
}}
"
    );
    file_by("php", "Apisig\\Portable", &text)
}

/// What the library in PHP has to know of each function to answer as it.
fn in_php(interface: &Interface) -> String {
    let row = |function: &Function| {
        let (method, letters) = match method(function).as_str() {
            verb @ ("new" | "addSecret" | "free") => (format!("{verb}Handle"), String::new()),
            verb => (verb.into(), letters(function)),
        };
        format!("        '{}' => ['{method}', '{letters}'],\n", function.name)
    };
    let functions = interface.functions.iter().filter(|function| function.name != "apisig_version");
    let rows: String = functions.map(row).collect();
    format!(
        "    /**\n     * For the library in PHP: the method that has each function, and the letters of its parameters (handle, string with\n     \
         * its length, number) and of what it gives (known text, text of any length, integers, record, boolean, the value).\n     \
         */\n    public const IN_PHP = [\n{rows}    ];\n"
    )
}

/// The verb in camel case. A verify is its check, without the reason.
fn method(function: &Function) -> String {
    let verb = function.name.splitn(3, '_').nth(2).expect("a function has a verb").replace("verify", "check");
    let words = verb.split('_').enumerate().map(|(at, word)| match (at, word.split_at(1)) {
        (0, _) => word.into(),
        (_, (first, rest)) => first.to_uppercase() + rest,
    });
    words.collect()
}

fn letters(function: &Function) -> String {
    let parameters: Vec<_> = function.parameters.iter().map(String::as_str).collect();
    let mut letters = String::new();
    let mut given = if function.result == "bool" { "b" } else { "v" };
    for (at, parameter) in parameters.iter().enumerate() {
        match (*parameter, parameters.get(at + 1)) {
            ("const char *", _) => letters.push('s'),
            ("uint8_t *", _) => given = if function.result == "const char *" { "k" } else { "t" },
            ("int64_t *", _) => given = "i",
            ("size_t", _) => (),
            (pointer, None) if pointer.ends_with('*') => given = "r",
            (pointer, _) if pointer.ends_with('*') => letters.push('h'),
            _ => letters.push('n'),
        }
    }
    letters + given
}

/// A string of PHP's.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// One on lines that are short enough.
pub fn folded_text(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '|']) {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < LINE_LENGTH - 20 => line.push_str(word),
            _ => lines.push(word.into()),
        }
    }
    lines.iter().map(|line| literal(line)).collect::<Vec<_>>().join("\n            . ")
}

fn file(text: &str) -> String {
    file_by("php", "Apisig", text)
}

/// A file of PHP's, by a file of this folder.
pub fn file_by(name: &str, namespace: &str, text: &str) -> String {
    format!(
        "<?php\n\n// Generated by build/{name}.rs: never edited here.\n\n\
        declare(strict_types=1);\n\nnamespace {namespace};\n\n{text}"
    )
}

fn cases(rows: &[Row]) -> String {
    let case =
        |row: &Row| format!("    /** {} */\n    case {} = {};\n", row.sentence(), row.name, row.number);
    rows.iter().map(case).collect()
}

/// The name of a function's constant: the three that every handle needs are one.
fn constant(function: &Function) -> String {
    let name = function.name.trim_start_matches("apisig_").to_uppercase();
    let vendor = ["_NEW", "_ADD_SECRET", "_FREE"].iter().find_map(|verb| name.strip_suffix(verb));
    match vendor {
        Some(vendor) => format!("{vendor}_HANDLE"),
        None if name == "VERSION" => "LIBRARY_VERSION".into(),
        None => name,
    }
}

fn declarations(functions: &[Function]) -> String {
    let lines: String = functions.iter().map(|function| folded(&declaration(function))).collect();
    format!("    public const {} = <<<'C'\n{lines}{INDENTATION}C;\n", constant(&functions[0]))
}

fn declaration(function: &Function) -> String {
    let parameters: Vec<_> = function.parameters.iter().map(|parameter| bytes(parameter)).collect();
    let parameters = if parameters.is_empty() { "void".into() } else { parameters.join(",") };
    let declaration = format!("{} {}({parameters});", bytes(&function.result), function.name);
    declaration.replace(" *", "*").replace("* ", "*")
}

/// A handle or a record as what PHP passes no string for.
fn bytes(type_name: &str) -> &str {
    if type_name.contains("apisig_") { "uint8_t *" } else { type_name }
}

/// Lines that are short enough, each indented.
fn folded(declaration: &str) -> String {
    let mut lines = vec![String::from(INDENTATION)];
    for part in declaration.split_inclusive([',', ';']) {
        match lines.last_mut() {
            Some(line) if line.len() + part.len() <= LINE_LENGTH => line.push_str(part),
            _ => lines.push(format!("{INDENTATION}{}", part.trim_start())),
        }
    }
    lines.join("\n") + "\n"
}

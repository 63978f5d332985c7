//! MOR's registry for the library in PHP: what each method hashes, the order of the parameters, how their values are read,
//! and why a form is not signed.
use crate::php::{file_by, folded_text, literal};
use apisig_core::Text;
use apisig_core::mor::order::{BLOCK, ORDER, Parameter, Type};
use apisig_core::mor::request::{Refusal, TYPED_MAX};
use apisig_diagnosis::mor::{RefusalText, is_confirmed};
use std::collections::BTreeMap;

const METHODS: &str = include_str!("../core/src/mor/methods.tsv");

pub fn registry() -> String {
    let methods: String = METHODS.lines().filter(|line| !line.starts_with('#')).map(method).collect();
    let order = ORDER.map(|Parameter(name, kind)| format!("        {} => '{kind:?}',\n", quoted(name)));
    let types: BTreeMap<_, _> = ORDER.iter().map(|Parameter(_, kind)| (format!("{kind:?}"), *kind)).collect();
    let types: String = types.values().map(|kind| row(*kind)).collect();
    let refusals = [
        ("TOO_LONG", Refusal::TooLong),
        ("SEMICOLON", Refusal::Semicolon),
        ("MULTIPART", Refusal::Multipart),
        ("NAME", Refusal::Name),
        ("TWICE", Refusal::Twice(b"%s")),
    ];
    let refusals = refusals
        .map(|(name, refusal)| format!("    public const {name} =\n        {};\n", sentence(refusal)));
    let text = format!(
        r"/**
 * The registry of MOR's methods.
 *
 * @internal
 */
final class MorRegistry
{{
    /** The longest value that is read by type, in bytes as it is in the form. */
    public const TYPED_MAX = {TYPED_MAX};

{refusals}
    /** The form of each type's values, and the refusal of others. */
    public const TYPES = [
{types}    ];

    /** The type of each parameter, in the order in which a server hashes them. */
    public const ORDER = [
{order}    ];

    /** What each method hashes, as core/src/mor/methods.tsv has it, and whether public hashes confirm it. */
    public const METHODS = [
{methods}    ];
}}
",
        refusals = refusals.concat(),
        order = order.concat(),
    );
    file_by("mor", "Apisig\\Portable", &text)
}

/// A method under each of its names.
fn method(line: &str) -> String {
    let [name, others, hashed] = line.splitn(4, '\t').collect::<Vec<_>>()[..3] else { return String::new() };
    let names = std::iter::once(name).chain(others.split(',').filter(|name| *name != "-"));
    names
        .map(|name| {
            let is_confirmed = is_confirmed(name.as_bytes());
            format!("        {} => [{}, {is_confirmed}],\n", literal(name), literal(hashed))
        })
        .collect()
}

fn row(kind: Type) -> String {
    let refusal = sentence(Refusal::Value(Parameter(b"%s", kind)));
    let form = folded_text(&form(kind));
    format!("        '{kind:?}' => [\n            {form},\n            {refusal},\n        ],\n")
}

/// A type as a pattern of PHP's.
fn form(kind: Type) -> String {
    let (words, others) = kind.allowed();
    let mut forms: Vec<String> = words.iter().map(|word| (*word).into()).collect();
    if let Some(others) = others {
        let others: String = others.iter().map(|byte| format!("\\{}", char::from(*byte))).collect();
        forms.push(format!("[0-9{others}]++"));
    }
    match kind {
        Type::Text => "//".into(),
        Type::Never => "/(?!)/".into(),
        Type::Block => format!("/{}/", BLOCK.join("|")),
        _ => format!("/^(?:{})\\z/", forms.join("|")),
    }
}

/// With %s for the name of the parameter.
fn sentence(refusal: Refusal) -> String {
    let mut text = Vec::new();
    RefusalText(refusal).write(&mut text);
    folded_text(ascii(&text))
}

fn quoted(name: &[u8]) -> String {
    literal(ascii(name))
}

fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).expect("names and sentences are ASCII")
}

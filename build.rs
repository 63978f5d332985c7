//! Writes the two headers from `src/`, a section a file, and says how the shared library is linked.
use cbindgen::{Builder, Config, DocumentationStyle, ExportConfig, FunctionConfig, Language, Style};
use std::{env, fs};

/// Raised when a program that was linked with an older library could no longer run with a newer
/// one.
const SONAME: &str = "libapisig.so.0";

const C_HEADER: &str = "include/apisig.h";
const PHP_HEADER: &str = "bindings/php/apisig.ffi.h";

fn main() {
    for path in ["src", C_HEADER, PHP_HEADER] {
        println!("cargo:rerun-if-changed={path}");
    }
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // PHP closes the library after every request: that it stays makes the next request ten
        // times cheaper.
        for argument in ["-soname", SONAME, "-z", "nodelete", "-z", "defs"] {
            println!("cargo:rustc-cdylib-link-arg=-Wl,{argument}");
        }
    }
    let lib = fs::read_to_string("src/lib.rs").expect("src/lib.rs is readable");
    write(C_HEADER, c_header(&lib));
    write(PHP_HEADER, php_header(&lib));
}

/// For C99 and C++11, with every comment. At its top stand the rules, which are the first comment
/// of src/lib.rs.
fn c_header(lib: &str) -> String {
    let rules = first_comment("src/lib.rs");
    let version = env!("CARGO_PKG_VERSION");
    let sections = sections(
        lib,
        &Config {
            documentation_style: DocumentationStyle::Doxy,
            function: FunctionConfig {
                must_use: Some("APISIG_MUST_USE".into()),
                ..FunctionConfig::default()
            },
            ..common("char")
        },
    );
    format!(
        "/*\n{rules} */\n/* Made by build.rs from src/: never edited here. */\n\
        #ifndef APISIG_H\n#define APISIG_H\n\n\
        #include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n\
        /** The version of this header; apisig_version() gives the one of the library. */\n\
        #define APISIG_VERSION \"{version}\"\n\n\
        #if defined(__GNUC__)\n\
        #define APISIG_MUST_USE __attribute__((warn_unused_result))\n\
        #else\n#define APISIG_MUST_USE\n#endif\n\n\
        #ifdef __cplusplus\nextern \"C\" {{\n#endif\n\
        {sections}\n\
        #ifdef __cplusplus\n}}\n#endif\n\n#endif\n"
    )
}

/// For PHP, which knows no preprocessor, no attributes and no `extern "C"`. The outputs are
/// `uint8_t *`: PHP lets a string literal be overwritten through a `char *`.
fn php_header(lib: &str) -> String {
    let sections = sections(lib, &Config { documentation: false, ..common("uint8_t") });
    format!("#define FFI_SCOPE \"apisig\"\n#define FFI_LIB \"{SONAME}\"\n{sections}")
}

fn common(out: &str) -> Config {
    Config {
        language: Language::C,
        style: Style::Type,
        no_includes: true,
        usize_is_size_t: true,
        line_length: 110,
        tab_width: 4,
        export: ExportConfig {
            include: vec!["apisig_status".into(), "apisig_mistake".into()],
            rename: [("apisig_out".into(), out.into())].into(),
            ..ExportConfig::default()
        },
        ..Config::default()
    }
}

/// What the modules of src/lib.rs declare, in their order there, and behind each what its own modules do.
fn sections(lib: &str, config: &Config) -> String {
    let mut text = String::new();
    for module in modules(lib) {
        text += &section(module, config);
        let source = fs::read_to_string(format!("src/{module}.rs")).expect("src/ is readable");
        for part in modules(&source) {
            text += &section(&format!("{module}/{part}"), config);
        }
    }
    text
}

fn modules(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
}

/// A module's first comment and what it declares.
fn section(module: &str, config: &Config) -> String {
    let (name, file) = (module.replace('/', "_"), format!("src/{module}.rs"));
    let filled_in =
        format!("{}/section.rs", env::var("OUT_DIR").expect("cargo has a folder for what is made"));
    fs::write(&filled_in, fill_in(&fs::read_to_string(&file).expect("src/ is readable")))
        .expect("it is writable");
    let mut text = Vec::new();
    let builder = Builder::new().with_src(&filled_in).with_config(config.clone());
    builder.generate().expect("the module declares a C interface").write(&mut text);
    let text = String::from_utf8(text).expect("cbindgen writes UTF-8");
    let comment = if config.documentation { first_comment(&file) } else { String::new() };
    format!("\n/* ---- {name} ----\n{comment} */\n\n{}\n", text.trim())
}

/// A module's source with the form of src/handle.rs filled in: cbindgen sees nothing that a macro makes.
fn fill_in(source: &str) -> String {
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

/// The lines of a file's first comment, as lines of a comment in C.
fn first_comment(file: &str) -> String {
    let source = fs::read_to_string(file).expect("src/ is readable");
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| format!(" *{line}\n")).collect()
}

/// Writes a header only if it changed.
fn write(path: &str, header: String) {
    if fs::read_to_string(path).ok().as_deref() != Some(&header) {
        fs::write(path, header).expect("the folders of the headers are writable");
    }
}

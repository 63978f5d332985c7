//! Prints what other languages say of the C interface, from `src/` and the lists of the core, and says how the
//! shared library is linked.
#[path = "build/c.rs"]
mod c;
#[path = "build/form.rs"]
mod form;
#[path = "build/interface.rs"]
mod interface;
#[path = "build/lists.rs"]
mod lists;
#[path = "build/mor.rs"]
mod mor;
#[path = "build/php.rs"]
mod php;
#[path = "build/python.rs"]
mod python;

use interface::Interface;
use std::{env, fs, path::Path};

/// Raised when a program that was linked with an older library could no longer run with a newer
/// one.
const SONAME: &str = "libapisig.so.0";
/// As PHP and as Python call the system; the file of the library, and the name that the system looks for.
const LIBRARIES: [(&str, &str, &str, &str); 3] = [
    ("Linux", "linux", "libapisig.so", SONAME),
    ("Darwin", "darwin", "libapisig.dylib", MACOS_NAME),
    ("Windows", "win32", "apisig.dll", "apisig.dll"),
];
const MACOS_NAME: &str = "libapisig.0.dylib";
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() {
    println!("cargo:rerun-if-changed=src");
    for argument in link_arguments(&env::var("CARGO_CFG_TARGET_OS").expect("cargo names the target")) {
        println!("cargo:rustc-cdylib-link-arg=-Wl,{argument}");
    }
    write("include/apisig.h", &c::header());
    let php_header = c::php_header();
    let interface = Interface::read(&php_header);
    write("bindings/php/apisig.ffi.h", &php_header);
    write("bindings/php/src/Abi.php", &php::abi(&interface));
    write("bindings/php/src/Mistake.php", &php::mistake());
    write("bindings/php/src/Status.php", &php::status());
    write("bindings/php/src/Portable/Mistake.php", &php::portable_mistake());
    write("bindings/php/src/Portable/MorRegistry.php", &mor::registry());
    write("bindings/php/src/Portable/Status.php", &php::portable_status());
    write("bindings/python/apisig/_abi.py", &python::abi(&interface));
}

/// How the shared library is linked.
fn link_arguments(system: &str) -> Vec<String> {
    let arguments = match system {
        // PHP closes the library after every request: that it stays makes the next request ten times cheaper.
        "linux" => format!("-soname {SONAME} -z nodelete -z defs"),
        // Else its name is that of the folder it was built in, and what the crate libc names is linked, used or not.
        "macos" => format!("-install_name,@rpath/{MACOS_NAME} -dead_strip_dylibs"),
        _ => String::new(),
    };
    arguments.split_whitespace().map(String::from).collect()
}

/// Writes a file only if it changed, and only if its folder exists: an archive of the sources may omit it.
fn write(path: &str, text: &str) {
    if !Path::new(path).parent().is_some_and(Path::is_dir) {
        return;
    }
    println!("cargo:rerun-if-changed={path}");
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).expect("the folders of generated files are writable");
    }
}

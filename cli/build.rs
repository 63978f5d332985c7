//! Takes the page, where it was made: APISIG_PAGE is its file.
fn main() {
    println!("cargo:rerun-if-env-changed=APISIG_PAGE");
    println!("cargo:rustc-check-cfg=cfg(has_page)");
    if let Some(page) = std::env::var("APISIG_PAGE").ok().filter(|page| !page.is_empty()) {
        println!("cargo:rerun-if-changed={page}");
        println!("cargo:rustc-cfg=has_page");
    }
}

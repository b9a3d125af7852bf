//! What the linker is told beside the usual.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var_os(name).is_some_and(|is| is == value);
    // The program that is shipped is taken apart afterwards (xtask/src/parts.rs), which needs to know what refers to what.
    if is("CARGO_CFG_TARGET_FAMILY", "wasm") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bin=hearth-frontend=--emit-relocs");
    }
}

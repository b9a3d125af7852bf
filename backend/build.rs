//! New files in `dist/` must be embedded; cargo sees only changes of those that it knows.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
    println!("cargo::rerun-if-changed=../migrations");
}

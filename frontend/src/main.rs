//! The first program: everything that people open every day.

fn main() {
    hearth_frontend::run();
}

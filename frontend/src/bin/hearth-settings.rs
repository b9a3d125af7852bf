//! The second program: settings, and the ways back to a lost account.

fn main() {
    hearth_frontend::run_settings();
}

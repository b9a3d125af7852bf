//! The log: one line per event on standard error, filtered by `RUST_LOG`. Lines of one request carry its id.
//! Never in it: bodies, tokens, passwords, addresses, what people search for.

use tracing_subscriber::EnvFilter;

/// Starts the log; later calls change nothing.
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(terminal);
    // Err: somebody (a test) has started it before.
    drop(log.try_init());
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panic")));
}

//! The command line of Hearth.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};
use hearth::app::{self, admin};
use hearth::demo::{self, Filled};
use hearth::platform::config::{self, Config, Settings};
use hearth::platform::telemetry;

/// Gives back what is not used any more: with the system's own, what a crowd once took is kept for ever.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What still runs when everybody has been answered has this long to come to its end.
const LAST_JOBS: Duration = Duration::from_secs(1);

/// A private social network that people run themselves.
#[derive(Parser)]
#[command(version, args_override_self = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the server.
    #[command(args_override_self = true)]
    Serve {
        #[command(flatten)]
        arguments: Arguments,
        /// Fills an empty database with invented people and posts, and says how to sign in as one of them.
        #[arg(long)]
        demo: bool,
    },
    /// Brings the tables up to date and stops.
    #[command(args_override_self = true)]
    Migrate(Arguments),
    /// What the host does with accounts. Works beside a server that runs, and takes effect within five seconds.
    #[command(args_override_self = true)]
    Admin {
        #[command(flatten)]
        arguments: Arguments,
        #[command(subcommand)]
        command: admin::Command,
    },
}

#[derive(clap::Args)]
struct Arguments {
    /// A TOML file with the same names as the environment; the environment and the command line count more.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

fn main() -> ExitCode {
    telemetry::init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    match Line::parse_from(arguments()?).command {
        Command::Serve { arguments, demo } => serve(Config::new(arguments.settings)?, demo),
        Command::Migrate(arguments) => {
            let config = Config::new(arguments.settings)?;
            let done = app::migrate(&config)?;
            tracing::info!(migrations = done, "the tables are up to date");
            Ok(())
        }
        Command::Admin { arguments, command } => administer(&Config::new(arguments.settings)?, command),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn administer(config: &Config, command: admin::Command) -> anyhow::Result<()> {
    let told = admin::run(config, command).await?;
    Ok(writeln!(std::io::stdout(), "{told}")?)
}

/// The command line, with the file's values put before it, where later ones count more.
fn arguments() -> anyhow::Result<Vec<OsString>> {
    let mut line: Vec<OsString> = std::env::args_os().collect();
    let file = line.iter().enumerate().find_map(|(at, argument)| {
        let argument = argument.to_str()?;
        let next = || line.get(at + 1).map(PathBuf::from);
        if argument == "--config" {
            next()
        } else {
            argument.strip_prefix("--config=").map(PathBuf::from)
        }
    });
    if let (Some(file), Some(name)) = (file, line.get(1).and_then(|name| name.to_str()))
        && let Some(command) = Line::command().find_subcommand(name)
    {
        line.splice(2..2, config::arguments_of_file(&file, command)?);
    }
    Ok(line)
}

#[actix_web::main]
async fn serve(config: Config, demo: bool) -> anyhow::Result<()> {
    let cost = config.bcrypt_cost;
    let running = app::build(config).await?;
    if demo && !running.address.ip().is_loopback() {
        tracing::warn!("--demo: everybody who reads the manual knows the password of the invented people");
    }
    if demo {
        match demo::fill(&running.db, cost)
            .await
            .map_err(|error| anyhow::anyhow!("--demo: {error}"))?
        {
            Filled::Now => tracing::info!(
                "invented people were added; sign in as ada with the password: {}",
                demo::PASSWORD
            ),
            Filled::NotEmpty => tracing::info!("--demo: somebody lives here already; nothing was added"),
        }
    }
    tracing::info!("Hearth listens on http://{}", running.address);
    let asked_to_stop = stop_signals();
    // For people and for programs that started us.
    writeln!(std::io::stdout(), "Hearth is ready: http://{}", running.address)?;
    let (stopper, nodes) = (running.stopper, running.nodes);
    actix_web::rt::spawn(async move {
        asked_to_stop.await;
        stopper.stop().await;
    });
    running.server.await?;
    nodes.leave().await;
    tracing::info!("stopped");
    // A thread that waits for a database which hangs would keep the program for as long.
    std::thread::spawn(|| {
        std::thread::sleep(LAST_JOBS);
        std::process::exit(0);
    });
    Ok(())
}

/// SIGTERM and Ctrl+C; listened for from now on, so that whoever was told that Hearth is ready can stop it too.
fn stop_signals() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).ok()
    };
    async move {
        #[cfg(unix)]
        if let Some(terminate) = &mut terminate {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
        drop(tokio::signal::ctrl_c().await);
    }
}

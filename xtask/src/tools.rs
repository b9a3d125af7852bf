//! What the commands need from the machine, and how it gets there.
//!
//! A program that is already there in a fitting version is used. Otherwise it is installed: with rustup,
//! `cargo binstall` or `cargo install`, npm, apt or brew; nothing is downloaded from anywhere else. What cargo
//! and npm install goes to `~/.cache/hearth/tools/<name>-<version>`, beside the project and not into `target/`,
//! so that it is built once per machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use hearth_servers::{Postgres, Redis};

use crate::process::{cargo, find_program, is_root, read, run};

/// The newest Trunk that the project's Rust compiles.
const TRUNK: &str = "0.21.14";
/// wasm-opt. The one of Debian 12 is too old for what rustc emits.
const BINARYEN: &str = "132.0.0";
/// Playwright and binaryen need this Node.js.
const NODE_MAJOR: u32 = 20;

/// Everything, for `cargo xtask tools`.
pub(crate) fn everything(root: &Path) -> Result<()> {
    c_compiler()?;
    client(root)?;
    println!("chromium    {}", chromium()?.display());
    println!("postgresql  {}", postgres()?.display());
    redis()?;
    Ok(())
}

/// What Trunk needs to build the web client.
#[derive(Debug)]
pub(crate) struct ClientTools {
    /// `PATH` on which the right versions come first.
    pub(crate) path: OsString,
    /// Version of wasm-bindgen in Cargo.lock.
    pub(crate) wasm_bindgen: String,
    /// wasm-opt's way to write its version.
    pub(crate) wasm_opt: String,
}

/// Finds or installs the tools that build the web client.
pub(crate) fn client(root: &Path) -> Result<ClientTools> {
    let wasm_bindgen = locked_version(root, "wasm-bindgen")?;
    wasm_target(root)?;
    npm()?;
    let folders = [
        cargo_tool(root, "trunk", "trunk", TRUNK)?,
        cargo_tool(root, "wasm-bindgen", "wasm-bindgen-cli", &wasm_bindgen)?,
        Some(binaryen()?),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = folders.into_iter().flatten().chain(std::env::split_paths(&path));
    Ok(ClientTools {
        path: std::env::join_paths(path)?,
        wasm_bindgen,
        wasm_opt: format!("version_{}", BINARYEN.split('.').next().unwrap_or_default()),
    })
}

/// SQLite, libpq and OpenSSL are compiled from C; OpenSSL wants `make` and perl for it.
pub(crate) fn c_compiler() -> Result<()> {
    if find_program(&["cc", "gcc", "clang"]).is_none() || find_program(&["make"]).is_none() {
        install("a C compiler", "a minute", &["build-essential"], &[])?;
    }
    // Debian's smallest systems have a perl without the modules that come with it.
    let perl = || read(Command::new("perl").args(["-MFindBin", "-MIPC::Cmd", "-MTime::Piece", "-e", "1"]));
    if perl().is_err() {
        install("perl", "ten seconds", &["perl"], &["perl"])?;
    }
    perl().context("perl with its standard modules").map(drop)
}

/// The standard library for WebAssembly.
pub(crate) fn wasm_target(root: &Path) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = read(
        Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(root),
    )?;
    if Path::new(&sysroot).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    if find_program(&["rustup"]).is_none() {
        bail!("the Rust target {TARGET} is missing; install it the way Rust was installed");
    }
    println!("Installing the Rust target {TARGET} (a few seconds)");
    run(Command::new("rustup")
        .args(["target", "add", TARGET])
        .current_dir(root))
}

/// Node.js and npm.
pub(crate) fn npm() -> Result<()> {
    let major = || {
        let version = read(Command::new("node").arg("--version")).ok()?;
        version
            .trim_start_matches('v')
            .split('.')
            .next()?
            .parse::<u32>()
            .ok()
    };
    if major().is_none() || find_program(&["npm"]).is_none() {
        install("Node.js and npm", "a minute", &["nodejs", "npm"], &["node"])?;
    }
    match major() {
        Some(found) if found >= NODE_MAJOR => Ok(()),
        found => bail!(
            "Node.js {NODE_MAJOR} or newer is needed, found {found:?}; see https://nodejs.org/en/download"
        ),
    }
}

/// The browser of the browser tests: `CHROMIUM`, else an installed Chromium or Chrome, else installed now.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Ok(chosen.into());
    }
    let look = || {
        find_program(&[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ])
        .or_else(|| {
            ["Chromium", "Google Chrome"]
                .map(|name| PathBuf::from(format!("/Applications/{name}.app/Contents/MacOS/{name}")))
                .into_iter()
                .find(|file| file.is_file())
        })
    };
    if look().is_none() {
        install(
            "Chromium",
            "half a minute, 160 MB",
            &["chromium"],
            &["--cask", "chromium"],
        )?;
    }
    look().context("no Chromium found; name one with CHROMIUM=/path/to/it")
}

/// The folder with `initdb` and `pg_ctl`.
pub(crate) fn postgres() -> Result<PathBuf> {
    if Postgres::installed().is_none() {
        install("PostgreSQL", "half a minute", &["postgresql"], &["postgresql@17"])?;
    }
    Postgres::installed().context("no PostgreSQL server found (initdb); put its bin folder on PATH")
}

/// `redis-server` and `redis-cli`. Debian's package also starts a service; nothing here uses it.
pub(crate) fn redis() -> Result<()> {
    if !Redis::is_installed() {
        install(
            "Redis",
            "ten seconds",
            &["redis-server", "redis-tools"],
            &["redis"],
        )?;
    }
    if !Redis::is_installed() {
        bail!("no redis-server and redis-cli found; put their folder on PATH");
    }
    Ok(())
}

/// A program from crates.io. Returns the folder to put on `PATH`, or nothing when it is already on it.
fn cargo_tool(root: &Path, program: &str, package: &str, version: &str) -> Result<Option<PathBuf>> {
    let fits = |program: &Path| {
        read(Command::new(program).arg("--version"))
            .is_ok_and(|text| text.split_whitespace().any(|word| word == version))
    };
    if find_program(&[program]).is_some_and(|found| fits(&found)) {
        return Ok(None);
    }
    let home = cache()?.join(format!("{program}-{version}"));
    let folder = home.join("bin");
    if fits(&folder.join(program)) {
        return Ok(Some(folder));
    }
    let spec = format!("{package}@{version}");
    if find_program(&["cargo-binstall"]).is_some() {
        println!("Installing {spec} (half a minute)");
        let mut binstall = cargo(root);
        binstall
            .args(["binstall", "--no-confirm", "--root"])
            .arg(&home)
            .arg(&spec);
        if run(&mut binstall).is_ok() && fits(&folder.join(program)) {
            return Ok(Some(folder));
        }
    }
    println!("Compiling {spec}, once for this machine (2 to 7 minutes)");
    let mut install = cargo(root);
    install.args(["install", &spec, "--root"]).arg(&home);
    if package == "trunk" {
        // Its TLS is for downloads and HTTPS serving, which are not used. wasm-bindgen-cli's lock file names
        // a release that was withdrawn, so that one is built without `--locked`.
        install.args(["--locked", "--no-default-features"]);
    }
    // A tool that runs for a second need not be optimised for minutes; Trunk only calls others.
    install
        .env(
            "CARGO_PROFILE_RELEASE_OPT_LEVEL",
            if package == "trunk" { "0" } else { "1" },
        )
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run(&mut install)?;
    if !fits(&folder.join(program)) {
        bail!(
            "{spec} was installed, but {program} is not in {}",
            folder.display()
        );
    }
    Ok(Some(folder))
}

/// wasm-opt from npm: the same program compiled to JavaScript, for every platform.
fn binaryen() -> Result<PathBuf> {
    let home = cache()?.join(format!("binaryen-{BINARYEN}"));
    let folder = home.join("node_modules/.bin");
    if !folder.join("wasm-opt").is_file() {
        println!("Installing binaryen {BINARYEN} with npm (10 seconds, 100 MB)");
        std::fs::create_dir_all(&home)?;
        run(Command::new("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
                "--prefix",
            ])
            .arg(&home)
            .arg(format!("binaryen@{BINARYEN}")))?;
    }
    Ok(folder)
}

fn cache() -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .context("HOME is not set")?;
    Ok(base.join("hearth/tools"))
}

/// Installs packages with apt or brew.
fn install(what: &str, time: &str, apt: &[&str], brew: &[&str]) -> Result<()> {
    if find_program(&["apt-get"]).is_some() {
        println!("Installing {what} with apt ({time})");
        let apt_get = || {
            let mut command = if is_root() {
                Command::new("apt-get")
            } else {
                let mut sudo = Command::new("sudo");
                sudo.arg("apt-get");
                sudo
            };
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        let mut packages = apt_get();
        packages
            .args(["install", "--yes", "--no-install-recommends"])
            .args(apt);
        run(apt_get().args(["update", "--quiet"]))
            .and_then(|()| run(&mut packages))
            .with_context(|| format!("{what} is missing; as root: apt-get install {}", apt.join(" ")))
    } else if find_program(&["brew"]).is_some() && !brew.is_empty() {
        println!("Installing {what} with brew ({time})");
        run(Command::new("brew").arg("install").args(brew))
    } else {
        bail!("{what} is missing and there is neither apt nor brew to install it with")
    }
}

/// The version of a package in Cargo.lock.
fn locked_version(root: &Path, package: &str) -> Result<String> {
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).context("Cargo.lock")?;
    version_in_lock(&lock, package)
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock has no {package}"))
}

fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"2.0.1\"\n";
        assert_eq!(version_in_lock(lock, "a"), Some("2.0.1"));
        assert_eq!(version_in_lock(lock, "b"), None);
    }
}

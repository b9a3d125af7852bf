//! What the two pages of the client and the server may weigh. Every byte of the first page is paid by everybody who
//! opens it on a slow line, so a growth must be a decision: change a limit here. The second one is for settings and
//! the like; style sheets and typefaces that both use are in the cache by then.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{client, stamp};

const KIB: u64 = 1024;

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    what: &'static str,
    raw: u64,
    /// As it travels: brotli for the client's files, as it is for the program.
    sent: u64,
    limit: u64,
}

impl Line {
    /// A file of the client's.
    fn add(&mut self, file: &Path) -> Result<()> {
        let compressed = client::with_suffix(file, "br");
        self.raw += file.metadata()?.len();
        self.sent += compressed
            .metadata()
            .with_context(|| format!("{}; run `cargo xtask build`", compressed.display()))?
            .len();
        Ok(())
    }
}

/// One of the client's programs, and what may be sent of it.
struct Program {
    page: &'static str,
    wasm: (&'static str, u64),
    glue: (&'static str, u64),
    css: (&'static str, u64),
    html: (&'static str, u64),
    all: (&'static str, u64),
}

const PROGRAMS: [&Program; 2] = [
    &Program {
        page: "index.html",
        wasm: ("WebAssembly", 424 * KIB),
        glue: ("JavaScript glue", 14 * KIB),
        css: ("CSS", 20 * KIB),
        html: ("HTML", 14 * KIB),
        all: ("first page", 459 * KIB),
    },
    &Program {
        page: "settings.html",
        wasm: ("its WebAssembly", 288 * KIB),
        glue: ("its glue", 11 * KIB),
        css: ("its CSS", 16 * KIB),
        html: ("its HTML", 6 * KIB),
        all: ("settings", 313 * KIB),
    },
];

/// The parts of the first program that come later: what they are called here, how their files are, what may be sent. Shared
/// is what several of them need; it comes with the first of those.
const PARTS: [(&str, &str, u64); 4] = [
    ("part: over", "over-", 56 * KIB),
    ("part: talk", "talk-", 118 * KIB),
    ("part: people", "people-", 59 * KIB),
    ("parts: shared", "shared-", 52 * KIB),
];

/// Measures and fails when something is too heavy.
pub(crate) fn run(root: &Path) -> Result<()> {
    let lines = measure(root)?;
    print(&lines);
    check(&lines)
}

/// The same without the program.
pub(crate) fn of_client(root: &Path) -> Result<()> {
    let lines = client(root)?;
    print(&lines);
    check(&lines)
}

/// Weighs `dist/` and the program.
pub(crate) fn measure(root: &Path) -> Result<Vec<Line>> {
    let mut lines = client(root)?;
    let binary = root.join("target/release/hearth");
    let size = binary
        .metadata()
        .with_context(|| format!("{}; run `cargo xtask build`", binary.display()))?
        .len();
    lines.push(Line {
        what: "program",
        raw: size,
        sent: size,
        limit: 57_000 * KIB,
    });
    Ok(lines)
}

/// Weighs `dist/`.
pub(crate) fn client(root: &Path) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for program in PROGRAMS {
        lines.extend(weigh(root, program)?);
    }
    lines.extend(weigh_parts(root)?);
    Ok(lines)
}

/// Weighs the parts of the first program that come later.
fn weigh_parts(root: &Path) -> Result<Vec<Line>> {
    let mut lines = PARTS.map(|(what, _, limit)| line(what, limit));
    for file in stamp::files(root, &["dist"])? {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let part = PARTS
            .iter()
            .position(|(_, begin, _)| name.starts_with(begin) && name.ends_with(".wasm"));
        if let Some(index) = part {
            lines[index].add(&file)?;
        }
    }
    Ok(lines.into())
}

/// Weighs what a page names.
fn weigh(root: &Path, program: &Program) -> Result<Vec<Line>> {
    let page = root.join("dist").join(program.page);
    let text = std::fs::read_to_string(&page)
        .with_context(|| format!("{}; run `cargo xtask build`", page.display()))?;
    let mut lines =
        [program.wasm, program.glue, program.css, program.html].map(|(what, limit)| line(what, limit));
    for file in stamp::files(root, &["dist"])? {
        let index = match file.extension().and_then(|extension| extension.to_str()) {
            Some("wasm") => 0,
            Some("js") => 1,
            Some("css") => 2,
            Some("html") => 3,
            _ => continue,
        };
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if file != page && !text.contains(name) {
            continue;
        }
        lines[index].add(&file)?;
    }
    let mut all = line(program.all.0, program.all.1);
    for line in &lines {
        all.raw += line.raw;
        all.sent += line.sent;
    }
    Ok(lines.into_iter().chain([all]).collect())
}

/// Prints the table.
pub(crate) fn print(lines: &[Line]) {
    println!("\n  {:16}{:>12}{:>12}{:>12}", "KiB", "raw", "sent", "limit");
    for line in lines {
        let verdict = if line.sent > line.limit { "TOO HEAVY" } else { "" };
        println!(
            "  {:16}{:>12}{:>12}{:>12}  {verdict}",
            line.what,
            tenths(line.raw),
            tenths(line.sent),
            tenths(line.limit)
        );
    }
}

/// Fails when a line is over its limit or weighs nothing, which means that it was not found.
fn check(lines: &[Line]) -> Result<()> {
    for line in lines {
        if line.raw == 0 || line.sent == 0 {
            bail!("dist/ has no {}", line.what);
        }
        if line.sent > line.limit {
            bail!(
                "{} weighs {} KiB, the limit is {}",
                line.what,
                tenths(line.sent),
                tenths(line.limit)
            );
        }
    }
    Ok(())
}

fn line(what: &'static str, limit: u64) -> Line {
    Line {
        what,
        raw: 0,
        sent: 0,
        limit,
    }
}

/// KiB with one decimal, rounded up: a weight on the table is never less than the true one.
fn tenths(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(KIB);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed_and_nothing_is_not() {
        let weighing = |sent| Line {
            what: "CSS",
            raw: sent,
            sent,
            limit: 1024,
        };
        assert!(check(&[weighing(1024)]).is_ok());
        assert!(check(&[weighing(1025)]).is_err());
        assert!(check(&[weighing(0)]).is_err());
        assert_eq!(tenths(1025), "1.1");
    }
}

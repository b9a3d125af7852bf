//! The web client: Trunk builds its two programs, the first of which is taken apart (`parts.rs`), and they end up together
//! in `dist/` with the service worker that keeps them; then every file that shrinks gets a `.br` and a `.gz` beside it, which the server sends as they are.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use flate2::write::GzEncoder;

use crate::{budget, parts, process, stamp, tools, worker};

/// What the client is made of. Nothing else may change it.
const INPUTS: &[&str] = &[
    "frontend",
    "shared",
    "Trunk.toml",
    "Cargo.lock",
    "Cargo.toml",
    "rust-toolchain.toml",
];
const STAMP: &str = "client";
const DIST: &str = "dist";
/// The second program. Trunk empties the folder that it builds into, so it has one of its own first.
const SECOND: &str = "frontend/settings.html";
const SECOND_PAGE: &str = "settings.html";
const SECOND_DIST: &str = "target/settings-client";

/// Builds the client unless `dist/` already holds what the sources say. Returns whether it built.
pub(crate) fn build(root: &Path) -> Result<bool> {
    let inputs = stamp::of_contents(root, INPUTS)?;
    if is_built_from(root, &inputs)? {
        return Ok(false);
    }
    println!("Building the web client");
    both(root, &["--release"])?;
    compress(&root.join(DIST))?;
    // The inputs may have changed while Trunk ran; then the stamp of before makes the next build do it again.
    stamp::write(root, STAMP, &mark(root, &inputs)?)?;
    Ok(true)
}

/// Builds both programs for a server that reads `dist/`: for work on them unoptimised, in one piece and uncompressed, or as
/// they are shipped.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    match args {
        [] => both(root, &[]),
        [how] if how == "--release" => {
            build(root)?;
            budget::print(&budget::client(root)?);
            Ok(())
        }
        _ => bail!("`client` takes nothing or `--release`"),
    }
}

fn both(root: &Path, how: &[&str]) -> Result<()> {
    let tools = tools::client(root)?;
    let trunk = |what: &[&str]| {
        let mut command = Command::new("trunk");
        command.arg("build").args(how).args(what);
        process::run(
            command
                .current_dir(root)
                .env("PATH", &tools.path)
                // Trunk downloads a tool whose version is not the one it wants; these are the installed ones.
                .env("TRUNK_TOOLS_WASM_BINDGEN", &tools.wasm_bindgen)
                .env("TRUNK_TOOLS_WASM_OPT", &tools.wasm_opt)
                // Trunk 0.21 takes only `true` and `false` and stops at the usual `NO_COLOR=1`.
                .env_remove("NO_COLOR"),
        )
        .context("the web client does not build")
    };
    trunk(&[])?;
    if how.contains(&"--release") {
        parts::take_apart(root, &root.join(DIST), &tools)?;
    }
    trunk(&["--dist", SECOND_DIST, "--html-output", SECOND_PAGE, SECOND])?;
    merge(&root.join(SECOND_DIST), &root.join(DIST))?;
    worker::write(root, &root.join(DIST))
}

/// Copies what one folder holds into another. A name that both have must be the same file.
fn merge(from: &Path, to: &Path) -> Result<()> {
    for file in stamp::files(from, &["."])? {
        let name = file.strip_prefix(from)?;
        let target = to.join(name);
        let content = std::fs::read(&file).with_context(|| file.display().to_string())?;
        if target.is_file() && std::fs::read(&target)? != content {
            bail!("both programs have a file {}, and they differ", name.display());
        }
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&target, content).with_context(|| target.display().to_string())?;
    }
    Ok(())
}

/// Whether `dist/` is as the last build left it. A running `trunk serve` writes there, too.
pub(crate) fn is_untouched(root: &Path) -> Result<bool> {
    let listing = stamp::of_listing(root, DIST)?;
    Ok(stamp::read(root, STAMP).is_some_and(|mark| mark.ends_with(&listing)))
}

fn is_built_from(root: &Path, inputs: &str) -> Result<bool> {
    let dist = root.join(DIST);
    let pages = ["index.html", SECOND_PAGE]
        .iter()
        .all(|page| dist.join(page).is_file());
    Ok(pages && stamp::matches(root, STAMP, &mark(root, inputs)?))
}

fn mark(root: &Path, inputs: &str) -> Result<String> {
    Ok(format!("{inputs} {}", stamp::of_listing(root, DIST)?))
}

/// Writes `.br` and `.gz` beside every file that is not compressed already.
fn compress(dist: &Path) -> Result<()> {
    let name = dist.to_string_lossy();
    for file in stamp::files(dist, &[&name])? {
        if !shrinks(&file) {
            continue;
        }
        let content = std::fs::read(&file).with_context(|| file.display().to_string())?;
        std::fs::write(with_suffix(&file, "br"), brotli(&content)?)?;
        std::fs::write(with_suffix(&file, "gz"), gzip(&content)?)?;
    }
    Ok(())
}

/// The file's name with one more extension.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn shrinks(file: &Path) -> bool {
    const COMPRESSED: &[&str] = &[
        "avif", "br", "gif", "gz", "ico", "jpeg", "jpg", "png", "webp", "woff2",
    ];
    let extension = file.extension().and_then(|extension| extension.to_str());
    !extension.is_some_and(|extension| COMPRESSED.contains(&extension))
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut out, &params)?;
    Ok(out)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_compressed_can_be_read_again() -> Result<()> {
        let text = "hearth ".repeat(1_000).into_bytes();
        let mut from_brotli = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(&text)?, &mut from_brotli)?;
        let mut from_gzip = Vec::new();
        flate2::read::GzDecoder::new(&*gzip(&text)?).read_to_end(&mut from_gzip)?;
        assert!(from_brotli == text && from_gzip == text);
        Ok(())
    }

    #[test]
    fn the_two_programs_may_share_files_but_not_names() -> Result<()> {
        let root = std::env::temp_dir().join(format!("hearth-merge-{}", std::process::id()));
        let (one, two) = (root.join("one"), root.join("two"));
        std::fs::create_dir_all(one.join("fonts"))?;
        std::fs::create_dir_all(two.join("fonts"))?;
        std::fs::write(one.join("fonts/a"), "same")?;
        std::fs::write(two.join("fonts/a"), "same")?;
        std::fs::write(two.join("b"), "new")?;
        merge(&two, &one)?;
        assert_eq!(std::fs::read_to_string(one.join("b"))?, "new");
        std::fs::write(two.join("b"), "other")?;
        assert!(merge(&two, &one).is_err());
        Ok(std::fs::remove_dir_all(&root)?)
    }

    #[test]
    fn fonts_and_pictures_are_left_alone() {
        assert!(shrinks(Path::new("a.wasm")) && shrinks(Path::new("LICENSE")));
        assert!(!shrinks(Path::new("a.woff2")) && !shrinks(Path::new("a.js.br")));
    }
}

//! Takes the first program apart. Trunk has built it as one piece, and the linker has kept what refers to what
//! (`frontend/build.rs`). From that piece everything is cut off that is reached through the split points of
//! `frontend/src/main.rs` alone, and what several of them share; wasm-bindgen and wasm-opt make the pieces what browsers
//! take, and the page names them in place of what Trunk made.
//!
//! All names end in one hash over all pieces: one is good only with those that it was cut from.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use wasm_split_cli_support::{Options, transform};

use crate::tools::ClientTools;
use crate::{process, stamp};

/// What the linker made. Cargo names its folder after the profile.
const LINKED: &str = "target/wasm32-unknown-unknown/wasm-release/hearth-frontend.wasm";
/// The beginning of the names that Trunk gives to the first program.
const PROGRAM: &str = "hearth-frontend";
const PAGE: &str = "index.html";
/// Where it is taken apart.
const WORK: &str = "target/parts";
/// The names of the pieces while they have no hash yet.
const FIRST: &str = "first";
const LOADER: &str = "parts.js";

/// Puts the pieces into `dist/`, where Trunk has put the whole.
pub(crate) fn take_apart(root: &Path, dist: &Path, tools: &ClientTools) -> Result<()> {
    let work = root.join(WORK);
    if work.is_dir() {
        std::fs::remove_dir_all(&work)?;
    }
    let (cut, bound) = (work.join("cut"), work.join("bound"));
    std::fs::create_dir_all(&bound)?;
    let mut pieces = cut_up(&root.join(LINKED), &cut)?;
    process::run(
        Command::new("wasm-bindgen")
            .env("PATH", &tools.path)
            // The parts import the table, which it would take for something that only the linker needs.
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--keep-lld-exports",
                "--out-dir",
            ])
            .arg(&bound)
            .arg(cut.join(format!("{FIRST}.wasm"))),
    )?;
    let first = format!("{FIRST}_bg.wasm");
    pieces.push(cut.join(&first));
    std::fs::rename(bound.join(&first), cut.join(&first))?;
    for piece in &pieces {
        let name = piece.file_name().context("a piece has no name")?;
        process::run(
            Command::new("wasm-opt")
                .env("PATH", &tools.path)
                .arg("-Oz")
                .arg(piece)
                .arg("-o")
                .arg(bound.join(name)),
        )?;
    }
    // That a part does not come is said by the page; that is no fault of the program.
    let loader = std::fs::read_to_string(cut.join(LOADER))?.replace("console.error(", "console.warn(");
    std::fs::write(bound.join(LOADER), loader)?;
    put(&bound, dist)
}

/// Cuts the program up. Returns the parts; the first one is `first.wasm` beside them.
fn cut_up(linked: &Path, to: &Path) -> Result<Vec<PathBuf>> {
    let whole = std::fs::read(linked).with_context(|| linked.display().to_string())?;
    let (first, loader, glue) = (
        to.join(format!("{FIRST}.wasm")),
        format!("./{LOADER}"),
        format!("./{FIRST}.js"),
    );
    let mut options = Options::new(&whole);
    options.output_dir = to;
    options.main_out_path = &first;
    options.link_name = &loader;
    options.main_module = &glue;
    let split = transform(options).map_err(|why| anyhow!("the client cannot be taken apart: {why:#}"))?;
    if split.split_modules.is_empty() {
        bail!("the client has no parts: are there split points in frontend/src/main.rs?");
    }
    Ok(split.split_modules)
}

/// Moves the pieces into `dist/` under their names, and lets the page name them.
fn put(pieces: &Path, dist: &Path) -> Result<()> {
    let hash = stamp::of_contents(pieces, &["."])?;
    let mut names = Vec::new();
    for file in stamp::files(pieces, &["."])? {
        let name = file_name(&file)?.to_owned();
        let named = with_hash(&name, &hash)?;
        names.push((name, named));
    }
    for (name, named) in &names {
        let from = pieces.join(name);
        if name.ends_with(".js") {
            let text = std::fs::read_to_string(&from)?;
            std::fs::write(dist.join(named), renamed(&text, &names))?;
        } else {
            std::fs::copy(&from, dist.join(named))?;
        }
    }
    let page = dist.join(PAGE);
    let mut text = std::fs::read_to_string(&page).with_context(|| page.display().to_string())?;
    for (end, piece) in [
        (".js", format!("{FIRST}.js")),
        ("_bg.wasm", format!("{FIRST}_bg.wasm")),
    ] {
        let whole = the_one(dist, end, &hash)?;
        let old = file_name(&whole)?;
        if !text.contains(old) {
            bail!("{PAGE} does not name {old}");
        }
        text = text.replace(old, &with_hash(&piece, &hash)?);
        std::fs::remove_file(&whole)?;
    }
    let glue = with_hash(&format!("{FIRST}.js"), &hash)?;
    text = ask_early(&text, &glue, &with_hash(LOADER, &hash)?)?;
    std::fs::write(&page, text)?;
    Ok(())
}

/// The name of a piece in `dist/`.
fn with_hash(name: &str, hash: &str) -> Result<String> {
    let (stem, extension) = name.rsplit_once('.').context("a piece has no extension")?;
    Ok(match stem {
        FIRST => format!("{PROGRAM}-{hash}.{extension}"),
        _ if stem.strip_prefix(FIRST) == Some("_bg") => format!("{PROGRAM}-{hash}_bg.{extension}"),
        // What the library calls a chunk is what several parts share.
        _ => match (stem.strip_prefix("split_"), stem.strip_prefix("chunk_")) {
            (Some(part), _) => format!("{part}-{hash}.{extension}"),
            (_, Some(number)) => format!("shared-{number}-{hash}.{extension}"),
            _ => format!("{stem}-{hash}.{extension}"),
        },
    })
}

/// A script that names the pieces as they are called in `dist/`: where it fetches them. What the program itself calls them
/// stays.
fn renamed(script: &str, names: &[(String, String)]) -> String {
    let mut text = script.to_owned();
    for (name, named) in names {
        for before in ["from \"./", "from './", "URL(\"./", "URL('./", "URL(\"", "URL('"] {
            for quote in ['"', '\''] {
                let old = format!("{before}{name}{quote}");
                text = text.replace(&old, &format!("{before}{named}{quote}"));
            }
        }
    }
    text
}

/// The page asks for the loader of the parts beside the script that imports it, not after it.
fn ask_early(page: &str, glue: &str, loader: &str) -> Result<String> {
    let tag = page
        .split_inclusive('>')
        .filter_map(|piece| piece.rfind("<link").map(|at| &piece[at..]))
        .find(|tag| tag.contains("modulepreload") && tag.contains(glue))
        .with_context(|| format!("{PAGE} does not preload {glue}"))?;
    Ok(page.replacen(tag, &format!("{tag}{}", tag.replace(glue, loader)), 1))
}

/// The file of the whole program with that ending; the pieces are there already.
fn the_one(dist: &Path, end: &str, hash: &str) -> Result<PathBuf> {
    let mut found = stamp::files(dist, &["."])?.into_iter().filter(|file| {
        file_name(file)
            .is_ok_and(|name| name.starts_with(PROGRAM) && name.ends_with(end) && !name.contains(hash))
    });
    match (found.next(), found.next()) {
        (Some(file), None) => Ok(file),
        _ => bail!("Trunk did not make exactly one {PROGRAM}-…{end}"),
    }
}

fn file_name(file: &Path) -> Result<&str> {
    let name = file.file_name().and_then(|name| name.to_str());
    name.with_context(|| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef";

    #[test]
    fn every_piece_has_a_name_with_the_hash() -> Result<()> {
        for (name, named) in [
            ("first.js", "hearth-frontend-0123456789abcdef.js"),
            ("first_bg.wasm", "hearth-frontend-0123456789abcdef_bg.wasm"),
            ("parts.js", "parts-0123456789abcdef.js"),
            ("split_talk.wasm", "talk-0123456789abcdef.wasm"),
            ("chunk_4.wasm", "shared-4-0123456789abcdef.wasm"),
        ] {
            assert_eq!(with_hash(name, HASH)?, named);
        }
        Ok(())
    }

    #[test]
    fn the_page_and_the_scripts_name_the_pieces() -> Result<()> {
        let root = std::env::temp_dir().join(format!("hearth-parts-{}", std::process::id()));
        let (pieces, dist) = (root.join("pieces"), root.join("dist"));
        std::fs::create_dir_all(&pieces)?;
        std::fs::create_dir_all(&dist)?;
        std::fs::write(
            pieces.join("first.js"),
            "import * as p from './parts.js'; new URL('first_bg.wasm'); const imports = { './parts.js': p };",
        )?;
        std::fs::write(pieces.join("first_bg.wasm"), "1")?;
        std::fs::write(
            pieces.join("parts.js"),
            "import {} from \"./first.js\"; fetch(new URL(\"./split_talk.wasm\"));",
        )?;
        std::fs::write(pieces.join("split_talk.wasm"), "2")?;
        std::fs::write(dist.join("hearth-frontend-1111111111111111.js"), "old")?;
        std::fs::write(dist.join("hearth-frontend-1111111111111111_bg.wasm"), "old")?;
        let page = "<script>import '/hearth-frontend-1111111111111111.js'; '/hearth-frontend-1111111111111111_bg.wasm'</script>\
                    <link rel=\"modulepreload\" href=\"/hearth-frontend-1111111111111111.js\">";
        std::fs::write(dist.join(PAGE), page)?;
        put(&pieces, &dist)?;
        let page = std::fs::read_to_string(dist.join(PAGE))?;
        assert!(
            !page.contains("1111") && page.matches("modulepreload").count() == 2,
            "{page}"
        );
        let made = stamp::files(&dist, &["."])?;
        assert_eq!(made.len(), 5, "the whole is gone: {made:?}");
        for file in made {
            let text = std::fs::read_to_string(&file)?;
            // Whatever is named is there, under a name with a hash; only the program calls its import as before.
            let text = text.replace("{ './parts.js': p }", "");
            for name in text
                .split(['\'', '"', '/'])
                .filter(|word| word.ends_with("wasm") || word.ends_with(".js"))
            {
                assert!(dist.join(name).is_file(), "{} names {name}", file.display());
            }
        }
        Ok(std::fs::remove_dir_all(&root)?)
    }
}

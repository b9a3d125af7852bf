//! The service worker of the client. It must know what the two programs are made of, which is known once both are
//! built: then the first line of `dist/sw.js` says it, and what follows is `frontend/sw.js` as it stands.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::stamp;

/// The same file that decides in the server and in the client which program shows an address. It depends on nothing,
/// so it is compiled in here; the whole contract would be a long way round to four words.
#[path = "../../shared/src/pages.rs"]
#[expect(unreachable_pub, reason = "it is public where it lives")]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the tests compare with the rule itself")
)]
mod pages;

const SOURCE: &str = "frontend/sw.js";
const NAME: &str = "sw.js";
/// What the programs need to start. Data that is looked at later (emoji) is not part of it.
const PARTS: [&str; 6] = ["css", "html", "js", "svg", "wasm", "woff2"];

/// Writes the worker beside what it keeps.
pub(crate) fn write(root: &Path, dist: &Path) -> Result<()> {
    let source = root.join(SOURCE);
    let source = std::fs::read_to_string(&source).with_context(|| source.display().to_string())?;
    let target = dist.join(NAME);
    std::fs::write(&target, head(dist)? + &source).with_context(|| target.display().to_string())
}

/// `const SHELL = {…};` and what makes this version another one than the last.
fn head(dist: &Path) -> Result<String> {
    let names = parts(dist)?;
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let version = stamp::of_contents(dist, &named)?;
    let files = list(names.iter().map(|name| format!("/{name}")))?;
    let second = list(pages::SECOND.iter().map(|part| (*part).to_owned()))?;
    Ok(format!(
        "const SHELL = {{ version: '{version}', files: {files}, second: {second} }};\n"
    ))
}

/// The files of both programs, from `dist/`, sorted.
fn parts(dist: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in stamp::files(dist, &["."])? {
        let name = file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if PARTS.contains(&extension) && name != NAME {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A list of strings as JavaScript writes it.
fn list(items: impl Iterator<Item = String>) -> Result<String> {
    let mut quoted = Vec::new();
    for item in items {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        if !item.bytes().all(plain) {
            bail!("{item:?} cannot stand in {NAME} as it is");
        }
        quoted.push(format!("'{item}'"));
    }
    Ok(format!("[{}]", quoted.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(name: &str, files: &[(&str, &str)]) -> Result<std::path::PathBuf> {
        let dist = std::env::temp_dir().join(format!("hearth-worker-{name}-{}", std::process::id()));
        std::fs::create_dir_all(dist.join("fonts"))?;
        for (name, text) in files {
            std::fs::write(dist.join(name), text)?;
        }
        Ok(dist)
    }

    #[test]
    fn the_worker_knows_both_programs_and_nothing_else() -> Result<()> {
        let dist = built(
            "parts",
            &[
                ("index.html", "1"),
                ("settings.html", "2"),
                ("a-0123456789abcdef_bg.wasm", "3"),
                ("a-0123456789abcdef_bg.wasm.br", "3"),
                ("fonts/b.woff2", "4"),
                ("emoji.txt", "5"),
                ("manifest.webmanifest", "6"),
                ("sw.js", "7"),
            ],
        )?;
        let line = head(&dist)?;
        assert!(
            line.contains(
                "files: ['/a-0123456789abcdef_bg.wasm', '/fonts/b.woff2', '/index.html', '/settings.html']"
            ),
            "{line}"
        );
        assert!(
            line.ends_with("second: ['settings', 'forgot', 'reset', 'verify', 'unsubscribe'] };\n"),
            "{line}"
        );
        // The worker itself is no part of the version, so that writing it twice makes no new one.
        std::fs::write(dist.join("sw.js"), "8")?;
        assert_eq!(head(&dist)?, line);
        std::fs::write(dist.join("index.html"), "9")?;
        assert_ne!(head(&dist)?, line);
        Ok(std::fs::remove_dir_all(&dist)?)
    }

    #[test]
    fn what_is_written_is_the_head_and_the_source() -> Result<()> {
        let root = built("written", &[("index.html", "1")])?;
        std::fs::create_dir_all(root.join("frontend"))?;
        std::fs::write(root.join(SOURCE), "// the worker\n")?;
        write(&root, &root)?;
        let written = std::fs::read_to_string(root.join(NAME))?;
        assert!(written.starts_with("const SHELL = { version: '") && written.ends_with(";\n// the worker\n"));
        Ok(std::fs::remove_dir_all(&root)?)
    }

    #[test]
    fn nothing_breaks_out_of_a_string() {
        assert!(list(["it's".to_owned()].into_iter()).is_err());
    }

    #[test]
    fn the_rule_of_the_worker_is_that_of_the_server() {
        for (address, second) in [("/settings/privacy", true), ("/", false), ("//settings", false)] {
            // As `frontend/sw.js` says it.
            let part = address.split('/').nth(1).unwrap_or_default();
            assert_eq!(pages::SECOND.contains(&part), second, "{address}");
            assert_eq!(pages::is_second(address), second, "{address}");
        }
    }
}

//! What the compiler does not check: the direction of the layers, the one place where each thing lives, names,
//! lengths, and that both databases have the same migrations. Runs as `cargo xtask tidy` and as a test.

mod files;
mod lines;

use std::path::Path;

use anyhow::{Context, Result, bail};

/// A file of the project: its path from the root, with `/`, and its text (empty when it is not text).
#[derive(Debug, Clone)]
struct File {
    path: String,
    text: String,
}

/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &[".git", "target", "dist", "data", "node_modules", "output"];

/// Checks the project.
pub(crate) fn run(root: &Path) -> Result<()> {
    let files = read(root)?;
    let found = check(&files);
    println!("{} files, {} findings", files.len(), found.len());
    if !found.is_empty() {
        bail!("\n{}", found.join("\n"));
    }
    Ok(())
}

/// Everything that is wrong, as `path:line: what`.
fn check(files: &[File]) -> Vec<String> {
    let mut found = files::check(files);
    found.extend(files.iter().flat_map(lines::check));
    found.sort();
    found
}

fn read(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    waiting.push(path);
                }
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.push(File {
                path: relative,
                text: String::from_utf8(bytes).unwrap_or_default(),
            });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_tidy() {
        if let Err(error) = crate::root().and_then(|root| run(&root)) {
            panic!("{error:#}");
        }
    }
}

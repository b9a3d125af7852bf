//! "Nothing changed since": a hash of files, remembered in `target/`.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// All files below some files and folders, sorted; what is not there is left out.
pub(crate) fn files(root: &Path, names: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).with_context(|| path.display().to_string())? {
                waiting.push(entry?.path());
            }
        } else if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A hash over names and contents.
pub(crate) fn of_contents(root: &Path, names: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files(root, names)? {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        std::fs::read(&file)
            .with_context(|| file.display().to_string())?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// A hash over names and sizes: notices that another program wrote into a folder.
pub(crate) fn of_listing(root: &Path, name: &str) -> Result<String> {
    let mut sizes = BTreeMap::new();
    for file in files(root, &[name])? {
        let size = file.metadata()?.len();
        sizes.insert(file, size);
    }
    let mut hasher = DefaultHasher::new();
    sizes.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// The value that was remembered last.
pub(crate) fn read(root: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(file(root, name)).ok()
}

/// Whether this value was remembered last.
pub(crate) fn matches(root: &Path, name: &str, value: &str) -> bool {
    read(root, name).is_some_and(|old| old == value)
}

/// Remembers a value.
pub(crate) fn write(root: &Path, name: &str, value: &str) -> Result<()> {
    let file = file(root, name);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&file, value).with_context(|| file.display().to_string())
}

fn file(root: &Path, name: &str) -> PathBuf {
    root.join("target/xtask").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_new_and_a_renamed_file_change_the_hash() -> Result<()> {
        let root = std::env::temp_dir().join(format!("hearth-stamp-{}", std::process::id()));
        std::fs::create_dir_all(root.join("in/deep"))?;
        let mut seen = std::collections::HashSet::new();
        let mut note = || of_contents(&root, &["in", "absent"]).map(|hash| seen.insert(hash));
        std::fs::write(root.join("in/deep/a"), "1")?;
        assert!(note()?);
        assert!(!note()?);
        std::fs::write(root.join("in/deep/a"), "2")?;
        assert!(note()?);
        std::fs::write(root.join("in/b"), "")?;
        assert!(note()?);
        std::fs::rename(root.join("in/b"), root.join("in/c"))?;
        assert!(note()?);
        Ok(std::fs::remove_dir_all(&root)?)
    }
}

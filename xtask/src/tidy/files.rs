//! Rules about whole files: their names, their lengths, their first line, which ones must exist together.

use std::collections::BTreeSet;

use super::File;

const LINES: usize = 500;
const LINES_OF_TESTS: usize = 800;
const GENERATED: &str = "backend/src/schema.rs";
const MAP: &str = "docs/ARCHITECTURE.md";

/// Names that say nothing: everything fits in, so everything ends there.
const EMPTY_NAMES: &[&str] = &["common", "helper", "helpers", "misc", "util", "utils"];

/// All findings of this module.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let mut found: Vec<String> = files.iter().filter(|file| is_rust(file)).flat_map(one).collect();
    found.extend(files.iter().filter_map(empty_name));
    found.extend(migrations(files));
    found.extend(map(files));
    found
}

fn is_rust(file: &File) -> bool {
    file.path.ends_with(".rs") && file.path != GENERATED
}

fn one(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    if !file.text.starts_with("//!") {
        found.push(format!(
            "{}:1: does not begin with `//!` and what it is for",
            file.path
        ));
    }
    let lines = file.text.lines().count();
    let tests = file.path.contains("/tests/") || file.path.ends_with("tests.rs");
    let limit = if tests { LINES_OF_TESTS } else { LINES };
    if lines > limit {
        found.push(format!("{}:{lines}: longer than {limit} lines", file.path));
    }
    found
}

fn empty_name(file: &File) -> Option<String> {
    let code = [".rs", ".ts", ".css"].iter().any(|end| file.path.ends_with(end));
    let part = file.path.split('/').find(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        EMPTY_NAMES.contains(&stem)
    })?;
    code.then(|| format!("{}:1: `{part}` does not say what is in it", file.path))
}

/// The two dialects describe one schema, step by step.
fn migrations(files: &[File]) -> Vec<String> {
    const DIALECTS: [&str; 2] = ["sqlite", "postgres"];
    const PARTS: [&str; 2] = ["up.sql", "down.sql"];
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let names: BTreeSet<&str> = paths
        .iter()
        .filter_map(|path| {
            let (dialect, rest) = path.strip_prefix("migrations/")?.split_once('/')?;
            let (name, _) = rest.split_once('/')?;
            DIALECTS.contains(&dialect).then_some(name)
        })
        .collect();
    let mut found = Vec::new();
    for name in names {
        for dialect in DIALECTS {
            for part in PARTS {
                let wanted = format!("migrations/{dialect}/{name}/{part}");
                if !paths.contains(wanted.as_str()) {
                    found.push(format!("{wanted}:1: is missing"));
                }
            }
        }
    }
    found
}

/// A map that names places which do not exist leads astray.
fn map(files: &[File]) -> Vec<String> {
    let Some(map) = files.iter().find(|file| file.path == MAP) else {
        return Vec::new();
    };
    let exists = |name: &str| {
        let name = name.trim_end_matches('/');
        let folder = format!("{name}/");
        files
            .iter()
            .any(|file| file.path == name || file.path.starts_with(&folder))
    };
    let top: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| Some(file.path.split_once('/')?.0))
        .collect();
    let mut found = Vec::new();
    for (index, line) in map.text.lines().enumerate() {
        for name in line.split('`').skip(1).step_by(2) {
            let plain = name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
            let ours = name.split_once('/').is_some_and(|(first, _)| top.contains(first));
            if plain && ours && !exists(name) {
                found.push(format!("{MAP}:{}: `{name}` does not exist", index + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Vec<File> {
        list.iter()
            .map(|(path, text)| File {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        assert_eq!(check(&files(&[("shared/src/a.rs", "//! Ids.\n")])), [""; 0]);
        assert_eq!(check(&files(&[(GENERATED, "// @generated\n")])), [""; 0]);
        let silent = check(&files(&[("shared/src/a.rs", "use std::fmt;\n")]));
        assert!(
            silent[0].starts_with("shared/src/a.rs:1: does not begin with"),
            "{silent:?}"
        );
    }

    #[test]
    fn length_at_its_edges() {
        let long = |lines: usize| format!("//! Long.\n{}", "\n".repeat(lines - 1));
        for (path, lines, good) in [
            ("shared/src/a.rs", 500, true),
            ("shared/src/a.rs", 501, false),
            ("backend/tests/it/a.rs", 800, true),
            ("backend/tests/it/a.rs", 801, false),
            ("backend/src/features/posts/tests.rs", 501, true),
            (GENERATED, 5_000, true),
        ] {
            let found = check(&files(&[(path, &long(lines))]));
            assert_eq!(found.is_empty(), good, "{path} {lines} {found:?}");
        }
    }

    #[test]
    fn names_that_say_nothing() {
        for (path, good) in [
            ("shared/src/utils.rs", false),
            ("backend/src/common/mod.rs", false),
            ("e2e/support/helpers.ts", false),
            ("frontend/src/misc.css", false),
            ("shared/src/utility_bill.rs", true),
            ("docs/misc.md", true),
        ] {
            let found = check(&files(&[(path, "//! X.\n")]));
            assert_eq!(found.is_empty(), good, "{path} {found:?}");
        }
    }

    #[test]
    fn both_databases_have_every_migration() {
        let all = [
            ("migrations/sqlite/1_users/up.sql", ""),
            ("migrations/sqlite/1_users/down.sql", ""),
            ("migrations/postgres/1_users/up.sql", ""),
            ("migrations/postgres/1_users/down.sql", ""),
        ];
        assert_eq!(check(&files(&all)), [""; 0]);
        for gone in 0..all.len() {
            let mut some = all.to_vec();
            some.remove(gone);
            assert_eq!(check(&files(&some)), [format!("{}:1: is missing", all[gone].0)]);
        }
    }

    #[test]
    fn the_map_names_what_exists() {
        let text = "`shared/src/ids.rs` `shared/src/` `/api/v1` `cargo run` `other/x` `shared/<name>` `shared/src/gone.rs`";
        let found = check(&files(&[(MAP, text), ("shared/src/ids.rs", "//! Ids.\n")]));
        assert_eq!(found, [format!("{MAP}:1: `shared/src/gone.rs` does not exist")]);
    }
}

//! Rules about single lines: a word or a form that may stand in some places only.

use super::File;

/// One rule.
struct Rule {
    /// What to do instead.
    says: &'static str,
    /// Files it is about.
    about: fn(&str) -> bool,
    /// Whether a line, without its comment, breaks it.
    broken_by: fn(&str) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        says: "diesel belongs in `store` and `platform/db`",
        about: |path| {
            let backend = path.starts_with("backend/src/");
            let others = ["frontend/", "shared/"]
                .iter()
                .any(|start| path.starts_with(start));
            let store = path.split('/').any(|part| part.starts_with("store"));
            let database = path.starts_with("backend/src/platform/db") || path == "backend/src/schema.rs";
            rust(path) && (others || backend && !store && !database)
        },
        broken_by: |line| words(line).any(|word| word.starts_with("diesel")),
    },
    Rule {
        says: "actix belongs in `http`, `socket` and `platform`; services know nothing of HTTP",
        about: |path| {
            let others = ["frontend/", "shared/"]
                .iter()
                .any(|start| path.starts_with(start));
            let allowed = path.starts_with("backend/src/platform/")
                || ["app.rs", "main.rs"]
                    .iter()
                    .any(|name| path == format!("backend/src/{name}"))
                || path.starts_with("backend/src/app/")
                || path.starts_with("backend/src/features/")
                    && (path.ends_with("/mod.rs")
                        || path
                            .split('/')
                            .any(|part| part.starts_with("http") || part.starts_with("socket")));
            rust(path) && (others || path.starts_with("backend/src/") && !allowed)
        },
        broken_by: |line| words(line).any(|word| word.starts_with("actix")),
    },
    Rule {
        says: "the platform knows no feature",
        about: |path| {
            rust(path)
                && ["backend", "frontend"]
                    .iter()
                    .any(|side| path.starts_with(&format!("{side}/src/platform/")))
        },
        broken_by: |line| line.contains("crate::features") || line.contains("super::features"),
    },
    Rule {
        says: "browser paths are in frontend/src/routes.rs",
        about: |path| rust(path) && path.starts_with("frontend/src/") && path != "frontend/src/routes.rs",
        broken_by: |line| line.contains("#[at("),
    },
    Rule {
        says: "paths of the API are in `shared`",
        about: |path| {
            rust(path)
                && ["backend", "frontend"]
                    .iter()
                    .any(|side| path.starts_with(&format!("{side}/src/features/")))
        },
        broken_by: |line| line.contains("\"/api"),
    },
    Rule {
        says: "the browser's own interfaces are behind frontend/src/platform",
        about: |path| {
            rust(path) && path.starts_with("frontend/src/") && !path.starts_with("frontend/src/platform/")
        },
        broken_by: |line| {
            line.contains("window()") || words(line).any(|word| word.starts_with("gloo") || word == "js_sys")
        },
    },
    Rule {
        says: "text becomes markup only through html!",
        about: |path| rust(path) && path.starts_with("frontend/"),
        broken_by: |line| {
            words(line).any(|word| {
                [
                    "inner_html",
                    "set_inner_html",
                    "from_html_unchecked",
                    "outer_html",
                    "insert_adjacent_html",
                ]
                .contains(&word)
            })
        },
    },
    Rule {
        says: "no style attributes: the page's policy forbids them; use a class",
        about: |path| rust(path) && path.starts_with("frontend/"),
        broken_by: |line| {
            line.match_indices("style=").any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
            })
        },
    },
    Rule {
        says: "colours are in frontend/styles/tokens.css",
        about: |path| {
            path.starts_with("frontend/")
                && (rust(path) || path.ends_with(".css"))
                && path != "frontend/styles/tokens.css"
        },
        broken_by: |line| {
            ["rgb(", "rgba(", "hsl(", "oklch("]
                .iter()
                .any(|form| line.contains(form))
                || hex_colour(line)
        },
    },
    Rule {
        says: "a test that is not run proves nothing",
        about: |path| rust(path) && !path.starts_with("xtask/src/tidy/"),
        broken_by: |line| line.contains("#[ignore"),
    },
];

/// All findings in one file.
pub(super) fn check(file: &File) -> Vec<String> {
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| (rule.about)(&file.path)).collect();
    let mut found = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let code = without_comment(line);
        for rule in rules.iter().filter(|rule| (rule.broken_by)(code)) {
            found.push(format!("{}:{}: {}", file.path, index + 1, rule.says));
        }
    }
    found
}

fn rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// A line up to its `//`, when that is not part of an address.
fn without_comment(line: &str) -> &str {
    line.match_indices("//")
        .find(|(at, _)| !line[..*at].ends_with(':'))
        .map_or(line, |(at, _)| &line[..at])
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

/// `#` and 3, 4, 6 or 8 hexadecimal digits; not `&#39;` and not a raw string.
fn hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + 1..];
        let digits = after.chars().take_while(char::is_ascii_hexdigit).count();
        let next = after.chars().nth(digits);
        !matches!(before, Some('&' | 'r'))
            && matches!(digits, 3 | 4 | 6 | 8)
            && !next.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Path, line, whether it is allowed.
    const CASES: &[(&str, &str, bool)] = &[
        (
            "backend/src/features/posts/store.rs",
            "use diesel::prelude::*;",
            true,
        ),
        (
            "backend/src/features/posts/store/feed.rs",
            "use diesel::prelude::*;",
            true,
        ),
        ("backend/src/platform/db/mod.rs", "use diesel::Connection;", true),
        ("backend/src/schema.rs", "diesel::table! {", true),
        ("backend/tests/it/support/mod.rs", "use diesel::Connection;", true),
        ("backend/src/features/posts/service.rs", "// not diesel", true),
        (
            "backend/src/features/posts/service.rs",
            "use diesel::prelude::*;",
            false,
        ),
        (
            "backend/src/features/posts/http.rs",
            "let x = diesel::insert_into(t);",
            false,
        ),
        (
            "backend/src/platform/error.rs",
            "impl From<diesel::result::Error> for E {",
            false,
        ),
        ("shared/src/ids.rs", "#[derive(diesel::AsExpression)]", false),
        ("backend/src/features/posts/http.rs", "use actix_web::web;", true),
        ("backend/src/features/posts/mod.rs", "use actix_web::web;", true),
        ("backend/src/platform/extract.rs", "use actix_web::web;", true),
        ("backend/src/app.rs", "use actix_web::App;", true),
        (
            "backend/src/features/posts/service.rs",
            "use actix_web::web;",
            false,
        ),
        (
            "backend/src/features/posts/store.rs",
            "actix_web::rt::spawn(x);",
            false,
        ),
        ("backend/src/lib.rs", "use actix_web::web;", false),
        ("frontend/src/app.rs", "use actix_web::web;", false),
        ("backend/src/app.rs", "use crate::features::posts;", true),
        (
            "backend/src/platform/extract.rs",
            "use crate::features::auth::Actor;",
            false,
        ),
        (
            "frontend/src/platform/api.rs",
            "use crate::features::auth;",
            false,
        ),
        ("frontend/src/routes.rs", "#[at(\"/\")]", true),
        (
            "frontend/src/features/posts/mod.rs",
            "#[at(\"/post/:id\")]",
            false,
        ),
        ("shared/src/endpoint.rs", "\"/api/v1\"", true),
        (
            "backend/src/features/auth/http.rs",
            "\"/api/v1/auth/login\"",
            false,
        ),
        (
            "frontend/src/features/auth/mod.rs",
            "get(\"/api/v1/feed\")",
            false,
        ),
        (
            "frontend/src/platform/storage.rs",
            "use gloo_storage::LocalStorage;",
            true,
        ),
        (
            "frontend/src/features/auth/mod.rs",
            "use web_sys::SubmitEvent;",
            true,
        ),
        (
            "frontend/src/features/auth/mod.rs",
            "use gloo_storage::LocalStorage;",
            false,
        ),
        ("frontend/src/ui/time.rs", "js_sys::Date::now()", false),
        ("frontend/src/app.rs", "web_sys::window().unwrap()", false),
        ("frontend/src/ui/text.rs", "Html::from_html_unchecked(x)", false),
        ("frontend/src/platform/dom.rs", "node.set_inner_html(x)", false),
        ("frontend/src/ui/avatar.rs", "<div class=\"avatar\">", true),
        (
            "frontend/src/ui/avatar.rs",
            "let font_style = 1; let list_style=2;",
            true,
        ),
        ("frontend/src/ui/avatar.rs", "<div style=\"color: red\">", false),
        ("frontend/src/ui/avatar.rs", "<div style={tint}>", false),
        (
            "frontend/styles/tokens.css",
            "--ink: #21251F; --scrim: rgb(0 0 0 / .5)",
            true,
        ),
        (
            "frontend/styles/base.css",
            "color: var(--ink); /* https://a.b/#top */",
            true,
        ),
        ("frontend/src/features/posts/posts.css", "color: #abc;", false),
        (
            "frontend/src/features/posts/posts.css",
            "background: rgb(0 0 0 / .5);",
            false,
        ),
        ("frontend/src/ui/icon.rs", "fill=\"#21251F\"", false),
        ("frontend/src/ui/icon.rs", "r#\"<&#39;>\"#", true),
        ("backend/src/features/posts/store.rs", "#[test]", true),
        ("backend/src/features/posts/store.rs", "#[ignore]", false),
        ("backend/tests/it/posts.rs", "#[ignore = \"slow\"]", false),
    ];

    #[test]
    fn every_rule_catches_and_spares() {
        for (path, line, allowed) in CASES {
            let file = File {
                path: (*path).to_owned(),
                text: format!("//! X.\n{line}\n"),
            };
            let found = check(&file);
            assert_eq!(found.is_empty(), *allowed, "{path}: {line}: {found:?}");
        }
    }

    #[test]
    fn every_rule_has_a_case() {
        for rule in RULES {
            let caught = CASES
                .iter()
                .any(|(path, line, allowed)| !allowed && (rule.about)(path) && (rule.broken_by)(line));
            assert!(caught, "{}", rule.says);
        }
    }

    #[test]
    fn addresses_are_not_comments() {
        assert_eq!(without_comment("a // b"), "a ");
        assert_eq!(without_comment("\"https://a\" // b"), "\"https://a\" ");
    }
}

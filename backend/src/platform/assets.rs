//! The web client, from inside the program: compressed beforehand, hashed names for ever, the pages never. There are
//! two, each with its own router and its own policy; `hearth_shared::pages` says which address belongs to which.
//! An unknown path with a file extension is 404; every other is one of the two.

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearth_shared::pages;
use hearth_shared::problem::ErrorCode;
use rust_embed::{Embed, EmbeddedFile};
use sha2::{Digest, Sha256};

use crate::platform::error::{AppError, AppResult};

/// What Trunk built; read from disk in debug builds.
#[derive(Embed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Files;

const FIRST: &str = "index.html";
const SECOND: &str = "settings.html";
const NOT_BUILT: &str =
    "<!doctype html><title>Hearth</title><p>The web client is not in this build. Run: cargo xtask run";

/// Answers for the client's files and pages.
pub struct Assets {
    /// By page.
    policies: HashMap<&'static str, String>,
    tags: HashMap<Cow<'static, str>, String>,
}

impl Assets {
    /// Computes what does not change while the program runs.
    pub fn load() -> Self {
        let policy = |page: &'static str| {
            let page_text = Files::get(page).map(|file| String::from_utf8_lossy(&file.data).into_owned());
            (page, content_security_policy(&page_text.unwrap_or_default()))
        };
        let tags = Files::iter()
            .filter_map(|name| Some((name.clone(), tag(&Files::get(&name)?))))
            .collect();
        Self {
            policies: [FIRST, SECOND].map(policy).into(),
            tags,
        }
    }

    /// The file or page of a path.
    ///
    /// # Errors
    /// `not_found` for a file that is not there, `method_not_allowed` for anything but reading.
    pub fn answer(&self, request: &HttpRequest) -> AppResult<HttpResponse> {
        let path = request.path();
        let name = path.trim_start_matches('/');
        // Nobody who asks for data should get a page.
        if name == "api" || name.starts_with("api/") {
            return Err(ErrorCode::NotFound.into());
        }
        let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
        let page = page_of(path, is_file.then_some(name));
        let name = if is_file { name } else { page };
        let Some(file) = Files::get(name) else {
            if is_file {
                return Err(ErrorCode::NotFound.into());
            }
            return Ok(HttpResponse::Ok()
                .content_type("text/html; charset=utf-8")
                .body(NOT_BUILT));
        };
        let tag = self.tags.get(name).cloned().unwrap_or_else(|| tag(&file));
        let mut response = HttpResponse::Ok();
        response
            .content_type(media_type(name))
            .insert_header((
                header::CACHE_CONTROL,
                if never_changes(name) {
                    "public, max-age=31536000, immutable"
                } else {
                    "no-cache"
                },
            ))
            .insert_header((header::ETAG, tag.clone()))
            .insert_header((header::VARY, "accept-encoding"))
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                self.policies
                    .get(page)
                    .map_or("default-src 'none'", String::as_str),
            ));
        let known = request
            .headers()
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok());
        if known.is_some_and(|known| {
            known
                .split(',')
                .any(|one| one.trim().trim_start_matches("W/") == tag)
        }) {
            response.status(actix_web::http::StatusCode::NOT_MODIFIED);
            return Ok(response.finish());
        }
        let (body, encoding) = smallest(request, name, file);
        if let Some(encoding) = encoding {
            response.insert_header(encoding);
        }
        Ok(response.body(body))
    }
}

/// Everything that no other route took.
pub async fn serve(request: HttpRequest, assets: web::Data<Assets>) -> HttpResponse {
    if !matches!(request.method().as_str(), "GET" | "HEAD") {
        return super::routes::method_not_allowed("GET, HEAD".to_owned()).await;
    }
    assets
        .answer(&request)
        .unwrap_or_else(|error: AppError| HttpResponse::from_error(error))
}

/// The page at an address, or the one whose policy a file gets.
fn page_of(path: &str, file: Option<&str>) -> &'static str {
    match file {
        Some(SECOND) => SECOND,
        None if pages::is_second(path) => SECOND,
        _ => FIRST,
    }
}

/// The form that the browser takes: `name.br`, `name.gz` or the file itself.
fn smallest(
    request: &HttpRequest,
    name: &str,
    file: EmbeddedFile,
) -> (Cow<'static, [u8]>, Option<ContentEncoding>) {
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(coding) && words.all(|weight| weight != "q=0")
        })
    };
    for (coding, suffix, encoding) in [
        ("br", "br", ContentEncoding::Brotli),
        ("gzip", "gz", ContentEncoding::Gzip),
    ] {
        if accepts(coding)
            && let Some(small) = Files::get(&format!("{name}.{suffix}"))
        {
            return (small.data, Some(encoding));
        }
    }
    (file.data, None)
}

fn media_type(name: &str) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    match guess.type_() {
        mime_guess::mime::TEXT => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    }
}

fn tag(file: &EmbeddedFile) -> String {
    let hash: String = file.metadata.sha256_hash()[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{hash}\"")
}

/// Trunk puts up to 16 hexadecimal digits of the content's hash into the name; zeros in front are left out. Typefaces keep their names, which the
/// style sheet holds, and their content; the browser uses them only when it need not ask for them again
/// (`font-display: optional`).
fn never_changes(name: &str) -> bool {
    name.ends_with(".woff2")
        || name
            .split(['-', '_', '.', '/'])
            .any(|part| (13..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The page may run our scripts, WebAssembly, and the inline scripts that were built into it, by their hash;
/// nothing else, and nothing from elsewhere.
fn content_security_policy(page: &str) -> String {
    let hashes: String = inline_scripts(page)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' blob:; \
         media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

/// The text of every `<script>` without `src`.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_hashed() {
        let page = "<script src=/a.js></script><script type=\"module\">\nrun()\n</script><script>x</script>";
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["\nrun()\n", "x"]);
        // echo -n x | openssl dgst -sha256 -binary | base64
        assert!(
            content_security_policy(page).contains("'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='")
        );
    }

    #[test]
    fn the_worker_and_the_manifest_are_what_browsers_take() {
        assert_eq!(media_type("sw.js"), "text/javascript; charset=utf-8");
        assert_eq!(media_type("manifest.webmanifest"), "application/manifest+json");
        let policy = content_security_policy("");
        assert!(policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"));
    }

    #[test]
    fn every_address_has_its_page() {
        assert_eq!(page_of("/settings/privacy", None), SECOND);
        assert_eq!(page_of("/settings.html", Some("settings.html")), SECOND);
        assert_eq!(page_of("/", None), FIRST);
        assert_eq!(page_of("/settings/x.js", Some("settings/x.js")), FIRST);
    }

    #[test]
    fn only_what_never_changes_is_kept_for_ever() {
        assert!(never_changes("hearth-frontend-0123456789abcdef_bg.wasm"));
        assert!(never_changes("base-0123456789abcdef.css") && never_changes("base-53d1103b356cec1.css"));
        assert!(!never_changes("index.html"));
        assert!(never_changes("fonts/atkinson-hyperlegible-next.woff2"));
        assert!(!never_changes("icon.svg"));
        // By the worker the browser learns that there is another version.
        assert!(!never_changes("sw.js") && !never_changes("manifest.webmanifest"));
    }
}

//! What every answer carries, the client's pages, health, the OpenAPI document.

use hearth_shared::endpoint::{API_BASE, Method};

use crate::support::{Answer, Options, TestApp};
use crate::{everywhere, on_postgres};

async fn get(app: &TestApp, path: &str) -> Answer {
    app.raw(Method::Get, path, None, None::<&()>).await
}

/// A page of the client, when it has been built.
fn built(page: &str) -> Option<String> {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    std::fs::read_to_string(dist.join(page)).ok()
}

fn assert_headers(answer: &Answer, path: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{path}");
    }
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'"),
        "{path}"
    );
    assert!(
        answer
            .header("content-security-policy")
            .contains("frame-ancestors 'none'"),
        "{path}"
    );
    assert_eq!(answer.header("x-request-id").len(), 24, "{path}");
    assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
}

everywhere! {
    async fn health_and_document(app: TestApp) {
        assert_eq!(get(&app, "/healthz").await.text, r#"{"status":"ok"}"#);
        assert_eq!(get(&app, "/readyz").await.text, r#"{"status":"ok","degraded":[],"reasons":[]}"#);
        let document = get(&app, "/api/v1/openapi.json").await.json();
        assert_eq!(document["openapi"], "3.1.0");
        assert!(document["paths"]["/api/v1/posts/{post_id}"]["patch"].is_object());
        let instance = get(&app, "/api/v1/instance").await.json();
        assert_eq!(instance["registration_open"], true);
        assert_eq!(instance["daily_mail"], false, "there is no mail server");
    }
}

on_postgres! {
    /// A database that does not answer is told in the agreed shape, and soon.
    async fn readiness_says_what_is_missing(app: TestApp) {
        app.drop_database();
        let begun = std::time::Instant::now();
        let answer = get(&app, "/readyz").await;
        assert!(begun.elapsed() < std::time::Duration::from_secs(4));
        assert_eq!(answer.status, 503);
        assert_eq!(
            answer.text,
            r#"{"status":"unready","degraded":[],"reasons":["database does not answer"]}"#
        );
        assert_eq!(get(&app, "/healthz").await.status, 200, "the process lives");
    }
}

everywhere! {
    with Options { rate_limits: true, ..Options::default() };
    async fn every_kind_of_answer_has_the_security_headers(app: TestApp) {
        for path in [
            "/",
            "/post/1",
            "/missing.js",
            "/healthz",
            "/api/v1/openapi.json",
            "/api/v1/nope",
            "/api/v1/feed",
            "/api/v1/instance",
        ] {
            assert_headers(&get(&app, path).await, path);
        }
        let wrong_method = app.raw(Method::Put, "/api/v1/feed", None, None::<&()>).await;
        assert_headers(&wrong_method, "405");
        let mut answer = wrong_method;
        for _ in 0..400 {
            answer = get(&app, "/api/v1/instance").await;
        }
        assert_eq!(answer.code(), "rate_limited");
        assert_headers(&answer, "429");
        let ratelimit = answer.header("ratelimit");
        assert!(ratelimit.starts_with("\"anonymous\";r=0;t="), "{ratelimit}");
    }
}

everywhere! {
    async fn pages_are_the_client_and_files_are_files(app: TestApp) {
        for path in ["/", "/login", "/post/123", "/u/ada"] {
            let page = get(&app, path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(page.text.contains("<title>Hearth"), "{path}");
        }
        for path in ["/settings", "/settings/security", "/forgot", "/reset", "/verify"] {
            let page = get(&app, path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
            // Whoever tests the server alone has not built the client.
            if let Some(settings) = built("settings.html") {
                assert_eq!(page.text, settings, "{path}");
                assert_eq!(page.header("cache-control"), "no-cache", "{path}");
                let policy = page.header("content-security-policy").to_owned();
                let file = get(&app, "/settings.html").await;
                assert_eq!(file.header("content-security-policy"), policy, "{path}");
                let scripts = settings.split("<script").skip(1).filter(|script| !script.starts_with(" src"));
                assert_eq!(policy.matches("'sha256-").count(), scripts.count(), "{path}");
                let first = get(&app, "/").await;
                assert_ne!(first.header("content-security-policy"), policy, "{path}");
            }
        }
        for (file, kind) in [
            ("sw.js", "text/javascript; charset=utf-8"),
            ("manifest.webmanifest", "application/manifest+json"),
        ] {
            if let Some(text) = built(file) {
                let answer = get(&app, &format!("/{file}")).await;
                assert_eq!((answer.status, &answer.text), (200, &text), "{file}");
                assert_eq!(answer.header("content-type"), kind, "{file}");
                assert_eq!(answer.header("cache-control"), "no-cache", "{file}");
                assert!(answer.header("content-security-policy").contains("connect-src 'self'"), "{file}");
            }
        }
        for page in ["/", "/settings"] {
            if built("sw.js").is_some() {
                let policy = get(&app, page).await.header("content-security-policy").to_owned();
                assert!(policy.contains("worker-src 'self'; "), "{page}");
                assert!(policy.contains("manifest-src 'self'; "), "{page}");
            }
        }
        for path in ["/nothing.js", "/../Cargo.toml", "/.env", "/x/y.wasm"] {
            assert_eq!(get(&app, path).await.code(), "not_found", "{path}");
        }
        for path in [
            &format!("{API_BASE}/page"),
            API_BASE,
            "/api",
            "/api/",
            "/api/v2/feed",
        ] {
            assert_eq!(get(&app, path).await.code(), "not_found", "{path}");
        }
        for path in [
            "/",
            "/healthz",
            "/readyz",
            "/api/v1/instance",
            "/api/v1/openapi.json",
        ] {
            let head = app.http.head(format!("{}{path}", app.base())).send().await.unwrap();
            assert_eq!(head.status().as_u16(), 200, "{path}");
            assert_eq!(head.text().await.unwrap(), "", "{path}");
        }
    }
}

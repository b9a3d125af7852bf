//! Every wrong request has its clear answer: the right status, a stable code, one shape.

use hearth_shared::endpoint::{API_BASE, Method};
use serde_json::{Value, json};

use crate::everywhere;
use crate::support::{Answer, Person, TestApp, client_id, read};

async fn send(
    app: &TestApp,
    person: Option<&Person>,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> Answer {
    app.raw(
        method,
        &format!("{API_BASE}{path}"),
        person.and_then(Person::token),
        body.as_ref(),
    )
    .await
}

async fn send_text(app: &TestApp, person: &Person, path: &str, content_type: &str, body: String) -> Answer {
    let request = app
        .http
        .post(format!("{}{API_BASE}{path}", app.base()))
        .bearer_auth(&person.session.access_token);
    read(request.header("content-type", content_type).body(body)).await
}

/// Code, and the first wrong field with its code.
fn told(answer: &Answer) -> (String, String, String) {
    let json = answer.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (
        answer.code(),
        text(&json["errors"][0]["field"]),
        text(&json["errors"][0]["code"]),
    )
}

fn triple(code: &str, field: &str, field_code: &str) -> (String, String, String) {
    (code.to_owned(), field.to_owned(), field_code.to_owned())
}

everywhere! {
    async fn bodies(app: TestApp) {
        let ada = app.person("ada").await;
        for text in ["", "{", "nonsense", "{\"body\":\"x\",}", "\u{feff}{}"] {
            let answer = send_text(&app, &ada, "/posts", "application/json", text.to_owned()).await;
            assert_eq!(answer.code(), "malformed_json", "{text}");
        }
        let two = format!("{0} {0}", json!({"client_id": client_id(), "body": "x"}));
        assert_eq!(send_text(&app, &ada, "/posts", "application/json", two).await.code(), "malformed_json");
        let deep = "[".repeat(10_000);
        assert_eq!(send_text(&app, &ada, "/posts", "application/json", deep).await.status / 100, 4);
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            assert_eq!(send_text(&app, &ada, "/posts", kind, "{}".into()).await.code(), "unsupported_media_type");
        }
        let large = format!("{{\"body\":\"{}\"}}", "x".repeat(70_000));
        assert_eq!(send_text(&app, &ada, "/posts", "application/json", large).await.code(), "payload_too_large");

        let id = client_id();
        for (body, expected) in [
            (json!({"client_id": id}), triple("validation_failed", "body", "required")),
            (json!({"body": "x"}), triple("validation_failed", "client_id", "required")),
            (json!({"client_id": id, "body": 7}), triple("validation_failed", "body", "wrong_type")),
            (json!({"client_id": id, "body": null}), triple("validation_failed", "body", "wrong_type")),
            (json!({"client_id": id, "body": ["x"]}), triple("validation_failed", "body", "wrong_type")),
            (json!({"client_id": "7", "body": "x"}), triple("validation_failed", "client_id", "wrong_type")),
            (json!({"client_id": id, "body": "x", "audience": "world"}), triple("validation_failed", "audience", "wrong_type")),
            (json!({"client_id": id, "body": " \n "}), triple("validation_failed", "body", "required")),
            (json!({"client_id": id, "body": "x".repeat(10_001)}), triple("validation_failed", "body", "too_long")),
            (json!({"client_id": id, "body": "a\u{0}b"}), triple("validation_failed", "body", "invalid_characters")),
            (json!([]), triple("validation_failed", "client_id", "required")),
        ] {
            let answer = send(&app, Some(&ada), Method::Post, "/posts", Some(body.clone())).await;
            let (code, field, field_code) = told(&answer);
            if body.is_array() {
                assert_eq!(code, "validation_failed");
            } else {
                assert_eq!((code, field, field_code), expected, "{body}");
            }
        }
        let login = json!({"login": "a\u{0}b", "password": "x"});
        let answer = send(&app, None, Method::Post, "/auth/login", Some(login)).await;
        assert_eq!(told(&answer), triple("validation_failed", "login", "invalid_characters"));
        let longest = json!({"client_id": id, "body": "é".repeat(10_000)});
        assert_eq!(send(&app, Some(&ada), Method::Post, "/posts", Some(longest)).await.status, 201);
    }

    async fn paths_methods_ids_and_cursors(app: TestApp) {
        let ada = app.person("ada").await;
        for path in ["/nope", "/posts/1/nope", "/feed/", "/users/me/../me/x", "//"] {
            assert_eq!(send(&app, Some(&ada), Method::Get, path, None).await.code(), "not_found", "{path}");
        }
        for id in ["0", "-1", "01", "abc", "9223372036854775808", "1.5", "%00", "1%2F2", "☃"] {
            let answer = send(&app, Some(&ada), Method::Get, &format!("/posts/{id}"), None).await;
            assert_eq!(answer.code(), "not_found", "{id}");
        }
        for name in ["%00", "a%00a", "ab", "x%20y", "%F0%9F%92%A9"] {
            for path in [format!("/users/{name}"), format!("/users/{name}/posts")] {
                assert_eq!(send(&app, Some(&ada), Method::Get, &path, None).await.code(), "not_found", "{path}");
            }
        }
        let answer = send(&app, Some(&ada), Method::Put, "/posts", Some(json!({}))).await;
        assert_eq!((answer.code(), answer.header("allow")), ("method_not_allowed".into(), "POST".into()));
        let answer = send(&app, None, Method::Delete, "/feed", None).await;
        assert_eq!((answer.code(), answer.header("allow")), ("method_not_allowed".into(), "GET, HEAD".into()));
        for path in ["/healthz", "/readyz", "/api/v1/openapi.json", "/", "/friends"] {
            let answer = app.raw(Method::Delete, path, None, None::<&()>).await;
            assert_eq!(answer.code(), "method_not_allowed", "{path}");
        }
        for cursor in ["x", "bnVsbA", "7", "WyJmcmllbmRzIiw3XQ", "%F0%9F%92%A9"] {
            let answer = send(&app, Some(&ada), Method::Get, &format!("/feed?cursor={cursor}"), None).await;
            assert_eq!(answer.code(), "invalid_cursor", "{cursor}");
        }
        // ["people",[0,"\u0000",1]]
        let answer = send(&app, Some(&ada), Method::Get, "/users?q=a&cursor=WyJwZW9wbGUiLFswLCJcdTAwMDAiLDFdXQ", None).await;
        assert_eq!(answer.code(), "invalid_cursor");
        for (query, field) in [("limit=x", "limit"), ("limit=-1", "limit"), ("limit=99999999999", "limit")] {
            let answer = send(&app, Some(&ada), Method::Get, &format!("/feed?{query}"), None).await;
            assert_eq!(told(&answer), triple("validation_failed", field, "wrong_type"), "{query}");
        }
        for limit in ["0", "1", "100", "5000"] {
            assert_eq!(send(&app, Some(&ada), Method::Get, &format!("/feed?limit={limit}"), None).await.status, 200);
        }
        let answer = send(&app, Some(&ada), Method::Get, "/friend-requests?direction=up", None).await;
        assert_eq!(told(&answer), triple("validation_failed", "direction", "wrong_type"));
        assert_eq!(told(&send(&app, Some(&ada), Method::Get, "/users", None).await), triple("validation_failed", "q", "required"));
        let long = "x".repeat(101);
        let answer = send(&app, Some(&ada), Method::Get, &format!("/users?q={long}"), None).await;
        assert_eq!(told(&answer), triple("validation_failed", "q", "too_long"));
        let endless = "x".repeat(9_000);
        let answer = send(&app, Some(&ada), Method::Get, &format!("/users?q={endless}"), None).await;
        assert_eq!(answer.code(), "uri_too_long");
    }

    async fn the_token_is_asked_for_before_the_body(app: TestApp) {
        let answer = send(&app, None, Method::Post, "/posts", Some(json!("nonsense"))).await;
        assert_eq!(answer.code(), "unauthenticated");
        for header in ["Basic YWRhOng=", "Bearer", "Bearer ", "bearer a.b.c", "token"] {
            let request = app.http.get(format!("{}{API_BASE}/feed", app.base())).header("authorization", header);
            assert_eq!(read(request).await.code(), "unauthenticated", "{header}");
        }
    }

    async fn text_comes_back_as_it_was_written(app: TestApp) {
        let ada = app.person("ada").await;
        for text in ["<script>alert(1)</script>", "'; DROP TABLE posts; --", "%s %n", "🏳️‍🌈 e\u{301}", "a\tb\nc", "\u{202e}abc"] {
            assert_eq!(ada.post(&app, text).await.body, text);
        }
    }
}

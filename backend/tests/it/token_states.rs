//! What is not a living access token opens nothing: every operation for signed-in people × every state that a
//! token can be in. Made from the list of operations, so that a new one cannot be forgotten.

use hearth_shared::api::OPERATIONS;
use hearth_shared::auth::{Logout, RefreshToken};
use hearth_shared::endpoint::{API_BASE, Access, Method};
use hearth_shared::time::Timestamp;
use serde_json::json;

use crate::everywhere;
use crate::support::{Person, TestApp};

/// Ten minutes and the leeway, twice.
const LONG_AGO_MILLIS: i64 = 1_500_000;

/// Tokens that nobody may use, by what is wrong with them.
async fn bad_tokens(app: &TestApp) -> Vec<(&'static str, Option<String>)> {
    let person = app.person("ada").await;
    let good = person.session.access_token.clone();
    let revoked = app.person("ben").await;
    let over = RefreshToken {
        refresh_token: revoked.session.refresh_token.clone(),
    };
    revoked.call(app, &Logout {}, &over).await.unwrap();
    let access = app.tokens().read_access(&good).unwrap();
    let now = hearth::platform::clock::now().as_millis();
    let expired = app
        .tokens()
        .access(access, Timestamp::from_millis(now - LONG_AGO_MILLIS));
    let (head, _) = good.rsplit_once('.').unwrap();
    vec![
        ("none", None),
        ("empty", Some(String::new())),
        ("malformed", Some("not.a.token".to_owned())),
        ("without its signature", Some(format!("{head}."))),
        ("expired", Some(expired.unwrap())),
        ("of an ended session", revoked.token().map(str::to_owned)),
        ("a refresh token", person.session.refresh_token.clone()),
        ("far too long", Some("x".repeat(6_000))),
    ]
}

/// A path with ids that are well formed and nobody's.
fn path(template: &str) -> String {
    let parts = template.split('/').map(|part| {
        if part.starts_with('{') {
            "4611686018427387904"
        } else {
            part
        }
    });
    format!("{API_BASE}{}", parts.collect::<Vec<_>>().join("/"))
}

everywhere! {
    async fn what_is_not_a_living_token_opens_nothing(app: TestApp) {
        // Two seconds are what a node may remember of a session that was ended on another.
        let tokens = bad_tokens(&app).await;
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        let mut wrong = Vec::new();
        for operation in OPERATIONS.iter().filter(|operation| operation.access == Access::SignedIn) {
            let body = (operation.method != Method::Get).then(|| json!({}));
            for (state, token) in &tokens {
                let answer = app
                    .raw(operation.method, &path(operation.path), token.as_deref(), body.as_ref())
                    .await;
                if (answer.status, answer.code().as_str()) != (401, "unauthenticated") {
                    wrong.push(format!("{} with a token that is {state}: {answer:?}", operation.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// The same calls with a living token get further, or the story above would prove nothing.
    async fn a_living_token_opens_all_of_them(app: TestApp) {
        let person: Person = app.person("ada").await;
        for operation in OPERATIONS.iter().filter(|operation| operation.access == Access::SignedIn) {
            let body = (operation.method != Method::Get).then(|| json!({}));
            // What ends the session would end the story.
            if operation.path.contains("/auth/") || operation.path == "/users/me" {
                continue;
            }
            let answer = app
                .raw(operation.method, &path(operation.path), person.token(), body.as_ref())
                .await;
            assert_ne!(answer.status, 401, "{}: {answer:?}", operation.name);
        }
    }
}

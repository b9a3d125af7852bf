//! Registering where addresses must be verified first.

use hearth_shared::auth::{MailToken, Register, VerifyEmail};
use hearth_shared::endpoint::{Method, Nothing};
use hearth_testkit::person::PASSWORD;

use super::{CONFIRM, IN_BODY, execute, mail, sign_in};
use crate::everywhere;
use crate::support::{Answer, Options, Person, TestApp};

async fn register(app: &TestApp, username: &str, email: &str) -> Answer {
    let mut account = Person::account(username);
    account.email = email.into();
    app.ask(None, &Register {}, &IN_BODY, &account).await
}

everywhere! {
    with Options { verify_email: true, ..Options::default() };
    async fn nobody_is_in_before_the_link_was_opened(app: TestApp) {
        let instance = app.raw(Method::Get, "/api/v1/instance", None, None::<&()>).await;
        assert_eq!(instance.json()["verify_email"], true);
        let answer = register(&app, "ada", "ada@example.org").await;
        assert_eq!((answer.status, answer.text.as_str()), (202, ""));
        let letter = mail(&app, CONFIRM, 1).await;
        assert_eq!(sign_in(&app, "ada", "not this one", None).await.code(), "invalid_credentials");
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.code(), "email_not_verified");
        assert_eq!(mail(&app, CONFIRM, 1).await.raw, letter.raw, "not again within a minute");
        execute(&app, "UPDATE account_tokens SET created_at = created_at - 60001").await;
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.code(), "email_not_verified");
        let again = mail(&app, CONFIRM, 2).await;
        let body = MailToken { token: again.token() };
        assert_eq!(app.ask(None, &VerifyEmail {}, &Nothing, &body).await.status, 204);
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.status, 200);
    }

    async fn an_address_that_is_taken_is_answered_like_a_free_one(app: TestApp) {
        let free = register(&app, "ada", "ada@example.org").await;
        let taken = register(&app, "thief", "Ada@Example.org").await;
        assert_eq!((free.status, &free.text), (taken.status, &taken.text));
        let names = |answer: &Answer| {
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(names(&free), names(&taken));
        assert_eq!(mail(&app, "You already have an account", 1).await.to, "ada@example.org");
        register(&app, "thief2", "ada@example.org").await;
        mail(&app, "You already have an account", 1).await;
        assert_eq!(sign_in(&app, "thief", PASSWORD, None).await.code(), "invalid_credentials", "no such account");
        assert_eq!(register(&app, "ada", "other@example.org").await.code(), "username_taken");
    }
}

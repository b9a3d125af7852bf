//! Another name, another address.

use hearth_shared::auth::{MailToken, SendVerification, VerifyEmail};
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{EditMe, GetMe, MeChanges};
use hearth_testkit::person::PASSWORD;

use super::{CONFIRM, NEW_PASSWORD, RESET, mail, mails, sign_in, until};
use crate::everywhere;
use crate::support::{Person, TestApp};

fn email(address: &str) -> MeChanges {
    MeChanges {
        email: Some(address.into()),
        current_password: Some(PASSWORD.into()),
        ..MeChanges::default()
    }
}

fn username(name: &str) -> MeChanges {
    MeChanges {
        username: Some(name.into()),
        current_password: Some(PASSWORD.into()),
        ..MeChanges::default()
    }
}

async fn verify(app: &TestApp, token: &str) -> u16 {
    let body = MailToken { token: token.into() };
    app.ask(None, &VerifyEmail {}, &Nothing, &body).await.status
}

async fn me(app: &TestApp, person: &Person) -> (String, bool, Option<String>) {
    let me = person.call(app, &GetMe {}, &Nothing).await.unwrap();
    (me.email, me.email_verified, me.pending_email)
}

everywhere! {
    async fn an_address_is_confirmed_by_its_link(app: TestApp) {
        let ada = app.person("ada").await;
        assert_eq!(me(&app, &ada).await, ("ada@example.org".into(), false, None));
        for _ in 0..2 {
            ada.call(&app, &SendVerification {}, &Nothing).await.unwrap();
        }
        let letter = mail(&app, CONFIRM, 1).await;
        assert!(letter.link().starts_with("https://hearth.test/verify#"));
        assert_eq!(verify(&app, "not this one").await, 400);
        assert_eq!(verify(&app, &letter.token()).await, 204);
        assert_eq!(verify(&app, &letter.token()).await, 400, "once");
        assert!(me(&app, &ada).await.1);
    }

    async fn a_new_address_counts_when_its_link_was_opened(app: TestApp) {
        let ada = app.person("ada").await;
        let none = MeChanges { email: Some("ada@new.example".into()), ..MeChanges::default() };
        let answer = app.ask(ada.token(), &EditMe {}, &Nothing, &none).await;
        assert_eq!(answer.json()["errors"][0]["field"], "current_password");
        let wrong = MeChanges { current_password: Some("not this one".into()), ..none };
        assert_eq!(ada.call(&app, &EditMe {}, &wrong).await.unwrap_err(), ErrorCode::WrongPassword);
        let changed = ada.call(&app, &EditMe {}, &email("ada@new.example")).await.unwrap();
        assert_eq!(changed.email, "ada@example.org");
        assert_eq!(changed.pending_email.as_deref(), Some("ada@new.example"));
        let told = mail(&app, "Your email address is about to change", 1).await;
        assert_eq!(told.to, "ada@example.org");
        let letter = mail(&app, CONFIRM, 1).await;
        assert_eq!(letter.to, "ada@new.example");
        assert_eq!(sign_in(&app, "ada@new.example", PASSWORD, None).await.status, 401);
        assert_eq!(verify(&app, &letter.token()).await, 204);
        assert_eq!(me(&app, &ada).await, ("ada@new.example".into(), true, None));
        assert_eq!(mail(&app, "Your email address was changed", 1).await.to, "ada@example.org");
        assert_eq!(sign_in(&app, "ada@new.example", PASSWORD, None).await.status, 200);
        assert_eq!(sign_in(&app, "ada@example.org", PASSWORD, None).await.status, 401);
    }

    /// The answer does not say that somebody has the address; a mail to it does.
    async fn an_address_of_somebody_else_stays_theirs(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let changed = ada.call(&app, &EditMe {}, &email("Ben@Example.org")).await.unwrap();
        assert_eq!(changed.pending_email.as_deref(), Some("Ben@Example.org"));
        let told = mail(&app, "You already have an account", 1).await;
        assert_eq!(told.to, "ben@example.org");
        assert!(mails(&app, CONFIRM).is_empty());
        assert_eq!(me(&app, &ben).await.0, "ben@example.org");
    }

    async fn a_token_for_one_thing_is_not_good_for_another(app: TestApp) {
        use hearth_shared::auth::{ForgotPassword, ForgottenPassword, NewPassword, ResetPassword};
        let ada = app.person("ada").await;
        ada.call(&app, &SendVerification {}, &Nothing).await.unwrap();
        let forgotten = ForgottenPassword { email: "ada@example.org".into() };
        app.ask(None, &ForgotPassword {}, &Nothing, &forgotten).await;
        let (confirm, reset) = (mail(&app, CONFIRM, 1).await.token(), mail(&app, RESET, 1).await.token());
        assert_eq!(verify(&app, &reset).await, 400);
        let new = NewPassword { token: confirm.clone(), password: NEW_PASSWORD.into() };
        assert_eq!(app.ask(None, &ResetPassword {}, &Nothing, &new).await.code(), "invalid_token");
        for token in [&confirm, &reset] {
            let bearer = app.ask(Some(token), &GetMe {}, &Nothing, &Nothing).await;
            assert_eq!(bearer.status, 401);
        }
        assert_eq!(verify(&app, &confirm).await, 204);
    }

    async fn a_new_username_is_ones_own_at_once(app: TestApp) {
        let (ada, _) = (app.person("ada").await, app.person("ben").await);
        assert_eq!(ada.call(&app, &EditMe {}, &username("ben")).await.unwrap_err(), ErrorCode::UsernameTaken);
        let rev = ada.session.user.rev;
        let changed = ada.call(&app, &EditMe {}, &username("Ada_L")).await.unwrap();
        assert_eq!(changed.user.username, "ada_l");
        assert!(changed.user.rev > rev);
        assert_eq!(sign_in(&app, "ada_l", PASSWORD, None).await.status, 200);
        assert_eq!(sign_in(&app, "ada", PASSWORD, None).await.status, 401);
        until("found by it", async || {
            let found = app.raw(
                hearth_shared::endpoint::Method::Get, "/api/v1/users/ada_l", ada.token(), None::<&()>,
            ).await;
            found.status == 200
        }).await;
    }
}

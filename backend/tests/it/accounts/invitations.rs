//! Invitations, where the host lets nobody in without.

use hearth::platform::config::Registration;
use hearth_shared::auth::{
    CheckInvitation, CreateInvitation, ListInvitations, MailToken, NewInvitation, Register, RevokeInvitation,
    SentInvitation,
};
use hearth_shared::endpoint::{Method, Nothing};
use hearth_shared::problem::ErrorCode;

use super::{IN_BODY, execute};
use crate::everywhere;
use crate::support::{Answer, Options, Person, TestApp};

const INVITE: Options = Options {
    registration: Some(Registration::Invite),
    ..Options::PLAIN
};

async fn register(app: &TestApp, username: &str, invitation: Option<&str>) -> Answer {
    let mut account = Person::account(username);
    account.invitation = invitation.map(str::to_owned);
    app.ask(None, &Register {}, &IN_BODY, &account).await
}

async fn invite(app: &TestApp, person: &Person) -> Result<SentInvitation, ErrorCode> {
    let note = NewInvitation {
        note: Some(" for  Ben ".into()),
    };
    person.call(app, &CreateInvitation {}, &note).await
}

async fn check(app: &TestApp, token: &str) -> u16 {
    let body = MailToken { token: token.into() };
    app.ask(None, &CheckInvitation {}, &Nothing, &body).await.status
}

/// The first one comes by an invitation that the story writes into the table.
async fn first(app: &TestApp, username: &str) -> Person {
    let secret = hearth::features::auth::links::Secret::random();
    let hash = secret.hash();
    let name = username.to_owned();
    let seeded = app.db().write(move |tx| {
        use hearth::features::auth::store_invitations::{NewRow, insert};
        use hearth::features::users::service::create;
        let mut host = Person::account(&format!("host_of_{name}"));
        host.invitation = None;
        let host = hearth_shared::valid::Valid::check(host).unwrap();
        let inviter = create(tx, &host, "no hash")?.id;
        let now = tx.now();
        let new = NewRow {
            id: tx.new_id(),
            inviter,
            hash: &hash,
            note: "",
            created_at: now,
            expires_at: hearth_shared::time::Timestamp::from_millis(now.as_millis() + 60_000),
        };
        insert(tx.conn(), &new)?;
        Ok(hearth::platform::db::Outcome::Commit(()))
    });
    seeded.await.unwrap();
    let answer = register(app, username, Some(secret.text())).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    Person {
        session: serde_json::from_str(&answer.text).unwrap(),
    }
}

everywhere! {
    with INVITE;
    async fn one_invitation_lets_one_guest_in(app: TestApp) {
        let ada = first(&app, "ada").await;
        let instance = app.raw(Method::Get, "/api/v1/instance", None, None::<&()>).await;
        assert_eq!(instance.json()["registration"], "invite");
        assert_eq!(register(&app, "ben", None).await.code(), "invitation_required");
        assert_eq!(register(&app, "ben", Some("nobody made it")).await.code(), "invalid_invitation");
        let sent = invite(&app, &ada).await.unwrap();
        assert_eq!(sent.url, format!("https://hearth.test/register#{}", sent.token));
        assert_eq!(check(&app, &sent.token).await, 204);
        let open = ada.call(&app, &ListInvitations {}, &Nothing).await.unwrap();
        assert_eq!((open.items.len(), open.items[0].id, open.items[0].note.as_str()), (1, sent.id, "for Ben"));
        // A guest who chooses a name that is taken has not used it up.
        assert_eq!(register(&app, "ada", Some(&sent.token)).await.code(), "username_taken");
        let guests = ["ben", "cleo", "dan", "eve"];
        let tries = guests.iter().map(|name| register(&app, name, Some(&sent.token)));
        let answers = futures_util::future::join_all(tries).await;
        let let_in = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(let_in, 1, "{answers:?}");
        assert_eq!(check(&app, &sent.token).await, 400);
        assert!(ada.call(&app, &ListInvitations {}, &Nothing).await.unwrap().items.is_empty());
    }

    async fn an_invitation_can_be_taken_back_and_ends(app: TestApp) {
        let (ada, eve) = (first(&app, "ada").await, first(&app, "eve").await);
        let sent = invite(&app, &ada).await.unwrap();
        let revoke = RevokeInvitation { invitation_id: sent.id };
        assert_eq!(eve.call(&app, &revoke, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        assert!(eve.call(&app, &ListInvitations {}, &Nothing).await.unwrap().items.is_empty());
        ada.call(&app, &revoke, &Nothing).await.unwrap();
        assert_eq!(register(&app, "ben", Some(&sent.token)).await.code(), "invalid_invitation");
        assert_eq!(ada.call(&app, &revoke, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        let late = invite(&app, &ada).await.unwrap();
        execute(&app, "UPDATE invitations SET expires_at = created_at WHERE used_at IS NULL").await;
        assert_eq!(check(&app, &late.token).await, 400);
        assert_eq!(register(&app, "ben", Some(&late.token)).await.code(), "invalid_invitation");
    }

    async fn twenty_are_open_at_most(app: TestApp) {
        let ada = first(&app, "ada").await;
        let tries = (0..25).map(|_| invite(&app, &ada));
        let made = futures_util::future::join_all(tries).await;
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 20);
        assert!(made.iter().filter_map(|made| made.as_ref().err()).all(|code| *code == ErrorCode::TooManyInvitations));
    }
}

//! Whoever is suspended can do nothing but take their data and go, and the others do not see them.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use hearth_shared::auth::{Logout, Refresh, RefreshToken};
use hearth_shared::conversations::ListConversations;
use hearth_shared::endpoint::{API_BASE, Endpoint, Method, Nothing};
use hearth_shared::friends::{CreateFriendRequest, ListFriends, NewFriendRequest, RemoveFriend};
use hearth_shared::leaving::ExportMyData;
use hearth_shared::notifications::ListNotifications;
use hearth_shared::posts::{Audience, GetFeed, GetPost, ListComments, SetReaction};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::close::CloseCode;
use hearth_shared::users::{FindPeople, GetMe, GetProfile, PeopleQuery};
use hearth_testkit::socket::{open_socket, text};
use hearth_shared::realtime::frames::ClientFrame;

use super::{IN_BODY, PASSWORD, sign_in, sql};
use crate::everywhere;
use crate::support::{Client, Options, Person, Socket, TestApp};

/// Until this has happened at the latest.
const AT_ONCE: Duration = Duration::from_secs(5);

async fn suspend(app: &TestApp, person: &Person) {
    // By SQL: whoever changes the row, and with which moment, makes no difference.
    sql(app, format!("UPDATE users SET suspended_at = 1 WHERE id = {}", person.id())).await;
}

async fn unsuspend(app: &TestApp, person: &Person) {
    sql(app, format!("UPDATE users SET suspended_at = NULL WHERE id = {}", person.id())).await;
}

/// Every node answers so, soon.
async fn until_all_answer(app: &TestApp, person: &Person, status: u16) {
    let begun = Instant::now();
    for node in app.nodes() {
        loop {
            let answer = node.ask(person.token(), &GetMe {}, &Nothing, &Nothing).await;
            if answer.status == status {
                break;
            }
            assert!(begun.elapsed() < AT_ONCE, "{answer:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn code<E: Endpoint<Body = Nothing>>(app: &Client, person: &Person, endpoint: E) -> Option<ErrorCode>
where
    E::Query: Default,
{
    person.call(app, &endpoint, &Nothing).await.err()
}

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    async fn every_token_and_every_socket_of_theirs_is_dead_within_five_seconds(app: TestApp) {
        let ada = app.person("ada").await;
        let mut open = Socket::connect(app.socket_base(), &ada).await;
        open.ready().await;
        until_all_answer(&app, &ada, 200).await;
        suspend(&app, &ada).await;
        let begun = Instant::now();
        until_all_answer(&app, &ada, 403).await;
        // An open socket.
        let closed = tokio::time::timeout(AT_ONCE, &mut open.closed).await.unwrap().unwrap();
        assert_eq!(closed, CloseCode::SessionEnded.code());
        assert!(begun.elapsed() < AT_ONCE + Duration::from_secs(1), "{:?}", begun.elapsed());
        for node in app.nodes() {
            // An access token.
            let answer = node.ask(ada.token(), &GetMe {}, &Nothing, &Nothing).await;
            assert_eq!((answer.status, answer.code().as_str()), (403, "account_suspended"));
            // A new socket.
            let mut raw = open_socket(node.base()).await;
            raw.send(text(&ClientFrame::Auth { token: ada.session.access_token.clone() })).await.unwrap();
            let mut socket = Socket::over(raw);
            assert_eq!((&mut socket.closed).await.unwrap(), CloseCode::SessionEnded.code());
        }
        // A refresh token, which is not spent by it.
        let token = RefreshToken { refresh_token: ada.session.refresh_token.clone() };
        for _ in 0..2 {
            let answer = app.ask(None, &Refresh {}, &IN_BODY, &token).await;
            assert_eq!((answer.status, answer.code().as_str()), (403, "account_suspended"));
        }
        // The password; a wrong one tells nothing.
        let right = sign_in(&app, "ada", PASSWORD, None).await;
        assert_eq!((right.status, right.code().as_str()), (403, "account_suspended"));
        assert_eq!(sign_in(&app, "ada", "kitchen table ten", None).await.code(), "invalid_credentials");
        // What they may do still: take their data, and sign out.
        assert_eq!(app.ask(ada.token(), &ExportMyData {}, &Nothing, &Nothing).await.status, 200);
        // Nothing of it was lost.
        unsuspend(&app, &ada).await;
        until_all_answer(&app, &ada, 200).await;
        assert_eq!(app.ask(None, &Refresh {}, &IN_BODY, &token).await.status, 200);
        suspend(&app, &ada).await;
        until_all_answer(&app, &ada, 403).await;
        assert_eq!(app.ask(ada.token(), &Logout {}, &Nothing, &RefreshToken::default()).await.status, 204);
        let answer = app.ask(ada.token(), &GetMe {}, &Nothing, &Nothing).await;
        assert!(answer.status == 401 || app.nodes().len() > 1, "{answer:?}");
    }

    async fn others_do_not_see_them_and_see_them_again_afterwards(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post_for(&app, "hers to all", Audience::Public).await;
        let his = ben.post_for(&app, "his to all", Audience::Public).await;
        ada.comment(&app, &his, "canary of hers").await.unwrap();
        ada.call(&app, &SetReaction { post_id: his.id }, &serde_json::from_str(r#"{"kind":"like"}"#).unwrap()).await.unwrap();
        let talk = ada.open(&app, &ben).await;
        ada.say(&app, talk.id, "hello ben").await.unwrap();
        ada.ask_friend(&app, &cy).await.unwrap();
        let profile = || GetProfile { username: "ada".into() };
        let search = PeopleQuery { q: "ada".into(), ..PeopleQuery::default() };
        for round in 0..2 {
            // Now they are here.
            assert!(cy.call(&app, &profile(), &Nothing).await.is_ok(), "{round}");
            assert_eq!(cy.call_with(&app, &FindPeople {}, &search, &Nothing).await.unwrap().items.len(), 1);
            assert_eq!(ben.call(&app, &ListFriends {}, &Nothing).await.unwrap().items.len(), 1);
            assert!(ben.call(&app, &GetPost { post_id: post.id }, &Nothing).await.is_ok());
            assert_eq!(ben.call(&app, &GetFeed {}, &Nothing).await.unwrap().items.len(), 2);
            assert_eq!(cy.call(&app, &GetMe {}, &Nothing).await.unwrap().incoming_request_count, 1);
            suspend(&app, &ada).await;
            // Now they are not: like somebody who never was.
            let hidden = app.raw(Method::Get, &format!("{API_BASE}/users/ada"), cy.token(), None::<&()>).await;
            let missing = app.raw(Method::Get, &format!("{API_BASE}/users/nobody"), cy.token(), None::<&()>).await;
            let plain = |text: &str, id: String| text.replace(&id, "");
            assert_eq!(hidden.status, 404);
            assert_eq!(plain(&hidden.text, hidden.header("x-request-id")), plain(&missing.text, missing.header("x-request-id")));
            assert_eq!(cy.call_with(&app, &FindPeople {}, &search, &Nothing).await.unwrap().items.len(), 0);
            assert_eq!(ben.call(&app, &ListFriends {}, &Nothing).await.unwrap().items.len(), 0);
            assert_eq!(code(&app, &ben, GetPost { post_id: post.id }).await, Some(ErrorCode::NotFound));
            assert_eq!(code(&app, &ben, ListComments { post_id: post.id }).await, Some(ErrorCode::NotFound));
            assert_eq!(code(&app, &ben, RemoveFriend { user_id: ada.id() }).await, Some(ErrorCode::NotFound));
            let asked = cy.call(&app, &CreateFriendRequest {}, &NewFriendRequest { user_id: ada.id() }).await;
            assert_eq!(asked.err(), Some(ErrorCode::NotFound));
            assert_eq!(cy.call(&app, &GetMe {}, &Nothing).await.unwrap().incoming_request_count, 0);
            let feed = ben.call(&app, &GetFeed {}, &Nothing).await.unwrap().items;
            assert_eq!(feed.iter().map(|post| post.id).collect::<Vec<_>>(), [his.id]);
            assert!(feed[0].last_comments.is_empty());
            assert!(ben.call(&app, &ListComments { post_id: his.id }, &Nothing).await.unwrap().items.is_empty());
            for reader in [&ben, &cy] {
                let told = reader.call(&app, &ListNotifications {}, &Nothing).await.unwrap();
                let told = serde_json::to_string(&told).unwrap();
                assert!(!told.contains("canary") && !told.contains("\"ada\""), "{told}");
            }
            // What was said stays readable, and nothing more can be said.
            let talks = ben.call(&app, &ListConversations {}, &Nothing).await.unwrap().items;
            assert!(!talks[0].can_send);
            assert_eq!(ben.say(&app, talk.id, "are you there?").await.err(), Some(ErrorCode::NotFriends));
            unsuspend(&app, &ada).await;
        }
    }

    async fn their_friends_see_them_go(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let mut bens = Socket::connect(app.socket_base(), &ben).await;
        bens.ready().await;
        let mut adas = Socket::connect(app.socket_base(), &ada).await;
        adas.ready().await;
        let is = |frame: &hearth_shared::realtime::frames::ServerFrame, online: bool| {
            matches!(frame, hearth_shared::realtime::frames::ServerFrame::Presence(p) if p.user_id == ada.id() && p.online == online)
        };
        bens.wait_for(|frame| is(frame, true)).await;
        suspend(&app, &ada).await;
        bens.wait_for(|frame| is(frame, false)).await;
    }
}

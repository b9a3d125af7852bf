//! Mutes: who and what is muted, and that nobody else is told.

use std::time::Duration;

use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{GetPost, ListMutedPeople, MutePerson, MutePost, UnmutePerson, UnmutePost};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::ServerFrame;
use hearth_shared::users::{Friendship, GetProfile};

use crate::everywhere;
use crate::support::{Person, Socket, TestApp};

async fn mute(app: &TestApp, by: &Person, other: UserId) -> Result<(), ErrorCode> {
    let call = MutePerson { user_id: other };
    by.call(app, &call, &Nothing).await.map(drop)
}

async fn muted(app: &TestApp, by: &Person) -> Vec<String> {
    let page = by.call(app, &ListMutedPeople {}, &Nothing).await.unwrap();
    page.items.into_iter().map(|muted| muted.user.username).collect()
}

everywhere! {
    async fn people_are_muted_and_heard_again(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        for other in [&ben, &cy, &ben] {
            mute(&app, &ada, other.id()).await.unwrap();
            // Moments are counted in milliseconds.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(muted(&app, &ada).await, ["cyd", "ben"], "the latest first, once each");
        assert!(muted(&app, &ben).await.is_empty());
        let seen = GetProfile { username: "ada".into() };
        let seen = ben.call(&app, &seen, &Nothing).await.unwrap();
        assert_eq!(seen.person.friendship, Friendship::Friends, "he stays a friend");
        let query = PageQuery { limit: Some(1), cursor: None };
        let first = ada.call_with(&app, &ListMutedPeople {}, &query, &Nothing).await.unwrap();
        let query = PageQuery { cursor: first.next_cursor, ..query };
        let second = ada.call_with(&app, &ListMutedPeople {}, &query, &Nothing).await.unwrap();
        assert_eq!((second.items[0].user.id, second.next_cursor), (ben.id(), None));
        assert_eq!(mute(&app, &ada, ada.id()).await, Err(ErrorCode::SelfMute));
        assert_eq!(mute(&app, &ada, UserId::new(4_611_686_018_427_387_904)).await, Err(ErrorCode::NotFound));
        for _ in 0..2 {
            ada.call(&app, &UnmutePerson { user_id: cy.id() }, &Nothing).await.unwrap();
        }
        assert_eq!(muted(&app, &ada).await, ["ben"]);
        // Who does not exist for her is not listed, and cannot be muted.
        ben.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        assert!(muted(&app, &ada).await.is_empty());
        assert_eq!(mute(&app, &ada, ben.id()).await, Err(ErrorCode::NotFound));
    }

    async fn posts_are_muted_and_heard_again(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        let (mute, unmute, get) = (MutePost { post_id: post.id }, UnmutePost { post_id: post.id }, GetPost { post_id: post.id });
        assert_eq!(dan.call(&app, &mute, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        dan.call(&app, &unmute, &Nothing).await.unwrap();
        ben.call(&app, &UnmutePost { post_id: PostId::new(4_611_686_018_427_387_904) }, &Nothing).await.unwrap();
        for wish in [true, true, false, false] {
            if wish {
                ben.call(&app, &mute, &Nothing).await.map(drop).unwrap();
            } else {
                ben.call(&app, &unmute, &Nothing).await.map(drop).unwrap();
            }
            assert_eq!(ben.call(&app, &get, &Nothing).await.unwrap().my_muted, wish);
            assert!(!ada.call(&app, &get, &Nothing).await.unwrap().my_muted);
        }
    }

    async fn ones_other_devices_read_anew(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ben.post(&app, "x").await;
        let mut other = Socket::connect(app.socket_base(), &ada).await;
        other.ready().await;
        let again = |frame: &ServerFrame| matches!(frame, ServerFrame::Resync);
        mute(&app, &ada, ben.id()).await.unwrap();
        other.wait_for(again).await;
        ada.call(&app, &MutePost { post_id: post.id }, &Nothing).await.unwrap();
        other.wait_for(again).await;
        ada.call(&app, &UnmutePerson { user_id: ben.id() }, &Nothing).await.unwrap();
        other.wait_for(again).await;
    }
}

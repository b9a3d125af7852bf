//! How many of a group are here: who is counted, for whom, and who is told nothing.

use std::time::Duration;

use futures_util::future::join_all;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::conversations::READ_POSITIONS_MAX;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, Id};
use hearth_shared::privacy::{ChangePrivacy, PrivacyChange};
use hearth_shared::realtime::frames::{ClientFrame, Here, ServerFrame};

use super::{join, leave, make, public, remove};
use crate::everywhere;
use crate::support::{Person, Socket, TestApp};

/// Longer than until the next round.
const A_ROUND: Duration = Duration::from_millis(3_500);

async fn come(app: &TestApp, person: &Person) -> Socket {
    let mut socket = Socket::connect(app.socket_base(), person).await;
    socket.ready().await;
    socket
}

/// Says what is open.
async fn look(socket: &mut Socket, conversation_id: Option<ConversationId>) {
    let post_ids = Vec::new();
    let watch = ClientFrame::Watch {
        post_ids,
        conversation_id,
    };
    socket.send(&watch).await;
}

async fn come_and_look(app: &TestApp, person: &Person, id: ConversationId) -> Socket {
    let mut socket = come(app, person).await;
    look(&mut socket, Some(id)).await;
    socket
}

fn is_count(frame: &ServerFrame) -> bool {
    matches!(frame, ServerFrame::Here(_))
}

/// The next number that is told.
async fn next_count(socket: &mut Socket) -> u32 {
    match socket.wait_for(is_count).await {
        ServerFrame::Here(here) => here.count,
        other => panic!("{other:?}"),
    }
}

/// Waits for a number: another node may hear a moment later who is here.
async fn told(socket: &mut Socket, conversation_id: ConversationId, count: u32) {
    let wanted = ServerFrame::Here(Here {
        conversation_id,
        count,
    });
    socket.wait_for(|frame| *frame == wanted).await;
}

/// No number is told until the server answers what was asked last.
async fn is_told_nothing(socket: &mut Socket) {
    socket.send(&ClientFrame::Ping).await;
    let answer = |frame: &ServerFrame| is_count(frame) || matches!(frame, ServerFrame::Pong);
    assert_eq!(socket.wait_for(answer).await, ServerFrame::Pong);
}

/// Nor for so long.
async fn hears_no_count(socket: &mut Socket, quiet: Duration) {
    let heard = socket.drain(quiet).await;
    assert!(!heard.iter().any(is_count), "{heard:?}");
}

async fn show(app: &TestApp, person: &Person, on: bool) {
    let change = PrivacyChange {
        show_online: Some(on),
        ..PrivacyChange::default()
    };
    person.call(app, &ChangePrivacy {}, &change).await.unwrap();
}

/// A group of these people, made by the first.
async fn group(app: &TestApp, people: &[&Person]) -> ConversationId {
    let id = make(app, people[0], &public("Garden week")).await.id;
    for person in &people[1..] {
        join(app, person, id).await.unwrap();
    }
    id
}

everywhere! {
    /// Friends or not, whether they look or not.
    async fn they_are_counted_as_they_come_and_go(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (cleo, dan) = (app.person("cleo").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let id = group(&app, &[&ada, &ben, &cleo, &dan]).await;
        let mut hers = come_and_look(&app, &ada, id).await;
        assert_eq!(next_count(&mut hers).await, 1);
        let mut his = come_and_look(&app, &ben, id).await;
        told(&mut his, id, 2).await;
        assert_eq!(next_count(&mut hers).await, 2);
        let cleos = come(&app, &cleo).await;
        assert_eq!(next_count(&mut hers).await, 3);
        told(&mut his, id, 3).await;
        // Who only loads the page again was here all the time.
        drop(his);
        let mut his = come_and_look(&app, &ben, id).await;
        let mut dans = come(&app, &dan).await;
        assert_eq!(next_count(&mut hers).await, 4);
        told(&mut his, id, 4).await;
        drop(cleos);
        assert_eq!(next_count(&mut hers).await, 3);
        told(&mut his, id, 3).await;
        leave(&app, &dan, id).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 2);
        told(&mut his, id, 2).await;
        join(&app, &dan, id).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 3);
        told(&mut his, id, 3).await;
        // Where she looks no more she is told nothing; asked again it is said again.
        look(&mut hers, None).await;
        is_told_nothing(&mut hers).await;
        leave(&app, &dan, id).await.unwrap();
        told(&mut his, id, 2).await;
        hears_no_count(&mut hers, A_ROUND).await;
        look(&mut hers, Some(id)).await;
        assert_eq!(next_count(&mut hers).await, 2);
        look(&mut hers, Some(id)).await;
        assert_eq!(next_count(&mut hers).await, 2);
        hears_no_count(&mut dans, Duration::from_millis(100)).await;
    }

    /// As between friends: shown by both or by none.
    async fn who_does_not_show_it_is_not_counted_and_sees_no_count(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let id = group(&app, &[&ada, &ben]).await;
        let mut hers = come_and_look(&app, &ada, id).await;
        let mut his = come_and_look(&app, &ben, id).await;
        told(&mut hers, id, 2).await;
        told(&mut his, id, 2).await;
        show(&app, &ben, false).await;
        assert_eq!(next_count(&mut his).await, 0);
        assert_eq!(next_count(&mut hers).await, 1);
        look(&mut his, Some(id)).await;
        is_told_nothing(&mut his).await;
        // He goes and comes: nobody can tell.
        drop(his);
        hears_no_count(&mut hers, Duration::from_secs(7)).await;
        let mut his = come_and_look(&app, &ben, id).await;
        is_told_nothing(&mut his).await;
        hears_no_count(&mut hers, A_ROUND).await;
        show(&app, &ben, true).await;
        told(&mut his, id, 2).await;
        assert_eq!(next_count(&mut hers).await, 2);
    }

    async fn who_do_not_exist_for_each_other_do_not_count_for_each_other(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let id = group(&app, &[&ada, &ben, &cleo]).await;
        let mut hers = come_and_look(&app, &ada, id).await;
        let mut his = come_and_look(&app, &ben, id).await;
        let mut cleos = come_and_look(&app, &cleo, id).await;
        for socket in [&mut hers, &mut his, &mut cleos] {
            told(socket, id, 3).await;
        }
        ada.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 2);
        assert_eq!(next_count(&mut his).await, 2);
        hears_no_count(&mut cleos, A_ROUND).await;
        ada.call(&app, &UnblockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 3);
        assert_eq!(next_count(&mut his).await, 3);
    }

    /// A group that is not theirs, one that is not theirs any more, a conversation of two, and none at all.
    async fn who_is_not_in_a_group_is_told_nothing(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (cleo, dan) = (app.person("cleo").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let talk = ada.open(&app, &ben).await.id;
        let id = group(&app, &[&ada, &ben, &cleo]).await;
        let mut hers = come_and_look(&app, &ada, talk).await;
        is_told_nothing(&mut hers).await;
        let mut dans = come(&app, &dan).await;
        for strange in [id, talk, ConversationId::new(4_611_686_018_427_387_904)] {
            look(&mut dans, Some(strange)).await;
            is_told_nothing(&mut dans).await;
        }
        look(&mut dans, Some(id)).await;
        look(&mut hers, Some(id)).await;
        let mut his = come_and_look(&app, &ben, id).await;
        told(&mut hers, id, 2).await;
        told(&mut his, id, 2).await;
        remove(&app, &ada, id, &ben).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 1);
        let _cleos = come(&app, &cleo).await;
        assert_eq!(next_count(&mut hers).await, 2);
        for socket in [&mut his, &mut dans] {
            hears_no_count(socket, A_ROUND).await;
        }
        // Once he is in it he is told, without asking again.
        join(&app, &dan, id).await.unwrap();
        assert_eq!(next_count(&mut dans).await, 3);
        assert_eq!(next_count(&mut hers).await, 3);
    }

    async fn of_large_groups_it_is_not_told(app: TestApp) {
        let ada = app.person("ada").await;
        let id = group(&app, &[&ada]).await;
        let guests = (0..READ_POSITIONS_MAX).map(|number| {
            let app = &app;
            async move {
                let guest = app.person(&format!("guest_{number}")).await;
                join(app, &guest, id).await.unwrap();
                guest
            }
        });
        let guests = join_all(guests).await;
        let mut hers = come_and_look(&app, &ada, id).await;
        is_told_nothing(&mut hers).await;
        leave(&app, &guests[0], id).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 1);
        join(&app, &guests[0], id).await.unwrap();
        let _here = come(&app, &guests[1]).await;
        hears_no_count(&mut hers, A_ROUND).await;
        leave(&app, &guests[0], id).await.unwrap();
        assert_eq!(next_count(&mut hers).await, 2);
    }
}

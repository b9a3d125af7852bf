//! Who hears what is lossy, and who hears nothing at all.

use std::time::{Duration, Instant};

use futures_util::SinkExt;
use hearth_shared::conversations::{MarkRead, NewReadPosition};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::posts::{NewReaction, ReactionKind, SetReaction};
use hearth_shared::realtime::frames::{ClientFrame, Presence, ServerFrame, Typing};
use hearth_testkit::socket::text;

use crate::everywhere;
use crate::support::{Socket, TestApp};

use super::{next_text, signed_in};

const fn is_typing(frame: &ServerFrame) -> bool {
    matches!(frame, ServerFrame::Typing(_))
}

everywhere! {
    async fn typing_reaches_the_other_member_alone(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let talk = ada.open(&app, &ben).await;
        ada.say(&app, talk.id, "hm").await.unwrap();
        let typing = ClientFrame::Typing { conversation_id: talk.id };
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        let mut cleos = Socket::connect(app.socket_base(), &cleo).await;
        cleos.ready().await;
        // She is a friend of one of them, but not in there.
        cleos.send(&typing).await;
        cleos.send(&ClientFrame::Ping).await;
        cleos.wait_for(|frame| matches!(frame, ServerFrame::Pong)).await;
        hers.send(&typing).await;
        let heard = his.wait_for(is_typing).await;
        assert_eq!(heard, ServerFrame::Typing(Typing { conversation_id: talk.id, user_id: ada.id() }));
        for socket in [&mut hers, &mut his, &mut cleos] {
            let rest = socket.drain(Duration::from_millis(300)).await;
            assert!(!rest.iter().any(is_typing), "{rest:?}");
        }
        // Friends no more: it goes nowhere. What he reads passes behind it on the same way.
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        hers.send(&typing).await;
        hers.send(&ClientFrame::Ping).await;
        hers.wait_for(|frame| matches!(frame, ServerFrame::Pong)).await;
        let position = NewReadPosition { number: 1 };
        ben.call(&app, &MarkRead { conversation_id: talk.id }, &position).await.unwrap();
        let mut seen = Vec::new();
        while !matches!(seen.last(), Some(ServerFrame::Read(_))) {
            seen.push(his.next(Duration::from_secs(10)).await.unwrap());
        }
        assert!(!seen.iter().any(is_typing), "{seen:?}");
    }

    async fn a_post_that_one_may_not_see_is_a_post_that_never_was(app: TestApp) {
        let (ada, cleo) = (app.person("ada").await, app.person("cleo").await);
        let hidden = ada.post(&app, "for friends").await.id;
        let never = PostId::new(hidden.get() + 1);
        let mut raw = signed_in(&app, &cleo).await;
        raw.send(text(&ClientFrame::Watch { post_ids: vec![hidden, never], conversation_id: None })).await.unwrap();
        let mut answers = Vec::new();
        for _ in 0..2 {
            let answer = next_text(&mut raw).await;
            assert!(answer.contains(r#""gone":true"#), "{answer}");
            answers.push(answer.replace(&hidden.to_string(), "it").replace(&never.to_string(), "it"));
        }
        assert_eq!(answers[0], answers[1]);
    }

    async fn friends_are_told_who_is_here(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        let mut strange = Socket::connect(app.socket_base(), &cleo).await;
        strange.ready().await;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        let ready = his.wait_for(|frame| matches!(frame, ServerFrame::Ready(_))).await;
        let ServerFrame::Ready(ready) = ready else { unreachable!() };
        let hers_is = ServerFrame::Presence(Presence { user_id: ada.id(), online: true });
        if ready.online.is_empty() && app.nodes().len() > 1 {
            // She is on another node, which says so a moment later.
            his.wait_for(|frame| *frame == hers_is).await;
        } else {
            assert_eq!(ready.online, [ada.id()]);
        }
        let presence = |frame: &ServerFrame| matches!(frame, ServerFrame::Presence(_));
        let is = |online| ServerFrame::Presence(Presence { user_id: ben.id(), online });
        assert_eq!(hers.wait_for(presence).await, is(true));
        // Another tab; then the first is loaded again: he was here all the time.
        let mut tab = Socket::connect(app.socket_base(), &ben).await;
        tab.ready().await;
        drop(his);
        drop(tab);
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        let mut heard = hers.drain(Duration::from_millis(4_500)).await;
        heard.retain(presence);
        assert!(!heard.contains(&is(false)), "{heard:?}");
        let begun = Instant::now();
        drop(his);
        assert_eq!(hers.wait_for(presence).await, is(false));
        let waited = begun.elapsed().as_secs_f32();
        assert!((3.9..9.0).contains(&waited), "offline after {waited} s");
        assert_eq!(strange.drain(Duration::from_millis(300)).await, []);
    }

    async fn a_stranger_hears_nothing(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let before = ada.post(&app, "alone").await;
        let mut strange = Socket::connect(app.socket_base(), &cleo).await;
        strange.ready().await;
        let mut watching = Socket::connect(app.socket_base(), &cleo).await;
        watching.ready().await;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        // Request, acceptance, being here.
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "the door sticks").await;
        // She guesses what there is.
        watching.send(&ClientFrame::Watch { post_ids: vec![before.id, post.id], conversation_id: None }).await;
        for _ in 0..2 {
            watching.wait_for(|frame| matches!(frame, ServerFrame::Post(state) if state.gone)).await;
        }
        his.send(&ClientFrame::Watch { post_ids: vec![post.id], conversation_id: None }).await;
        his.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
        let like = NewReaction { kind: ReactionKind::Like };
        ben.call(&app, &SetReaction { post_id: post.id }, &like).await.unwrap();
        his.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
        ben.comment(&app, &post, "oil").await.unwrap();
        his.wait_for(|frame| matches!(frame, ServerFrame::Comment(_))).await;
        let talk = ada.open(&app, &ben).await;
        hers.send(&ClientFrame::Typing { conversation_id: talk.id }).await;
        his.wait_for(is_typing).await;
        ada.say(&app, talk.id, "tried it").await.unwrap();
        ben.call(&app, &MarkRead { conversation_id: talk.id }, &NewReadPosition { number: 1 }).await.unwrap();
        hers.wait_for(|frame| matches!(frame, ServerFrame::Read(_))).await;
        drop(his);
        let gone = ServerFrame::Presence(Presence { user_id: ben.id(), online: false });
        hers.wait_for(|frame| *frame == gone).await;
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        hers.wait_for(|frame| matches!(frame, ServerFrame::Event(_))).await;
        for socket in [&mut strange, &mut watching] {
            assert_eq!(socket.drain(Duration::from_millis(500)).await, []);
        }
    }
}

//! One level of replies: where they are filed, how they are counted, and how they go and come with what they answer.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::notifications::ListNotifications;
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{CommentsQuery, CreateComment, ListCommentEdits, ListComments, NewComment};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};

use super::{bodies, get, list, remove, reply, restore, rewrite};
use crate::everywhere;
use crate::support::{Socket, TestApp, client_id};

everywhere! {
    async fn a_reply_is_filed_under_the_comment_and_counted_twice(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let one = ben.comment(&app, &post, "one").await.unwrap();
        let two = ada.comment(&app, &post, "two").await.unwrap();
        let first = reply(&app, &cleo, post.id, one.id, "first").await.unwrap();
        assert_eq!((first.parent_id, first.reply_count), (Some(one.id), 0));
        let second = reply(&app, &ben, post.id, first.id, "second").await.unwrap();
        assert_eq!(second.parent_id, Some(one.id), "a reply to a reply answers the same comment");
        assert_eq!(bodies(&app, &ben, post.id, None).await, ["one", "two"]);
        assert_eq!(bodies(&app, &ben, post.id, Some(one.id)).await, ["first", "second"]);
        assert!(list(&app, &ben, post.id, Some(two.id)).await.is_empty());
        assert_eq!(list(&app, &ben, post.id, None).await[0].reply_count, 2);
        let seen = get(&app, &cleo, post.id).await;
        assert_eq!(seen.comment_count, 4);
        let last: Vec<_> = seen.last_comments.iter().map(|comment| comment.body.as_str()).collect();
        assert_eq!(last, ["one", "two"], "replies do not come with the post");
        // What one may not answer does not exist.
        let other = ada.post(&app, "y").await;
        for (parent, on) in [(one.id, other.id), (hearth_shared::ids::Id::new(77), post.id)] {
            assert_eq!(reply(&app, &ben, on, parent, "no").await.unwrap_err(), ErrorCode::NotFound);
        }
        let stranger = app.person("stranger").await;
        assert_eq!(reply(&app, &stranger, post.id, one.id, "no").await.unwrap_err(), ErrorCode::NotFound);
        // Whom it answers is part of the request.
        let new = NewComment { client_id: client_id(), body: "again".into(), parent_id: Some(one.id) };
        let create = CreateComment { post_id: post.id };
        let made = ben.call(&app, &create, &new).await.unwrap();
        assert_eq!(ben.call(&app, &create, &new).await.unwrap(), made);
        let elsewhere = NewComment { parent_id: Some(two.id), ..new };
        assert_eq!(ben.call(&app, &create, &elsewhere).await.unwrap_err(), ErrorCode::ClientIdReused);
    }

    async fn lists_of_replies_have_pages_of_their_own(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post(&app, "x").await;
        let one = ada.comment(&app, &post, "one").await.unwrap();
        for n in 0..5 {
            reply(&app, &ada, post.id, one.id, &n.to_string()).await.unwrap();
            ada.comment(&app, &post, "between").await.unwrap();
        }
        let call = ListComments { post_id: post.id };
        let mut query = CommentsQuery { parent_id: Some(one.id), limit: Some(2), ..CommentsQuery::default() };
        let mut seen = Vec::new();
        loop {
            let page = ada.call_with(&app, &call, &query, &Nothing).await.unwrap();
            seen.extend(page.items.into_iter().map(|comment| comment.body));
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
            let wrong = CommentsQuery { parent_id: None, ..query.clone() };
            assert_eq!(ada.call_with(&app, &call, &wrong, &Nothing).await.unwrap_err(), ErrorCode::InvalidCursor);
        }
        assert_eq!(seen, ["0", "1", "2", "3", "4"]);
    }

    /// What goes with a comment comes back with it, and nothing else does.
    async fn replies_go_and_come_with_what_they_answer(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        let one = ben.comment(&app, &post, "one").await.unwrap();
        let mut replies = Vec::new();
        for n in 0..3 {
            replies.push(reply(&app, &ada, post.id, one.id, &n.to_string()).await.unwrap());
        }
        remove(&app, &ada, replies[1].id).await.unwrap();
        assert_eq!(list(&app, &ada, post.id, None).await[0].reply_count, 2);
        assert_eq!(get(&app, &ada, post.id).await.comment_count, 3);
        remove(&app, &ben, one.id).await.unwrap();
        let seen = get(&app, &ada, post.id).await;
        assert_eq!((seen.comment_count, seen.last_comments.len()), (0, 0));
        assert_eq!(restore(&app, &ada, replies[0].id).await.unwrap_err(), ErrorCode::NotFound, "it went with its parent");
        assert_eq!(restore(&app, &ada, replies[1].id).await.unwrap_err(), ErrorCode::NotFound, "its parent is gone");
        assert_eq!(restore(&app, &ada, one.id).await.unwrap_err(), ErrorCode::NotFound, "it is not hers");
        let back = restore(&app, &ben, one.id).await.unwrap();
        assert_eq!((back.id, back.reply_count), (one.id, 2));
        assert_eq!(restore(&app, &ben, one.id).await.unwrap(), back, "once more changes nothing");
        assert_eq!(bodies(&app, &ben, post.id, Some(one.id)).await, ["0", "2"]);
        assert_eq!(get(&app, &ben, post.id).await.comment_count, 3);
        // The one that she removed herself she can still put back.
        restore(&app, &ada, replies[1].id).await.unwrap();
        assert_eq!(bodies(&app, &ben, post.id, Some(one.id)).await, ["0", "1", "2"]);
        assert_eq!((get(&app, &ben, post.id).await.comment_count, list(&app, &ada, post.id, None).await[0].reply_count), (4, 3));
        // What the post's author took out stays out.
        remove(&app, &ada, one.id).await.unwrap();
        assert_eq!(restore(&app, &ben, one.id).await.unwrap_err(), ErrorCode::NotFound);
    }

    async fn nothing_comes_back_after_a_minute_or_for_who_may_not_see_it(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        let comment = ben.comment(&app, &post, "one").await.unwrap();
        remove(&app, &ben, comment.id).await.unwrap();
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(restore(&app, &ben, comment.id).await.unwrap_err(), ErrorCode::NotFound);
        app.befriend(&ada, &ben).await;
        let id = comment.id;
        let run = app.db().write(move |tx| {
            let sql = format!("UPDATE comments SET deleted_at = deleted_at - 61000 WHERE id = {id}");
            diesel::RunQueryDsl::execute(diesel::sql_query(sql), tx.conn())?;
            Ok(hearth::platform::db::Outcome::Commit(()))
        });
        run.await.unwrap();
        assert_eq!(restore(&app, &ben, comment.id).await.unwrap_err(), ErrorCode::NotFound);
    }

    /// A block between two who comment: neither sees what the other says, nor what is said in answer to it.
    async fn who_is_hidden_is_hidden_with_all_that_answers_them(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let bens = ben.comment(&app, &post, "ben's").await.unwrap();
        let answer = reply(&app, &ada, post.id, bens.id, "to ben").await.unwrap();
        let adas = ada.comment(&app, &post, "ada's").await.unwrap();
        reply(&app, &ben, post.id, adas.id, "ben's reply").await.unwrap();
        reply(&app, &cleo, post.id, adas.id, "cleo's reply").await.unwrap();
        let mut socket = Socket::connect(app.socket_base(), &cleo).await;
        socket.ready().await;
        socket.send(&ClientFrame::Watch { post_ids: vec![post.id], conversation_id: None }).await;
        socket.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
        cleo.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(bodies(&app, &cleo, post.id, None).await, ["ada's"]);
        assert_eq!(bodies(&app, &cleo, post.id, Some(adas.id)).await, ["cleo's reply"]);
        assert_eq!(bodies(&app, &ben, post.id, Some(adas.id)).await, ["ben's reply"]);
        let call = ListComments { post_id: post.id };
        let query = CommentsQuery { parent_id: Some(bens.id), ..CommentsQuery::default() };
        assert_eq!(cleo.call_with(&app, &call, &query, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        for parent in [bens.id, answer.id] {
            assert_eq!(reply(&app, &cleo, post.id, parent, "no").await.unwrap_err(), ErrorCode::NotFound);
        }
        // Nor live: what ada says to ben does not come, what she says to all does.
        reply(&app, &ada, post.id, bens.id, "secret").await.unwrap();
        let open = ada.comment(&app, &post, "open").await.unwrap();
        let mut heard = Vec::new();
        loop {
            let frame = socket.wait_for(|frame| matches!(frame, ServerFrame::Comment(_))).await;
            let ServerFrame::Comment(frame) = frame else { unreachable!() };
            heard.push(frame.comment.body.clone());
            if frame.comment.id == open.id {
                break;
            }
        }
        assert!(heard.iter().all(|body| body == "open" || body == "ada's" || body == "cleo's reply"), "{heard:?}");
        assert_eq!(get(&app, &cleo, post.id).await.comment_count, 7, "the count is the post's own");
    }

    /// Nobody is told of an answer to somebody who is hidden from them, neither as the post's author nor by name; and
    /// what they were told before does not quote it any more.
    async fn nobody_is_told_of_what_answers_the_hidden(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        for (one, other) in [(&ada, &ben), (&ada, &cleo), (&ben, &cleo)] {
            app.befriend(one, other).await;
        }
        let post = cleo.post(&app, "x").await;
        let bens = ben.comment(&app, &post, "ben's").await.unwrap();
        reply(&app, &ada, post.id, bens.id, "early").await.unwrap();
        let told = async || {
            let page = cleo.call(&app, &ListNotifications {}, &Nothing).await.unwrap();
            serde_json::to_string(&page.items).unwrap()
        };
        assert!(told().await.contains("early"));
        cleo.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        assert!(!told().await.contains("early"));
        reply(&app, &ada, post.id, bens.id, "secret").await.unwrap();
        reply(&app, &ada, post.id, bens.id, "secret for @cleo").await.unwrap();
        assert!(!told().await.contains("secret"), "{}", told().await);
        ada.comment(&app, &post, "open").await.unwrap();
        assert!(told().await.contains("open"));
    }

    /// A comment names somebody who is hidden from one of its readers: live too they are not named.
    async fn the_hidden_are_not_named_live(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        cleo.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        let mut sockets = Vec::new();
        for person in [&ada, &ben] {
            let mut socket = Socket::connect(app.socket_base(), person).await;
            socket.ready().await;
            socket.send(&ClientFrame::Watch { post_ids: vec![post.id], conversation_id: None }).await;
            socket.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
            sockets.push(socket);
        }
        ada.comment(&app, &post, "@ben, @cleo").await.unwrap();
        let mut named = Vec::new();
        for socket in &mut sockets {
            let frame = socket.wait_for(|frame| matches!(frame, ServerFrame::Comment(_))).await;
            let ServerFrame::Comment(frame) = frame else { unreachable!() };
            let names: Vec<String> = frame.comment.mentions.iter().map(|mention| mention.name.clone()).collect();
            named.push(names);
        }
        assert_eq!(named, [vec!["ben".to_owned(), "cleo".to_owned()], vec!["ben".to_owned()]]);
    }

    async fn what_a_comment_said_before_can_be_read(app: TestApp) {
        let (ada, ben, stranger) = (app.person("ada").await, app.person("ben").await, app.person("stranger").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        let comment = ben.comment(&app, &post, "one").await.unwrap();
        for body in ["two", "two", "three"] {
            rewrite(&app, &ben, comment.id, body).await;
        }
        let call = ListCommentEdits { comment_id: comment.id };
        let query = PageQuery { limit: Some(1), cursor: None };
        let first = ada.call_with(&app, &call, &query, &Nothing).await.unwrap();
        assert_eq!(first.items[0].body, "two");
        let query = PageQuery { cursor: first.next_cursor, ..query };
        let second = ada.call_with(&app, &call, &query, &Nothing).await.unwrap();
        assert_eq!((second.items[0].body.as_str(), second.next_cursor), ("one", None));
        assert_eq!(stranger.call(&app, &call, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        remove(&app, &ben, comment.id).await.unwrap();
        assert_eq!(ada.call(&app, &call, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
    }
}

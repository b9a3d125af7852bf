//! Reactions to comments: one for each person, exact counts whatever happens at once.

use diesel::prelude::*;
use futures_util::future::join_all;
use hearth::schema::comment_reactions;
use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{CommentId, Id};
use hearth_shared::posts::{
    Audience, ListCommentReactors, NewReaction, ReactionKind, Reactions, ReactorsQuery,
    RemoveCommentReaction, SetCommentReaction,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};

use super::{list, remove};
use crate::everywhere;
use crate::support::{Options, Person, Socket, TestApp};

async fn react(
    app: &TestApp,
    by: &Person,
    comment_id: CommentId,
    kind: ReactionKind,
) -> Result<Reactions, ErrorCode> {
    by.call(app, &SetCommentReaction { comment_id }, &NewReaction { kind })
        .await
}

async fn unreact(app: &TestApp, by: &Person, comment_id: CommentId) -> Result<Reactions, ErrorCode> {
    by.call(app, &RemoveCommentReaction { comment_id }, &Nothing)
        .await
}

async fn reactors(
    app: &TestApp,
    viewer: &Person,
    comment_id: CommentId,
    kind: Option<ReactionKind>,
) -> Vec<String> {
    let call = ListCommentReactors { comment_id };
    let mut query = ReactorsQuery {
        kind,
        limit: Some(1),
        cursor: None,
    };
    let mut names = Vec::new();
    loop {
        let page = viewer.call_with(app, &call, &query, &Nothing).await.unwrap();
        names.extend(page.items.into_iter().map(|reactor| reactor.user.username));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return names;
        }
    }
}

everywhere! {
    async fn one_reaction_for_each_person(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let comment = ben.comment(&app, &post, "one").await.unwrap();
        let mut socket = Socket::connect(app.socket_base(), &cleo).await;
        socket.ready().await;
        socket.send(&ClientFrame::Watch { post_ids: vec![post.id], conversation_id: None }).await;
        socket.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
        react(&app, &ada, comment.id, ReactionKind::Like).await.unwrap();
        react(&app, &ada, comment.id, ReactionKind::Like).await.unwrap();
        let after = react(&app, &ada, comment.id, ReactionKind::Wow).await.unwrap();
        assert_eq!(after.reactions.into_iter().collect::<Vec<_>>(), [(ReactionKind::Wow, 1)]);
        // Whoever looks at the post is told of counts, which are the same for all.
        let frame = socket.wait_for(|frame| {
            matches!(frame, ServerFrame::Comment(told) if told.comment.reactions.contains_key(&ReactionKind::Wow))
        }).await;
        let ServerFrame::Comment(frame) = frame else { unreachable!() };
        assert_eq!((frame.comment.id, frame.comment.my_reaction), (comment.id, None));
        react(&app, &cleo, comment.id, ReactionKind::Love).await.unwrap();
        let seen = list(&app, &ada, post.id, None).await.remove(0);
        assert_eq!((seen.my_reaction, seen.reactions.values().sum::<u32>()), (Some(ReactionKind::Wow), 2));
        let mut names = reactors(&app, &ben, comment.id, None).await;
        names.sort();
        assert_eq!(names, ["ada", "cleo"]);
        assert_eq!(reactors(&app, &ben, comment.id, Some(ReactionKind::Love)).await, ["cleo"]);
        cleo.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(reactors(&app, &ben, comment.id, None).await, ["ada"], "who is blocked is not there");
        assert_eq!(unreact(&app, &cleo, comment.id).await.unwrap_err(), ErrorCode::NotFound);
        for _ in 0..2 {
            let after = unreact(&app, &ada, comment.id).await.unwrap();
            assert_eq!((after.reactions.into_iter().collect::<Vec<_>>(), after.my_reaction), (vec![(ReactionKind::Love, 1)], None));
        }
        let stranger = app.person("stranger").await;
        assert_eq!(react(&app, &stranger, comment.id, ReactionKind::Like).await.unwrap_err(), ErrorCode::NotFound);
        remove(&app, &ben, comment.id).await.unwrap();
        assert_eq!(react(&app, &ada, comment.id, ReactionKind::Like).await.unwrap_err(), ErrorCode::NotFound);
    }
}

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    /// Fifty people tap at once, each several times; the count is that of the rows.
    async fn many_at_once_end_in_the_exact_count(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post_for(&app, "x", Audience::Public).await;
        let comment = ada.comment(&app, &post, "one").await.unwrap();
        let mut people = Vec::new();
        for n in 0..50 {
            people.push(app.person(&format!("p{n}_")).await);
        }
        let taps = people.iter().enumerate().map(|(n, person)| {
            let app = &app;
            async move {
                let kinds = [ReactionKind::Like, ReactionKind::Love];
                react(app, person, comment.id, kinds[n % 2]).await.unwrap();
                if n % 5 == 0 {
                    unreact(app, person, comment.id).await.unwrap();
                } else if n % 5 == 1 {
                    react(app, person, comment.id, ReactionKind::Wow).await.unwrap();
                }
            }
        });
        join_all(taps).await;
        let seen = list(&app, &ada, post.id, None).await.remove(0);
        let counts: Vec<_> = seen.reactions.into_iter().collect();
        assert_eq!(counts, [(ReactionKind::Like, 15), (ReactionKind::Love, 15), (ReactionKind::Wow, 10)]);
        let id = comment.id.get();
        let rows = app.db().read(move |conn| {
            Ok(comment_reactions::table.filter(comment_reactions::comment_id.eq(id)).count().get_result::<i64>(conn)?)
        });
        assert_eq!(rows.await.unwrap(), 40);
        let told = crate::talk::told(&app, &ada).await;
        assert_eq!((told.len(), told[0].actor_count), (1, 40), "one notification, and everybody whose reaction stands");
    }
}

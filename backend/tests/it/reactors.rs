//! Who reacted to a post.

use std::time::Duration;

use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::posts::{
    ListReactors, NewReaction, ReactionKind, ReactorsQuery, RemoveReaction, SetReaction,
};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::TestApp;

everywhere! {
    async fn the_latest_first_and_by_kind(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post(&app, "x").await;
        let kinds = [ReactionKind::Like, ReactionKind::Wow, ReactionKind::Like, ReactionKind::Love, ReactionKind::Like];
        let mut people = Vec::new();
        for (n, kind) in kinds.into_iter().enumerate() {
            let person = app.person(&format!("p{n}_")).await;
            app.befriend(&ada, &person).await;
            person.call(&app, &SetReaction { post_id: post.id }, &NewReaction { kind }).await.unwrap();
            people.push(person);
            // Moments are counted in milliseconds.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let call = ListReactors { post_id: post.id };
        let list = async |kind: Option<ReactionKind>, limit: u32| {
            let mut query = ReactorsQuery { kind, limit: Some(limit), cursor: None };
            let mut seen = Vec::new();
            loop {
                let page = ada.call_with(&app, &call, &query, &Nothing).await.unwrap();
                seen.extend(page.items);
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break seen;
                }
            }
        };
        let names = |found: Vec<hearth_shared::posts::Reactor>| {
            found.into_iter().map(|one| one.user.username).collect::<Vec<_>>()
        };
        assert_eq!(names(list(None, 2).await), ["p4_", "p3_", "p2_", "p1_", "p0_"]);
        assert_eq!(names(list(Some(ReactionKind::Like), 2).await), ["p4_", "p2_", "p0_"]);
        assert!(list(Some(ReactionKind::Sad), 2).await.is_empty());
        let wow = list(Some(ReactionKind::Wow), 2).await;
        assert_eq!((wow[0].user.id, wow[0].kind), (people[1].id(), ReactionKind::Wow));
        // Who feels something else does so since now.
        people[0].call(&app, &SetReaction { post_id: post.id }, &NewReaction { kind: ReactionKind::Wow }).await.unwrap();
        assert_eq!(names(list(Some(ReactionKind::Wow), 9).await), ["p0_", "p1_"]);
        people[3].call(&app, &RemoveReaction { post_id: post.id }, &Nothing).await.unwrap();
        // People who do not exist for each other are in no list of the other; the count is the post's own.
        people[4].call(&app, &BlockPerson { user_id: people[2].id() }, &Nothing).await.unwrap();
        assert_eq!(names(list(None, 9).await), ["p0_", "p4_", "p2_", "p1_"]);
        let seen = people[2].call(&app, &call, &Nothing).await.unwrap();
        assert_eq!(names(seen.items), ["p0_", "p2_", "p1_"]);
        let suspended = format!("UPDATE users SET suspended_at = 1 WHERE id = {}", people[1].id());
        let run = app.db().write(move |tx| {
            hearth::platform::db::dialect::execute(tx.conn(), &suspended)?;
            Ok(hearth::platform::db::Outcome::Commit(()))
        });
        run.await.unwrap();
        assert_eq!(names(list(None, 9).await), ["p0_", "p4_", "p2_"]);
        let dan = app.person("dan").await;
        assert_eq!(dan.call(&app, &call, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
    }
}

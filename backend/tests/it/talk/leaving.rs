//! Who goes takes along what they said, and what was said in answer to it; the counts of others stay exact.

use diesel::prelude::*;
use hearth::features::admin::purge;
use hearth::schema::{comment_edits, comment_reactions, comments, mentions, notifications, reports};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::Id;
use hearth_shared::leaving::{DeleteAccount, DeleteMe, OwnMessages};
use hearth_shared::posts::{Audience, NewReaction, ReactionKind, SetCommentReaction};
use hearth_shared::reports::{CreateReport, NewReport, ReportReason, ReportSubject};

use super::{bodies, get, list, news, remove, reply, rewrite};
use crate::administration::{contains, everything, sql};
use crate::everywhere;
use crate::support::{Device, Options, TestApp};

const LIKE: NewReaction = NewReaction {
    kind: ReactionKind::Like,
};

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    async fn nothing_is_left_and_counts_are_exact(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let gone = app.person("canary_gone").await;
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &gone).await;
        let post = ada.post_for(&app, "x", Audience::Public).await;
        let adas = ada.comment(&app, &post, "ada's").await.unwrap();
        // What goes: a thread of theirs with answers of others, their answers, reactions, reports, their own post.
        let theirs = gone.comment(&app, &post, "canary_first @ben").await.unwrap();
        rewrite(&app, &gone, theirs.id, "canary_second @ben").await;
        for n in 0..3 {
            reply(&app, &ben, post.id, theirs.id, &format!("canary_answer {n}")).await.unwrap();
        }
        let answer = reply(&app, &gone, post.id, adas.id, "canary_reply").await.unwrap();
        reply(&app, &ben, post.id, adas.id, "stays").await.unwrap();
        let removed = gone.comment(&app, &post, "canary_removed").await.unwrap();
        remove(&app, &gone, removed.id).await.unwrap();
        for (person, comment_id) in [(&gone, adas.id), (&ben, adas.id), (&ada, theirs.id)] {
            person.call(&app, &SetCommentReaction { comment_id }, &LIKE).await.unwrap();
        }
        let subjects = [(&gone, ReportSubject::Person(ben.id())), (&ben, ReportSubject::Person(gone.id())), (&ben, ReportSubject::Comment(answer.id))];
        for (by, subject) in subjects {
            let new = NewReport { subject, reason: ReportReason::Other, note: "canary_note".into() };
            by.call(&app, &CreateReport {}, &new).await.unwrap();
        }
        let own = gone.post_for(&app, "canary_post @ben", Audience::Public).await;
        let under = ben.comment(&app, &own, "canary_under").await.unwrap();
        reply(&app, &ada, own.id, under.id, "canary_under_it").await.unwrap();
        let named = ada.comment(&app, &post, "@canary_gone").await.unwrap();
        rewrite(&app, &ada, named.id, "nobody").await;
        let mut device = Device::start(&app, &ben).await;
        let texts = ["canary_first", "canary_second", "canary_answer", "canary_reply", "canary_removed", "canary_note", "canary_post", "canary_under"];
        let before = everything(&app).await;
        assert!(texts.iter().all(|text| contains(&before, text)));

        let wish = DeleteAccount { password: "kitchen table nine".into(), code: None, messages: OwnMessages::Wipe };
        assert_eq!(app.ask(gone.token(), &DeleteMe {}, &Nothing, &wish).await.status, 202);
        sql(&app, format!("UPDATE users SET deletion_at = 1 WHERE id = {}", gone.id())).await;
        assert_eq!(purge::run(&app.servers()[0].media).await.unwrap(), 1);

        let after = everything(&app).await;
        for text in texts {
            assert!(!contains(&after, text), "{text} is still there");
        }
        assert_eq!(bodies(&app, &ben, post.id, None).await, ["ada's", "nobody"]);
        assert_eq!(bodies(&app, &ben, post.id, Some(adas.id)).await, ["stays"]);
        let first = list(&app, &ben, post.id, None).await.remove(0);
        assert_eq!((first.reply_count, first.reactions.into_iter().collect::<Vec<_>>()), (1, vec![(ReactionKind::Like, 1)]));
        assert_eq!(get(&app, &ada, post.id).await.comment_count, 3);
        assert_eq!(news(&app, &ada).await.len(), 2, "ben's answer and ben's like");
        assert!(news(&app, &ben).await.is_empty());
        device.settle_with(&app).await;
        assert!(!device.replica.notifications.items.iter().any(|told| told.actors.iter().any(|actor| actor.id == gone.id())));
        let own_id = own.id.get();
        let counts = app.db().read(move |conn| {
            Ok([
                comments::table.count().get_result::<i64>(conn)?,
                comment_reactions::table.count().get_result(conn)?,
                reports::table.count().get_result(conn)?,
                mentions::table.count().get_result(conn)?,
                comment_edits::table.count().get_result(conn)?,
                notifications::table.filter(notifications::post_id.eq(own_id)).count().get_result(conn)?,
            ])
        });
        // The one edit is ada's own word, in which she named them.
        assert_eq!(counts.await.unwrap(), [3, 1, 0, 0, 1, 0]);
    }
}

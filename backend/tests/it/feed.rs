//! The feed and other long lists while the world goes on: mutes, paging, exact counts under load, and the plans by which
//! the databases come to a page.

use diesel::prelude::*;
use futures_util::future::join_all;
use hearth::features::posts::store::audience_id;
use hearth::platform::db::{Conn, Outcome, dialect};
use hearth::schema::{post_reactions, posts};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{
    Audience, CommentSort, CommentsQuery, DeleteComment, DeletePost, GetFeed, GetPost, ListComments,
    MutePerson, MutePost, NewReaction, ReactionCounts, ReactionKind, RemoveReaction, SetReaction,
    UnmutePerson, UnmutePost,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};

use crate::everywhere;
use crate::support::{Options, Person, Socket, TestApp};

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

async fn feed(app: &TestApp, person: &Person) -> Vec<String> {
    let page = person.call(app, &GetFeed {}, &Nothing).await.unwrap();
    page.items.into_iter().map(|post| post.body).collect()
}

const LIKE: NewReaction = NewReaction {
    kind: ReactionKind::Like,
};

everywhere! {
    with PUBLIC;
    async fn what_is_muted_is_not_in_the_feed(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cy).await;
        let first = ben.post(&app, "ben 1").await;
        ben.post(&app, "ben 2").await;
        cy.post(&app, "cyd").await;
        let own = ada.post_for(&app, "ada", Audience::OnlyMe).await;
        assert_eq!(feed(&app, &ada).await, ["ada", "cyd", "ben 2", "ben 1"]);
        ada.call(&app, &MutePost { post_id: first.id }, &Nothing).await.unwrap();
        ada.call(&app, &MutePost { post_id: own.id }, &Nothing).await.unwrap();
        assert_eq!(feed(&app, &ada).await, ["ada", "cyd", "ben 2"], "her own stays");
        assert_eq!(feed(&app, &ben).await, ["ben 2", "ben 1"], "for others nothing changes");
        ada.call(&app, &MutePerson { user_id: cy.id() }, &Nothing).await.unwrap();
        assert_eq!(feed(&app, &ada).await, ["ada", "ben 2"]);
        ada.call(&app, &UnmutePerson { user_id: cy.id() }, &Nothing).await.unwrap();
        ada.call(&app, &UnmutePost { post_id: first.id }, &Nothing).await.unwrap();
        assert_eq!(feed(&app, &ada).await, ["ada", "cyd", "ben 2", "ben 1"]);
    }

    /// Of two friends one writes seldom and one all the time: who has the newest post does not crowd out the others,
    /// and nobody who writes a lot is cut short.
    async fn the_newest_come_first_whoever_wrote_them(app: TestApp) {
        let ada = app.person("ada").await;
        let mut friends = Vec::new();
        for n in 0..5 {
            let friend = app.person(&format!("f{n}_")).await;
            app.befriend(&ada, &friend).await;
            friends.push(friend);
        }
        let mut expected = Vec::new();
        for n in 0..40_usize {
            // The last friend writes twenty in a row.
            let by = if (10..30).contains(&n) { 4 } else { n % 4 };
            let post = friends[by].post_for(&app, &n.to_string(), [Audience::Public, Audience::Friends][n % 2]).await;
            friends[by].post_for(&app, "for nobody", Audience::OnlyMe).await;
            if n % 9 == 0 {
                friends[by].call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
            } else {
                expected.push(post.id);
            }
        }
        expected.reverse();
        for limit in [1, 3, 7, 100] {
            let mut query = PageQuery { limit: Some(limit), cursor: None };
            let mut seen = Vec::new();
            loop {
                let page = ada.call_with(&app, &GetFeed {}, &query, &Nothing).await.unwrap();
                seen.extend(page.items.into_iter().map(|post| post.id));
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, expected, "in pages of {limit}");
        }
        // Whoever has hundreds of friends is answered from the newest posts of all, if there are enough.
        let (viewer, few) = (ada.id().get(), friends.iter().map(|friend| friend.id().get()).collect::<Vec<_>>());
        let many: Vec<i64> = few.iter().copied().chain(1..400).collect();
        let expected: Vec<i64> = expected.iter().map(|id| id.get()).collect();
        for limit in [5, 21, 100] {
            let (few, many) = (few.clone(), many.clone());
            let found = app.db().read(move |conn| {
                Ok((
                    dialect::newest_posts(conn, viewer, &few, i64::MAX, limit)?,
                    dialect::newest_posts(conn, viewer, &many, i64::MAX, limit)?,
                ))
            });
            let (few, many) = found.await.unwrap();
            assert_eq!(few, many);
            assert!(expected.starts_with(&few));
        }
    }

    /// Friends write, remove and are muted between two pages: what was there and stays is seen once each, in order.
    async fn paging_neither_skips_nor_repeats(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cy).await;
        let mut posts = Vec::new();
        for n in 0..30 {
            let by = [&ben, &cy, &ada][n % 3];
            posts.push((by.id(), by.post(&app, "x").await.id));
        }
        let (mut seen, mut gone) = (Vec::new(), Vec::new());
        let mut query = PageQuery { limit: Some(4), cursor: None };
        for turn in 0.. {
            let page = ada.call_with(&app, &GetFeed {}, &query, &Nothing).await.unwrap();
            let more = !page.items.is_empty();
            seen.extend(page.items.into_iter().map(|post| post.id));
            // The last one that was shown, from which the next page goes on, and the one that would come next.
            let last = *seen.last().unwrap();
            let ahead = posts.iter().rev().map(|(_, id)| *id).find(|id| *id < last);
            for post_id in [Some(last), ahead].into_iter().flatten().filter(|_| more) {
                let author = posts.iter().find(|(_, id)| *id == post_id).unwrap().0;
                let by = [&ada, &ben, &cy].into_iter().find(|one| one.id() == author).unwrap();
                by.call(&app, &DeletePost { post_id }, &Nothing).await.unwrap();
                gone.push(post_id);
            }
            if turn == 1 {
                ada.call(&app, &MutePerson { user_id: cy.id() }, &Nothing).await.unwrap();
                gone.extend(posts.iter().filter(|(by, id)| *by == cy.id() && *id < last).map(|(_, id)| *id));
            }
            ben.post(&app, "meanwhile").await;
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        let mut expected: Vec<PostId> = posts.iter().rev().map(|(_, id)| *id).collect();
        expected.retain(|id| seen.contains(id) || !gone.contains(id));
        assert_eq!(seen, expected);
        assert!(gone.iter().any(|id| !seen.contains(id)), "nothing was taken away ahead");
    }

    async fn paging_comments_neither_skips_nor_repeats(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        for sort in [CommentSort::Oldest, CommentSort::Newest] {
            let mut all = ada.call_with(&app, &ListComments { post_id: post.id }, &CommentsQuery { limit: Some(100), ..CommentsQuery::default() }, &Nothing).await.unwrap().items;
            while all.len() < 17 {
                all.push(ben.comment(&app, &post, "c").await.unwrap());
            }
            let mut expected: Vec<_> = all.iter().map(|comment| comment.id).collect();
            if sort == CommentSort::Newest {
                expected.reverse();
            }
            let (mut seen, mut later) = (Vec::new(), Vec::new());
            let mut query = CommentsQuery { sort, limit: Some(4), ..CommentsQuery::default() };
            loop {
                let page = ada.call_with(&app, &ListComments { post_id: post.id }, &query, &Nothing).await.unwrap();
                seen.extend(page.items.into_iter().map(|comment| comment.id));
                let comment_id = *seen.last().unwrap();
                ben.call(&app, &DeleteComment { comment_id }, &Nothing).await.unwrap();
                if later.len() < 3 {
                    later.push(ben.comment(&app, &post, "meanwhile").await.unwrap().id);
                }
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
            }
            if sort == CommentSort::Oldest {
                // Behind the end it is seen too; but for the one that came after the last page.
                let more = seen.split_off(expected.len());
                assert!(later.starts_with(&more));
            }
            assert_eq!(seen, expected, "{sort:?}");
        }
    }

    /// A hundred likes and their ends at once: the row, the rows it counts, a fresh read and every open screen agree.
    async fn counts_are_exact_on_every_screen(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post_for(&app, "to all", Audience::Public).await;
        let mut crowd = Vec::new();
        for n in 0..10 {
            crowd.push(app.person(&format!("p{n}_")).await);
        }
        let mut sockets = Vec::new();
        for person in crowd.iter().chain([&ada]) {
            let mut socket = Socket::connect(app.socket_base(), person).await;
            socket.ready().await;
            socket.send(&ClientFrame::Watch { post_ids: vec![post.id], conversation_id: None }).await;
            socket.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
            sockets.push(socket);
        }
        let taps = (0..100_usize).map(|n| {
            let (app, person, post_id) = (&app, &crowd[n * 7 % 10], post.id);
            async move {
                let answer = if (n / 10 + n) % 3 == 0 {
                    person.call(app, &RemoveReaction { post_id }, &Nothing).await.map(drop)
                } else {
                    person.call(app, &SetReaction { post_id }, &LIKE).await.map(drop)
                };
                // A server that is too busy says so, and has done nothing.
                assert!(matches!(answer, Ok(()) | Err(ErrorCode::Unavailable)), "{answer:?}");
            }
        });
        join_all(taps).await;
        // A last one, so that it cannot be all or nothing.
        crowd[0].call(&app, &SetReaction { post_id: post.id }, &LIKE).await.unwrap();
        crowd[1].call(&app, &RemoveReaction { post_id: post.id }, &Nothing).await.unwrap();
        let id = post.id.get();
        let (row, rows): (i64, i64) = app.db().snapshot(move |conn| {
            Ok((
                posts::table.find(id).select(posts::like_count).first(conn)?,
                post_reactions::table.filter(post_reactions::post_id.eq(id)).count().get_result(conn)?,
            ))
        }).await.unwrap();
        assert_eq!(row, rows);
        assert!((1..10).contains(&row));
        let exact = ReactionCounts::from([(ReactionKind::Like, u32::try_from(row).unwrap())]);
        let seen = ada.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(seen.reactions, exact);
        for socket in &mut sockets {
            let is_exact = |frame: &ServerFrame| matches!(frame, ServerFrame::Post(state) if state.reactions == exact);
            socket.wait_for(is_exact).await;
        }
        // It may have been so in passing: what is said last counts.
        ada.comment(&app, &post, "done").await.unwrap();
        for socket in &mut sockets {
            let last = socket.wait_for(|frame| matches!(frame, ServerFrame::Post(state) if state.comment_count == 1)).await;
            assert!(matches!(last, ServerFrame::Post(state) if state.reactions == exact));
        }
    }

    async fn the_feed_is_read_from_its_index(app: TestApp) {
        let ada = app.person("ada").await;
        let id = ada.id().get();
        let plan = app.db().write(move |tx| {
            let plan = match tx.conn() {
                Conn::Sqlite(conn) => {
                    let rows: Vec<SqlitePlan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {}", dialect::SQLITE_FEED))
                        .bind::<diesel::sql_types::BigInt, _>(id)
                        .bind::<diesel::sql_types::Text, _>("[1, 2]")
                        .bind::<diesel::sql_types::BigInt, _>(i64::MAX)
                        .bind::<diesel::sql_types::BigInt, _>(21)
                        .load(conn)?;
                    rows.into_iter().map(|row| row.detail).collect::<Vec<_>>()
                }
                Conn::Postgres(conn) => {
                    // Few rows are read faster without any index, and those of few authors by their ids.
                    diesel::sql_query(format!(
                        "INSERT INTO users SELECT (jsonb_populate_record(u, jsonb_build_object('id', n, 'username', n, 'email', n, \
                         'email_key', n))).* FROM users u, generate_series(1, 500) n WHERE u.id = {id}"
                    )).execute(conn)?;
                    diesel::sql_query(
                        "INSERT INTO posts (id, author_id, client_id, request_hash, body, audience_id, like_count, love_count, \
                         laugh_count, wow_count, sad_count, angry_count, comment_count, created_at) \
                         SELECT n, n % 500 + 1, n::text, '', repeat('words ', 30), 2, 0, 0, 0, 0, 0, 0, 0, 0 FROM generate_series(1, 20000) n",
                    ).execute(conn)?;
                    diesel::sql_query("ANALYZE posts").execute(conn)?;
                    let mut query = dialect::POSTGRES_FEED.to_owned();
                    for (place, value) in [("$1", id.to_string()), ("$2", "ARRAY[1, 2]::BIGINT[]".into()), ("$3", i64::MAX.to_string()), ("$4", "21".into())] {
                        query = query.replace(place, &value);
                    }
                    let rows: Vec<PostgresPlan> = diesel::sql_query(format!("EXPLAIN {query}")).load(conn)?;
                    rows.into_iter().map(|row| row.plan).collect()
                }
            };
            Ok(Outcome::RollBack(plan))
        }).await.unwrap();
        let whole = plan.join("\n");
        let parts = plan.iter().filter(|line| line.contains("posts_feed")).count();
        assert!(parts >= 1, "{whole}");
        assert!(!plan.iter().any(|line| line.contains("SCAN posts") || line.contains("Seq Scan on posts")), "{whole}");
        assert!(!whole.contains(" posts_pkey"), "{whole}");
    }
}

/// The condition of the index and of its query is written as numbers.
#[test]
fn what_friends_see_has_the_numbers_of_the_audiences() {
    let friends = [Audience::Public, Audience::Friends].map(audience_id);
    assert_eq!((friends, audience_id(Audience::OnlyMe)), ([1, 2], 3));
}

#[derive(QueryableByName)]
struct SqlitePlan {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresPlan {
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[diesel(column_name = "QUERY PLAN")]
    plan: String,
}

//! Posts, comments, reactions, the feed.

use std::collections::HashSet;

use hearth::features::posts::policy::{Bond, can_see};
use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{
    Audience, CommentPatch, CommentSort, CommentsQuery, CreateComment, CreatePost, DeleteComment, DeletePost,
    EditComment, EditPost, GetFeed, GetPost, ListComments, NewComment, NewPost, NewReaction, PostPatch,
    ReactionKind, RemoveReaction, SetReaction,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{GetProfile, ListUserPosts};

use crate::everywhere;
use crate::support::{Options, Person, TestApp, client_id};

async fn feed(app: &TestApp, person: &Person) -> Vec<String> {
    let page = person.call(app, &GetFeed {}, &Nothing).await.unwrap();
    page.items.into_iter().map(|post| post.body).collect()
}

fn like() -> NewReaction {
    NewReaction {
        kind: ReactionKind::Like,
    }
}

everywhere! {
    async fn friends_read_like_and_comment(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "The lake is warm").await;
        assert_eq!(feed(&app, &ben).await, ["The lake is warm"]);
        assert_eq!(feed(&app, &ada).await, ["The lake is warm"]);

        let reactions = ben.call(&app, &SetReaction { post_id: post.id }, &like()).await.unwrap();
        assert_eq!(reactions.reactions.get(&ReactionKind::Like), Some(&1));
        let first = ben.comment(&app, &post, "I am in").await.unwrap();
        let second = ada.comment(&app, &post, "Good").await.unwrap();
        let third = ben.comment(&app, &post, "Seven?").await.unwrap();

        let seen = ada.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(seen.reactions.get(&ReactionKind::Like), Some(&1));
        assert_eq!((seen.my_reaction, seen.comment_count), (None, 3));
        assert_eq!(seen.last_comments, [second.clone(), third.clone()]);
        let bens = ben.call(&app, &GetFeed {}, &Nothing).await.unwrap().items.remove(0);
        assert_eq!(bens.my_reaction, Some(ReactionKind::Like));
        let all = ada.call(&app, &ListComments { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(all.items, [first, second, third]);
    }

    async fn changing_a_reaction_moves_one_count(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        let set = SetReaction { post_id: post.id };
        ben.call(&app, &set, &like()).await.unwrap();
        ben.call(&app, &set, &like()).await.unwrap();
        let after = ben.call(&app, &set, &NewReaction { kind: ReactionKind::Wow }).await.unwrap();
        assert_eq!(after.reactions.into_iter().collect::<Vec<_>>(), [(ReactionKind::Wow, 1)]);
        for _ in 0..2 {
            let after = ben.call(&app, &RemoveReaction { post_id: post.id }, &Nothing).await.unwrap();
            assert!(after.reactions.is_empty() && after.my_reaction.is_none());
        }
    }

    async fn authors_edit_and_remove(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "frist").await;
        let patch = PostPatch { body: Some("first".into()), audience: None, media_ids: None };
        let edit = EditPost { post_id: post.id };
        assert_eq!(ben.call(&app, &edit, &patch).await.unwrap_err(), ErrorCode::Forbidden);
        let edited = ada.call(&app, &edit, &patch).await.unwrap();
        assert_eq!(edited.body, "first");
        assert!(edited.edited_at.is_some());
        let unchanged = ada.call(&app, &edit, &patch).await.unwrap();
        assert_eq!(unchanged, edited, "saying the same again changes nothing");

        let delete = DeletePost { post_id: post.id };
        assert_eq!(ben.call(&app, &delete, &Nothing).await.unwrap_err(), ErrorCode::Forbidden);
        ada.call(&app, &delete, &Nothing).await.unwrap();
        assert_eq!(ada.call(&app, &delete, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        assert!(feed(&app, &ben).await.is_empty());
        assert_eq!(ben.comment(&app, &post, "late").await.unwrap_err(), ErrorCode::NotFound);
        let own = ada.call(&app, &GetProfile { username: "ada".into() }, &Nothing).await.unwrap();
        assert_eq!(own.post_count, Some(0));
    }

    async fn comments_are_edited_by_their_author_and_removed_by_two(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cy_").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cy).await;
        let post = ada.post(&app, "x").await;
        let one = ben.comment(&app, &post, "one").await.unwrap();
        let two = ben.comment(&app, &post, "two").await.unwrap();
        let patch = CommentPatch { body: "eins".into() };
        assert_eq!(ada.call(&app, &EditComment { comment_id: one.id }, &patch).await.unwrap_err(), ErrorCode::Forbidden);
        let edited = ben.call(&app, &EditComment { comment_id: one.id }, &patch).await.unwrap();
        assert_eq!((edited.body.as_str(), edited.edited_at.is_some()), ("eins", true));
        assert_eq!(cy.call(&app, &DeleteComment { comment_id: one.id }, &Nothing).await.unwrap_err(), ErrorCode::Forbidden);
        ben.call(&app, &DeleteComment { comment_id: one.id }, &Nothing).await.unwrap();
        ada.call(&app, &DeleteComment { comment_id: two.id }, &Nothing).await.unwrap();
        let gone = ada.call(&app, &DeleteComment { comment_id: two.id }, &Nothing).await;
        assert_eq!(gone.unwrap_err(), ErrorCode::NotFound);
        let post = ada.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!((post.comment_count, post.last_comments.len()), (0, 0));
    }

    async fn a_former_friend_sees_nothing_from_the_next_request_on(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        let new = NewComment { client_id: client_id(), body: "mine".into(), parent_id: None };
        let create = CreateComment { post_id: post.id };
        let comment = ben.call(&app, &create, &new).await.unwrap();
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        assert!(feed(&app, &ben).await.is_empty());
        assert_eq!(ben.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        assert_eq!(ben.comment(&app, &post, "more").await.unwrap_err(), ErrorCode::NotFound);
        let list = ben.call(&app, &ListUserPosts { username: "ada".into() }, &Nothing).await.unwrap();
        assert!(list.items.is_empty());
        // A repeated request is answered all the same: it was accepted once.
        assert_eq!(ben.call(&app, &create, &new).await.unwrap(), comment);
    }

    async fn a_client_id_makes_one_object(app: TestApp) {
        let ada = app.person("ada").await;
        let new = NewPost { client_id: client_id(), body: "once".into(), audience: Audience::Friends, media_ids: Vec::new(), shared_post_id: None };
        let first = app.ask(ada.token(), &CreatePost {}, &Nothing, &new).await;
        let second = app.ask(ada.token(), &CreatePost {}, &Nothing, &new).await;
        assert_eq!((first.status, second.status), (201, 200));
        assert_eq!(first.text, second.text);
        let other = NewPost { body: "other".into(), ..new.clone() };
        assert_eq!(ada.call(&app, &CreatePost {}, &other).await.unwrap_err(), ErrorCode::ClientIdReused);
        // Somebody else's client may have made the same number.
        let ben = app.person("ben").await;
        assert!(ben.call(&app, &CreatePost {}, &new).await.is_ok());
        let post: hearth_shared::posts::Post = serde_json::from_str(&first.text).unwrap();
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(ada.call(&app, &CreatePost {}, &new).await.unwrap_err(), ErrorCode::NotFound);
    }

    async fn paging_neither_skips_nor_repeats_while_others_write(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        for n in 0..25 {
            if n % 2 == 0 { &ada } else { &ben }.post(&app, &format!("{n}")).await;
        }
        let mut seen = Vec::new();
        let mut query = PageQuery { limit: Some(4), cursor: None };
        loop {
            let page = ada.call_with(&app, &GetFeed {}, &query, &Nothing).await.unwrap();
            seen.extend(page.items.into_iter().map(|post| post.body));
            ben.post(&app, "meanwhile").await;
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..25).rev().map(|n| n.to_string()).collect::<Vec<_>>());
    }

    async fn comments_come_in_pages_from_either_end(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post(&app, "x").await;
        for n in 0..7 {
            ada.comment(&app, &post, &n.to_string()).await.unwrap();
        }
        for sort in [CommentSort::Oldest, CommentSort::Newest] {
            let mut query = CommentsQuery { sort, limit: Some(3), cursor: None, parent_id: None };
            let mut seen = Vec::new();
            loop {
                let page = ada.call_with(&app, &ListComments { post_id: post.id }, &query, &Nothing).await.unwrap();
                seen.extend(page.items.into_iter().map(|comment| comment.body));
                query.cursor = page.next_cursor;
                if query.cursor.is_none() {
                    break;
                }
            }
            let mut expected: Vec<_> = (0..7).map(|n| n.to_string()).collect();
            if sort == CommentSort::Newest {
                expected.reverse();
            }
            assert_eq!(seen, expected);
        }
    }

    async fn public_posts_are_refused_unless_the_host_offers_them(app: TestApp) {
        let ada = app.person("ada").await;
        let new = NewPost { client_id: client_id(), body: "x".into(), audience: Audience::Public, media_ids: Vec::new(), shared_post_id: None };
        let answer = app.ask(ada.token(), &CreatePost {}, &Nothing, &new).await;
        assert_eq!(answer.code(), "validation_failed");
        assert_eq!(answer.json()["errors"][0]["field"], "audience");
    }
}

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

everywhere! {
    with PUBLIC;
    /// The SQL of visibility and the rule in the program agree for every viewer, author and audience, on every
    /// list and on the permalink.
    async fn one_rule_everywhere(app: TestApp) {
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(app.person(&format!("p{n}_")).await);
        }
        let mut friends = HashSet::new();
        for (a, b) in [(0, 1), (1, 2), (2, 3), (0, 3)] {
            app.befriend(&people[a], &people[b]).await;
            friends.extend([(a, b), (b, a)]);
        }
        // Blocked are two who were friends.
        app.befriend(&people[4], &people[2]).await;
        people[4].call(&app, &BlockPerson { user_id: people[2].id() }, &Nothing).await.unwrap();
        let mut posts = Vec::new();
        for (author, person) in people.iter().enumerate() {
            for audience in [Audience::Public, Audience::Friends, Audience::OnlyMe] {
                posts.push((author, audience, person.post_for(&app, "x", audience).await.id));
            }
        }
        for (viewer, person) in people.iter().enumerate() {
            let ids = |page: hearth_shared::page::Page<hearth_shared::posts::Post>| {
                page.items.into_iter().map(|post| post.id).collect::<HashSet<_>>()
            };
            let in_feed = ids(person.call(&app, &GetFeed {}, &Nothing).await.unwrap());
            for (author, audience, id) in &posts {
                let near = friends.contains(&(viewer, *author));
                let bond = match (viewer, *author) {
                    (4, 2) | (2, 4) => Bond::Hidden,
                    _ if near => Bond::Friends,
                    _ => Bond::None,
                };
                let allowed = can_see(person.id(), people[*author].id(), *audience, bond);
                let case = format!("{viewer} looks at {audience:?} of {author}");
                let seen = person
                    .call(&app, &GetPost { post_id: *id }, &Nothing)
                    .await
                    .is_ok();
                assert_eq!(seen, allowed, "{case}");
                let username = people[*author].username();
                let listed = person.call(&app, &ListUserPosts { username }, &Nothing).await;
                let listed = listed.map(ids).unwrap_or_default();
                assert_eq!(listed.contains(id), allowed, "profile: {case}");
                let expected = allowed && (near || viewer == *author);
                assert_eq!(in_feed.contains(id), expected, "feed: {case}");
                let comments = person.call(&app, &ListComments { post_id: *id }, &Nothing).await;
                assert_eq!(comments.is_ok(), allowed, "comments: {case}");
            }
        }
    }
}

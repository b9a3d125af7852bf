//! One rule of who may see a post, on an invented world: people, what there is between them, posts for every
//! audience, posts that pass others on, removed ones, authors who are not here. For every viewer and every post the
//! function and everything that shows posts agree; then something changes, and they agree from the next request on.
//! `HEARTH_TEST_SEED` names another world.

mod world;

use std::collections::{BTreeMap, BTreeSet};

use hearth::features::posts::store::live;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{MediaId, PostId, UserId};
use hearth_shared::page::{Cursor, PageQuery};
use hearth_shared::posts::{
    GetFeed, GetPost, ListComments, ListPostEdits, ListReactors, ListSavedPosts, ListTagPosts, Post, Shared,
};
use hearth_shared::search::{Search, SearchQuery};
use hearth_shared::users::{ListUserPhotos, ListUserPosts};

use self::world::{Known, PEOPLE, World, pair};
use crate::everywhere;
use crate::support::pictures;
use crate::support::{Options, Person, TestApp};

impl World {
    /// Everything that shows posts, to everybody who is here.
    async fn check(&self, app: &TestApp, moment: &str) {
        for viewer in (0..PEOPLE).filter(|viewer| !self.away.contains(viewer)) {
            self.check_lists(app, viewer, moment).await;
            for post in 0..self.posts.len() {
                self.check_post(app, viewer, post, moment).await;
            }
        }
        self.check_sockets(app, moment).await;
    }

    async fn check_lists(&self, app: &TestApp, viewer: usize, moment: &str) {
        let person = &self.people[viewer];
        let case = |list: &str| format!("{moment}: {list} of {viewer}");
        let near = |post: &Known| {
            post.author == viewer
                || (self.friends.contains(&pair(viewer, post.author))
                    && !self.mutes.contains(&(viewer, post.author)))
        };
        let all = all_pages(|query| async move {
            let page = person
                .call_with(app, &GetFeed {}, &query, &Nothing)
                .await
                .unwrap();
            (page.items, page.next_cursor)
        })
        .await;
        self.check_originals(viewer, &all, &case("feed"));
        assert_eq!(ids(&all), self.seen_by(viewer, near), "{}", case("feed"));
        let all = all_pages(|query| async move {
            let tag = ListTagPosts {
                tag: "harvest".into(),
            };
            let page = person.call_with(app, &tag, &query, &Nothing).await.unwrap();
            (page.items, page.next_cursor)
        })
        .await;
        self.check_originals(viewer, &all, &case("tag"));
        assert_eq!(ids(&all), self.seen_by(viewer, |_| true), "{}", case("tag"));
        let all = all_pages(|query| async move {
            let query = SearchQuery {
                q: "harv".into(),
                limit: query.limit,
                cursor: query.cursor,
                ..SearchQuery::default()
            };
            let page = person.call_with(app, &Search {}, &query, &Nothing).await.unwrap();
            (
                page.items.into_iter().filter_map(|found| found.post).collect(),
                page.next_cursor,
            )
        })
        .await;
        self.check_originals(viewer, &all, &case("search"));
        assert_eq!(ids(&all), self.seen_by(viewer, |_| true), "{}", case("search"));
        let all = all_pages(|query| async move {
            let page = person
                .call_with(app, &ListSavedPosts {}, &query, &Nothing)
                .await
                .unwrap();
            (page.items, page.next_cursor)
        })
        .await;
        let saved = self.seen_by(viewer, |post| post.saved_by.contains(&viewer));
        assert_eq!(ids(&all), saved, "{}", case("saved"));
        for (author, other) in self.people.iter().enumerate() {
            let username = other.username();
            let page = person.call(app, &ListUserPosts { username }, &Nothing).await;
            let found = page.map(|page| ids(&page.items)).unwrap_or_default();
            let expected = self.seen_by(viewer, |post| post.author == author);
            assert_eq!(found, expected, "{} from {author}", case("page"));
            let photos = ListUserPhotos {
                username: other.username(),
            };
            let found = person.call(app, &photos, &Nothing).await.map(|page| page.items);
            let found: BTreeSet<MediaId> = found.unwrap_or_default().iter().map(|media| media.id).collect();
            let expected: BTreeSet<MediaId> = (0..self.posts.len())
                .filter(|post| self.posts[*post].author == author && self.sees(viewer, *post))
                .filter_map(|post| self.posts[post].media)
                .collect();
            assert_eq!(found, expected, "{} from {author}", case("photos"));
        }
    }

    /// Inside a share stands what this viewer may see of the original.
    fn check_originals(&self, viewer: usize, posts: &[Post], case: &str) {
        for post in posts {
            let known = self.posts.iter().find(|known| known.id == post.id).unwrap();
            let shown = match &post.shared {
                Some(Shared::Post(original)) => Some(original.id),
                Some(Shared::Unavailable) | None => None,
            };
            assert_eq!(post.shared.is_some(), known.original.is_some(), "{case}");
            let expected = known.original.filter(|original| self.sees(viewer, *original));
            assert_eq!(
                shown,
                expected.map(|original| self.posts[original].id),
                "{case}: original in {:?}",
                post.id
            );
        }
    }

    async fn check_post(&self, app: &TestApp, viewer: usize, post: usize, moment: &str) {
        let (person, known, expected) = (&self.people[viewer], &self.posts[post], self.sees(viewer, post));
        let post_id = known.id;
        let case = format!(
            "{moment}: {viewer} looks at {:?} of {}",
            known.audience, known.author
        );
        let seen = person.call(app, &GetPost { post_id }, &Nothing).await;
        assert_eq!(seen.is_ok(), expected, "permalink: {case}");
        if let Ok(seen) = &seen {
            self.check_originals(viewer, std::slice::from_ref(seen), &case);
        }
        if let Some(id) = known.media {
            let address = pictures::address(app, Some(person), id);
            let status = pictures::get(app, &address).await.0;
            assert_eq!(status, if expected { 200 } else { 404 }, "picture: {case}");
        }
        let edits = person.call(app, &ListPostEdits { post_id }, &Nothing).await;
        assert_eq!(edits.is_ok(), expected, "history: {case}");
        let traces = self.traces(viewer, &known.touched_by);
        let comments = person.call(app, &ListComments { post_id }, &Nothing).await;
        let comments: Result<BTreeSet<UserId>, _> =
            comments.map(|page| page.items.into_iter().map(|one| one.author.id).collect());
        assert_eq!(
            comments.ok(),
            expected.then(|| traces.clone()),
            "comments: {case}"
        );
        let reactors = person.call(app, &ListReactors { post_id }, &Nothing).await;
        let reactors: Result<BTreeSet<UserId>, _> =
            reactors.map(|page| page.items.into_iter().map(|one| one.user.id).collect());
        assert_eq!(reactors.ok(), expected.then_some(traces), "reactors: {case}");
    }

    /// What those who watch are told: the two ways in which it is asked.
    async fn check_sockets(&self, app: &TestApp, moment: &str) {
        let people: Vec<UserId> = self.people.iter().map(Person::id).collect();
        let posts: Vec<PostId> = self.posts.iter().map(|post| post.id).collect();
        let read = app.db().read(move |conn| {
            let mut told = BTreeMap::new();
            for viewer in &people {
                for state in live::states(conn, *viewer, &posts)? {
                    told.insert((*viewer, state.post_id), !state.gone);
                }
            }
            let mut watching = BTreeMap::new();
            for post in &posts {
                watching.insert(*post, live::viewers_among(conn, *post, &people)?);
            }
            Ok((told, watching))
        });
        let (told, watching) = read.await.unwrap();
        // Who is not here has no socket.
        for viewer in (0..PEOPLE).filter(|viewer| !self.away.contains(viewer)) {
            let me = self.people[viewer].id();
            for post in 0..self.posts.len() {
                let (id, expected) = (self.posts[post].id, self.sees(viewer, post));
                let case = format!(
                    "{moment}: {viewer} watches {:?} of {}",
                    self.posts[post].audience, self.posts[post].author
                );
                assert_eq!(told[&(me, id)], expected, "asked: {case}");
                assert_eq!(watching[&id].contains(&me), expected, "told: {case}");
            }
        }
    }
}

fn ids(posts: &[Post]) -> BTreeSet<PostId> {
    posts.iter().map(|post| post.id).collect()
}

/// All pages of a list, of which none may be longer than asked for and nothing may come twice, newest first.
async fn all_pages<F: Future<Output = (Vec<Post>, Option<Cursor>)>>(
    page: impl Fn(PageQuery) -> F,
) -> Vec<Post> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let query = PageQuery {
            limit: Some(9),
            cursor,
        };
        let (items, next) = page(query).await;
        assert!(items.len() <= 9);
        all.extend(items);
        cursor = next;
        if cursor.is_none() {
            let unique = ids(&all).len();
            assert_eq!(unique, all.len(), "something came twice");
            return all;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own configuration")]
fn seed() -> u64 {
    let given = std::env::var("HEARTH_TEST_SEED").ok();
    given.and_then(|seed| seed.parse().ok()).unwrap_or(20_261_128)
}

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

everywhere! {
    with PUBLIC;
    async fn everything_that_shows_posts_keeps_one_rule(app: TestApp) {
        let mut world = World::new(&app, seed()).await;
        world.check(&app, "at first").await;
        // Two nodes ask by the same rule: fewer rounds are enough to see that they do.
        let rounds = if app.servers().len() > 1 { 2 } else { 4 };
        for round in 0..rounds {
            let mut happened = format!("seed {}, round {round}", seed());
            for _ in 0..5 {
                happened = format!("{happened}; {}", world.change(&app).await);
            }
            world.check(&app, &happened).await;
        }
        // Never the one who asks: their own tokens would end.
        for (who, column) in [(1, "suspended_at"), (2, "deletion_at")] {
            world.go(&app, who, column, true).await;
        }
        world.check(&app, "two are away").await;
    }
}

//! One rule of who may see a post, on an invented world: people, what there is between them, posts for every
//! audience, posts that pass others on, removed ones, authors who are not here. For every viewer and every post the
//! function and everything that shows posts agree; then something changes, and they agree from the next request on.
//! `HEARTH_TEST_SEED` names another world.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use hearth::features::posts::policy::{Bond, can_see};
use hearth::features::posts::store::live;
use hearth::platform::db::Outcome;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{PostId, UserId};
use hearth_shared::page::{Cursor, PageQuery};
use hearth_shared::posts::{
    Audience, DeletePost, EditPost, GetFeed, GetPost, ListComments, ListPostEdits, ListReactors,
    ListSavedPosts, ListTagPosts, MutePerson, NewReaction, NewShare, Post, PostPatch, ReactionKind,
    RestorePost, SavePost, SetReaction, SharePost, Shared,
};
use hearth_shared::search::{Search, SearchQuery};
use hearth_shared::users::ListUserPosts;

use crate::everywhere;
use crate::support::{Options, Person, TestApp, client_id};

const AUDIENCES: [Audience; 3] = [Audience::Public, Audience::Friends, Audience::OnlyMe];
const PEOPLE: usize = 7;

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// What the world knows of a post.
struct Known {
    id: PostId,
    author: usize,
    audience: Audience,
    removed: bool,
    /// Which one it passes on, by its place in the list.
    original: Option<usize>,
    saved_by: BTreeSet<usize>,
    touched_by: BTreeSet<usize>,
}

struct World {
    dice: Dice,
    people: Vec<Person>,
    friends: BTreeSet<(usize, usize)>,
    /// Who blocks whom.
    blocks: BTreeSet<(usize, usize)>,
    mutes: BTreeSet<(usize, usize)>,
    away: BTreeSet<usize>,
    posts: Vec<Known>,
}

fn pair(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

impl World {
    async fn new(app: &TestApp, seed: u64) -> Self {
        let mut world = Self {
            dice: Dice(seed),
            people: Vec::new(),
            friends: BTreeSet::new(),
            blocks: BTreeSet::new(),
            mutes: BTreeSet::new(),
            away: BTreeSet::new(),
            posts: Vec::new(),
        };
        for n in 0..PEOPLE {
            world.people.push(app.person(&format!("p{n}_")).await);
        }
        for a in 0..PEOPLE {
            for b in a + 1..PEOPLE {
                if world.dice.next(2) == 0 {
                    app.befriend(&world.people[a], &world.people[b]).await;
                    world.friends.insert((a, b));
                } else if world.dice.next(3) == 0 {
                    world.people[a].ask_friend(app, &world.people[b]).await.unwrap();
                }
            }
        }
        for author in 0..PEOPLE {
            for audience in AUDIENCES {
                let post = world.people[author]
                    .post_for(app, "the #harvest is in", audience)
                    .await;
                world.note(&post, author, None);
            }
        }
        for _ in 0..PEOPLE {
            let (by, of) = (world.dice.next(PEOPLE), world.dice.next(world.posts.len()));
            if world.sees(by, of) && world.posts[of].original.is_none() {
                let new = NewShare {
                    client_id: client_id(),
                    body: "look: #harvest".into(),
                    audience: AUDIENCES[world.dice.next(3)],
                };
                let call = SharePost {
                    post_id: world.posts[of].id,
                };
                let post = world.people[by].call(app, &call, &new).await.unwrap();
                world.note(&post, by, Some(of));
            }
        }
        for viewer in 0..PEOPLE {
            for post in 0..world.posts.len() {
                if world.sees(viewer, post) {
                    world.touch(app, viewer, post).await;
                }
            }
        }
        world
    }

    fn note(&mut self, post: &Post, author: usize, original: Option<usize>) {
        self.posts.push(Known {
            id: post.id,
            author,
            audience: post.audience,
            removed: false,
            original,
            saved_by: BTreeSet::new(),
            touched_by: BTreeSet::new(),
        });
    }

    /// Keeps a post, and perhaps says something and likes it.
    async fn touch(&mut self, app: &TestApp, viewer: usize, post: usize) {
        let (person, post_id) = (&self.people[viewer], self.posts[post].id);
        person.call(app, &SavePost { post_id }, &Nothing).await.unwrap();
        self.posts[post].saved_by.insert(viewer);
        if self.dice.next(2) == 0 {
            person.comment_on(app, post_id, "good").await.unwrap();
            let like = NewReaction {
                kind: ReactionKind::Like,
            };
            person.call(app, &SetReaction { post_id }, &like).await.unwrap();
            self.posts[post].touched_by.insert(viewer);
        }
    }

    fn bond(&self, a: usize, b: usize) -> Bond {
        if self.blocks.contains(&(a, b)) || self.blocks.contains(&(b, a)) {
            Bond::Hidden
        } else if self.friends.contains(&pair(a, b)) {
            Bond::Friends
        } else {
            Bond::None
        }
    }

    /// The rule, and that removed posts and authors who are not here are seen by nobody.
    fn sees(&self, viewer: usize, post: usize) -> bool {
        let post = &self.posts[post];
        let (me, author) = (self.people[viewer].id(), self.people[post.author].id());
        !post.removed
            && !self.away.contains(&post.author)
            && can_see(me, author, post.audience, self.bond(viewer, post.author))
    }

    fn seen_by(&self, viewer: usize, wanted: impl Fn(&Known) -> bool) -> BTreeSet<PostId> {
        (0..self.posts.len())
            .filter(|post| self.sees(viewer, *post) && wanted(&self.posts[*post]))
            .map(|post| self.posts[post].id)
            .collect()
    }

    /// Those of some people whose traces on a post this viewer finds.
    fn traces(&self, viewer: usize, people: &BTreeSet<usize>) -> BTreeSet<UserId> {
        people
            .iter()
            .filter(|one| {
                !self.away.contains(one) && (**one == viewer || self.bond(viewer, **one) != Bond::Hidden)
            })
            .map(|one| self.people[*one].id())
            .collect()
    }

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
        for viewer in 0..PEOPLE {
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

    /// Something happens. What, the dice say.
    async fn change(&mut self, app: &TestApp) -> String {
        let here: Vec<usize> = (0..PEOPLE).filter(|one| !self.away.contains(one)).collect();
        let by = here[self.dice.next(here.len())];
        let person = self.people[by].clone();
        match self.dice.next(8) {
            0..=2 => {
                let own: Vec<usize> = (0..self.posts.len())
                    .filter(|post| self.posts[*post].author == by && !self.posts[*post].removed)
                    .collect();
                let Some(post) = own.get(self.dice.next(own.len().max(1))).copied() else {
                    return format!("{by} has nothing left to change");
                };
                let audience = AUDIENCES[self.dice.next(3)];
                let patch = PostPatch {
                    audience: Some(audience),
                    ..PostPatch::default()
                };
                person
                    .call(
                        app,
                        &EditPost {
                            post_id: self.posts[post].id,
                        },
                        &patch,
                    )
                    .await
                    .unwrap();
                self.posts[post].audience = audience;
                format!("{by} shows {post} to {audience:?}")
            }
            3 => {
                let other = (by + 1 + self.dice.next(PEOPLE - 1)) % PEOPLE;
                if self.blocks.contains(&(other, by)) || self.away.contains(&other) {
                    return format!("{by} cannot block {other}");
                }
                person
                    .call(
                        app,
                        &BlockPerson {
                            user_id: self.people[other].id(),
                        },
                        &Nothing,
                    )
                    .await
                    .unwrap();
                self.blocks.insert((by, other));
                self.friends.remove(&pair(by, other));
                format!("{by} blocks {other}")
            }
            4 => {
                let Some((by, other)) = self.blocks.pop_first() else {
                    return "nobody is blocked".into();
                };
                if self.away.contains(&by) {
                    self.blocks.insert((by, other));
                    return "who blocked is not here".into();
                }
                let call = UnblockPerson {
                    user_id: self.people[other].id(),
                };
                self.people[by].call(app, &call, &Nothing).await.unwrap();
                format!("{by} takes the block of {other} back")
            }
            5 => {
                let friend = self.friends.iter().copied().find(|(a, b)| *a == by || *b == by);
                let Some((a, b)) = friend else {
                    return format!("{by} has no friends");
                };
                let other = if a == by { b } else { a };
                person
                    .call(
                        app,
                        &RemoveFriend {
                            user_id: self.people[other].id(),
                        },
                        &Nothing,
                    )
                    .await
                    .unwrap();
                self.friends.remove(&(a, b));
                format!("{by} parts from {other}")
            }
            6 => {
                let Some(post) = (0..self.posts.len()).find(|post| self.posts[*post].author == by) else {
                    return format!("{by} has no posts");
                };
                let post_id = self.posts[post].id;
                if self.posts[post].removed {
                    person
                        .call(app, &RestorePost { post_id }, &Nothing)
                        .await
                        .unwrap();
                } else {
                    person.call(app, &DeletePost { post_id }, &Nothing).await.unwrap();
                }
                self.posts[post].removed ^= true;
                format!("{by} removes {post} or puts it back")
            }
            _ => {
                let other = (by + 1 + self.dice.next(PEOPLE - 1)) % PEOPLE;
                let call = MutePerson {
                    user_id: self.people[other].id(),
                };
                if person.call(app, &call, &Nothing).await.is_ok() {
                    self.mutes.insert((by, other));
                }
                format!("{by} mutes {other}")
            }
        }
    }

    /// Somebody is suspended, or about to be deleted, or back.
    async fn go(&mut self, app: &TestApp, who: usize, column: &str, away: bool) {
        let (id, value) = (self.people[who].id(), if away { "4000000000000" } else { "NULL" });
        let statement = format!("UPDATE users SET {column} = {value} WHERE id = {id}");
        app.db()
            .write(move |tx| {
                diesel::sql_query(&statement).execute(tx.conn())?;
                Ok(Outcome::Commit(()))
            })
            .await
            .unwrap();
        if away {
            self.away.insert(who);
        } else {
            self.away.remove(&who);
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
        for round in 0..4 {
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

//! The invented world: what it is, and what happens in it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use hearth::features::posts::policy::{Bond, can_see};
use hearth::platform::db::Outcome;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{MediaId, PostId, UserId};
use hearth_shared::posts::{
    Audience, CreatePost, DeletePost, EditPost, MutePerson, NewPost, NewReaction, NewShare, Post, PostPatch,
    ReactionKind, RestorePost, SavePost, SetReaction, SharePost,
};

use crate::support::pictures;
use crate::support::{Person, TestApp, client_id};

const AUDIENCES: [Audience; 3] = [Audience::Public, Audience::Friends, Audience::OnlyMe];
pub(super) const PEOPLE: usize = 7;

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
pub(super) struct Known {
    pub(super) id: PostId,
    pub(super) author: usize,
    pub(super) audience: Audience,
    pub(super) removed: bool,
    /// Which one it passes on, by its place in the list.
    pub(super) original: Option<usize>,
    /// The picture beside it.
    pub(super) media: Option<MediaId>,
    pub(super) saved_by: BTreeSet<usize>,
    pub(super) touched_by: BTreeSet<usize>,
}

pub(super) struct World {
    dice: Dice,
    pub(super) people: Vec<Person>,
    pub(super) friends: BTreeSet<(usize, usize)>,
    /// Who blocks whom.
    pub(super) blocks: BTreeSet<(usize, usize)>,
    pub(super) mutes: BTreeSet<(usize, usize)>,
    pub(super) away: BTreeSet<usize>,
    pub(super) posts: Vec<Known>,
}

pub(super) fn pair(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

impl World {
    pub(super) async fn new(app: &TestApp, seed: u64) -> Self {
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
                let new = NewPost {
                    client_id: client_id(),
                    body: "the #harvest is in".into(),
                    audience,
                    media_ids: vec![pictures::upload(app, &world.people[author]).await.id],
                    shared_post_id: None,
                };
                let post = world.people[author]
                    .call(app, &CreatePost {}, &new)
                    .await
                    .unwrap();
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
            media: post.media.first().map(|media| media.id),
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

    pub(super) fn bond(&self, a: usize, b: usize) -> Bond {
        if self.blocks.contains(&(a, b)) || self.blocks.contains(&(b, a)) {
            Bond::Hidden
        } else if self.friends.contains(&pair(a, b)) {
            Bond::Friends
        } else {
            Bond::None
        }
    }

    /// The rule, and that removed posts and authors who are not here are seen by nobody.
    pub(super) fn sees(&self, viewer: usize, post: usize) -> bool {
        let post = &self.posts[post];
        let (me, author) = (self.people[viewer].id(), self.people[post.author].id());
        !post.removed
            && !self.away.contains(&post.author)
            && can_see(me, author, post.audience, self.bond(viewer, post.author))
    }

    pub(super) fn seen_by(&self, viewer: usize, wanted: impl Fn(&Known) -> bool) -> BTreeSet<PostId> {
        (0..self.posts.len())
            .filter(|post| self.sees(viewer, *post) && wanted(&self.posts[*post]))
            .map(|post| self.posts[post].id)
            .collect()
    }

    /// Those of some people whose traces on a post this viewer finds.
    pub(super) fn traces(&self, viewer: usize, people: &BTreeSet<usize>) -> BTreeSet<UserId> {
        people
            .iter()
            .filter(|one| {
                !self.away.contains(one) && (**one == viewer || self.bond(viewer, **one) != Bond::Hidden)
            })
            .map(|one| self.people[*one].id())
            .collect()
    }

    /// Something happens. What, the dice say.
    pub(super) async fn change(&mut self, app: &TestApp) -> String {
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
    pub(super) async fn go(&mut self, app: &TestApp, who: usize, column: &str, away: bool) {
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

//! The posts that people write, change, remove and put back, and what others think of them.

use std::collections::BTreeSet;

use hearth_shared::endpoint::Nothing;
use hearth_shared::posts::{
    Audience, CreatePost, DeletePost, EditPost, NewPost, NewReaction, NewShare, PostPatch, ReactionKind,
    RemoveReaction, RestorePost, SetReaction, SharePost,
};
use rand::RngExt;

use super::Walk;
use super::acts::{Act, outcome};
use super::model::{Post, Who};
use crate::support::client_id;

/// People do something with what is new.
const NEW_POSTS: usize = 60;
pub(super) const KINDS: [ReactionKind; 2] = [ReactionKind::Like, ReactionKind::Love];

impl Walk<'_> {
    pub(super) fn one_of<T: Copy>(&mut self, some: &[T]) -> Option<T> {
        if some.is_empty() {
            return None;
        }
        Some(some[self.dice.random_range(0..some.len())])
    }

    /// A post of the last ones; mostly one that somebody may see.
    pub(super) fn a_post(&mut self, who: Who) -> Option<usize> {
        let all = self.world.posts.len();
        let blind = self.dice.random_bool(0.06);
        let new = all.saturating_sub(NEW_POSTS)..all;
        let seen: Vec<usize> = new.filter(|post| blind || self.world.sees(who, *post)).collect();
        self.one_of(&seen)
    }

    /// Nobody, one or two people.
    pub(super) fn some_names(&mut self) -> BTreeSet<Who> {
        let many = [0, 0, 1, 2][self.dice.random_range(0..4)];
        (0..many).map(|_| self.any_person()).collect()
    }

    /// A text that nobody has written before.
    pub(super) fn text(&mut self, names: &BTreeSet<Who>) -> String {
        let mut text = format!("words {}", self.number);
        for who in names {
            text.push_str(&format!(" @{}", self.people[*who].username()));
        }
        text
    }

    fn an_audience(&mut self) -> Audience {
        match self.dice.random_range(0..10) {
            0..5 => Audience::Friends,
            5..9 => Audience::Public,
            _ => Audience::OnlyMe,
        }
    }

    pub(super) async fn write_post(&mut self) -> Act {
        let (by, wanted, audience) = (self.any_person(), self.some_names(), self.an_audience());
        let new = NewPost {
            client_id: client_id(),
            body: self.text(&wanted),
            audience,
            media_ids: Vec::new(),
            shared_post_id: None,
        };
        let made = self.ask(by, &CreatePost {}, &new).await.unwrap();
        let post = self.note(made.id, by, new.body, &wanted, (audience, None));
        let words = format!(
            "{by} writes post {post} for {audience:?}, naming {:?}",
            self.world.posts[post].names
        );
        Act::on(post, by, words)
    }

    fn note(
        &mut self,
        id: hearth_shared::ids::PostId,
        author: Who,
        body: String,
        wanted: &BTreeSet<Who>,
        (audience, original): (Audience, Option<usize>),
    ) -> usize {
        let names = self.world.named(author, wanted, &BTreeSet::new());
        let post = self.world.posts.len();
        self.names.posts.insert(id, post);
        self.world.posts.push(Post {
            id,
            author,
            audience,
            body,
            names: names.clone(),
            removed: None,
            original,
            comments: Vec::new(),
        });
        self.world.post_named(post, &names);
        self.world.passed_on(post);
        self.world.touched.insert(author);
        post
    }

    pub(super) async fn share(&mut self) -> Act {
        let by = self.any_person();
        let Some(post) = self.a_post(by) else {
            return Act::nothing();
        };
        let root = self.world.posts[post].original.unwrap_or(post);
        let allowed = self.world.sees(by, post) && self.world.sees(by, root);
        let (wanted, audience) = (self.some_names(), self.an_audience());
        let body = match self.dice.random_range(0..3) {
            0 if wanted.is_empty() => String::new(),
            _ => self.text(&wanted),
        };
        let new = NewShare {
            client_id: client_id(),
            body: body.clone(),
            audience,
        };
        let call = SharePost {
            post_id: self.world.posts[post].id,
        };
        let answer = self.ask(by, &call, &new).await;
        let words = format!("{by} passes post {root} on to {audience:?}{}", outcome(allowed));
        assert_eq!(answer.is_ok(), allowed, "{}: {words}: {answer:?}", self.place());
        if let Ok(made) = answer {
            let share = self.note(made.id, by, body, &wanted, (audience, Some(root)));
            return Act::on(root, by, format!("{words} as {share}"));
        }
        Act::on(root, by, words)
    }

    /// A post of somebody's, and whose.
    fn an_own_post(&mut self, fits: impl Fn(&Post) -> bool) -> Option<usize> {
        let all = self.world.posts.len();
        let new = all.saturating_sub(NEW_POSTS)..all;
        let own: Vec<usize> = new.filter(|post| fits(&self.world.posts[*post])).collect();
        self.one_of(&own)
    }

    pub(super) async fn edit_post(&mut self) -> Act {
        let Some(post) = self.an_own_post(|post| post.removed.is_none()) else {
            return Act::nothing();
        };
        let by = self.world.posts[post].author;
        let wanted = self.some_names();
        let body = self.text(&wanted);
        let patch = PostPatch {
            body: Some(body.clone()),
            ..PostPatch::default()
        };
        let call = EditPost {
            post_id: self.world.posts[post].id,
        };
        self.ask(by, &call, &patch).await.unwrap();
        let before = self.world.posts[post].names.clone();
        let after = self.world.named(by, &wanted, &before);
        self.world.posts[post].body = body;
        self.world.posts[post].names.clone_from(&after);
        self.world.settle();
        let new: BTreeSet<Who> = after.difference(&before).copied().collect();
        self.world.post_named(post, &new);
        self.world.touch_post(post);
        Act::on(
            post,
            by,
            format!("{by} rewrites post {post}, naming {after:?} after {before:?}"),
        )
    }

    pub(super) async fn change_audience(&mut self) -> Act {
        let Some(post) = self.an_own_post(|post| post.removed.is_none()) else {
            return Act::nothing();
        };
        let (by, audience) = (self.world.posts[post].author, self.an_audience());
        let patch = PostPatch {
            audience: Some(audience),
            ..PostPatch::default()
        };
        let call = EditPost {
            post_id: self.world.posts[post].id,
        };
        self.ask(by, &call, &patch).await.unwrap();
        self.world.posts[post].audience = audience;
        self.post_changed(post);
        Act::on(post, by, format!("{by} shows post {post} to {audience:?}"))
    }

    /// A post is there or not, or is seen by others from now on.
    fn post_changed(&mut self, post: usize) {
        self.world.touch_post(post);
        if let Some(original) = self.world.posts[post].original {
            self.world.touch_post(original);
        }
        self.world.settle();
    }

    pub(super) async fn remove_post(&mut self) -> Act {
        let Some(post) = self.an_own_post(|post| post.removed.is_none()) else {
            return Act::nothing();
        };
        let by = self.world.posts[post].author;
        let call = DeletePost {
            post_id: self.world.posts[post].id,
        };
        self.ask(by, &call, &Nothing).await.unwrap();
        self.world.posts[post].removed = Some(self.world.act);
        self.post_changed(post);
        self.of_a_share(post, by, "removes")
    }

    pub(super) async fn restore_post(&mut self) -> Act {
        let all = 0..self.world.posts.len();
        let removed: Vec<usize> = all.filter(|post| self.world.can_restore(*post)).collect();
        let Some(post) = self.one_of(&removed) else {
            return Act::nothing();
        };
        let by = self.world.posts[post].author;
        let call = RestorePost {
            post_id: self.world.posts[post].id,
        };
        self.ask(by, &call, &Nothing).await.unwrap();
        self.world.posts[post].removed = None;
        self.world.passed_on(post);
        self.post_changed(post);
        self.of_a_share(post, by, "puts back")
    }

    /// What is done to a post that passes another on concerns that one too.
    fn of_a_share(&self, post: usize, by: Who, does: &str) -> Act {
        match self.world.posts[post].original {
            Some(original) => Act::on(
                original,
                by,
                format!("{by} {does} {post}, which passes {original} on"),
            ),
            None => Act::on(post, by, format!("{by} {does} post {post}")),
        }
    }

    pub(super) async fn react(&mut self) -> Act {
        let by = self.any_person();
        let Some(post) = self.a_post(by) else {
            return Act::nothing();
        };
        let kind = KINDS[self.dice.random_range(0..KINDS.len())];
        let call = SetReaction {
            post_id: self.world.posts[post].id,
        };
        let allowed = self.world.sees(by, post);
        let answer = self.ask(by, &call, &NewReaction { kind }).await;
        assert_eq!(
            answer.is_ok(),
            allowed,
            "{}: {by} reacts to post {post}",
            self.place()
        );
        if allowed && self.world.likes.insert((post, by)) {
            self.world.liked(post, by);
        }
        self.world.touched.insert(self.world.posts[post].author);
        Act::on(
            post,
            by,
            format!("{by} reacts to post {post}{}", outcome(allowed)),
        )
    }

    pub(super) async fn unreact(&mut self) -> Act {
        let likes: Vec<(usize, Who)> = self.world.likes.iter().copied().collect();
        let Some((post, by)) = self.one_of(&likes) else {
            return Act::nothing();
        };
        let call = RemoveReaction {
            post_id: self.world.posts[post].id,
        };
        let allowed = self.world.sees(by, post);
        let answer = self.ask(by, &call, &Nothing).await;
        assert_eq!(answer.is_ok(), allowed, "{}: {by} on post {post}", self.place());
        if allowed {
            self.world.likes.remove(&(post, by));
            self.world.settle();
        }
        Act::on(
            post,
            by,
            format!("{by} takes the reaction to post {post} back{}", outcome(allowed)),
        )
    }
}

//! What people write, change, remove and put back, and what they think of it.

use std::collections::BTreeSet;

use hearth_shared::endpoint::Nothing;
use hearth_shared::posts::{
    Audience, CommentPatch, CreateComment, CreatePost, DeleteComment, DeletePost, EditComment, EditPost,
    NewComment, NewPost, NewReaction, NewShare, PostPatch, ReactionKind, RemoveCommentReaction,
    RemoveReaction, RestoreComment, RestorePost, SetCommentReaction, SetReaction, SharePost,
};
use rand::RngExt;

use super::Walk;
use super::acts::{Act, outcome};
use super::model::{Comment, Post, Standing, Who};
use crate::support::client_id;

/// People do something with what is new.
const NEW_POSTS: usize = 60;
const NEW_COMMENTS: usize = 80;
const KINDS: [ReactionKind; 2] = [ReactionKind::Like, ReactionKind::Love];

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

    /// A comment of the last ones; mostly one that somebody may see.
    fn a_comment(&mut self, who: Who) -> Option<usize> {
        let all = self.world.comments.len();
        let blind = self.dice.random_bool(0.06);
        let new = all.saturating_sub(NEW_COMMENTS)..all;
        let seen: Vec<usize> = new
            .filter(|one| blind || self.world.sees_comment(who, *one))
            .collect();
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

    pub(super) async fn comment(&mut self) -> Act {
        let by = self.any_person();
        match self.a_post(by) {
            Some(post) => self.say(by, post, None).await,
            None => Act::nothing(),
        }
    }

    pub(super) async fn reply(&mut self) -> Act {
        let by = self.any_person();
        match self.a_comment(by) {
            Some(comment) => {
                self.say(by, self.world.comments[comment].post, Some(comment))
                    .await
            }
            None => Act::nothing(),
        }
    }

    async fn say(&mut self, by: Who, post: usize, answered: Option<usize>) -> Act {
        let wanted = self.some_names();
        let body = self.text(&wanted);
        let new = NewComment {
            client_id: client_id(),
            body: body.clone(),
            parent_id: answered.map(|comment| self.world.comments[comment].id),
        };
        let call = CreateComment {
            post_id: self.world.posts[post].id,
        };
        let seen = answered.is_none_or(|comment| self.world.sees_comment(by, comment));
        let allowed = seen && self.world.sees(by, post);
        let answer = self.ask(by, &call, &new).await;
        // An answer to an answer stands under the comment.
        let parent = answered.map(|comment| self.world.comments[comment].parent.unwrap_or(comment));
        let words = format!(
            "{by} comments on post {post} under {parent:?}{}",
            outcome(allowed)
        );
        assert_eq!(answer.is_ok(), allowed, "{}: {words}: {answer:?}", self.place());
        let Ok(made) = answer else {
            return Act::on(post, by, words);
        };
        let names = self.world.named(by, &wanted, &BTreeSet::new());
        let comment = self.world.comments.len();
        self.names.comments.insert(made.id, comment);
        self.world.comments.push(Comment {
            id: made.id,
            post,
            parent,
            author: by,
            body,
            names: names.clone(),
            standing: Standing::There,
        });
        self.world.posts[post].comments.push(comment);
        self.world.said(comment, &std::collections::BTreeMap::new());
        self.world.touched.insert(self.world.posts[post].author);
        Act::on(post, by, format!("{words}: comment {comment}, naming {names:?}"))
    }

    pub(super) async fn edit_comment(&mut self) -> Act {
        let all = self.world.comments.len();
        let mut own: Vec<usize> = (all.saturating_sub(NEW_COMMENTS)..all).collect();
        own.retain(|one| self.world.sees_comment(self.world.comments[*one].author, *one));
        let Some(comment) = self.one_of(&own) else {
            return Act::nothing();
        };
        let (by, post) = (
            self.world.comments[comment].author,
            self.world.comments[comment].post,
        );
        let wanted = self.some_names();
        let body = self.text(&wanted);
        let call = EditComment {
            comment_id: self.world.comments[comment].id,
        };
        let patch = CommentPatch { body: body.clone() };
        self.ask(by, &call, &patch).await.unwrap();
        let before = self.world.ways(comment);
        let names = self.world.named(by, &wanted, &self.world.comments[comment].names);
        self.world.comments[comment].body = body;
        self.world.comments[comment].names.clone_from(&names);
        self.world.settle();
        self.world.said(comment, &before);
        self.world.touch_post(post);
        Act::on(
            post,
            by,
            format!("{by} rewrites comment {comment} on post {post}, naming {names:?}"),
        )
    }

    pub(super) async fn remove_comment(&mut self) -> Act {
        let by = self.any_person();
        let all = self.world.comments.len();
        let mut some: Vec<usize> = (all.saturating_sub(NEW_COMMENTS)..all).collect();
        some.retain(|one| {
            let comment = &self.world.comments[*one];
            let own = comment.author == by || self.world.posts[comment.post].author == by;
            own && self.world.sees_comment(by, *one)
        });
        let Some(comment) = self.one_of(&some) else {
            return Act::nothing();
        };
        let call = DeleteComment {
            comment_id: self.world.comments[comment].id,
        };
        self.ask(by, &call, &Nothing).await.unwrap();
        for answer in self.world.answers(comment) {
            if self.world.is_there(answer) {
                self.world.comments[answer].standing = Standing::WithParent;
            }
        }
        self.world.comments[comment].standing = Standing::Removed(by, self.world.act);
        let post = self.world.comments[comment].post;
        self.world.touch_post(post);
        self.world.settle();
        Act::on(post, by, format!("{by} removes comment {comment} on post {post}"))
    }

    pub(super) async fn restore_comment(&mut self) -> Act {
        let all = 0..self.world.comments.len();
        let removed: Vec<usize> = all.filter(|one| self.world.can_restore_comment(*one)).collect();
        let Some(comment) = self.one_of(&removed) else {
            return Act::nothing();
        };
        let (by, post) = (
            self.world.comments[comment].author,
            self.world.comments[comment].post,
        );
        let call = RestoreComment {
            comment_id: self.world.comments[comment].id,
        };
        self.ask(by, &call, &Nothing).await.unwrap();
        self.world.comment_back(comment);
        self.world.touch_post(post);
        Act::on(
            post,
            by,
            format!("{by} puts comment {comment} on post {post} back"),
        )
    }

    pub(super) async fn react_to_comment(&mut self) -> Act {
        let by = self.any_person();
        let Some(comment) = self.a_comment(by) else {
            return Act::nothing();
        };
        let kind = KINDS[self.dice.random_range(0..KINDS.len())];
        let (call, post) = (
            SetCommentReaction {
                comment_id: self.world.comments[comment].id,
            },
            self.world.comments[comment].post,
        );
        let allowed = self.world.sees_comment(by, comment);
        let answer = self.ask(by, &call, &NewReaction { kind }).await;
        assert_eq!(
            answer.is_ok(),
            allowed,
            "{}: {by} on comment {comment}",
            self.place()
        );
        if allowed && self.world.comment_likes.insert((comment, by)) {
            self.world.comment_liked(comment, by);
        }
        self.world.touched.insert(self.world.comments[comment].author);
        Act::on(
            post,
            by,
            format!(
                "{by} reacts to comment {comment} on post {post}{}",
                outcome(allowed)
            ),
        )
    }

    pub(super) async fn unreact_to_comment(&mut self) -> Act {
        let likes: Vec<(usize, Who)> = self.world.comment_likes.iter().copied().collect();
        let Some((comment, by)) = self.one_of(&likes) else {
            return Act::nothing();
        };
        let call = RemoveCommentReaction {
            comment_id: self.world.comments[comment].id,
        };
        let allowed = self.world.sees_comment(by, comment);
        let answer = self.ask(by, &call, &Nothing).await;
        assert_eq!(
            answer.is_ok(),
            allowed,
            "{}: {by} on comment {comment}",
            self.place()
        );
        if allowed {
            self.world.comment_likes.remove(&(comment, by));
            self.world.settle();
        }
        let post = self.world.comments[comment].post;
        Act::on(
            post,
            by,
            format!(
                "{by} takes the reaction to comment {comment} back{}",
                outcome(allowed)
            ),
        )
    }
}

//! What people say to posts and to each other's comments, change, remove and put back, and what they think of it.

use std::collections::BTreeSet;

use hearth_shared::endpoint::Nothing;
use hearth_shared::posts::{
    CommentPatch, CreateComment, DeleteComment, EditComment, NewComment, NewReaction, RemoveCommentReaction,
    RestoreComment, SetCommentReaction,
};
use rand::RngExt;

use super::Walk;
use super::acts::{Act, outcome};
use super::model::{Comment, Standing, Who};
use super::posts::KINDS;
use crate::support::client_id;

/// People do something with what is new.
const NEW_COMMENTS: usize = 80;

impl Walk<'_> {
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

//! The small world in which the walk goes, as plain facts: who is whose friend, who wrote what, and what of it is there.
//! What follows from it for what people are told is in [`super::lines`]. Nothing here is the server's.

use std::collections::{BTreeMap, BTreeSet};

use hearth_shared::ids::{CommentId, ConversationId, FriendRequestId, MessageId, PostId, UserId};
use hearth_shared::notifications::preferences::Topic;
use hearth_shared::posts::Audience;

use super::lines::{About, Line};

/// A person, by their place in the list.
pub(super) type Who = usize;

/// A post.
pub(super) struct Post {
    pub(super) id: PostId,
    pub(super) author: Who,
    pub(super) audience: Audience,
    pub(super) body: String,
    /// Whom it names.
    pub(super) names: BTreeSet<Who>,
    /// In which act it was removed.
    pub(super) removed: Option<usize>,
    /// Which one it passes on.
    pub(super) original: Option<usize>,
    /// What is said on it.
    pub(super) comments: Vec<usize>,
}

/// How a comment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    There,
    /// Somebody removed it, in an act.
    Removed(Who, usize),
    /// The one that it answers was removed, and it with it.
    WithParent,
}

/// A comment, or an answer to one.
pub(super) struct Comment {
    pub(super) id: CommentId,
    pub(super) post: usize,
    pub(super) parent: Option<usize>,
    pub(super) author: Who,
    pub(super) body: String,
    pub(super) names: BTreeSet<Who>,
    pub(super) standing: Standing,
}

/// A group that everybody finds. Who made it stays in it.
pub(super) struct Group {
    pub(super) id: ConversationId,
    pub(super) owner: Who,
    /// Whether those who come see what was said before.
    pub(super) shows_all: bool,
    /// Who is in it, and after how many messages they came, as far as that hides these.
    pub(super) members: BTreeMap<Who, usize>,
    /// Who was asked, and by whom.
    pub(super) invited: BTreeMap<Who, Who>,
    pub(super) messages: Vec<Message>,
}

/// A message of a group.
pub(super) struct Message {
    pub(super) id: MessageId,
    /// Its place among all that was said, and among who came and went.
    pub(super) number: u32,
    pub(super) author: Who,
    pub(super) body: String,
    pub(super) names: BTreeSet<Who>,
    pub(super) removed: bool,
}

/// Everything.
#[derive(Default)]
pub(super) struct World {
    /// The number of the act.
    pub(super) act: usize,
    /// Everybody's id.
    pub(super) ids: Vec<UserId>,
    /// Friends, the lower one first.
    pub(super) friends: BTreeSet<(Who, Who)>,
    /// Who waits for whose answer.
    pub(super) requests: BTreeMap<(Who, Who), FriendRequestId>,
    /// Who blocks whom.
    pub(super) blocks: BTreeSet<(Who, Who)>,
    pub(super) muted_people: BTreeSet<(Who, Who)>,
    pub(super) muted_posts: BTreeSet<(Who, usize)>,
    /// What people want to hear nothing of.
    pub(super) refused: BTreeSet<(Who, Topic)>,
    pub(super) posts: Vec<Post>,
    pub(super) comments: Vec<Comment>,
    pub(super) groups: Vec<Group>,
    /// Who reacted to which post.
    pub(super) likes: BTreeSet<(usize, Who)>,
    /// Who reacted to which comment.
    pub(super) comment_likes: BTreeSet<(usize, Who)>,
    /// What everybody was told.
    pub(super) lines: Vec<BTreeMap<About, Line>>,
    /// Up to which place they have seen it.
    pub(super) seen: Vec<u64>,
    /// The last place that was given.
    pub(super) clock: u64,
    /// Whose lines the last act has touched.
    pub(super) touched: BTreeSet<Who>,
}

pub(super) fn pair(a: Who, b: Who) -> (Who, Who) {
    (a.min(b), a.max(b))
}

/// What was removed can be put back for so many acts: long before the server would say no, however slow it is, and not by a
/// clock, so that the walk is the same everywhere.
const PUT_BACK_FOR: usize = 40;

impl World {
    pub(super) fn new(ids: Vec<UserId>) -> Self {
        let people = ids.len();
        Self {
            ids,
            lines: (0..people).map(|_| BTreeMap::new()).collect(),
            seen: vec![0; people],
            ..Self::default()
        }
    }

    pub(super) fn people(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn who(&self, id: UserId) -> Who {
        self.ids.iter().position(|known| *known == id).unwrap()
    }

    /// They do not exist for each other, whoever of them blocks.
    pub(super) fn hidden(&self, a: Who, b: Who) -> bool {
        self.blocks.contains(&(a, b)) || self.blocks.contains(&(b, a))
    }

    pub(super) fn are_friends(&self, a: Who, b: Who) -> bool {
        self.friends.contains(&pair(a, b))
    }

    /// Whether somebody may see a post.
    pub(super) fn sees(&self, who: Who, post: usize) -> bool {
        let post = &self.posts[post];
        if post.removed.is_some() || self.hidden(who, post.author) {
            return false;
        }
        who == post.author
            || match post.audience {
                Audience::Public => true,
                Audience::Friends => self.are_friends(who, post.author),
                Audience::OnlyMe => false,
            }
    }

    /// A comment is written by nobody who does not exist for somebody, and answers nobody such.
    pub(super) fn exists_for(&self, who: Who, comment: usize) -> bool {
        let comment = &self.comments[comment];
        let answered = comment.parent.map(|parent| self.comments[parent].author);
        !self.hidden(who, comment.author) && answered.is_none_or(|author| !self.hidden(who, author))
    }

    /// Whether somebody may see a comment.
    pub(super) fn sees_comment(&self, who: Who, comment: usize) -> bool {
        self.is_there(comment) && self.exists_for(who, comment) && self.sees(who, self.comments[comment].post)
    }

    pub(super) fn is_there(&self, comment: usize) -> bool {
        self.comments[comment].standing == Standing::There
    }

    pub(super) fn answers(&self, comment: usize) -> Vec<usize> {
        let post = &self.posts[self.comments[comment].post];
        let answers = |other: &&usize| self.comments[**other].parent == Some(comment);
        post.comments.iter().filter(answers).copied().collect()
    }

    fn is_fresh(&self, removed: usize) -> bool {
        self.act - removed < PUT_BACK_FOR
    }

    /// Whether its author can put a post back: of one that is there nothing changes.
    pub(super) fn can_restore(&self, post: usize) -> bool {
        self.posts[post].removed.is_some_and(|act| self.is_fresh(act))
    }

    /// Whether its author can put a comment back.
    pub(super) fn can_restore_comment(&self, comment: usize) -> bool {
        let one = &self.comments[comment];
        let parent = one
            .parent
            .is_none_or(|parent| self.sees_comment(one.author, parent));
        match one.standing {
            Standing::Removed(by, at) => {
                by == one.author && self.is_fresh(at) && parent && self.sees(one.author, one.post)
            }
            Standing::There | Standing::WithParent => false,
        }
    }

    /// Whether somebody is in a group and may see what was said there.
    pub(super) fn sees_message(&self, who: Who, group: usize, message: usize) -> bool {
        let group = &self.groups[group];
        let since = group.members.get(&who);
        !group.messages[message].removed && since.is_some_and(|since| *since <= message)
    }

    /// Whom a message names, that named some before: those who are in the group and may see it, and exist for the author.
    pub(super) fn named_in_message(
        &self,
        (group, message): (usize, usize),
        author: Who,
        wanted: &BTreeSet<Who>,
        before: &BTreeSet<Who>,
    ) -> BTreeSet<Who> {
        let members = &self.groups[group].members;
        let may_see = |who: Who| members.get(&who).is_some_and(|since| *since <= message);
        let new = |who: Who| who != author && may_see(who) && !self.hidden(author, who);
        let meant = |who: &&Who| before.contains(who) || new(**who);
        wanted.iter().filter(meant).copied().collect()
    }

    /// Whom a text names, that named some before: a name goes on meaning whom it meant, and a new one means somebody who
    /// exists for the author.
    pub(super) fn named(&self, author: Who, wanted: &BTreeSet<Who>, before: &BTreeSet<Who>) -> BTreeSet<Who> {
        let known = |who: &&Who| before.contains(who) || !self.hidden(author, **who);
        wanted.iter().filter(known).copied().collect()
    }
}

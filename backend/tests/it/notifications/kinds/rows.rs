//! The table: a row for each kind, which says how it is made to happen, what takes it back, and what it is about. Who
//! is told is always the same person; who does it is one of four others.

use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::conversations::members::{InviteToGroup, Invitees, WithdrawInvitation};
use hearth_shared::conversations::{DeleteMessage, ListMessages};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{
    AcceptFriendRequest, CancelFriendRequest, Direction, FriendRequest, ListFriendRequests, RequestsQuery,
};
use hearth_shared::ids::{CommentId, ConversationId, PostId, UserId};
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, NotificationPreferencesChange, SwitchChange, Topic,
};
use hearth_shared::notifications::{Happening, Notification};
use hearth_shared::posts::{
    Audience, CommentsQuery, CreateComment, DeleteComment, DeletePost, ListComments, MutePerson, MutePost,
    NewComment, NewReaction, NewShare, Post, ReactionKind, RemoveCommentReaction, RemoveReaction,
    SetCommentReaction, SetReaction, SharePost, UnmutePerson, UnmutePost,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::ListUserPosts;

use crate::groups::{join, make, public};
use crate::support::{Client, Person, TestApp, client_id};

/// How many others there are.
pub(super) const OTHERS: usize = 4;
const LIKE: NewReaction = NewReaction {
    kind: ReactionKind::Like,
};

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Asks,
    Accepts,
    Reacts,
    Comments,
    Replies,
    NamesInPost,
    NamesInComment,
    Shares,
    ReactsToComment,
    Invites,
    NamesInGroup,
}

/// What somebody can want to hear no more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mute {
    Person,
    Post,
    Topic,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    /// The kind on the wire.
    pub(super) kind: &'static str,
    pub(super) does: Does,
    /// With what it is turned off.
    pub(super) topic: Topic,
    /// People do it in one line.
    pub(super) grouped: bool,
    /// What keeps it away.
    pub(super) mutes: &'static [Mute],
}

const ON_POSTS: &[Mute] = &[Mute::Person, Mute::Post, Mute::Topic];

/// All kinds; of being named both ways.
pub(super) const ROWS: [Row; 11] = [
    row(
        "friend_request",
        Does::Asks,
        Topic::Friends,
        false,
        &[Mute::Topic],
    ),
    row(
        "friend_accepted",
        Does::Accepts,
        Topic::Friends,
        false,
        &[Mute::Topic],
    ),
    row("reaction", Does::Reacts, Topic::Reactions, true, ON_POSTS),
    row("comment", Does::Comments, Topic::Comments, true, ON_POSTS),
    row("reply", Does::Replies, Topic::Comments, true, ON_POSTS),
    row("mention", Does::NamesInComment, Topic::Mentions, true, ON_POSTS),
    // A post that is not there yet cannot be muted.
    row(
        "mention",
        Does::NamesInPost,
        Topic::Mentions,
        false,
        &[Mute::Person, Mute::Topic],
    ),
    row("share", Does::Shares, Topic::Shares, true, ON_POSTS),
    row(
        "comment_reaction",
        Does::ReactsToComment,
        Topic::Reactions,
        true,
        ON_POSTS,
    ),
    // Each asks into a group of theirs; what asks for an answer is told by whomever it comes from.
    row(
        "group_invitation",
        Does::Invites,
        Topic::Groups,
        false,
        &[Mute::Topic],
    ),
    // Who is named is meant: a group that is muted tells it all the same.
    row(
        "message_mention",
        Does::NamesInGroup,
        Topic::Mentions,
        true,
        &[Mute::Person, Mute::Topic],
    ),
];

const fn row(kind: &'static str, does: Does, topic: Topic, grouped: bool, mutes: &'static [Mute]) -> Row {
    Row {
        kind,
        does,
        topic,
        grouped,
        mutes,
    }
}

/// The kind of something that happened, as it is on the wire.
pub(super) fn kind_of(told: &Notification) -> String {
    let wire = serde_json::to_value(told).unwrap();
    wire["kind"].as_str().unwrap().to_owned()
}

/// The people of a row, and what there is before anything happens.
pub(super) struct Stage {
    pub(super) me: Person,
    pub(super) others: Vec<Person>,
    /// Where it happens: mine; where I am named, somebody else's.
    post: Post,
    /// Mine, on it.
    comment: CommentId,
    /// Where I am named; or what I am asked into, by each of the others.
    groups: Vec<ConversationId>,
}

impl Stage {
    /// New people. They are friends, unless it is told how they become it.
    pub(super) async fn set(app: &TestApp, row: usize) -> Self {
        let does = ROWS[row].does;
        let me = app.person(&format!("me_{row}")).await;
        let host = app.person(&format!("host_{row}")).await;
        let mut others = Vec::new();
        for number in 0..OTHERS {
            others.push(app.person(&format!("other_{row}_{number}")).await);
        }
        app.befriend(&host, &me).await;
        for other in &others {
            app.befriend(&host, other).await;
            if !matches!(does, Does::Asks | Does::Accepts) {
                app.befriend(other, &me).await;
            }
        }
        let by = if does == Does::NamesInComment { &host } else { &me };
        let post = by.post_for(app, "what there is", Audience::Friends).await;
        let comment = me.comment(app, &post, "what I say").await.unwrap().id;
        let mut groups = Vec::new();
        if does == Does::NamesInGroup {
            let group = make(app, &host, &public("Garden week")).await.id;
            for person in others.iter().chain([&me]) {
                join(app, person, group).await.unwrap();
            }
            groups.push(group);
        } else if does == Does::Invites {
            for other in &others {
                groups.push(make(app, other, &public("Garden week")).await.id);
            }
        }
        Self {
            me,
            others,
            post,
            comment,
            groups,
        }
    }

    /// It happens.
    pub(super) async fn act(&self, app: &Client, does: Does, by: &Person) -> Result<(), ErrorCode> {
        let post_id = self.post.id;
        match does {
            Does::Asks => by.ask_friend(app, &self.me).await.map(drop),
            Does::Accepts => {
                let asked = self.me.ask_friend(app, by).await?;
                let call = AcceptFriendRequest { request_id: asked.id };
                by.call(app, &call, &Nothing).await.map(drop)
            }
            Does::Reacts => by.call(app, &SetReaction { post_id }, &LIKE).await.map(drop),
            Does::Comments => by.comment_on(app, post_id, "what others say").await.map(drop),
            Does::NamesInComment => {
                let text = format!("says @{}", self.me.username());
                by.comment_on(app, post_id, &text).await.map(drop)
            }
            Does::Replies => {
                let new = NewComment {
                    client_id: client_id(),
                    body: "an answer".to_owned(),
                    parent_id: Some(self.comment),
                };
                by.call(app, &CreateComment { post_id }, &new).await.map(drop)
            }
            Does::NamesInPost => {
                let text = format!("about @{}", self.me.username());
                by.post_for(app, &text, Audience::Friends).await;
                Ok(())
            }
            Does::Shares => {
                let new = NewShare {
                    client_id: client_id(),
                    body: "look".to_owned(),
                    audience: Audience::Friends,
                };
                by.call(app, &SharePost { post_id }, &new).await.map(drop)
            }
            Does::ReactsToComment => {
                let call = SetCommentReaction {
                    comment_id: self.comment,
                };
                by.call(app, &call, &LIKE).await.map(drop)
            }
            Does::Invites => {
                let call = InviteToGroup {
                    conversation_id: self.group_of(by),
                };
                let whom = Invitees {
                    user_ids: vec![self.me.id()],
                };
                by.call(app, &call, &whom).await.map(drop)
            }
            Does::NamesInGroup => {
                let text = format!("come, @{}", self.me.username());
                by.say(app, self.groups[0], &text).await.map(drop)
            }
        }
    }

    /// The group of one of the others; mine is the first.
    fn group_of(&self, by: &Person) -> ConversationId {
        let place = self.others.iter().position(|other| other.id() == by.id());
        self.groups[place.unwrap_or(0)]
    }

    /// It is taken back: as it is done, the last one of somebody.
    pub(super) async fn undo(&self, app: &Client, does: Does, by: &Person) {
        let post_id = self.post.id;
        match does {
            Does::Asks => {
                let request_id = self.request_of(app, by).await.id;
                by.call(app, &CancelFriendRequest { request_id }, &Nothing)
                    .await
                    .unwrap();
            }
            // What was accepted stays accepted; only those who do not want to exist for each other unsay it.
            Does::Accepts => {
                let (block, unblock) = (
                    BlockPerson { user_id: by.id() },
                    UnblockPerson { user_id: by.id() },
                );
                self.me.call(app, &block, &Nothing).await.unwrap();
                self.me.call(app, &unblock, &Nothing).await.unwrap();
            }
            Does::Reacts => {
                let call = RemoveReaction { post_id };
                by.call(app, &call, &Nothing).await.unwrap();
            }
            Does::Comments | Does::Replies | Does::NamesInComment => {
                let parent_id = (does == Does::Replies).then_some(self.comment);
                let query = CommentsQuery {
                    parent_id,
                    ..CommentsQuery::default()
                };
                let list = ListComments { post_id };
                let there = by.call_with(app, &list, &query, &Nothing).await.unwrap();
                let own = there.items.iter().filter(|one| one.author.id == by.id());
                for comment in own {
                    let call = DeleteComment {
                        comment_id: comment.id,
                    };
                    by.call(app, &call, &Nothing).await.unwrap();
                }
            }
            Does::NamesInPost | Does::Shares => {
                let own = newest_post(app, by).await;
                let call = DeletePost { post_id: own };
                by.call(app, &call, &Nothing).await.unwrap();
            }
            Does::ReactsToComment => {
                let call = RemoveCommentReaction {
                    comment_id: self.comment,
                };
                by.call(app, &call, &Nothing).await.unwrap();
            }
            Does::Invites => {
                let call = WithdrawInvitation {
                    conversation_id: self.group_of(by),
                    user_id: self.me.id(),
                };
                by.call(app, &call, &Nothing).await.unwrap();
            }
            Does::NamesInGroup => {
                let call = ListMessages {
                    conversation_id: self.groups[0],
                };
                let said = by.call(app, &call, &Nothing).await.unwrap().items;
                let own = said.iter().filter(|message| message.sender.id == by.id());
                for message in own {
                    let call = DeleteMessage {
                        message_id: message.id,
                    };
                    by.call(app, &call, &Nothing).await.unwrap();
                }
            }
        }
    }

    async fn request_of(&self, app: &Client, by: &Person) -> FriendRequest {
        let query = RequestsQuery {
            direction: Direction::Outgoing,
            limit: None,
            cursor: None,
        };
        let requests = by.call_with(app, &ListFriendRequests {}, &query, &Nothing).await;
        let mut requests = requests.unwrap().items;
        requests.retain(|request| request.to.id == self.me.id());
        requests.pop().unwrap()
    }

    /// Fails unless a line is about what it should be.
    pub(super) fn check_subject(&self, does: Does, told: &Notification) {
        let (mine, said) = (self.post.id, self.comment);
        let right = match told.what {
            Happening::FriendRequest { .. } => does == Does::Asks,
            Happening::FriendAccepted => does == Does::Accepts,
            Happening::Reaction { post_id } => does == Does::Reacts && post_id == mine,
            Happening::Comment { post_id } => does == Does::Comments && post_id == mine,
            Happening::Share { post_id, share_id } => {
                does == Does::Shares && post_id == mine && share_id.is_some()
            }
            Happening::Reply { post_id, comment_id } => {
                does == Does::Replies && (post_id, comment_id) == (mine, said)
            }
            Happening::CommentReaction { post_id, comment_id } => {
                does == Does::ReactsToComment && (post_id, comment_id) == (mine, said)
            }
            Happening::Mention { post_id, comment_id } => match does {
                Does::NamesInComment => post_id == mine && comment_id.is_some(),
                _ => does == Does::NamesInPost && post_id != mine && comment_id.is_none(),
            },
            Happening::GroupInvitation { conversation_id, .. } => {
                does == Does::Invites && self.groups.contains(&conversation_id)
            }
            Happening::MessageMention { conversation_id, .. } => {
                does == Does::NamesInGroup && self.groups == [conversation_id]
            }
        };
        assert!(right, "{does:?}: {told:?}");
    }

    /// I want to hear no more of it, or again.
    pub(super) async fn mute(&self, app: &Client, mute: Mute, topic: Topic, by: &Person, muted: bool) {
        let (me, user_id, post_id) = (&self.me, by.id(), self.post.id);
        match (mute, muted) {
            (Mute::Person, true) => me.call(app, &MutePerson { user_id }, &Nothing).await.map(drop),
            (Mute::Person, false) => me.call(app, &UnmutePerson { user_id }, &Nothing).await.map(drop),
            (Mute::Post, true) => me.call(app, &MutePost { post_id }, &Nothing).await.map(drop),
            (Mute::Post, false) => me.call(app, &UnmutePost { post_id }, &Nothing).await.map(drop),
            (Mute::Topic, _) => self.turn(app, topic, !muted).await,
        }
        .unwrap();
    }

    async fn turn(&self, app: &Client, topic: Topic, wanted: bool) -> Result<(), ErrorCode> {
        let change = NotificationPreferencesChange {
            switches: vec![SwitchChange {
                topic,
                channel: Channel::App,
                wanted,
            }],
            quiet_hours: None,
        };
        let call = ChangeNotificationPreferences {};
        self.me.call(app, &call, &change).await.map(drop)
    }

    pub(super) async fn block(&self, app: &Client, user_id: UserId) {
        let call = BlockPerson { user_id };
        self.me.call(app, &call, &Nothing).await.unwrap();
    }
}

/// The last post of somebody's.
async fn newest_post(app: &Client, by: &Person) -> PostId {
    let call = ListUserPosts {
        username: by.username(),
    };
    by.call(app, &call, &Nothing).await.unwrap().items[0].id
}

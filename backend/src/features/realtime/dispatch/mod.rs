//! From notices to frames: who may know, as the database has it now, and who of them is here. A frame is
//! written once and shared by everybody who gets the same.

mod conversations;
mod people;

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytestring::ByteString;
use futures_util::FutureExt;
use hearth_shared::ids::{CommentId, ConversationId, PostId, UserId};
use hearth_shared::posts::Comment;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::frames::{
    CommentFrame, CommentGone, EventFrame, FeedNew, Head, PostState, ServerFrame, UserFrame,
};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use tokio::sync::mpsc;

use super::events;
use super::here::Here;
use crate::features::conversations::store::members::Since;
use crate::features::posts::store::mutes::who_muted;
use crate::features::posts::store::{comments, live};
use crate::features::{notifications, users};
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;
use crate::platform::realtime::hub::{Hub, Socket};
use crate::platform::realtime::lanes::Lanes;
use crate::platform::realtime::presence::Elsewhere;
use crate::platform::routes::Authenticator;

/// Members that are remembered, of all conversations together: some forty megabytes.
const MEMBERS_MAX: u64 = 1_500_000;
/// What is remembered of a conversation besides.
const MEMBERS_LEAST: usize = 8;
/// How long it is remembered what was sent; longer than the sweep looks back.
const SENT_REMEMBERED: Duration = Duration::from_secs(600);

/// For how many streams.
const SENT_MAX: u64 = 100_000;

type Members = Arc<[Since]>;

/// Delivers what happened to the sockets of this program.
pub struct Dispatcher {
    db: Db,
    hub: Arc<Hub>,
    elsewhere: Arc<Elsewhere>,
    authenticator: Arc<dyn Authenticator>,
    lanes: Arc<Lanes>,
    /// Counts who is here.
    pub here: Arc<Here>,
    /// Who is in a conversation at a version of its membership.
    members: Cache<(ConversationId, u64), Members>,
    /// Up to where the sockets here were sent each stream.
    sent: Cache<Stream, u64>,
}

/// A frame as it goes over the wire.
pub fn write(frame: &ServerFrame) -> ByteString {
    // Maps with keys that are no text cannot be written; there are none in a frame.
    serde_json::to_string(frame).unwrap_or_default().into()
}

impl Dispatcher {
    /// Over a database and the sockets of this node; who has one on another is known from there.
    pub fn new(
        db: Db,
        hub: Arc<Hub>,
        elsewhere: Arc<Elsewhere>,
        authenticator: Arc<dyn Authenticator>,
        lanes: Arc<Lanes>,
    ) -> Self {
        Self {
            here: Arc::new(Here::new(db.clone(), Arc::clone(&hub), Arc::clone(&elsewhere))),
            db,
            hub,
            elsewhere,
            authenticator,
            lanes,
            members: Cache::builder()
                .weigher(|_, members: &Members| {
                    u32::try_from(members.len() + MEMBERS_LEAST).unwrap_or(u32::MAX)
                })
                .max_capacity(MEMBERS_MAX)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            sent: Cache::builder()
                .max_capacity(SENT_MAX)
                .time_to_live(SENT_REMEMBERED)
                .build(),
        }
    }

    /// Takes what comes out of a lane, one after the other.
    pub async fn run(self: Arc<Self>, mut lane: mpsc::Receiver<Notice>) {
        while let Some(notice) = lane.recv().await {
            let concerned = Concerned::of(&notice);
            match AssertUnwindSafe(self.deliver(notice)).catch_unwind().await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "a notice was not delivered");
                    self.resync(&concerned);
                }
                // The panic itself is in the log already.
                Err(_panic) => self.resync(&concerned),
            }
        }
    }

    /// What has a position is found by the sweep; for the rest whoever is concerned reads anew.
    fn resync(&self, concerned: &Concerned) {
        let frame = write(&ServerFrame::Resync);
        match concerned {
            Concerned::Nobody => {}
            Concerned::Stream => self.lanes.alarm.look(),
            Concerned::People(people) => people.iter().for_each(|user| self.hub.send(*user, &frame)),
            Concerned::Watchers(post) => {
                for socket in self.hub.watchers(*post) {
                    socket.send(&frame);
                }
            }
        }
    }

    /// Something was lost, and nobody knows what: everybody reads anew.
    pub fn resync_all(&self) {
        self.hub.send_to_all(&write(&ServerFrame::Resync));
    }

    async fn deliver(&self, notice: Notice) -> AppResult<()> {
        match notice {
            Notice::Event {
                stream: Stream::User(user),
                seq,
                ..
            } => self.own_event(user, seq).await,
            Notice::Event {
                stream: Stream::Conversation(id),
                seq,
                membership_version,
                event,
            } => self.conversation_event(id, seq, membership_version, event).await,
            Notice::Read {
                read,
                membership_version,
                to_others,
            } => self.read(read, membership_version, to_others).await,
            Notice::Typing {
                typing,
                membership_version,
            } => self.typing(typing, membership_version).await,
            Notice::Presence(presence) => self.presence(presence).await,
            Notice::Friendship { pair } => self.friendship(pair).await,
            Notice::Hidden { by, other } => self.hidden(by, other).await,
            Notice::PresenceShown(user) => self.presence_shown(user).await,
            Notice::Post(id) => self.post(id).await,
            Notice::Comment { post_id, comment_id } => self.comment(post_id, comment_id).await,
            Notice::CommentGone(gone) => self.comment_gone(gone).await,
            Notice::NewPost { author_id, post_id } => self.new_post(author_id, post_id).await,
            Notice::Reread(user) => {
                self.hub.send(user, &write(&ServerFrame::Resync));
                Ok(())
            }
            Notice::RereadIn {
                conversation_id,
                membership_version,
            } => {
                let here = self.members_here(conversation_id, membership_version).await?;
                let here: Vec<UserId> = here.into_iter().map(|(user, ..)| user).collect();
                self.send_to(&here, &ServerFrame::Resync);
                Ok(())
            }
            Notice::Card(user) => self.card(user).await,
            Notice::SessionEnded(session) => {
                self.authenticator.forget(session);
                self.hub.close_sessions(&HashSet::from([session]));
                Ok(())
            }
            Notice::Work => Ok(()),
        }
    }

    async fn own_event(&self, user: UserId, seq: u64) -> AppResult<()> {
        let stream = Stream::User(user);
        if !self.hub.is_online(user) {
            return Ok(());
        }
        let read = self.db.snapshot(move |conn| {
            let event = events::of_user(conn, user, seq.saturating_sub(1), 1)?.pop();
            Ok((event, notifications::service::counts(conn, user)?))
        });
        let frame = match read.await {
            Ok((Some(event), counts)) => ServerFrame::Event(EventFrame {
                stream,
                seq: event.seq,
                event: Box::new(event.event),
                counts: Some(counts),
            }),
            // The clients can try it themselves.
            Ok((None, _)) | Err(_) => ServerFrame::Head(Head { stream, seq }),
        };
        self.hub.send(user, &write(&frame));
        self.note_sent(stream, seq);
        Ok(())
    }

    /// Not before it was: what could not be sent is the sweep's to find.
    fn note_sent(&self, stream: Stream, seq: u64) {
        if self.sent.get(&stream).is_none_or(|sent| sent < seq) {
            self.sent.insert(stream, seq);
        }
    }

    fn send_to(&self, people: &[UserId], frame: &ServerFrame) {
        if people.is_empty() {
            return;
        }
        let frame = write(frame);
        for user in people {
            self.hub.send(*user, &frame);
        }
    }

    /// What may be lost must not close anybody's socket.
    fn send_lossy(&self, people: &[UserId], frame: &ServerFrame) {
        let frame = write(frame);
        for user in people {
            for socket in self.hub.sockets(*user) {
                socket.send_lossy(&frame);
            }
        }
    }

    async fn post(&self, id: PostId) -> AppResult<()> {
        let sockets = self.hub.watchers(id);
        if sockets.is_empty() {
            return Ok(());
        }
        let people = owners(&sockets);
        let watched = self
            .db
            .snapshot(move |conn| Ok(live::watched(conn, id, &people)?))
            .await?;
        let gone = write(&ServerFrame::Post(live::gone(id)));
        let state = |my_reaction| {
            let state = watched.state.clone().unwrap_or_else(|| live::gone(id));
            write(&ServerFrame::Post(PostState { my_reaction, ..state }))
        };
        let plain = state(None);
        for socket in sockets {
            match watched.reactions.get(&socket.user) {
                // Removed for all, it can be put back for a minute, and they are told of that.
                _ if watched.state.is_none() => socket.send(&gone),
                _ if !watched.viewers.contains(&socket.user) => {
                    self.hub.stop_watching(&socket, id);
                    socket.send(&gone);
                }
                None => socket.send(&plain),
                mine => socket.send(&state(mine.copied())),
            }
        }
        Ok(())
    }

    /// As it is now; one that is gone by now has a notice of its own.
    async fn comment(&self, post_id: PostId, comment_id: CommentId) -> AppResult<()> {
        if self.hub.watchers(post_id).is_empty() {
            return Ok(());
        }
        let found = self
            .db
            .snapshot(move |conn| Ok(comments::find_shown(conn, comment_id)?));
        let Some(comment) = found.await? else {
            return Ok(());
        };
        let sockets = self.viewers_of(post_id, comment_id).await?;
        let people = owners(&sockets);
        let names = if comment.mentions.is_empty() {
            HashMap::new()
        } else {
            self.db
                .snapshot(move |conn| Ok(live::names_for(conn, comment_id, &people)?))
                .await?
        };
        let frame = |comment: &Comment| {
            write(&ServerFrame::Comment(CommentFrame {
                comment: comment.clone(),
            }))
        };
        let plain = frame(&comment);
        for socket in sockets {
            match names.get(&socket.user) {
                None => socket.send(&plain),
                // Somebody it names does not exist for them.
                Some(mentions) => socket.send(&frame(&Comment {
                    mentions: mentions.clone(),
                    ..comment.clone()
                })),
            }
        }
        Ok(())
    }

    async fn comment_gone(&self, gone: CommentGone) -> AppResult<()> {
        let sockets = self.viewers_of(gone.post_id, gone.comment_id).await?;
        let frame = write(&ServerFrame::CommentGone(gone));
        for socket in sockets {
            socket.send(&frame);
        }
        Ok(())
    }

    /// The sockets of those who watch a post and may still see it and a comment.
    async fn viewers_of(&self, id: PostId, comment: CommentId) -> AppResult<Vec<Arc<Socket>>> {
        let mut sockets = self.hub.watchers(id);
        if sockets.is_empty() {
            return Ok(sockets);
        }
        let people = owners(&sockets);
        let viewers = self
            .db
            .snapshot(move |conn| Ok(live::comment_viewers_among(conn, id, comment, &people)?))
            .await?;
        sockets.retain(|socket| viewers.contains(&socket.user));
        Ok(sockets)
    }

    async fn new_post(&self, author_id: UserId, post_id: PostId) -> AppResult<()> {
        let mut people = self.friends_here(author_id).await?;
        people.push(author_id);
        let viewers = self
            .db
            .snapshot(move |conn| {
                let viewers = live::viewers_among(conn, post_id, &people)?;
                let muted = who_muted(conn, author_id, &people)?;
                Ok(viewers.difference(&muted).copied().collect::<Vec<_>>())
            })
            .await?;
        self.send_lossy(&viewers, &ServerFrame::FeedNew(FeedNew { author_id, post_id }));
        Ok(())
    }

    /// As it is now, to the person's own devices and to their friends.
    async fn card(&self, user: UserId) -> AppResult<()> {
        let mut people = self.friends_here(user).await?;
        people.push(user);
        let card = self
            .db
            .read(move |conn| Ok(users::store::card(conn, user)?))
            .await?;
        self.send_to(&people, &ServerFrame::User(UserFrame { user: card }));
        Ok(())
    }

    /// A stream stands at a position: who is here and was not sent it is told to catch up.
    pub async fn check_head(&self, stream: Stream, seq: u64, version: u64) -> AppResult<()> {
        if self.sent.get(&stream).is_some_and(|sent| sent >= seq) {
            return Ok(());
        }
        let people = match stream {
            Stream::User(user) => vec![user],
            Stream::Conversation(id) => {
                self.here.group(id);
                let here = self.members_here(id, version).await?;
                here.into_iter().map(|(user, ..)| user).collect()
            }
        };
        self.send_to(&people, &ServerFrame::Head(Head { stream, seq }));
        self.note_sent(stream, seq);
        Ok(())
    }
}

/// Who reads anew when a notice without a position was not delivered.
enum Concerned {
    Nobody,
    /// The sweep finds it.
    Stream,
    People(Vec<UserId>),
    Watchers(PostId),
}

impl Concerned {
    fn of(notice: &Notice) -> Self {
        match notice {
            Notice::Read { read, .. } => Self::People(vec![read.user_id]),
            Notice::Friendship { pair } => Self::People(pair.to_vec()),
            Notice::Card(user) => Self::People(vec![*user]),
            Notice::Hidden { by, other } => Self::People(vec![*by, *other]),
            Notice::PresenceShown(user) => Self::People(vec![*user]),
            Notice::Post(post) | Notice::Comment { post_id: post, .. } => Self::Watchers(*post),
            Notice::CommentGone(gone) => Self::Watchers(gone.post_id),
            Notice::Event { .. } => Self::Stream,
            Notice::Typing { .. }
            | Notice::Presence(_)
            | Notice::NewPost { .. }
            | Notice::Reread(_)
            | Notice::RereadIn { .. }
            | Notice::SessionEnded(_)
            | Notice::Work => Self::Nobody,
        }
    }
}

fn owners(sockets: &[Arc<Socket>]) -> Vec<UserId> {
    let mut people: Vec<UserId> = sockets.iter().map(|socket| socket.user).collect();
    people.sort_unstable();
    people.dedup();
    people
}

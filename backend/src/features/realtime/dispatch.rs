//! From notices to frames: who may know, as the database has it now, and who of them is here. A frame is
//! written once and shared by everybody who gets the same.

use std::sync::Arc;
use std::time::Duration;

use bytestring::ByteString;
use hearth_shared::conversations::READ_POSITIONS_MAX;
use hearth_shared::ids::{ConversationId, PostId, UserId};
use hearth_shared::posts::Comment;
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{
    CommentFrame, CommentGone, EventFrame, FeedNew, Head, PostState, Presence, Read, ServerFrame, Typing,
};
use moka::sync::Cache;
use tokio::sync::mpsc;

use super::events;
use crate::features::posts::store::live;
use crate::features::{conversations, friends, notifications};
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::realtime::bus::Notice;
use crate::platform::realtime::hub::{Hub, Socket};

/// Conversations whose members are remembered.
const MEMBERS_MAX: u64 = 10_000;
/// How long it is remembered what was sent; longer than the sweep looks back.
const SENT_REMEMBERED: Duration = Duration::from_secs(600);

type Members = Arc<[UserId]>;

/// Delivers what happened to the sockets of this program.
pub struct Dispatcher {
    db: Db,
    hub: Arc<Hub>,
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
    /// Over a database and a hub.
    pub fn new(db: Db, hub: Arc<Hub>) -> Self {
        Self {
            db,
            hub,
            members: Cache::new(MEMBERS_MAX),
            sent: Cache::builder().time_to_live(SENT_REMEMBERED).build(),
        }
    }

    /// Takes what comes out of a lane, one after the other.
    pub async fn run(self: Arc<Self>, mut lane: mpsc::Receiver<Notice>) {
        while let Some(notice) = lane.recv().await {
            if let Err(error) = self.deliver(notice).await {
                // Nothing is lost: the positions are in the database.
                tracing::warn!(%error, "a notice was not delivered");
            }
        }
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
            Notice::Read(read) => self.read(read).await,
            Notice::Typing(typing) => self.typing(typing).await,
            Notice::Presence(presence) => self.presence(presence).await,
            Notice::Friendship { pair } => self.friendship(pair).await,
            Notice::Post(id) => self.post(id).await,
            Notice::Comment(comment) => self.comment(*comment).await,
            Notice::CommentGone(gone) => self.comment_gone(gone).await,
            Notice::NewPost { author_id, post_id } => self.new_post(author_id, post_id).await,
            Notice::SessionEnded(session) => {
                self.hub.close_session(session);
                Ok(())
            }
        }
    }

    async fn own_event(&self, user: UserId, seq: u64) -> AppResult<()> {
        let stream = Stream::User(user);
        self.sent.insert(stream, seq);
        if !self.hub.is_online(user) {
            return Ok(());
        }
        let read = self.db.snapshot(move |conn| {
            let event = events::of_user(conn, user, seq.saturating_sub(1), 1)?.pop();
            Ok((event, notifications::http::counts(conn, user)?))
        });
        let frame = match read.await {
            Ok((Some(event), counts)) => ServerFrame::Event(EventFrame {
                stream,
                seq: event.seq,
                event: event.event,
                counts: Some(counts),
            }),
            // The clients can try it themselves.
            Ok((None, _)) | Err(_) => ServerFrame::Head(Head { stream, seq }),
        };
        self.hub.send(user, &write(&frame));
        Ok(())
    }

    async fn conversation_event(
        &self,
        id: ConversationId,
        seq: u64,
        version: u64,
        event: Option<Box<Event>>,
    ) -> AppResult<()> {
        let stream = Stream::Conversation(id);
        self.sent.insert(stream, seq);
        let here = self.members_here(id, version).await?;
        if here.is_empty() {
            return Ok(());
        }
        let frame = match event {
            Some(event) => ServerFrame::Event(EventFrame {
                stream,
                seq,
                event: *event,
                counts: None,
            }),
            None => ServerFrame::Head(Head { stream, seq }),
        };
        self.send_to(&here, &frame);
        Ok(())
    }

    async fn members(&self, id: ConversationId, version: u64) -> AppResult<Members> {
        if let Some(members) = self.members.get(&(id, version)) {
            return Ok(members);
        }
        let (members, now): (Vec<UserId>, u64) = self
            .db
            .snapshot(move |conn| Ok(conversations::store::members_of(conn, id)?))
            .await?;
        let members: Members = members.into();
        self.members.insert((id, now), Arc::clone(&members));
        Ok(members)
    }

    async fn members_here(&self, id: ConversationId, version: u64) -> AppResult<Vec<UserId>> {
        let members = self.members(id, version).await?;
        Ok(members
            .iter()
            .copied()
            .filter(|user| self.hub.is_online(*user))
            .collect())
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

    /// One's own other devices, and in conversations that are not large the others.
    async fn read(&self, read: Read) -> AppResult<()> {
        let (members, _) = self.members_now(read.conversation_id).await?;
        let small = members.len() <= READ_POSITIONS_MAX as usize;
        let told: Vec<UserId> = members
            .into_iter()
            .filter(|user| (small || *user == read.user_id) && self.hub.is_online(*user))
            .collect();
        self.send_to(&told, &ServerFrame::Read(read));
        Ok(())
    }

    async fn typing(&self, typing: Typing) -> AppResult<()> {
        let (members, _) = self.members_now(typing.conversation_id).await?;
        let others: Vec<UserId> = members
            .into_iter()
            .filter(|user| *user != typing.user_id && self.hub.is_online(*user))
            .collect();
        self.send_to(&others, &ServerFrame::Typing(typing));
        Ok(())
    }

    async fn members_now(&self, id: ConversationId) -> AppResult<(Vec<UserId>, u64)> {
        self.db
            .snapshot(move |conn| Ok(conversations::store::members_of(conn, id)?))
            .await
    }

    /// A person's friends who are here.
    pub async fn friends_here(&self, user: UserId) -> AppResult<Vec<UserId>> {
        use hearth_shared::ids::Id;
        let friends = self
            .db
            .read(move |conn| Ok(friends::store::friend_ids(conn, user)?))
            .await?;
        Ok(friends
            .into_iter()
            .map(UserId::new)
            .filter(|friend| self.hub.is_online(*friend))
            .collect())
    }

    async fn presence(&self, presence: Presence) -> AppResult<()> {
        let friends = self.friends_here(presence.user_id).await?;
        self.send_to(&friends, &ServerFrame::Presence(presence));
        Ok(())
    }

    /// Friends see each other from now on; who is no friend any more goes without a word.
    async fn friendship(&self, [a, b]: [UserId; 2]) -> AppResult<()> {
        let friends = self
            .db
            .read(move |conn| Ok(friends::store::are_friends(conn, a, b)?))
            .await?;
        for (to, of) in [(a, b), (b, a)] {
            let presence = Presence {
                user_id: of,
                online: friends && self.hub.is_online(of),
            };
            self.send_to(&[to], &ServerFrame::Presence(presence));
        }
        Ok(())
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

    async fn comment(&self, comment: Comment) -> AppResult<()> {
        self.to_watchers(comment.post_id, &ServerFrame::Comment(CommentFrame { comment }))
            .await
    }

    async fn comment_gone(&self, gone: CommentGone) -> AppResult<()> {
        self.to_watchers(gone.post_id, &ServerFrame::CommentGone(gone))
            .await
    }

    /// Those who watch a post and may still see it.
    async fn to_watchers(&self, id: PostId, frame: &ServerFrame) -> AppResult<()> {
        let sockets = self.hub.watchers(id);
        if sockets.is_empty() {
            return Ok(());
        }
        let people = owners(&sockets);
        let viewers = self
            .db
            .snapshot(move |conn| Ok(live::viewers_among(conn, id, &people)?))
            .await?;
        let frame = write(frame);
        for socket in sockets.iter().filter(|socket| viewers.contains(&socket.user)) {
            socket.send(&frame);
        }
        Ok(())
    }

    async fn new_post(&self, author_id: UserId, post_id: PostId) -> AppResult<()> {
        let mut people = self.friends_here(author_id).await?;
        people.push(author_id);
        let viewers = self
            .db
            .snapshot(move |conn| Ok(live::viewers_among(conn, post_id, &people)?))
            .await?;
        let viewers: Vec<UserId> = viewers.into_iter().collect();
        self.send_to(&viewers, &ServerFrame::FeedNew(FeedNew { author_id, post_id }));
        Ok(())
    }

    /// A stream stands at a position: who is here and was not sent it is told to catch up.
    pub async fn check_head(&self, stream: Stream, seq: u64, version: u64) -> AppResult<()> {
        if self.sent.get(&stream).is_some_and(|sent| sent >= seq) {
            return Ok(());
        }
        let people = match stream {
            Stream::User(user) => vec![user],
            Stream::Conversation(id) => self.members_here(id, version).await?,
        };
        self.send_to(&people, &ServerFrame::Head(Head { stream, seq }));
        self.sent.insert(stream, seq);
        Ok(())
    }
}

fn owners(sockets: &[Arc<Socket>]) -> Vec<UserId> {
    let mut people: Vec<UserId> = sockets.iter().map(|socket| socket.user).collect();
    people.sort_unstable();
    people.dedup();
    people
}

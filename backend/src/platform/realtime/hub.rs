//! The sockets of this program: whose they are, which posts they watch, which conversation they look at. Looking somebody up locks one shard
//! of a map for as long as it takes to copy a few pointers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytestring::ByteString;
use dashmap::{DashMap, DashSet};
use hearth_shared::ids::{ConversationId, PostId, SessionId, UserId};
use hearth_shared::realtime::close::CloseCode;
use tokio::sync::mpsc;

use super::queue::{Out, Queue};

/// Sockets that a person may have; more are refused, not traded against older ones, or the tabs of a person
/// with many would take turns for ever.
pub const SOCKETS_PER_PERSON: usize = 32;

/// A socket whose owner is known.
pub struct Socket {
    key: u64,
    /// Whose.
    pub user: UserId,
    /// Of which session.
    pub session: SessionId,
    /// What waits for it.
    pub queue: Queue,
    watching: Mutex<HashSet<PostId>>,
    looking: Mutex<Option<Looking>>,
}

/// What a socket looks at.
struct Looking {
    at: ConversationId,
    /// How many of it were last told to be here; 0 when none were.
    told: u32,
}

impl Socket {
    /// Sends a frame.
    pub fn send(&self, frame: &ByteString) {
        self.queue.push(Out::Frame(frame.clone()));
    }

    /// Sends a frame that may be lost, unless much waits already: nobody's typing closes somebody's socket.
    pub fn send_lossy(&self, frame: &ByteString) {
        if !self.queue.is_half_full() {
            self.send(frame);
        }
    }

    /// The posts that it watches.
    pub fn watched(&self) -> Vec<PostId> {
        let watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        watching.iter().copied().collect()
    }

    /// Whether it is to be told how many are here in a conversation. It counts as told then.
    pub fn learns_count(&self, at: ConversationId, count: u32) -> Learns {
        let mut looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *looking {
            Some(looking) if looking.at == at && looking.told != count => {
                if self.queue.is_half_full() {
                    return Learns::Later;
                }
                looking.told = count;
                Learns::Now
            }
            _ => Learns::Nothing,
        }
    }
}

/// What a socket learns of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learns {
    /// It is another one than it was told.
    Now,
    /// So it is, and much waits for the socket already.
    Later,
    /// It knows it, or looks at something else.
    Nothing,
}

/// All of them.
#[derive(Default)]
pub struct Hub {
    people: DashMap<UserId, Vec<Arc<Socket>>>,
    watchers: DashMap<PostId, Vec<Arc<Socket>>>,
    lookers: DashMap<ConversationId, Vec<Arc<Socket>>>,
    /// Those whose friends were told that they are here.
    announced: DashSet<UserId>,
    next: AtomicU64,
    count: AtomicUsize,
    stopping: AtomicBool,
}

/// A socket in the hub; it leaves when this is dropped.
pub struct Registration {
    hub: Arc<Hub>,
    /// The socket.
    pub socket: Arc<Socket>,
}

impl Hub {
    /// Adds a socket: from now on it is sent what its owner may know.
    ///
    /// # Errors
    /// The code to close it with, when its owner has too many or the program stops.
    pub fn register(
        self: &Arc<Self>,
        user: UserId,
        session: SessionId,
    ) -> Result<(Registration, mpsc::Receiver<Out>), CloseCode> {
        let (queue, frames) = Queue::new();
        let socket = Arc::new(Socket {
            key: self.next.fetch_add(1, Ordering::Relaxed),
            user,
            session,
            queue,
            watching: Mutex::default(),
            looking: Mutex::default(),
        });
        let mut sockets = self.people.entry(user).or_default();
        // Asked under the lock that `stop` needs to see this socket: it sees either this or that.
        let refused = if self.stopping.load(Ordering::Acquire) {
            Some(CloseCode::GoingAway)
        } else {
            (sockets.len() >= SOCKETS_PER_PERSON).then_some(CloseCode::TooMany)
        };
        if let Some(code) = refused {
            drop(sockets);
            self.people.remove_if(&user, |_, sockets| sockets.is_empty());
            return Err(code);
        }
        sockets.push(Arc::clone(&socket));
        drop(sockets);
        self.count.fetch_add(1, Ordering::Relaxed);
        let registration = Registration {
            hub: Arc::clone(self),
            socket,
        };
        Ok((registration, frames))
    }

    /// How many sockets there are.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether a person is here.
    pub fn is_online(&self, user: UserId) -> bool {
        self.people.contains_key(&user)
    }

    /// A person's sockets.
    pub fn sockets(&self, user: UserId) -> Vec<Arc<Socket>> {
        self.people
            .get(&user)
            .map(|sockets| sockets.clone())
            .unwrap_or_default()
    }

    /// Sends a frame to all sockets of a person.
    pub fn send(&self, user: UserId, frame: &ByteString) {
        for socket in self.sockets(user) {
            socket.send(frame);
        }
    }

    /// The sockets that watch a post.
    pub fn watchers(&self, post: PostId) -> Vec<Arc<Socket>> {
        self.watchers
            .get(&post)
            .map(|sockets| sockets.clone())
            .unwrap_or_default()
    }

    /// Makes these the posts that a socket watches. Gives those that it did not watch before.
    pub fn watch(&self, socket: &Arc<Socket>, posts: HashSet<PostId>) -> Vec<PostId> {
        let mut watching = socket.watching.lock().unwrap_or_else(PoisonError::into_inner);
        let added: Vec<PostId> = posts.difference(&watching).copied().collect();
        for post in watching.difference(&posts) {
            self.unwatch(*post, socket.key);
        }
        for post in &added {
            self.watchers.entry(*post).or_default().push(Arc::clone(socket));
        }
        *watching = posts;
        added
    }

    /// A socket may not see a post any more.
    pub fn stop_watching(&self, socket: &Socket, post: PostId) {
        let mut watching = socket.watching.lock().unwrap_or_else(PoisonError::into_inner);
        if watching.remove(&post) {
            self.unwatch(post, socket.key);
        }
    }

    fn unwatch(&self, post: PostId, key: u64) {
        self.watchers.remove_if_mut(&post, |_, sockets| {
            sockets.retain(|socket| socket.key != key);
            sockets.is_empty()
        });
    }

    /// The sockets that look at a conversation.
    pub fn lookers(&self, conversation: ConversationId) -> Vec<Arc<Socket>> {
        self.lookers
            .get(&conversation)
            .map(|sockets| sockets.clone())
            .unwrap_or_default()
    }

    /// All conversations that are looked at.
    pub fn looked_at(&self) -> HashSet<ConversationId> {
        self.lookers.iter().map(|entry| *entry.key()).collect()
    }

    /// Whether there are any.
    pub fn is_anything_looked_at(&self) -> bool {
        !self.lookers.is_empty()
    }

    /// Makes this the conversation that a socket looks at; it was told nothing of it then.
    pub fn look(&self, socket: &Arc<Socket>, conversation: Option<ConversationId>) {
        let mut looking = socket.looking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = looking.take() {
            self.lookers.remove_if_mut(&before.at, |_, sockets| {
                sockets.retain(|other| other.key != socket.key);
                sockets.is_empty()
            });
        }
        if let Some(at) = conversation {
            self.lookers.entry(at).or_default().push(Arc::clone(socket));
            *looking = Some(Looking { at, told: 0 });
        }
    }

    /// The sessions that have sockets.
    pub fn sessions(&self) -> HashSet<SessionId> {
        let mut sessions = HashSet::new();
        for entry in &self.people {
            sessions.extend(entry.value().iter().map(|socket| socket.session));
        }
        sessions
    }

    /// Closes the sockets of sessions that have ended.
    pub fn close_sessions(&self, ended: &HashSet<SessionId>) {
        if ended.is_empty() {
            return;
        }
        for entry in &self.people {
            for socket in entry
                .value()
                .iter()
                .filter(|socket| ended.contains(&socket.session))
            {
                socket.queue.close(CloseCode::SessionEnded);
            }
        }
    }

    /// Sends a frame to every socket.
    pub fn send_to_all(&self, frame: &ByteString) {
        for entry in &self.people {
            entry.value().iter().for_each(|socket| socket.send(frame));
        }
    }

    /// A person is here and their friends are about to be told; false when they were told before.
    pub fn announce(&self, user: UserId) -> bool {
        self.announced.insert(user)
    }

    /// Whether a person's friends were told that they are here, and not yet that they have gone.
    pub fn is_announced(&self, user: UserId) -> bool {
        self.announced.contains(&user)
    }

    /// Everybody who is here, and whose friends were told.
    pub fn announced(&self) -> Vec<UserId> {
        let announced = self.announced.iter().map(|user| *user);
        announced.filter(|user| self.is_online(*user)).collect()
    }

    /// A person has gone and their friends are about to be told; false when they are here after all. Asked under
    /// the lock that [`Hub::announce`] needs: whoever comes now is announced anew.
    pub fn withdraw(&self, user: UserId) -> bool {
        self.announced
            .remove_if(&user, |user| !self.is_online(*user))
            .is_some()
    }

    /// The program stops: everybody is told when to come back, and nobody new is let in.
    pub fn stop(&self, farewell: impl Fn() -> ByteString) {
        self.stopping.store(true, Ordering::Release);
        for entry in &self.people {
            for socket in entry.value() {
                socket.send(&farewell());
                socket.queue.close(CloseCode::GoingAway);
            }
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.hub.watch(&self.socket, HashSet::new());
        self.hub.look(&self.socket, None);
        let key = self.socket.key;
        self.hub.people.remove_if_mut(&self.socket.user, |_, sockets| {
            sockets.retain(|socket| socket.key != key);
            sockets.is_empty()
        });
        self.hub.count.fetch_sub(1, Ordering::Relaxed);
    }
}

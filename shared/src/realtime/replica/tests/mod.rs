//! State before + events = state fetched after, whatever is applied twice or again.

mod acts;
mod reading;

use std::collections::BTreeMap;

use proptest::prelude::*;

use self::acts::{Act, acts, part_of};
use super::*;
use crate::conversations::{
    Conversation, ConversationKind, Message, MessagePage, MessageReaction, Quote, ReadPosition,
};
use crate::friends::{Friend, FriendRequest, RequestStatus};
use crate::ids::{ClientId, Id, NotificationId};
use crate::notifications::{Happening, Notification};
use crate::time::Timestamp;
use crate::users::UserCard;

const PEOPLE: usize = 4;

fn id<T: Id>(number: impl TryInto<i64>) -> T {
    T::new(number.try_into().ok().unwrap())
}

fn me() -> UserId {
    id(1)
}

fn person(at: usize) -> UserId {
    id(10 + at)
}

fn card(user: UserId) -> UserCard {
    UserCard {
        id: user,
        username: format!("user{user}"),
        display_name: format!("User {user}"),
        avatar_url: None,
        rev: 1,
    }
}

#[derive(Debug, Clone, Default)]
enum Relation {
    #[default]
    Nothing,
    Request(FriendRequest),
    Friends(Friend),
}

#[derive(Debug, Clone, Default)]
struct Talk {
    messages: Vec<Message>,
    /// Position of its stream.
    seq: u64,
    my_read: u32,
    their_read: (u32, Option<Timestamp>),
}

/// What the database holds; one conversation with each of some people.
#[derive(Debug, Clone, Default)]
struct Server {
    clock: i64,
    /// Position of the person's own stream.
    seq: u64,
    ids: i64,
    talks: [Talk; PEOPLE],
    relations: [Relation; PEOPLE],
    notifications: BTreeMap<NotificationId, Notification>,
    seen: u64,
    read: u64,
}

/// What an event row refers to. What it says is the object at the moment at which it is read.
#[derive(Debug, Clone)]
enum Row {
    Message(usize, usize),
    Altered(usize, usize),
    Added(usize),
    Relation(usize),
    Notification(NotificationId),
    Seen(u64),
    NotificationsRead(u64),
    /// No event: the frame.
    Read(Read),
}

impl Server {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock)
    }

    fn next_id(&mut self) -> i64 {
        self.ids += 1;
        self.ids
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    fn pick(&self, at: usize) -> Option<NotificationId> {
        let ids: Vec<_> = self.notifications.keys().collect();
        (!ids.is_empty()).then(|| *ids[at % ids.len()])
    }

    /// Does it, and gives the rows that it writes.
    fn act(&mut self, act: &Act) -> Vec<Row> {
        match *act {
            Act::Write { with, .. } if !self.are_friends(with) => Vec::new(),
            Act::Write { with, mine, to } => {
                let (message_id, at) = (self.next_id(), self.now());
                let talk = &mut self.talks[with];
                let number = u32::try_from(talk.messages.len()).unwrap() + 1;
                let sender = if mine { me() } else { person(with) };
                let mut said = message(with, number, message_id, sender, at);
                talk.seq += 1;
                said.seq = talk.seq;
                let quoted = to.and_then(|to| talk.messages.get(to % talk.messages.len().max(1)));
                said.reply_to = quoted.map(Quote::of);
                talk.messages.push(said);
                if mine {
                    talk.my_read = number;
                } else {
                    talk.their_read = (number, Some(at));
                }
                if number == 1 {
                    self.next_seq();
                    return vec![Row::Added(with), Row::Message(with, 0)];
                }
                vec![Row::Message(with, number as usize - 1)]
            }
            Act::Alter { with, at, kind } => {
                let now = self.now();
                let talk = &mut self.talks[with];
                if talk.messages.is_empty() {
                    return Vec::new();
                }
                let at = at % talk.messages.len();
                talk.seq += 1;
                let altered = &mut talk.messages[at];
                altered.seq = talk.seq;
                match kind {
                    0 => {
                        altered.body = format!("changed at {}", talk.seq);
                        altered.edited_at = Some(now);
                    }
                    1 => {
                        altered.body.clear();
                        altered.reactions.clear();
                        altered.deleted_at = Some(now);
                    }
                    _ => altered.reactions.push(MessageReaction {
                        emoji: talk.seq.to_string(),
                        count: 1,
                        user_ids: vec![me()],
                    }),
                }
                let quote = Quote::of(altered);
                for answer in &mut talk.messages {
                    if let Some(known) = answer.reply_to.as_mut().filter(|known| known.id == quote.id) {
                        *known = quote.clone();
                    }
                }
                vec![Row::Altered(with, at)]
            }
            Act::Read { with, mine, part } => {
                let at = self.now();
                let talk = &mut self.talks[with];
                let number = u32::try_from(part_of(talk.messages.len() as u64, part)).unwrap();
                let known = if mine { talk.my_read } else { talk.their_read.0 };
                if number <= known {
                    return Vec::new();
                }
                if mine {
                    talk.my_read = number;
                } else {
                    talk.their_read = (number, Some(at));
                }
                // Who has parted is not told.
                if !mine && !self.are_friends(with) {
                    return Vec::new();
                }
                vec![Row::Read(Read {
                    conversation_id: id(with + 1),
                    user_id: if mine { me() } else { person(with) },
                    number,
                    at,
                })]
            }
            Act::Relate { with, kind } => {
                self.next_seq();
                let (mine, theirs) = (card(me()), card(person(with)));
                let (from, to) = if kind == 0 { (mine, theirs) } else { (theirs, mine) };
                self.relations[with] = match kind {
                    0 | 1 => Relation::Request(FriendRequest {
                        id: id(self.next_id()),
                        from,
                        to,
                        status: RequestStatus::Pending,
                        created_at: self.now(),
                        mutual_friend_count: 0,
                    }),
                    2 => Relation::Friends(Friend {
                        user: from,
                        since: self.now(),
                        online: None,
                        mutual_friend_count: None,
                    }),
                    _ => Relation::Nothing,
                };
                if self.are_friends(with) && !self.talks[with].messages.is_empty() {
                    self.next_seq();
                    return vec![Row::Relation(with), Row::Added(with)];
                }
                vec![Row::Relation(with)]
            }
            Act::News { which } => {
                let position = self.next_seq();
                let known = which.and_then(|at| self.pick(at));
                let which = known.unwrap_or_else(|| id(self.next_id()));
                let at = self.now();
                let news = self.notifications.entry(which).or_insert_with(|| Notification {
                    id: which,
                    position,
                    what: Happening::FriendAccepted,
                    actors: vec![card(person(0))],
                    actor_count: 0,
                    excerpt: None,
                    seen: false,
                    read: false,
                    created_at: at,
                    updated_at: at,
                });
                (news.position, news.updated_at) = (position, at);
                (news.seen, news.read) = (false, false);
                news.actor_count += 1;
                vec![Row::Notification(which)]
            }
            Act::Change(at) => {
                let Some(which) = self.pick(at) else {
                    return Vec::new();
                };
                self.next_seq();
                let known = self.notifications.get_mut(&which).unwrap();
                known.read = true;
                known.actor_count += 1;
                vec![Row::Notification(which)]
            }
            Act::Gone(at) => {
                let Some(which) = self.pick(at) else {
                    return Vec::new();
                };
                self.next_seq();
                self.notifications.remove(&which);
                vec![Row::Notification(which)]
            }
            Act::Seen(part) => {
                self.seen = self.seen.max(part_of(self.seq, part));
                self.next_seq();
                let seen = self.seen;
                let reached = self.notifications.values_mut().filter(|n| n.position <= seen);
                reached.for_each(|known| known.seen = true);
                vec![Row::Seen(seen)]
            }
            Act::NotificationsRead(part) => {
                self.read = self.read.max(part_of(self.seq, part));
                self.next_seq();
                let read = self.read;
                let reached = self.notifications.values_mut().filter(|n| n.position <= read);
                reached.for_each(|known| known.read = true);
                vec![Row::NotificationsRead(read)]
            }
            Act::Pause => {
                self.clock += 1_000;
                Vec::new()
            }
        }
    }

    fn are_friends(&self, with: usize) -> bool {
        matches!(self.relations[with], Relation::Friends(_))
    }
}

pub(super) fn message(with: usize, number: u32, message_id: i64, sender: UserId, at: Timestamp) -> Message {
    Message {
        id: id(message_id),
        conversation_id: id(with + 1),
        number,
        seq: u64::from(number),
        client_id: ClientId::from_random_bytes([0; 16]),
        sender: card(sender),
        body: format!("{number} of {with}"),
        reply_to: None,
        reactions: Vec::new(),
        created_at: at,
        edited_at: None,
        deleted_at: None,
    }
}

/// What must hold at every moment.
fn check(all: &Replica) {
    let conversations = &all.conversations;
    for known in &conversations.items {
        assert_eq!(known.unread_count, known.last_number - known.my_read_number);
        assert_eq!(known.my_read_number, conversations.numbers[&known.id].read);
    }
    let sorted = |keys: Vec<(i64, i64)>| assert!(keys.is_sorted_by(|a, b| a > b), "{keys:?}");
    let last = |known: &Conversation| known.last_message.as_ref().map_or(0, |m| m.id.get());
    sorted(
        conversations
            .items
            .iter()
            .map(|c| (last(c), c.id.get()))
            .collect(),
    );
    let lists = &all.friends;
    sorted(
        lists
            .friends
            .iter()
            .map(|f| (f.since.as_millis(), f.user.id.get()))
            .collect(),
    );
    sorted(lists.incoming.iter().map(|r| (r.id.get(), 0)).collect());
    sorted(lists.outgoing.iter().map(|r| (r.id.get(), 0)).collect());
    let told = &all.notifications.items;
    assert!(told.is_sorted_by(|a, b| a.position > b.position));
    for log in all.logs.values() {
        assert!(log.items.is_sorted_by(|a, b| a.number + 1 == b.number));
    }
}

/// The server after each act, and the rows with the server at their commit.
fn history(acts: &[Act]) -> (Vec<(Row, usize)>, Vec<Server>) {
    let mut servers = vec![Server::default()];
    let mut rows = Vec::new();
    for act in acts {
        let mut server = servers.last().unwrap().clone();
        rows.extend(server.act(act).into_iter().map(|row| (row, servers.len())));
        servers.push(server);
    }
    (rows, servers)
}

fn told(acts: &[Act], cuts: [f64; 3], loaded: usize, fresh: bool) -> (Replica, Vec<Server>, usize) {
    let (rows, servers) = history(acts);
    let last = servers.len() - 1;
    let at = |all: usize, part: f64| usize::try_from(part_of(all as u64, part)).unwrap();
    let snapshot = at(last, cuts[0]);
    let from = at(snapshot, cuts[1]);
    let refetched = snapshot + at(last - snapshot, cuts[2]);
    let mut all = servers[snapshot].fetched(loaded);
    check(&all);
    for (row, commit) in rows.iter().filter(|(_, commit)| *commit > from) {
        // Caught up with what the server says then; from there on with the frames.
        let then = if fresh { (*commit).max(refetched) } else { *commit };
        servers[then].tell(row, &mut all);
        check(&all);
    }
    (all, servers, snapshot)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Some events that are known already come again, as frames or as what they read now; then the new ones.
    #[test]
    fn what_was_fetched_and_events_are_what_is_fetched_later(
        acts in acts(), cuts in [0.0..1.0, 0.0..1.0, 0.0..1.0], fresh in any::<bool>(),
    ) {
        let (all, servers, _) = told(&acts, cuts, 1_000, fresh);
        let server = servers.last().unwrap();
        let expected = server.fetched(1_000);
        let unread = server.talks.iter().filter(|talk| talk.messages.len() > talk.my_read as usize);
        prop_assert_eq!(all.conversations.unread() as usize, unread.count());
        prop_assert_eq!(all, expected);
    }

    /// Live, the beginning of a list stays what lies above the end that was loaded.
    #[test]
    fn the_beginning_of_a_list_stays_one(acts in acts(), cut in 0.0..1.0, loaded in 1..5_usize) {
        let (all, servers, snapshot) = told(&acts, [cut, 1.0, 0.0], loaded, false);
        let before = servers[snapshot].fetched(loaded).notifications;
        let end = if before.more { before.items.last().map_or(0, |last| last.position) } else { 0 };
        let mut expected = servers.last().unwrap().fetched(1_000).notifications.items;
        expected.retain(|known| known.position >= end);
        prop_assert_eq!(all.notifications.items, expected);
        prop_assert_eq!(all.notifications.more, before.more);
    }

    /// Whatever comes again, what was loaded and still is there is not lost, nor older than it is.
    #[test]
    fn the_beginning_of_a_list_loses_nothing(
        acts in acts(), cuts in [0.0..1.0, 0.0..1.0, 0.0..1.0], loaded in 1..5_usize, fresh in any::<bool>(),
    ) {
        let (all, servers, snapshot) = told(&acts, cuts, loaded, fresh);
        let last = servers.last().unwrap();
        for known in servers[snapshot].fetched(loaded).notifications.items {
            let here = all.notifications.items.iter().find(|here| here.id == known.id);
            prop_assert_eq!(here, last.notifications.get(&known.id));
        }
        for here in &all.notifications.items {
            prop_assert_eq!(Some(here), last.notifications.get(&here.id));
        }
    }
}

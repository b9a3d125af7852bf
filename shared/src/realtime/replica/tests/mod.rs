//! State before + events = state fetched after, whatever is applied twice or again.

mod acts;
mod groups;
mod reading;
mod said;
mod single;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use self::acts::{Act, acts, part_of};
use self::groups::{Circle, GroupAct, GroupRow, comparable};
use self::said::Said;
use super::*;
use crate::conversations::{
    Conversation, ConversationKind, ConversationSettings, Message, MessagePage, MessageReaction, Quote,
    ReadPosition,
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
    said: Said,
    my_read: u32,
    their_read: (u32, Option<Timestamp>),
    settings: ConversationSettings,
}

/// What the database holds; one conversation with each of some people, and a group.
#[derive(Debug, Clone, Default)]
struct Server {
    clock: i64,
    /// Position of the person's own stream.
    seq: u64,
    ids: i64,
    talks: [Talk; PEOPLE],
    circle: Circle,
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
    Group(GroupRow),
    /// Likewise, for those who are in it.
    ReadInGroup(Read),
}

impl Row {
    /// It is in my own stream, which is asked for by itself.
    fn is_own(&self) -> bool {
        match self {
            Self::Message(..) | Self::Altered(..) | Self::Read(_) | Self::ReadInGroup(_) => false,
            Self::Added(_)
            | Self::Relation(_)
            | Self::Notification(_)
            | Self::Seen(_)
            | Self::NotificationsRead(_) => true,
            Self::Group(row) => row.is_own(),
        }
    }
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
                let sender = if mine { me() } else { person(with) };
                let said = message(with, talk.said.last() + 1, message_id, sender, at);
                let number = talk.said.say(said, to);
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
                let altered = self.talks[with].said.alter(at, kind, now);
                altered.map(|at| Row::Altered(with, at)).into_iter().collect()
            }
            Act::Read { with, mine, part } => {
                let at = self.now();
                let talk = &mut self.talks[with];
                let number = u32::try_from(part_of(talk.said.last().into(), part)).unwrap();
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
            Act::Set {
                with,
                muted,
                archived,
                pinned,
            } => {
                let version = id(self.next_id());
                let talk = &mut self.talks[with];
                talk.settings = ConversationSettings {
                    muted,
                    archived_number: archived.then(|| talk.said.last()),
                    pinned,
                    request: false,
                    version,
                };
                if talk.said.last() == 0 {
                    return Vec::new();
                }
                self.next_seq();
                vec![Row::Added(with)]
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
                if self.are_friends(with) && self.talks[with].said.last() > 0 {
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
                    group: None,
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
                (known.seen, known.read) = (true, true);
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
                reached.for_each(|known| (known.seen, known.read) = (true, true));
                vec![Row::NotificationsRead(read)]
            }
            Act::Group(ref act) => self.act_in_group(act),
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
        attachments: Vec::new(),
        reply_to: None,
        reactions: Vec::new(),
        created_at: at,
        edited_at: None,
        deleted_at: None,
        pinned_at: None,
    }
}

/// Whether nothing is to be counted: muted, or put away when the newest message was there already.
fn is_quiet(settings: ConversationSettings, last: u32) -> bool {
    settings.muted || settings.archived_number.map_or(-1, i64::from) >= i64::from(last)
}

/// What is pinned stands above everything else.
fn listed_key(known: &Conversation) -> i64 {
    let above = if known.settings.pinned { 1 << 60 } else { 0 };
    above + known.listed_id.get()
}

/// What must hold at every moment.
fn check(all: &Replica) {
    let conversations = &all.conversations;
    for known in &conversations.items {
        // Frames overtake events: what was read elsewhere may not be here yet.
        let unread = known.last_number.saturating_sub(known.my_read_number);
        assert_eq!(known.unread_count, unread);
        assert_eq!(known.my_read_number, conversations.numbers[&known.id].read);
        assert_eq!(known.settings, conversations.numbers[&known.id].settings);
        let readers = &known.read_positions;
        assert!(readers.is_sorted_by(|a, b| a.user_id < b.user_id));
        assert!(readers.iter().all(|reader| reader.user_id != all.me));
    }
    let listed: BTreeSet<_> = conversations.items.iter().map(|known| known.id).collect();
    assert_eq!(listed.len(), conversations.items.len());
    let sorted = |keys: Vec<(i64, i64)>| assert!(keys.is_sorted_by(|a, b| a > b), "{keys:?}");
    sorted(
        conversations
            .items
            .iter()
            .map(|c| (listed_key(c), c.id.get()))
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
        assert!(log.lines.is_sorted_by(|a, b| a.seq < b.seq));
    }
    let invited = &all.invitations.items;
    sorted(
        invited
            .iter()
            .map(|i| (i.created_at.as_millis(), i.group.id.get()))
            .collect(),
    );
    let groups: BTreeSet<_> = invited.iter().map(|known| known.group.id).collect();
    assert_eq!(groups.len(), invited.len());
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

/// What somebody has who fetched it all at one time and was told the rest.
struct Told {
    all: Replica,
    servers: Vec<Server>,
    /// Which of these it was fetched from.
    snapshot: usize,
    /// At one time nothing was left of the notifications that were loaded, and there were more.
    emptied: bool,
}

/// Which of the rows are read late: none, all, or some.
fn fresh() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), any::<u64>()]
}

/// Streams are caught up with one by one: my own when the server says what it said at one time, those of conversations
/// at another.
fn told(acts: &[Act], cuts: [f64; 4], loaded: usize, fresh: u64) -> Told {
    let (rows, servers) = history(acts);
    let last = servers.len() - 1;
    let at = |all: usize, part: f64| usize::try_from(part_of(all as u64, part)).unwrap();
    let snapshot = at(last, cuts[0]);
    let from = at(snapshot, cuts[1]);
    let refetched = [cuts[2], cuts[3]].map(|cut| snapshot + at(last - snapshot, cut));
    let mut all = servers[snapshot].fetched(loaded);
    let (mut emptied, mut missed) = (false, Vec::new());
    check(&all);
    for (at, (row, commit)) in rows.iter().enumerate().filter(|(_, (_, commit))| *commit > from) {
        // Caught up with what the server says then; from there on with the frames. One that waited stands between later ones.
        let late = (*commit).max(refetched[usize::from(row.is_own())]);
        let then = if fresh >> (at % 64) & 1 == 1 {
            late
        } else {
            *commit
        };
        match row {
            Row::Group(row) => servers[then].tell_of_group(row, then > *commit, &mut missed, &mut all),
            row => servers[then].tell(row, &mut all),
        }
        check(&all);
        emptied |= all.notifications.items.is_empty() && all.notifications.more;
    }
    Told {
        all,
        servers,
        snapshot,
        emptied,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Some events that are known already come again, as frames or as what they read now; then the new ones.
    #[test]
    fn what_was_fetched_and_events_are_what_is_fetched_later(
        acts in acts(), cuts in [0.0..1.0, 0.0..1.0, 0.0..1.0, 0.0..1.0], fresh in fresh(),
    ) {
        let Told { all, servers, .. } = told(&acts, cuts, 1_000, fresh);
        let server = servers.last().unwrap();
        let expected = server.fetched(1_000);
        let unread = server.talks.iter().filter(|talk| {
            let last = talk.said.last();
            last > talk.my_read && !is_quiet(talk.settings, last)
        });
        let unread = unread.count() + usize::from(server.circle.is_unread());
        prop_assert_eq!(all.conversations.unread() as usize, unread);
        prop_assert_eq!(comparable(all), comparable(expected));
    }

    /// Live, the beginning of a list stays what lies above the end that was loaded.
    #[test]
    fn the_beginning_of_a_list_stays_one(acts in acts(), cut in 0.0..1.0, loaded in 1..5_usize) {
        let Told { all, servers, snapshot, emptied } = told(&acts, [cut, 1.0, 0.0, 0.0], loaded, 0);
        if emptied {
            // Nobody knows any more where the end was; it begins anew with what comes next.
            return Ok(());
        }
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
        acts in acts(), cuts in [0.0..1.0, 0.0..1.0, 0.0..1.0, 0.0..1.0], loaded in 1..5_usize, fresh in fresh(),
    ) {
        let Told { all, servers, snapshot, .. } = told(&acts, cuts, loaded, fresh);
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

//! How the signed-in person stands to others. The relation to one person is held once: every list, card and
//! button that shows that person looks here. Badges are counted from it and cannot drift.

use std::collections::{HashMap, HashSet};

use hearth_shared::friends::{Friend, FriendRequest, RequestStatus};
use hearth_shared::ids::{FriendRequestId, UserId};
use hearth_shared::page::{Cursor, Page};
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::replica::friends::{self, FriendLists};
use hearth_shared::suggestions::Suggestion;
use hearth_shared::users::{Friendship, Person, UserCard};

use crate::platform::api::Failure;
use crate::store::Ptr;

/// The relation to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) friendship: Friendship,
    pub(crate) request: Option<FriendRequestId>,
    /// A change is on its way to the server.
    pub(crate) busy: bool,
    /// They take no requests from here.
    pub(crate) closed: bool,
    /// At which of [`People::writes`] the server confirmed it.
    at: u32,
    /// What an event said while a change was on its way.
    news: Option<(Friendship, Option<FriendRequestId>)>,
}

impl Relation {
    fn new(friendship: Friendship, request: Option<FriendRequestId>, at: u32) -> Self {
        Self {
            friendship,
            request,
            busy: false,
            closed: false,
            at,
            news: None,
        }
    }
}

/// What one can do about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Ask,
    Cancel(FriendRequestId),
    Accept(FriendRequestId),
    Decline(FriendRequestId),
    Remove,
    Block,
    Unblock,
}

impl Act {
    /// The relation once it is done.
    pub(crate) fn result(self) -> Friendship {
        match self {
            Self::Ask => Friendship::Outgoing,
            Self::Accept(_) => Friendship::Friends,
            Self::Block => Friendship::Blocked,
            Self::Cancel(_) | Self::Decline(_) | Self::Remove | Self::Unblock => Friendship::None,
        }
    }
}

/// A list that is loaded page by page. While it is loaded anew the old items stay.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<Cursor>,
    pub(crate) loading: bool,
    /// Something was loaded at least once.
    pub(crate) known: bool,
    pub(crate) failure: Option<Failure>,
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
            loading: false,
            known: false,
            failure: None,
        }
    }
}

impl<T> Listing<T> {
    /// A page is being asked for.
    pub(crate) fn begin(&mut self) {
        self.loading = true;
        self.failure = None;
    }

    /// The first page, or one more, has come or has not.
    pub(crate) fn settle(&mut self, more: bool, outcome: Result<Page<T>, Failure>) {
        self.loading = false;
        match outcome {
            Ok(page) => {
                if !more {
                    self.items.clear();
                }
                self.items.extend(page.items);
                self.next = page.next_cursor;
                self.known = true;
                self.failure = None;
            }
            Err(failure) => self.failure = Some(failure),
        }
    }
}

/// Whether somebody is called so: words of their name, or their username, begin like each of these. Capitals are the
/// same in plain Latin letters only; the tables for the others would be 24 KB of WebAssembly.
pub(crate) fn matches(user: &UserCard, query: &str) -> bool {
    query.split_whitespace().all(|part| {
        let begins = |word: &str| {
            word.get(..part.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(part))
        };
        user.display_name.split_whitespace().any(begins) || begins(&user.username)
    })
}

/// Everything about friends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct People {
    relations: HashMap<UserId, Relation>,
    /// How many changes of this page the server has confirmed.
    writes: u32,
    pub(crate) friends: Ptr<Listing<Friend>>,
    pub(crate) incoming: Ptr<Listing<FriendRequest>>,
    pub(crate) outgoing: Ptr<Listing<FriendRequest>>,
    pub(crate) found: Ptr<Listing<Person>>,
    pub(crate) suggested: Ptr<Listing<Suggestion>>,
    /// Suggestions that were sent away, also those that may still be taken back.
    pub(crate) hidden: HashSet<UserId>,
    /// What was searched for.
    pub(crate) query: String,
}

impl Default for People {
    fn default() -> Self {
        Self {
            relations: HashMap::new(),
            writes: 0,
            friends: Ptr::new(Listing::default()),
            incoming: Ptr::new(Listing::default()),
            outgoing: Ptr::new(Listing::default()),
            found: Ptr::new(Listing::default()),
            suggested: Ptr::new(Listing::default()),
            hidden: HashSet::new(),
            query: String::new(),
        }
    }
}

impl People {
    /// The relation to a person, as far as it is known.
    pub(crate) fn relation(&self, user: UserId) -> Option<Relation> {
        self.relations.get(&user).copied()
    }

    /// Requests that wait for an answer.
    pub(crate) fn waiting(&self) -> u32 {
        let waits = |request: &&FriendRequest| {
            self.relation(request.from.id)
                .is_some_and(|relation| relation.friendship == Friendship::Incoming)
        };
        u32::try_from(self.incoming.items.iter().filter(waits).count()).unwrap_or(u32::MAX)
    }

    /// A read starts: its answer knows nothing of the changes that are confirmed meanwhile.
    pub(crate) fn reading(&self) -> u32 {
        self.writes
    }

    /// The server said how things stood at some time since a read started. A change on its way knows better
    /// until it has been answered, and so does one that was confirmed since then.
    pub(crate) fn learn(
        &mut self,
        user: UserId,
        friendship: Friendship,
        request: Option<FriendRequestId>,
        since: u32,
    ) {
        let known = self.relations.get(&user);
        if known.is_none_or(|known| !known.busy && known.at <= since) {
            let at = known.map_or(0, |known| known.at);
            self.relations
                .insert(user, Relation::new(friendship, request, at));
        }
    }

    /// A person was read.
    pub(crate) fn learn_person(&mut self, person: &Person, since: u32) {
        self.learn(person.user.id, person.friendship, person.request_id, since);
        if person.friendship == Friendship::None {
            self.close(person.user.id, !person.can_request);
        }
    }

    /// Whether a person takes requests from here. It matters only while there is nothing between the two.
    pub(crate) fn close(&mut self, user: UserId, closed: bool) {
        if let Some(relation) = self.relations.get_mut(&user) {
            relation.closed = closed;
        }
    }

    /// The suggestions that have not been sent away.
    pub(crate) fn suggestions(&self) -> Vec<Suggestion> {
        let shown = |one: &&Suggestion| !self.hidden.contains(&one.user.id);
        self.suggested.items.iter().filter(shown).cloned().collect()
    }

    /// A page of requests was read.
    pub(crate) fn learn_requests(&mut self, requests: &[FriendRequest], incoming: bool, since: u32) {
        for request in requests {
            let (user, friendship) = match (request.status, incoming) {
                (RequestStatus::Accepted, true) => (request.from.id, Friendship::Friends),
                (RequestStatus::Accepted, false) => (request.to.id, Friendship::Friends),
                (RequestStatus::Pending, true) => (request.from.id, Friendship::Incoming),
                (RequestStatus::Pending, false) => (request.to.id, Friendship::Outgoing),
            };
            self.learn(user, friendship, Some(request.id), since);
        }
    }

    /// Shows a change before the server has confirmed it. Gives the relation to return to; none when another
    /// change is on its way.
    pub(crate) fn begin(&mut self, user: UserId, act: Act) -> Option<Relation> {
        let before = self
            .relation(user)
            .unwrap_or(Relation::new(Friendship::None, None, 0));
        if before.busy {
            return None;
        }
        self.relations.insert(
            user,
            Relation {
                busy: true,
                ..Relation::new(act.result(), None, before.at)
            },
        );
        Some(before)
    }

    /// The change was made, or the relation is what the server now says.
    pub(crate) fn settle(&mut self, user: UserId, friendship: Friendship, request: Option<FriendRequestId>) {
        self.writes += 1;
        // What an event said meanwhile is newer, or is followed by one that is.
        let news = self.relation(user).and_then(|relation| relation.news);
        // That what was has ended is no news of a block, which ended it.
        let news = news.filter(|_| friendship != Friendship::Blocked);
        let (friendship, request) = news.unwrap_or((friendship, request));
        self.relations
            .insert(user, Relation::new(friendship, request, self.writes));
    }

    /// The change was refused: everything is as it was, or as an event said meanwhile.
    pub(crate) fn revert(&mut self, user: UserId, before: Relation) {
        match self.relation(user).and_then(|relation| relation.news) {
            Some((friendship, request)) => self.settle(user, friendship, request),
            None => {
                self.relations.insert(user, before);
            }
        }
    }

    /// Applies an event: the server's newest word, also for the lists. A change on its way keeps what it shows
    /// until it has been answered. Gives the person whose relation is another now.
    pub(crate) fn apply(&mut self, me: UserId, event: &Event) -> Option<UserId> {
        let mut lists = FriendLists {
            friends: self.friends.items.clone(),
            incoming: self.incoming.items.clone(),
            outgoing: self.outgoing.items.clone(),
        };
        let user = friends::apply(
            me,
            event,
            &mut lists.friends,
            &mut lists.incoming,
            &mut lists.outgoing,
        )?;
        self.friends.change(|list| list.items = lists.friends);
        // A request that was accepted here stays where it was pressed and says so, until the page is left.
        let accepted = matches!(event, Event::FriendAdded { .. })
            && self
                .relation(user)
                .is_some_and(|relation| relation.friendship == Friendship::Friends);
        if !accepted {
            self.incoming.change(|list| list.items = lists.incoming);
        }
        self.outgoing.change(|list| list.items = lists.outgoing);
        let (friendship, request) = match event {
            Event::FriendAdded { .. } => (Friendship::Friends, None),
            Event::FriendRequest { request } if request.from.id == me => {
                (Friendship::Outgoing, Some(request.id))
            }
            Event::FriendRequest { request } => (Friendship::Incoming, Some(request.id)),
            _ => (Friendship::None, None),
        };
        match self.relations.get_mut(&user) {
            Some(relation) if relation.busy => relation.news = Some((friendship, request)),
            // A friendship that ends because of a block leaves the block.
            Some(relation)
                if relation.friendship == Friendship::Blocked && friendship == Friendship::None => {}
            _ => self.settle(user, friendship, request),
        }
        Some(user)
    }
}

#[cfg(test)]
mod tests;

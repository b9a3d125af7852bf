//! A fresh read of everything that is somebody's: what a device must show that was told all the time.

use std::collections::BTreeMap;

use hearth_shared::conversations::members::ListGroupInvitations;
use hearth_shared::conversations::{ListConversations, ListMessages, MessagesQuery};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{
    Direction, Friend, FriendsQuery, ListFriendRequests, ListFriends, RequestsQuery,
};
use hearth_shared::ids::ConversationId;
use hearth_shared::notifications::{ListNotifications, NotificationsQuery};
use hearth_shared::page::PageQuery;
use hearth_shared::realtime::replica::Replica;
use hearth_shared::realtime::replica::messages::MessageLog;
use hearth_shared::realtime::{GetSync, Stream};

use crate::{Client, Person};

pub(crate) async fn messages(app: &Client, person: &Person, id: ConversationId) -> (MessageLog, u64) {
    let call = ListMessages { conversation_id: id };
    let query = MessagesQuery {
        limit: Some(100),
        ..MessagesQuery::default()
    };
    let mut page = person.call_with(app, &call, &query, &Nothing).await.unwrap();
    let seq = page.seq;
    let mut log = MessageLog::new(id, page.clone());
    while page.has_more_before {
        let query = MessagesQuery {
            before: log.first(),
            limit: Some(100),
            ..MessagesQuery::default()
        };
        page = person.call_with(app, &call, &query, &Nothing).await.unwrap();
        log.merge(page.clone());
    }
    (log, seq)
}

/// Everything of a person as it is now, and the positions at which it was read.
pub async fn fetch(app: &Client, person: &Person) -> (Replica, BTreeMap<Stream, u64>) {
    let mut replica = Replica::new(person.id());
    let mut positions = BTreeMap::new();
    let me = Stream::User(person.id());
    let mut at = |stream: Stream, seq: u64| {
        let known = positions.entry(stream).or_insert(seq);
        *known = seq.min(*known);
    };
    let limit = Some(100);
    let page = PageQuery { limit, cursor: None };
    let everybody = FriendsQuery {
        limit,
        ..FriendsQuery::default()
    };
    let friends = person
        .call_with(app, &ListFriends {}, &everybody, &Nothing)
        .await
        .unwrap();
    at(me, friends.seq.unwrap());
    // What only the list tells is no part of what events keep up to date.
    let friends = friends.items.into_iter().map(|friend| Friend {
        online: None,
        mutual_friend_count: None,
        ..friend
    });
    replica.friends.friends = friends.collect();
    for direction in [Direction::Incoming, Direction::Outgoing] {
        let query = RequestsQuery {
            direction,
            limit,
            cursor: None,
        };
        let requests = person
            .call_with(app, &ListFriendRequests {}, &query, &Nothing)
            .await
            .unwrap();
        at(me, requests.seq.unwrap());
        match direction {
            Direction::Incoming => replica.friends.incoming = requests.items,
            Direction::Outgoing => replica.friends.outgoing = requests.items,
        }
    }
    let mut query = NotificationsQuery {
        limit,
        ..NotificationsQuery::default()
    };
    loop {
        let told = person
            .call_with(app, &ListNotifications {}, &query, &Nothing)
            .await
            .unwrap();
        at(me, told.seq.unwrap());
        replica.notifications.items.extend(told.items);
        query.cursor = told.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    let invitations = person
        .call_with(app, &ListGroupInvitations {}, &page, &Nothing)
        .await
        .unwrap();
    at(me, invitations.seq.unwrap());
    replica.invitations.items = invitations.items;
    let conversations = person
        .call_with(app, &ListConversations {}, &page, &Nothing)
        .await
        .unwrap();
    at(me, conversations.seq.unwrap());
    for conversation in conversations.items {
        let id = conversation.id;
        let (log, seq) = messages(app, person, id).await;
        at(Stream::Conversation(id), seq.min(conversation.last_seq));
        replica.conversations.put(conversation);
        replica.logs.insert(id, log);
    }
    let sync = person.call(app, &GetSync {}, &Nothing).await.unwrap();
    at(me, sync.user_seq);
    replica.counts = sync.counts;
    replica.conversations.on_sync(&sync);
    (replica, positions)
}

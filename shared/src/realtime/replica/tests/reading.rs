//! What is read from the server of the histories: all of it, and one row of a stream.

use super::*;

impl Server {
    pub(super) fn conversation(&self, with: usize) -> Conversation {
        let talk = &self.talks[with];
        let theirs = ReadPosition {
            user_id: person(with),
            number: talk.their_read.0,
            at: talk.their_read.1,
        };
        let last = talk.said.last();
        Conversation {
            id: id(with + 1),
            kind: ConversationKind::Direct,
            other: Some(card(person(with))),
            group: None,
            my_role: None,
            first_number: 1,
            listed_id: id(talk
                .said
                .messages
                .last()
                .map_or(with + 1, |last| usize::try_from(last.id.get()).unwrap())),
            member_count: 2,
            can_send: self.are_friends(with),
            request: None,
            last_message: talk.said.messages.last().cloned(),
            last_number: last,
            my_read_number: talk.my_read,
            unread_count: last - talk.my_read,
            read_positions: if self.are_friends(with) {
                vec![theirs]
            } else {
                Vec::new()
            },
            last_seq: talk.said.seq,
            membership_version: 1,
            settings: talk.settings,
            created_at: Timestamp::from_millis(0),
        }
    }

    /// What is read from the server now.
    pub(super) fn fetched(&self, notifications: usize) -> Replica {
        let mut all = Replica::new(me());
        let said = (0..PEOPLE).filter(|with| self.talks[*with].said.last() > 0);
        let read = said.map(|with| (self.conversation(with), self.talks[with].said.page(Vec::new())));
        let group = self
            .circle
            .conversation()
            .map(|group| (group, self.circle.page()));
        let mut read: Vec<_> = read.chain(group).collect();
        read.sort_by_key(|(known, _)| std::cmp::Reverse((known.settings.pinned, known.listed_id, known.id)));
        for (known, page) in read {
            let numbers = conversations::Numbers {
                last: known.last_number,
                read: known.my_read_number,
                settings: known.settings,
            };
            all.conversations.numbers.insert(known.id, numbers);
            all.logs.insert(known.id, MessageLog::new(known.id, page));
            all.conversations.items.push(known);
        }
        all.invitations.items = self.circle.invitation().into_iter().collect();
        for relation in &self.relations {
            match relation {
                Relation::Nothing => {}
                Relation::Friends(friend) => all.friends.friends.push(friend.clone()),
                Relation::Request(request) if request.from.id == me() => {
                    all.friends.outgoing.push(request.clone());
                }
                Relation::Request(request) => all.friends.incoming.push(request.clone()),
            }
        }
        let lists = &mut all.friends;
        lists
            .friends
            .sort_by_key(|known| std::cmp::Reverse((known.since, known.user.id)));
        lists.incoming.sort_by_key(|known| std::cmp::Reverse(known.id));
        lists.outgoing.sort_by_key(|known| std::cmp::Reverse(known.id));
        let mut told: Vec<_> = self.notifications.values().cloned().collect();
        told.sort_by_key(|known| std::cmp::Reverse(known.position));
        all.notifications.more = told.len() > notifications;
        told.truncate(notifications);
        all.notifications.items = told;
        all
    }

    /// Applies a row as it reads now.
    pub(super) fn tell(&self, row: &Row, to: &mut Replica) {
        let event = match row {
            Row::Message(with, at) => {
                let message = self.talks[*with].said.messages[*at].clone();
                Event::MessageCreated { message }
            }
            Row::Altered(with, at) => {
                let message = self.talks[*with].said.messages[*at].clone();
                Event::MessageChanged { message }
            }
            Row::Added(with) => Event::ConversationAdded {
                conversation: Box::new(self.conversation(*with)),
            },
            Row::Relation(with) => match self.relations[*with].clone() {
                Relation::Nothing => Event::FriendRemoved {
                    user_id: person(*with),
                },
                Relation::Request(request) => Event::FriendRequest { request },
                Relation::Friends(friend) => Event::FriendAdded { friend },
            },
            Row::Notification(id) => match self.notifications.get(id).cloned() {
                Some(notification) => Event::Notification { notification },
                None => Event::NotificationGone { id: *id },
            },
            Row::Seen(up_to) => Event::NotificationsSeen { up_to: *up_to },
            Row::NotificationsRead(up_to) => Event::NotificationsRead { up_to: *up_to },
            Row::Read(read) => return to.read(read),
            Row::ReadInGroup(read) if self.circle.has_me() => return to.read(read),
            Row::ReadInGroup(_) => return,
            Row::Group(row) => self.circle.event(row),
        };
        // Whoever is told of a new conversation opens it.
        if let Event::ConversationAdded { conversation } = &event {
            let page = if conversation.kind == ConversationKind::Group {
                self.circle.page()
            } else {
                Said::default().page(Vec::new())
            };
            let log = MessageLog::new(conversation.id, page);
            to.logs.entry(conversation.id).or_insert(log);
        }
        to.apply(&event, None);
    }
}

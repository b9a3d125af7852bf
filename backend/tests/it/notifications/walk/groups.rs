//! What people do in groups, as far as others are told of it.

use std::collections::{BTreeMap, BTreeSet};

use hearth_shared::conversations::groups::{History, JoinGroup, LeaveGroup, NewGroup};
use hearth_shared::conversations::members::{
    DeclineGroupInvitation, InviteToGroup, Invitees, RemoveMember, WithdrawInvitation,
};
use hearth_shared::conversations::{
    DeleteMessage, EditMessage, MarkRead, MessagePatch, NewMessage, NewReadPosition, SendMessage,
};
use hearth_shared::endpoint::Nothing;
use rand::RngExt;

use super::Walk;
use super::acts::{Act, outcome};
use super::model::{Group, Message, Who};
use crate::groups::{make, public};
use crate::support::client_id;

/// The groups that there are; the last one shows nothing of before to those who come.
const GROUPS: usize = 3;
/// People do something with what is new.
const NEW_MESSAGES: usize = 30;

impl Walk<'_> {
    pub(super) async fn make_groups(&mut self) {
        for owner in 0..GROUPS {
            let shows_all = owner + 1 < GROUPS;
            let new = NewGroup {
                history: if shows_all {
                    History::All
                } else {
                    History::FromJoining
                },
                ..public(&format!("Group {owner}"))
            };
            let made = make(self.app, &self.people[owner], &new).await;
            self.names.groups.insert(made.id, owner);
            self.world.groups.push(Group {
                id: made.id,
                owner,
                shows_all,
                members: BTreeMap::from([(owner, 0)]),
                invited: BTreeMap::new(),
                messages: Vec::new(),
            });
        }
    }

    fn a_group(&mut self) -> usize {
        self.dice.random_range(0..GROUPS)
    }

    fn a_member(&mut self, group: usize) -> Who {
        let members: Vec<Who> = self.world.groups[group].members.keys().copied().collect();
        self.one_of(&members).unwrap()
    }

    pub(super) async fn invite(&mut self) -> Act {
        let group = self.a_group();
        let (by, who) = (self.a_member(group), self.any_person());
        let call = InviteToGroup {
            conversation_id: self.world.groups[group].id,
        };
        let whom = Invitees {
            user_ids: vec![self.people[who].id()],
        };
        let allowed = by != who && self.world.are_friends(by, who);
        let of = &self.world.groups[group];
        let new = !of.members.contains_key(&who) && !of.invited.contains_key(&who);
        let answer = self.ask(by, &call, &whom).await;
        let words = format!("{by} asks {who} into group {group}{}", outcome(allowed));
        if by == who {
            // One is there: whether that is an answer or a mistake is told elsewhere.
            return Act::nothing();
        }
        assert_eq!(answer.is_ok(), allowed, "{}: {words}: {answer:?}", self.place());
        if allowed && new {
            self.world.invited(group, who, by);
        }
        Act::between([by, who], words)
    }

    pub(super) async fn answer_invitation(&mut self) -> Act {
        let waiting: Vec<(usize, Who)> = (0..GROUPS)
            .flat_map(|group| {
                self.world.groups[group]
                    .invited
                    .keys()
                    .map(move |who| (group, *who))
            })
            .collect();
        let Some((group, who)) = self.one_of(&waiting) else {
            return Act::nothing();
        };
        let conversation_id = self.world.groups[group].id;
        match self.dice.random_range(0..4) {
            0..2 => {
                self.ask(who, &JoinGroup { conversation_id }, &Nothing)
                    .await
                    .unwrap();
                self.world.came(group, who);
                Act::between([who], format!("{who}, who was asked, comes into group {group}"))
            }
            2 => {
                let call = DeclineGroupInvitation { conversation_id };
                self.ask(who, &call, &Nothing).await.unwrap();
                self.world.invitation_gone(group, who);
                Act::between([who], format!("{who} declines to come into group {group}"))
            }
            _ => {
                let owner = self.world.groups[group].owner;
                let call = WithdrawInvitation {
                    conversation_id,
                    user_id: self.people[who].id(),
                };
                self.ask(owner, &call, &Nothing).await.unwrap();
                self.world.invitation_gone(group, who);
                Act::between(
                    [who],
                    format!("{owner} takes back that {who} may come into group {group}"),
                )
            }
        }
    }

    pub(super) async fn come_or_go(&mut self) -> Act {
        let (group, who) = (self.a_group(), self.any_person());
        let (conversation_id, owner) = (self.world.groups[group].id, self.world.groups[group].owner);
        if who == owner {
            return Act::nothing();
        }
        let words = if !self.world.groups[group].members.contains_key(&who) {
            self.ask(who, &JoinGroup { conversation_id }, &Nothing)
                .await
                .unwrap();
            self.world.came(group, who);
            format!("{who} comes into group {group}")
        } else if self.dice.random_bool(0.4) {
            self.ask(who, &LeaveGroup { conversation_id }, &Nothing)
                .await
                .unwrap();
            self.world.went(group, who);
            format!("{who} leaves group {group}")
        } else if self.dice.random_bool(0.3) {
            let user_id = self.people[who].id();
            let call = RemoveMember {
                conversation_id,
                user_id,
            };
            self.ask(owner, &call, &Nothing).await.unwrap();
            self.world.went(group, who);
            format!("{owner} removes {who} from group {group}")
        } else {
            return Act::nothing();
        };
        Act::between([who], words)
    }

    /// One or two of those who are there, mostly.
    fn names_of_members(&mut self, group: usize) -> BTreeSet<Who> {
        let mut names = self.some_names();
        names.insert(self.a_member(group));
        names
    }

    pub(super) async fn say_in_group(&mut self) -> Act {
        let group = self.a_group();
        let (by, wanted) = (self.a_member(group), self.names_of_members(group));
        let body = self.text(&wanted);
        let new = NewMessage {
            client_id: client_id(),
            body: body.clone(),
            reply_to_id: None,
            media_ids: Vec::new(),
        };
        let call = SendMessage {
            conversation_id: self.world.groups[group].id,
        };
        let sent = self.ask(by, &call, &new).await.unwrap();
        let message = self.world.groups[group].messages.len();
        let names = self
            .world
            .named_in_message((group, message), by, &wanted, &BTreeSet::new());
        self.names.messages.insert(sent.id, (group, message));
        self.world.groups[group].messages.push(Message {
            id: sent.id,
            number: sent.number,
            author: by,
            body,
            names: names.clone(),
            removed: false,
        });
        self.world.message_named(group, by, &names);
        self.in_group(
            group,
            by,
            format!("{by} says in group {group} message {message}, naming {names:?}"),
        )
    }

    fn in_group(&self, group: usize, by: Who, words: String) -> Act {
        let mut people: BTreeSet<Who> = self.world.groups[group].members.keys().copied().collect();
        people.insert(by);
        Act::between(people, words)
    }

    /// A message that is there, of somebody who sees it.
    fn a_message(&mut self) -> Option<(usize, usize)> {
        let group = self.a_group();
        let all = self.world.groups[group].messages.len();
        let mut some: Vec<usize> = (all.saturating_sub(NEW_MESSAGES)..all).collect();
        some.retain(|message| {
            let author = self.world.groups[group].messages[*message].author;
            self.world.sees_message(author, group, *message)
        });
        Some((group, self.one_of(&some)?))
    }

    /// Somebody reads what was said, on one of their devices; mostly all of it.
    pub(super) async fn read_in_group(&mut self) -> Act {
        let group = self.a_group();
        let (who, all) = (self.a_member(group), self.world.groups[group].messages.len());
        let Some(message) = all.checked_sub(1 + self.dice.random_range(0..3)) else {
            return Act::nothing();
        };
        let of = &self.world.groups[group];
        let (call, number) = (
            MarkRead {
                conversation_id: of.id,
            },
            of.messages[message].number,
        );
        self.ask(who, &call, &NewReadPosition { number }).await.unwrap();
        self.world.read_in_group(group, who, message);
        Act::between(
            [who],
            format!("{who} reads group {group} up to message {message}"),
        )
    }

    pub(super) async fn say_otherwise(&mut self) -> Act {
        let Some((group, message)) = self.a_message() else {
            return Act::nothing();
        };
        let wanted = self.names_of_members(group);
        let body = self.text(&wanted);
        let one = &self.world.groups[group].messages[message];
        let (by, before) = (one.author, one.names.clone());
        let call = EditMessage { message_id: one.id };
        let patch = MessagePatch { body: body.clone() };
        self.ask(by, &call, &patch).await.unwrap();
        let after = self
            .world
            .named_in_message((group, message), by, &wanted, &before);
        let one = &mut self.world.groups[group].messages[message];
        one.body = body;
        one.names.clone_from(&after);
        self.world.touch_group(group);
        self.world.settle();
        let new: BTreeSet<Who> = after.difference(&before).copied().collect();
        self.world.message_named(group, by, &new);
        let words =
            format!("{by} rewrites message {message} of group {group}, naming {after:?} after {before:?}");
        self.in_group(group, by, words)
    }

    pub(super) async fn take_message_back(&mut self) -> Act {
        let Some((group, message)) = self.a_message() else {
            return Act::nothing();
        };
        let one = &self.world.groups[group].messages[message];
        let (by, call) = (one.author, DeleteMessage { message_id: one.id });
        self.ask(by, &call, &Nothing).await.unwrap();
        self.world.groups[group].messages[message].removed = true;
        self.world.touch_group(group);
        self.world.settle();
        self.in_group(
            group,
            by,
            format!("{by} takes message {message} of group {group} back"),
        )
    }
}

//! People change their names and pictures. Their cards stand in every piece of the copy, and each takes the newer
//! one, whether it comes with an object or by itself ([`UserFrame`](crate::realtime::frames::UserFrame)).

use super::conversations::ConversationList;
use super::friends::FriendLists;
use super::invitations::InvitationList;
use super::messages::MessageLog;
use super::notifications::NotificationList;
use crate::conversations::Message;
use crate::users::UserCard;

impl UserCard {
    /// Becomes the other card, when that is the same person's and newer.
    pub fn renew(&mut self, card: &Self) {
        if self.id == card.id && self.rev < card.rev {
            self.clone_from(card);
        }
    }
}

impl FriendLists {
    /// Takes a card in.
    pub fn renew(&mut self, card: &UserCard) {
        for friend in &mut self.friends {
            friend.user.renew(card);
        }
        for request in self.incoming.iter_mut().chain(&mut self.outgoing) {
            request.from.renew(card);
            request.to.renew(card);
        }
    }
}

impl NotificationList {
    /// Takes a card in.
    pub fn renew(&mut self, card: &UserCard) {
        let actors = self.items.iter_mut().flat_map(|told| &mut told.actors);
        actors.for_each(|actor| actor.renew(card));
    }
}

impl ConversationList {
    /// Takes a card in.
    pub fn renew(&mut self, card: &UserCard) {
        for talk in &mut self.items {
            if let Some(other) = &mut talk.other {
                other.renew(card);
            }
            if let Some(last) = &mut talk.last_message {
                last.renew_people(card);
            }
        }
    }
}

impl InvitationList {
    /// Takes a card in.
    pub fn renew(&mut self, card: &UserCard) {
        self.items.iter_mut().for_each(|known| known.by.renew(card));
    }
}

impl Message {
    /// Takes a card in: who wrote it, and who wrote what it quotes.
    fn renew_people(&mut self, card: &UserCard) {
        self.sender.renew(card);
        if let Some(quote) = &mut self.reply_to {
            quote.sender.renew(card);
        }
    }
}

impl MessageLog {
    /// Takes a card in.
    pub fn renew(&mut self, card: &UserCard) {
        for message in &mut self.items {
            message.renew_people(card);
        }
        for line in &mut self.lines {
            line.actor.renew(card);
            line.subject.renew(card);
        }
    }
}

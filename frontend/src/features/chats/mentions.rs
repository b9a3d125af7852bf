//! People who are named in messages. What a message says does not tell whose a name is: it leads to somebody who is known
//! in the conversation.

use hearth_shared::conversations::Conversation;
use hearth_shared::posts::Mention;
use hearth_shared::rich_text::{Piece, pieces};
use hearth_shared::users::UserCard;

use super::state::Talk;
use crate::ui::avatar::current;

/// The names in a text, without the @.
fn named(text: &str) -> impl Iterator<Item = &str> {
    // Most texts name nobody, and need not be cut into pieces for that.
    let all = if text.contains('@') {
        pieces(text)
    } else {
        Vec::new()
    };
    all.into_iter().filter_map(|piece| match piece {
        Piece::Mention(name) => name.strip_prefix('@'),
        _ => None,
    })
}

/// Whether a text names somebody.
pub(super) fn names(text: &str, user: &UserCard) -> bool {
    named(text).any(|name| name.eq_ignore_ascii_case(&user.username))
}

/// Those whom a text names, as far as they are known here.
pub(super) fn of(text: &str, me: &UserCard, known: &Conversation, talk: &Talk) -> Vec<Mention> {
    named(text)
        .filter_map(|name| {
            let senders = talk
                .log
                .iter()
                .flat_map(|log| &log.items)
                .map(|said| &said.sender);
            let members = talk.members.items.iter().map(|member| &member.user);
            let mut all = [me].into_iter().chain(&known.other).chain(members).chain(senders);
            let card = all.find(|card| card.username.eq_ignore_ascii_case(name))?;
            Some(Mention {
                name: name.to_owned(),
                username: current(card).username,
            })
        })
        .collect()
}

/// Whether it takes the list of a group's members to know who is named here.
pub(super) fn want_members(known: &Conversation, talk: &Talk) -> bool {
    let mut messages = talk.log.iter().flat_map(|log| &log.items);
    known.group.is_some() && !talk.members.known && messages.any(|message| message.body.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::posts::state::tests::user;

    #[test]
    fn somebody_is_named_by_their_whole_name_whatever_its_capitals() {
        let ada = UserCard {
            username: "ada_1".into(),
            ..user(1)
        };
        for (text, named) in [
            ("@ada_1", true),
            ("Well, @ADA_1!", true),
            ("@ada_12", false),
            ("ada_1", false),
            ("me@ada_1", false),
        ] {
            assert_eq!(names(text, &ada), named, "{text}");
        }
    }
}

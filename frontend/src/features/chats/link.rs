//! Messages have addresses: whoever follows one comes to the message, wherever in its conversation it is.

use hearth_shared::conversations::MessagesQuery;
use hearth_shared::ids::ConversationId;
use yew::prelude::*;
use yew_router::prelude::*;

use super::pages;
use super::viewer::PICTURE;
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::dom;
use crate::routes::{self, MESSAGE_QUERY, Route, message_at};
use crate::text::chats as words;

/// Messages around the one that is sought.
const AROUND: u32 = 30;

/// The message that the address names, and the entry of the history: whoever follows the same address again wants to come
/// there again. None on other pages.
#[hook]
pub(super) fn use_named(id: ConversationId) -> Option<Named> {
    let followed = use_mut_ref(Followed::default);
    let location = use_location().filter(|location| location.path() == Route::Chat { id }.to_path())?;
    let number = routes::query_value(&location, MESSAGE_QUERY).and_then(|number| number.parse().ok());
    let large = routes::query_value(&location, PICTURE).is_some();
    followed.borrow_mut().follow(location.id(), number, large)
}

/// An entry of the history, and the number of the message that it names.
type Named = (Option<u32>, u32);

/// The address that was followed last.
#[derive(Default)]
struct Followed {
    /// A picture was large there.
    large: bool,
    entry: Option<u32>,
    named: Option<Named>,
}

impl Followed {
    /// Another address, or the same. A picture that is opened over what is read, or closed, leads nowhere.
    fn follow(&mut self, entry: Option<u32>, number: Option<u32>, large: bool) -> Option<Named> {
        let stays = self.entry == entry || self.large || large;
        if !stays || self.named.map(|(_, number)| number) != number {
            self.named = number.map(|number| (entry, number));
        }
        (self.entry, self.large) = (entry, large);
        self.named
    }
}

/// Comes to the message that an address names, in a conversation that was read.
pub(super) async fn arrive(app: &App, id: ConversationId, number: u32) {
    match seek(app, id, number).await {
        Ok(true) => {}
        Ok(false) => {
            app.base.say(words::NOT_FOUND);
            // What is around nothing is no place to begin.
            drop(pages::read_anew(app, id).await);
        }
        Err(failure) => {
            let here = app.chats.read(|chats| chats.talk(id).log.is_some());
            // Without a connection the newest may be there. Where nothing else is shown the page says it.
            if here || (failure.is_passing() && pages::load_newest(app, id).await.is_ok()) {
                app.base.warn(words::NOT_FOUND, &failure);
            }
        }
    }
}

/// Brings a message onto the screen, wherever in the conversation it is, unless the reader goes elsewhere meanwhile. False
/// when there is none to see.
///
/// # Errors
/// When the messages around it did not come.
pub(super) async fn seek(app: &App, id: ConversationId, number: u32) -> Result<bool, Failure> {
    let is_here = || {
        let talk = app.chats.read(|chats| chats.talk(id));
        let mut loaded = talk.log.iter().flat_map(|log| &log.items);
        loaded.any(|message| message.number == number)
    };
    app.chats
        .change_quietly(|chats| chats.change(id, |talk| talk.wanted = Some(number)));
    if !is_here() {
        let query = MessagesQuery {
            around: Some(number),
            limit: Some(AROUND),
            ..MessagesQuery::default()
        };
        let outcome = pages::load_page(app, id, query).await;
        if app.chats.read(|chats| chats.talk(id).wanted) != Some(number) {
            return Ok(true);
        }
        outcome?;
    }
    let found = is_here();
    if found {
        app.chats.change(|chats| {
            if chats.open == Some(id) {
                chats.change(id, |talk| talk.sought = Some(number));
            }
        });
    }
    Ok(found)
}

/// Puts the address of a message where it can be pasted from.
pub(super) fn copy(app: &App, id: ConversationId, number: u32) {
    super::message_actions::copy(app, &format!("{}{}", dom::origin(), message_at(id, number)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_over_a_message_leads_nowhere() {
        let mut followed = Followed::default();
        let mut follow = |entry, number, large| followed.follow(Some(entry), number, large);
        assert_eq!(follow(1, None, false), None);
        assert_eq!(follow(2, Some(12), false), Some((Some(2), 12)));
        assert_eq!(follow(3, Some(12), true), Some((Some(2), 12)), "opened");
        assert_eq!(follow(4, Some(12), true), Some((Some(2), 12)), "another one");
        assert_eq!(follow(5, Some(12), false), Some((Some(2), 12)), "closed");
        assert_eq!(follow(5, Some(12), false), Some((Some(2), 12)));
        assert_eq!(
            follow(6, Some(12), false),
            Some((Some(6), 12)),
            "the same once more"
        );
        assert_eq!(follow(7, Some(9), true), Some((Some(7), 9)), "another message");
        assert_eq!(follow(8, None, false), None);
    }

    #[test]
    fn whoever_comes_to_a_picture_by_its_address_comes_to_its_message() {
        let mut followed = Followed::default();
        assert_eq!(followed.follow(None, Some(12), true), Some((None, 12)));
        assert_eq!(followed.follow(Some(1), Some(12), false), Some((None, 12)));
    }
}

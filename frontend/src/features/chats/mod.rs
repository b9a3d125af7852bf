//! Conversations of two and of groups: the list, and the one that is read and written in.

pub(crate) mod actions;
mod addresses;
mod announce;
mod attachments;
mod changes;
mod composer;
mod drafts;
pub(crate) mod find;
mod head;
pub(crate) mod kept;
mod lines;
mod link;
mod list;
mod mentions;
mod message;
mod message_actions;
mod names;
pub(crate) mod pages;
mod pins;
pub(crate) mod preparing;
mod requests;
pub(crate) mod sending;
mod settings;
pub(crate) mod state;
mod thread;
mod viewer;
mod voice;

use hearth_shared::ids::ConversationId;
use hearth_shared::users::UserCard;
use yew::prelude::*;

use self::list::ChatList;
use self::thread::Thread;
use crate::context::App;
use crate::routes::{Route, go};
use crate::text::chats as words;
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, icon};

/// The list, beside it or in its place the open conversation.
pub(crate) fn page(open: Option<ConversationId>) -> Html {
    html! {
        <div class={classes!("chat", open.map(|_| "chat--open"))}>
            <ChatList {open} />
            if let Some(id) = open {
                <Thread key={id.to_string()} {id} />
            } else {
                <div class="chat__none">
                    <span class="state__icon" aria-hidden="true">{ icon(Glyph::Chat) }</span>
                    <p>{ words::CHOOSE }</p>
                </div>
            }
        </div>
    }
}

/// The button that opens the conversation with somebody.
pub(crate) fn message_button(app: &App, user: &UserCard) -> Html {
    let open = {
        let (app, user) = (app.clone(), user.clone());
        Callback::from(move |()| actions::message(&app, &user))
    };
    html! {
        <Button
            text={words::MESSAGE} label={words::message_to(&user.display_name)} icon={Glyph::Chat}
            onclick={open}
        />
    }
}

/// Goes to the next or the previous conversation of the list.
pub(crate) fn step(app: &App, open: Option<ConversationId>, forward: bool) {
    let next = app.chats.read(|chats| {
        let ids: Vec<ConversationId> = chats.list.items.iter().map(|known| known.id).collect();
        let at = ids.iter().position(|id| Some(*id) == open);
        let next = match (at, forward) {
            (None, _) => 0,
            (Some(at), true) => at + 1,
            (Some(at), false) => at.checked_sub(1)?,
        };
        ids.get(next).copied()
    });
    if let Some(id) = next {
        go(&Route::Chat { id });
    }
}

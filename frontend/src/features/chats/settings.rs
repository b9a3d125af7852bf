//! Pinning a chat, muting it and putting it away: for oneself, on all of one's devices. And the way to look for something in
//! it.

use hearth_shared::conversations::{
    ChangeConversationSettings, Conversation, ConversationSettings, ConversationSettingsPatch,
};
use hearth_shared::ids::ConversationId;
use yew::prelude::*;

use super::find;
use crate::context::App;
use crate::platform::spawn;
use crate::text::chats::{find as find_words, settings as words};
use crate::ui::icon::Glyph;
use crate::ui::menu::{Item, Menu};

/// What can be set, behind a button.
pub(super) fn menu(app: &App, known: &Conversation) -> Html {
    let id = known.id;
    let item = |glyph, text, said, patch: ConversationSettingsPatch| {
        let app = app.clone();
        Item {
            glyph,
            text,
            danger: false,
            act: Callback::from(move |()| change(&app, id, patch, said)),
        }
    };
    let pin = ConversationSettingsPatch {
        pinned: Some(!known.settings.pinned),
        ..ConversationSettingsPatch::default()
    };
    let mute = ConversationSettingsPatch {
        muted: Some(!known.settings.muted),
        ..ConversationSettingsPatch::default()
    };
    let away = ConversationSettingsPatch {
        archived: Some(!known.is_archived()),
        ..ConversationSettingsPatch::default()
    };
    let find = Item {
        glyph: Glyph::Search,
        text: find_words::TITLE,
        danger: false,
        act: {
            let app = app.clone();
            Callback::from(move |()| find::open(&app, id))
        },
    };
    let items = vec![
        find,
        if known.settings.pinned {
            item(Glyph::Tack, words::UNPIN, words::UNPINNED, pin)
        } else {
            item(Glyph::Tack, words::PIN, words::PINNED, pin)
        },
        if known.settings.muted {
            item(Glyph::Bell, words::UNMUTE, words::UNMUTED, mute)
        } else {
            item(Glyph::Mute, words::MUTE, words::MUTED, mute)
        },
        if known.is_archived() {
            item(Glyph::Chat, words::UNARCHIVE, words::UNARCHIVED, away)
        } else {
            item(Glyph::Archive, words::ARCHIVE, words::ARCHIVED, away)
        },
    ];
    html! { <Menu label={words::MORE} {items} /> }
}

/// Sets it here at once, and then where all of one's devices learn of it. What the server does not take is taken back.
fn change(app: &App, conversation_id: ConversationId, patch: ConversationSettingsPatch, said: &'static str) {
    let known = app.chats.read(|chats| {
        chats
            .find(conversation_id)
            .map(|known| (known.settings, known.last_number))
    });
    let Some((before, last_number)) = known else {
        return;
    };
    let mut after = before;
    after.muted = patch.muted.unwrap_or(after.muted);
    after.pinned = patch.pinned.unwrap_or(after.pinned);
    if let Some(archived) = patch.archived {
        after.archived_number = archived.then_some(last_number);
    }
    set(app, conversation_id, after);
    let app = app.clone();
    spawn(async move {
        let call = ChangeConversationSettings { conversation_id };
        match app.base.api.send(&call, &patch).await {
            Ok(conversation) => {
                set(&app, conversation_id, conversation.settings);
                app.base.say(said);
            }
            Err(failure) => {
                set(&app, conversation_id, before);
                app.base.warn(words::FAILED, &failure);
            }
        }
    });
}

/// A later version that has come meanwhile stays.
fn set(app: &App, id: ConversationId, settings: ConversationSettings) {
    app.chats.change(|chats| {
        if let Some(mut known) = chats.find(id).cloned() {
            known.settings = settings;
            chats.put(known);
        }
    });
}

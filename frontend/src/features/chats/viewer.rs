//! A picture of a conversation, large over it. Which one stands in the address, so that Back closes it.

use hearth_shared::conversations::Attachment;
use hearth_shared::ids::{ConversationId, MediaId};
use hearth_shared::media::MediaKind;
use yew::prelude::*;
use yew_router::history::Location;
use yew_router::prelude::*;

use super::addresses;
use super::attachments::media_of;
use super::state::Talk;
use super::state::addresses::Found;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::routes::{query_value, with_query};
use crate::store::{Ptr, use_selected};
use crate::text::chats as words;
use crate::ui::viewer::{self, Viewer};

/// How the address says which picture is large.
pub(super) const PICTURE: &str = "picture";

fn address(location: &Location, picture: Option<MediaId>) -> String {
    with_query(location, &[(PICTURE, picture.map(|id| id.to_string()))])
}

/// Opens a picture over the conversation.
pub(super) fn open(location: Option<&Location>, picture: MediaId) {
    if let Some(location) = location {
        viewer::open(&address(location, Some(picture)));
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct ChatViewerProps {
    pub(super) conversation: ConversationId,
    pub(super) talk: Ptr<Talk>,
}

/// The viewer, when the address names a picture.
#[component]
pub(super) fn ChatViewer(props: &ChatViewerProps) -> Html {
    let location = use_location();
    let picture = location
        .as_ref()
        .and_then(|location| query_value(location, PICTURE)?.parse::<MediaId>().ok());
    match (location, picture) {
        (Some(location), Some(picture)) => html! {
            <OpenViewer conversation={props.conversation} talk={props.talk.clone()} {location} {picture} />
        },
        _ => Html::default(),
    }
}

#[derive(PartialEq, Properties)]
struct OpenViewerProps {
    conversation: ConversationId,
    talk: Ptr<Talk>,
    location: Location,
    picture: MediaId,
}

#[component]
fn OpenViewer(props: &OpenViewerProps) -> Html {
    let app = use_app();
    let (conversation, picture) = (props.conversation, props.picture);
    // The pictures of its message.
    let together: Vec<Attachment> = props.talk.beside(picture).to_vec();
    let pictures: Vec<&Attachment> = together
        .iter()
        .filter(|one| one.kind == MediaKind::Image)
        .collect();
    // Who comes by the address may look at something that is not loaded: it is shown alone.
    let mut ids: Vec<MediaId> = pictures.iter().map(|one| one.id).collect();
    let loaded = !ids.is_empty();
    if !loaded {
        ids.push(picture);
    }
    let found = use_selected(&app.addresses, ids.clone(), |addresses, ids| addresses.of(ids));
    let was_loaded = use_mut_ref(|| false);
    let close = {
        let location = props.location.clone();
        Callback::from(move |()| viewer::close(&address(&location, None)))
    };
    {
        let (app, ready) = (app.clone(), props.talk.log.is_some());
        use_effect_with((ids.clone(), ready), move |(ids, ready)| {
            if *ready {
                addresses::want(&app, conversation, ids);
            }
        });
    }
    {
        // Its message is not there any more: perhaps it was removed.
        let app = app.clone();
        let left = !loaded && was_loaded.replace(loaded);
        use_effect_with(left, move |left| {
            if *left {
                addresses::lose(&app, conversation, &[picture], true);
            }
        });
    }
    {
        let (app, close) = (app.clone(), close.clone());
        let missing = !loaded && found.contains(&Found::Gone);
        use_effect_with(missing, move |missing| {
            if *missing {
                app.base.say(words::NOT_AVAILABLE);
                close.emit(());
            }
        });
    }
    let go = {
        let location = props.location.clone();
        Callback::from(move |picture| viewer::turn(&address(&location, Some(picture))))
    };
    let onlost = Callback::from(move |()| addresses::lose(&app, conversation, &ids, true));
    let photos: Vec<_> = if loaded {
        let all = pictures.iter().zip(&found);
        all.map(|(attachment, found)| media_of(attachment, found))
            .collect()
    } else {
        let here = found.iter().filter_map(|found| match found {
            Found::Here(media) => Some((**media).clone()),
            Found::Unknown | Found::Gone => None,
        });
        here.collect()
    };
    match photos.iter().position(|one| one.id == picture) {
        Some(at) => html! { <Viewer {photos} {at} {go} onclose={close} {onlost} /> },
        None => Html::default(),
    }
}

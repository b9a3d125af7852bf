//! What stands beside the text of a message: pictures, films and recordings that have their place before they come, and files to save.

use hearth_shared::conversations::Attachment;
use hearth_shared::ids::{ConversationId, MediaId};
use hearth_shared::media::{Media, MediaKind};
use yew::prelude::*;
use yew_router::prelude::*;

use super::state::addresses::Found;
use super::{addresses, viewer};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::media::{Film, Grid};
use crate::platform::{clock, recorder};
use crate::store::use_selected;
use crate::text::{chats as words, media as said};
use crate::ui::avatar::own;
use crate::ui::icon::{Glyph, icon, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct AttachmentsProps {
    pub(super) conversation: ConversationId,
    pub(super) attachments: Vec<Attachment>,
    /// Whose they are.
    pub(super) author: AttrValue,
    /// The message is sent: only then the server knows them as a part of it.
    pub(super) sent: bool,
}

/// As much as a message says of something, and its addresses when they are known.
pub(super) fn media_of(attachment: &Attachment, found: &Found) -> Media {
    let mut media = match found {
        Found::Here(media) => (**media).clone(),
        Found::Unknown | Found::Gone => Media {
            id: attachment.id,
            kind: attachment.kind,
            url: String::new(),
            medium_url: None,
            thumb_url: None,
            width: None,
            height: None,
            duration_ms: None,
            blurhash: None,
            alt_text: String::new(),
            name: String::new(),
            size: attachment.size,
        },
    };
    // What is known from the beginning does not change when the address comes: nothing moves by that.
    (media.width, media.height) = (attachment.width, attachment.height);
    media.duration_ms = attachment.duration_ms;
    media.blurhash.clone_from(&attachment.blurhash);
    media.alt_text.clone_from(&attachment.alt_text);
    media.name.clone_from(&attachment.name);
    media
}

/// All of it: pictures together, then the others in their order.
#[component]
pub(super) fn Attachments(props: &AttachmentsProps) -> Html {
    let app = use_app();
    let location = use_location();
    let conversation = props.conversation;
    let ids: Vec<MediaId> = props.attachments.iter().map(|one| one.id).collect();
    let found = use_selected(&app.addresses, ids.clone(), |addresses, ids| addresses.of(ids));
    {
        let app = app.clone();
        use_effect_with((props.sent, ids.clone()), move |(sent, ids)| {
            if *sent {
                addresses::want(&app, conversation, ids);
            }
        });
    }
    let onlost = {
        let (app, sent) = (app.clone(), props.sent);
        Callback::from(move |()| {
            addresses::lose(&app, conversation, &ids, sent);
        })
    };
    let onopen = Callback::from(move |picture| viewer::open(location.as_ref(), picture));
    let mut photos = Vec::new();
    let mut others = Vec::new();
    for (attachment, found) in props.attachments.iter().zip(&found) {
        let media = media_of(attachment, found);
        match attachment.kind {
            _ if *found == Found::Gone => others.push(gone(attachment)),
            MediaKind::Image => photos.push(media),
            MediaKind::Audio if !recorder::plays(&media.name) => others.push(file(&app, conversation, media)),
            MediaKind::Video | MediaKind::Audio => others.push(html! {
                <Film key={attachment.id.to_string()} {media} author={props.author.clone()} onlost={onlost.clone()} />
            }),
            MediaKind::File => others.push(file(&app, conversation, media)),
        }
    }
    html! {
        <div class="beside">
            if !photos.is_empty() {
                <Grid media={photos} author={props.author.clone()} quiet=true {onopen} {onlost} />
            }
            { for others }
        </div>
    }
}

/// What is not there any more, in its place.
fn gone(attachment: &Attachment) -> Html {
    html! {
        <p class="file file--gone">
            { small_icon(Glyph::Alert) }
            <span class="file__text"><b>{ words::attached(attachment.kind, 1, &attachment.name) }</b><span>{ words::NOT_AVAILABLE }</span></span>
        </p>
    }
}

/// A file, to be saved. The link is one only while there is an address; when that has run out, another one is asked for.
fn file(app: &App, conversation: ConversationId, media: Media) -> Html {
    let id = media.id;
    let href = own(Some(media.url.clone()));
    let onclick = {
        let app = app.clone();
        move |event: MouseEvent| {
            let now = clock::now().as_millis();
            if !app.addresses.read(|addresses| addresses.is_fresh(id, now)) {
                event.prevent_default();
                addresses::follow(&app, conversation, id);
            }
        }
    };
    html! {
        <a
            key={id.to_string()} class="file" tabindex="-1" data-file={id.to_string()} download={media.name.clone()}
            aria-label={words::download(&media.name, &said::size(media.size))} {href} {onclick}
        >
            { icon(Glyph::File) }
            <span class="file__text"><b>{ &media.name }</b><span>{ said::size(media.size) }</span></span>
            { small_icon(Glyph::Down) }
        </a>
    }
}

//! The picture of a group, in what is known of it; for those who manage it with the ways to another one.

use std::rc::Rc;

use hearth_shared::conversations::groups::{Group, RemoveGroupPicture, SetGroupPicture};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use yew::prelude::*;

use super::emblem::emblem;
use super::info::TITLE;
use crate::context::{App, use_app};
use crate::features::chats::actions as chats;
use crate::features::chats::state::Chats;
use crate::features::media::cropping::{ACCEPT, Cropper, Sending, Sent, Shape, pick};
use crate::platform::picture::{self, Picked};
use crate::platform::{clock, dom, spawn, upload};
use crate::text::groups as words;
use crate::ui::avatar::Size;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;

/// What lies over it.
#[derive(Clone, PartialEq)]
enum Over {
    Nothing,
    /// A file that cannot be one.
    Unfit(&'static str),
    Cropping(Rc<Picked>),
    /// Whether to remove it; true while that is done.
    Removing(bool),
}

#[derive(PartialEq, Properties)]
pub(super) struct GroupPictureProps {
    pub(super) id: ConversationId,
    pub(super) group: Group,
    pub(super) manages: bool,
}

/// The picture. Nothing when there is none, and the viewer can do nothing about that.
#[component]
pub(super) fn GroupPicture(props: &GroupPictureProps) -> Html {
    let app = use_app();
    let input = use_node_ref();
    let over = use_state_eq(|| Over::Nothing);
    let (id, there) = (props.id, props.group.picture_url.is_some());
    let set = |to: Over| {
        let over = over.setter();
        Callback::from(move |()| over.set(to.clone()))
    };
    let choose = {
        let input = input.clone();
        Callback::from(move |()| picture::choose(&input))
    };
    let onchange = {
        let (input, over) = (input.clone(), over.setter());
        Callback::from(move |_: Event| {
            let Some(file) = picture::chosen(&input) else {
                return;
            };
            over.set(match pick(file) {
                Ok(picked) => picked.map_or(Over::Nothing, Over::Cropping),
                Err(why) => Over::Unfit(why),
            });
        })
    };
    let onyes = {
        let (app, over) = (app.clone(), over.setter());
        move |()| remove(&app, id, &over)
    };
    if !there && !props.manages && *over == Over::Nothing {
        return Html::default();
    }
    html! {
        <div class="group__picture">
            { emblem(id, &props.group, Size::Profile) }
            if props.manages {
                <div class="relation">
                    <input ref={input} type="file" hidden=true accept={ACCEPT} {onchange} id="choose-group-picture" />
                    <Button text={if there { words::CHANGE_PICTURE } else { words::ADD_PICTURE }} onclick={choose} />
                    if there {
                        <Button kind={Kind::Ghost} text={words::REMOVE_PICTURE} onclick={set(Over::Removing(false))} />
                    }
                </div>
            }
            { match &*over {
                Over::Nothing => Html::default(),
                Over::Unfit(why) => html! { <div class="notice notice--problem" role="alert"><span>{ *why }</span></div> },
                Over::Cropping(picked) => html! {
                    <Cropper
                        title={words::PICTURE} shape={Shape::Avatar} picked={picked.clone()} onclose={set(Over::Nothing)}
                        send={send(&app, id, over.setter())}
                    />
                },
                Over::Removing(busy) => html! {
                    <Question
                        title={words::REMOVE_PICTURE_TITLE} text={words::REMOVE_PICTURE_TEXT} yes={words::REMOVE_PICTURE}
                        kind={Kind::Danger} busy={*busy} {onyes} onno={set(Over::Nothing)}
                    />
                },
            } }
        </div>
    }
}

fn send(app: &App, conversation_id: ConversationId, over: UseStateSetter<Over>) -> Callback<Sending, Sent> {
    let app = app.clone();
    Callback::from(move |(form, stop, told): Sending| -> Sent {
        let (app, over) = (app.clone(), over.clone());
        Box::pin(async move {
            let since = app.chats.read(Chats::reading);
            let (call, told) = (SetGroupPicture { conversation_id }, move |part| told.emit(part));
            let outcome = upload::send(&app.base.api, &call, &form, &stop, told).await?;
            Some(outcome.map(|now| {
                over.set(Over::Nothing);
                if !app.chats.read(|chats| chats.has_left(conversation_id, since)) {
                    chats::learn(&app, now);
                }
                app.base.say(words::PICTURE_SAVED);
            }))
        })
    })
}

fn remove(app: &App, conversation_id: ConversationId, over: &UseStateSetter<Over>) {
    over.set(Over::Removing(true));
    let (app, over) = (app.clone(), over.clone());
    spawn(async move {
        let call = RemoveGroupPicture { conversation_id };
        let outcome = app.base.api.send(&call, &Nothing).await;
        over.set(Over::Nothing);
        match outcome {
            Ok(Nothing) => {
                // It may be told of already; that says itself when it fails.
                drop(chats::fetch(&app, conversation_id).await);
                app.base.say(words::PICTURE_REMOVED);
                // The button that led here has gone.
                clock::afterwards(|| {
                    let title = dom::find(TITLE).filter(|_| dom::focus_is_lost());
                    title.iter().for_each(dom::focus_quietly);
                });
            }
            Err(failure) => app.base.warn(words::PICTURE_STAYS, &failure),
        }
    });
}

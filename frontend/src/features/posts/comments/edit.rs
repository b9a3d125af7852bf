//! Changes one's own comment in place.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::super::comment_actions as actions;
use super::super::state::PostKey;
use super::super::state::thread::CommentEntry;
use super::form::is_send;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::mentions::Mentions;
use crate::platform::{clock, dom, spawn};
use crate::text::{posts as words, shell};
use crate::ui::button::{Button, Kind};
use hearth_shared::posts::COMMENT_MAX;

#[derive(PartialEq, Properties)]
pub(super) struct EditFormProps {
    pub(super) post: PostKey,
    pub(super) item: CommentEntry,
    pub(super) onclose: Callback<()>,
}

/// The field with the comment as it is.
#[component]
pub(super) fn EditForm(props: &EditFormProps) -> Html {
    let app = use_app();
    let area = use_node_ref();
    let busy = use_state_eq(|| false);
    {
        let (area, body) = (area.clone(), props.item.comment.body.clone());
        use_effect_with((), move |()| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>() {
                element.set_value(&body);
                dom::grow(&element);
            }
            // After the menu has given the focus back to its button.
            clock::afterwards(move || dom::focus(&area));
        });
    }
    let save = {
        let (app, post, area, busy) = (app.clone(), props.post.clone(), area.clone(), busy.clone());
        let (id, before, close) = (
            props.item.id(),
            props.item.comment.body.clone(),
            props.onclose.clone(),
        );
        Callback::from(move |()| {
            let text = area
                .cast::<HtmlTextAreaElement>()
                .map(|area| area.value())
                .unwrap_or_default();
            let Some(id) = id.filter(|_| !text.trim().is_empty() && !*busy) else {
                return;
            };
            if text.trim() == before {
                return close.emit(());
            }
            busy.set(true);
            let (app, post, busy, close) = (app.clone(), post.clone(), busy.setter(), close.clone());
            spawn(async move {
                match actions::edit(&app, &post, id, text).await {
                    Ok(()) => close.emit(()),
                    Err(failure) => {
                        app.base.warn(words::EDIT_FAILED, &failure);
                        busy.set(false);
                    }
                }
            });
        })
    };
    let onkeydown = {
        let (save, close) = (save.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            if is_send(&event) {
                event.prevent_default();
                save.emit(());
            } else if event.key() == "Escape" {
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let oninput = Callback::from(|event: InputEvent| dom::grow(&event.target_unchecked_into()));
    html! {
        <div class="cmt__edit">
            <div class="field field--area">
                <textarea ref={area.clone()} rows="1" aria-label={words::EDIT_COMMENT} maxlength={COMMENT_MAX.to_string()} {onkeydown} {oninput} />
            </div>
            <Mentions {area} id={format!("p-{}", props.item.comment.id)} />
            <div class="cmt__buttons">
                <Button text={shell::CANCEL} onclick={props.onclose.clone()} />
                <Button text={shell::SAVE} kind={Kind::Primary} busy={*busy} onclick={save} />
            </div>
        </div>
    }
}

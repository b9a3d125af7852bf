//! Passing a post on, with a few words of one's own or without.

use hearth_shared::posts::{Audience, Original, POST_MAX, Shared};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::super::card::OriginalPost;
use super::super::card_actions;
use super::super::composer::AudienceMenu;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::mentions::Mentions;
use crate::platform::dom;
use crate::store::use_selected;
use crate::text::errors;
use crate::text::posts::{self as words, card, composer};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::{Dialog, Question};
use crate::ui::emoji::EmojiButton;
use crate::ui::icon::{Glyph, small_icon};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ShareDialogProps {
    pub(crate) original: Original,
    pub(crate) onclose: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn ShareDialog(props: &ShareDialogProps) -> Html {
    let app = use_app();
    let area = use_node_ref();
    let audience = use_state_eq(Audience::default);
    let problem = use_state_eq(|| None::<String>);
    let asking = use_state_eq(|| false);
    let public = use_selected(&app.base.instance, (), |instance, ()| {
        instance.as_ref().is_some_and(|instance| instance.public_posts)
    });
    use_effect_with(app.base.clone(), |base| base.learn_instance());
    let text = {
        let area = area.clone();
        move || {
            let area = area.cast::<HtmlTextAreaElement>();
            area.map(|area| area.value()).unwrap_or_default()
        }
    };
    let send = {
        let (app, text, audience, problem) = (app.clone(), text.clone(), *audience, problem.setter());
        let (original, close) = (props.original.clone(), props.onclose.clone());
        Callback::from(move |()| {
            let original = Shared::Post(Box::new(original.clone()));
            match card_actions::share(&app, original, text(), audience) {
                Ok(()) => {
                    close.emit(());
                    app.base.say(card::SHARED);
                }
                Err(wrong) => problem.set(wrong.first().map(errors::field)),
            }
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let onaudience = {
        let audience = audience.clone();
        Callback::from(move |one: Audience| audience.set(one))
    };
    let leave = {
        let (asking, close) = (asking.clone(), props.onclose.clone());
        Callback::from(move |()| {
            if text().trim().is_empty() {
                close.emit(());
            } else {
                asking.set(true);
            }
        })
    };
    let stay = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    let oninput = Callback::from(|event: InputEvent| dom::grow(&event.target_unchecked_into()));
    html! {
        <Dialog id="share" title={card::SHARE_TITLE} onclose={leave} first="textarea" class="composer share">
            <div class="composer__who">
                { avatar(&app.user, Size::Medium) }
                <div>
                    <b>{ name(&app.user) }</b>
                    <AudienceMenu chosen={*audience} {public} onchange={onaudience} />
                </div>
            </div>
            if let Some(problem) = &*problem {
                <p class="notice notice--problem" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            <textarea
                class="composer__text" ref={area.clone()} aria-label={card::SHARE_TEXT} placeholder={card::SHARE_TEXT}
                rows="2" maxlength={POST_MAX.to_string()} {onkeydown} {oninput}
            />
            <Mentions area={area.clone()} id="share-people" />
            <div class="original" role="group" aria-label={card::shared_from(&props.original.author.display_name)}>
                <OriginalPost original={props.original.clone()} brief=true />
            </div>
            <p class="form-row__hint share__rule">{ card::share_rule(props.original.audience, &props.original.author.display_name) }</p>
            <footer class="dialog__foot">
                <EmojiButton area={area.clone()} />
                <span class="grow" />
                <Button kind={Kind::Primary} text={card::SHARE} onclick={send} />
            </footer>
            if *asking {
                <Question
                    title={card::DISCARD_SHARE_TITLE} text={card::DISCARD_SHARE} yes={words::DISCARD} no={composer::KEEP_EDITING}
                    onyes={props.onclose.clone()} onno={stay}
                />
            }
        </Dialog>
    }
}

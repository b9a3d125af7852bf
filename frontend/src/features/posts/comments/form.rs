//! Where a comment or a reply is written. What is typed is kept until it is sent.

use hearth_shared::posts::COMMENT_MAX;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::super::comment_actions as actions;
use super::super::state::PostKey;
use super::super::state::thread::Parent;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::mentions::Mentions;
use crate::platform::dom;
use crate::text::{errors, posts as words};
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::icon_button;
use crate::ui::emoji::EmojiButton;
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct CommentFormProps {
    pub(super) post: PostKey,
    /// The comment that is answered.
    #[prop_or_default]
    pub(super) parent: Parent,
    /// Grows when the reader wants to write.
    pub(super) asked: u32,
    /// The reader wants to write no more.
    #[prop_or_default]
    pub(super) onleave: Callback<()>,
}

/// Whether Enter means "send": not with Shift, and not while a word is being composed.
pub(super) fn is_send(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && !event.default_prevented()
}

/// The field.
#[component]
pub(super) fn CommentForm(props: &CommentFormProps) -> Html {
    let app = use_app();
    let parent = props.parent;
    let area = use_node_ref();
    let sendable = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<String>);
    {
        let area = area.clone();
        use_effect_with(props.asked, move |asked| {
            if *asked > 0 {
                dom::focus(&area);
            }
        });
    }
    let send = {
        let (app, post, area) = (app.clone(), props.post.clone(), area.clone());
        let (sendable, problem) = (sendable.clone(), problem.clone());
        Callback::from(move |()| {
            let Some(element) = area.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = element.value();
            if text.trim().is_empty() {
                return;
            }
            dom::focus(&area);
            if let Err(wrong) = actions::send(&app, &post, parent, text) {
                return problem.set(wrong.first().map(errors::field));
            }
            problem.set(None);
            app.posts
                .change_quietly(|posts| posts.keep_unsent(&post, parent, String::new()));
            element.set_value("");
            dom::grow(&element);
            sendable.set(false);
        })
    };
    let onkeydown = {
        let (send, leave) = (send.clone(), props.onleave.clone());
        Callback::from(move |event: KeyboardEvent| {
            if is_send(&event) {
                event.prevent_default();
                send.emit(());
            } else if event.key() == "Escape" && parent.is_some() {
                event.stop_propagation();
                leave.emit(());
            }
        })
    };
    {
        // What was typed here before the reader went elsewhere.
        let (area, sendable) = (area.clone(), sendable.clone());
        let text = app.posts.read(|posts| posts.unsent(&props.post, parent));
        use_effect_with((), move |()| {
            if let Some(element) = area.cast::<HtmlTextAreaElement>().filter(|_| !text.is_empty()) {
                element.set_value(&text);
                dom::grow(&element);
                sendable.set(!text.trim().is_empty());
            }
        });
    }
    let filled = *sendable;
    let oninput = {
        let (app, post) = (app.clone(), props.post.clone());
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            let text = element.value();
            sendable.set(!text.trim().is_empty());
            app.posts
                .change_quietly(|posts| posts.keep_unsent(&post, parent, text));
        })
    };
    let id = match parent {
        Some(parent) => format!("c-{}-{parent}", props.post),
        None => format!("c-{}", props.post),
    };
    let list = id.clone();
    let (label, send_label) = match parent {
        Some(_) => (words::comments::WRITE_A_REPLY, words::comments::SEND_REPLY),
        None => (words::WRITE_A_COMMENT, words::SEND_COMMENT),
    };
    html! {
        <>
            <div class="cmt cmt--form">
                { avatar(&app.user, Size::Small) }
                <div class="field field--area">
                    <label class="vh" for={id.clone()}>{ label }</label>
                    <textarea
                        ref={area.clone()} {id} rows="1" placeholder={label} maxlength={COMMENT_MAX.to_string()}
                        enterkeyhint="send" {onkeydown} {oninput}
                    />
                    <EmojiButton area={area.clone()} class="icon-btn--s field__send" />
                    { icon_button(Glyph::Send, send_label, "icon-btn--s field__send", !filled, &send) }
                </div>
            </div>
            <Mentions {area} id={format!("p-{list}")} />
            if let Some(problem) = &*problem {
                <p class="delivery delivery--failed" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
        </>
    }
}

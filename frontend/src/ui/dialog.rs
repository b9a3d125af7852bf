//! Native dialogs; on a phone they are sheets at the bottom. Esc and the system's Back ask to close, the
//! focus returns to where it was.

use wasm_bindgen::JsCast;
use web_sys::{EventTarget, KeyboardEvent};
use yew::prelude::*;

use super::button::{Button, Kind, icon_button};
use super::icon::Glyph;
use crate::effect::use_effect_with;
use crate::platform::{clock, dom, events};
use crate::text::shell as words;

#[derive(PartialEq, Properties)]
pub(crate) struct DialogProps {
    pub(crate) id: &'static str,
    pub(crate) title: AttrValue,
    /// Somebody wants it closed; the owner decides.
    pub(crate) onclose: Callback<()>,
    /// What gets the focus first.
    pub(crate) first: &'static str,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// A question has its buttons to close it.
    #[prop_or_default]
    pub(crate) question: bool,
    #[prop_or_default]
    pub(crate) described_by: Option<&'static str>,
    pub(crate) children: Html,
}

/// A dialog over the page, open as long as it is rendered.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    let onclose = use_mut_ref(|| props.onclose.clone());
    *onclose.borrow_mut() = props.onclose.clone();
    {
        let node = node.clone();
        use_effect_with(props.first, move |first| {
            let opener = dom::focused();
            dom::show_modal(&node);
            dom::focus_within(&node, first);
            let guards = node.cast::<web_sys::Element>().map(|element| {
                let emit = move || {
                    let onclose = onclose.borrow().clone();
                    onclose.emit(());
                };
                let ask = {
                    let emit = emit.clone();
                    move |event: &Event| {
                        event.prevent_default();
                        emit();
                    }
                };
                // A file picker in it that is left without a choice says `cancel` too.
                let own = {
                    let element = element.clone();
                    move |event: &Event| {
                        let target = event.target();
                        target.is_some_and(|target| target == *element.unchecked_ref::<EventTarget>())
                    }
                };
                let cancel = {
                    let (ask, own) = (ask.clone(), own.clone());
                    events::on_element(&element, "cancel", move |event| {
                        if own(event) && event.cancelable() {
                            ask(event);
                        }
                    })
                };
                // The system's Back closes it without a question when nothing was touched since the last one. Its owner
                // decides all the same: until then it is open.
                let closed = {
                    let node = node.clone();
                    events::on_element(&element, "close", move |event| {
                        if own(event) {
                            dom::show_modal(&node);
                            emit();
                        }
                    })
                };
                // Esc a second time would close it without asking, so the key itself is taken.
                let keys = events::on_element(&element, "keydown", move |event| {
                    let escape = event
                        .dyn_ref::<KeyboardEvent>()
                        .is_some_and(|event| event.key() == "Escape" && !event.is_composing());
                    if escape && !event.default_prevented() {
                        event.stop_propagation();
                        ask(event);
                    }
                });
                (cancel, closed, keys)
            });
            move || {
                drop(guards);
                if let Some(opener) = opener {
                    // After the dialog has gone; until then everything behind it is inert.
                    clock::afterwards(move || dom::focus_again(&opener));
                }
            }
        });
    }
    let title_id = format!("{}-title", props.id);
    html! {
        <dialog
            id={props.id}
            class={classes!("dialog", props.class.clone())}
            ref={node}
            aria-labelledby={title_id.clone()}
            aria-describedby={props.described_by}
        >
            <header class="dialog__head">
                <h2 id={title_id} tabindex="-1">{ &props.title }</h2>
                if !props.question {
                    { icon_button(Glyph::Close, words::CLOSE, "", false, &props.onclose) }
                }
            </header>
            { props.children.clone() }
        </dialog>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct QuestionProps {
    pub(crate) title: AttrValue,
    pub(crate) text: AttrValue,
    pub(crate) yes: AttrValue,
    #[prop_or(words::CANCEL.into())]
    pub(crate) no: AttrValue,
    #[prop_or(Kind::Danger)]
    pub(crate) kind: Kind,
    #[prop_or_default]
    pub(crate) busy: bool,
    pub(crate) onyes: Callback<()>,
    pub(crate) onno: Callback<()>,
    /// Esc; the same as no unless it is said.
    #[prop_or_default]
    pub(crate) onclose: Option<Callback<()>>,
}

/// A question before something that cannot be undone. The focus is on the title, so that Enter does nothing.
#[component]
pub(crate) fn Question(props: &QuestionProps) -> Html {
    let onclose = props.onclose.clone().unwrap_or_else(|| props.onno.clone());
    html! {
        <Dialog
            id="question"
            title={props.title.clone()}
            {onclose}
            first="h2"
            class="dialog--question"
            question={true}
            described_by="question-text"
        >
            <p class="dialog__text" id="question-text">{ &props.text }</p>
            <footer class="dialog__foot">
                <Button text={props.no.clone()} onclick={props.onno.clone()} />
                <Button text={props.yes.clone()} kind={props.kind} busy={props.busy} onclick={props.onyes.clone()} />
            </footer>
        </Dialog>
    }
}

//! A small menu behind a button: arrow keys move, Enter chooses, Esc and a click elsewhere close it.

use yew::prelude::*;

use super::icon::{Glyph, icon, small_icon};
use super::popup::use_popup;
use crate::effect::use_effect_with;
use crate::platform::connection::{self, Connection};
use crate::platform::{dom, events, float};
use crate::store::use_selected;
use crate::text::shell as words;

/// A line of a menu.
#[derive(Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) glyph: Glyph,
    pub(crate) text: &'static str,
    pub(crate) danger: bool,
    pub(crate) act: Callback<()>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct MenuProps {
    /// The name of the button and of the menu.
    pub(crate) label: AttrValue,
    pub(crate) items: Vec<Item>,
    /// How the button looks; three dots when absent.
    #[prop_or_default]
    pub(crate) children: Html,
    #[prop_or(classes!("icon-btn"))]
    pub(crate) class: Classes,
    /// It opens upwards, for a button at the foot of the page.
    #[prop_or_default]
    pub(crate) up: bool,
    /// It floats over everything, for a button inside of what scrolls by itself; the arrow keys lead to that button, and it
    /// is no stop of the Tab key.
    #[prop_or_default]
    pub(crate) floating: bool,
    /// What its dangerous items do cannot wait for a connection: without one they are not offered.
    #[prop_or_default]
    pub(crate) irreversible: bool,
}

const ITEMS: &str = "[role=menuitem]";

/// A button with a menu.
#[component]
pub(crate) fn Menu(props: &MenuProps) -> Html {
    let popup = use_popup();
    let list = use_node_ref();
    let floating = props.floating;
    let offline = use_selected(&connection::state(), (), |state, ()| {
        *state == Connection::Offline
    });
    {
        let (root, list, button) = (popup.root.clone(), list.clone(), popup.button.clone());
        use_effect_with(popup.is_open(), move |open| {
            let guard = open.then(|| {
                let place = float::place_of(&button).filter(|_| floating);
                if let Some(place) = place {
                    float::show(&list, place);
                }
                dom::step_focus(Some(&root), ITEMS, true, false);
                floating.then(|| {
                    events::on_document_first("scroll", move |_| {
                        if let Some(place) = float::place_of(&button) {
                            float::show(&list, place);
                        }
                    })
                })
            });
            move || drop(guard)
        });
    }
    let onkeydown = {
        let popup = popup.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = |forward| dom::step_focus(Some(&popup.root), ITEMS, forward, true);
            match (event.key().as_str(), popup.is_open()) {
                ("ArrowDown", true) => step(true),
                ("ArrowUp", true) => step(false),
                ("ArrowDown" | "ArrowUp", false) => popup.set(true),
                ("Escape", true) => popup.leave(),
                ("Tab", true) => return popup.set(false),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <div class="menu-root" ref={popup.root.clone()} {onkeydown}>
            <button
                type="button"
                class={props.class.clone()}
                ref={popup.button.clone()}
                aria-label={props.label.clone()}
                tabindex={floating.then_some("-1")}
                aria-haspopup="menu"
                aria-expanded={popup.is_open().to_string()}
                onclick={popup.toggle()}
            >
                if props.children == Html::default() {
                    { icon(Glyph::More) }
                } else {
                    { props.children.clone() }
                }
            </button>
            if popup.is_open() {
                <div
                    ref={list} popover={floating.then_some("manual")} role="menu" aria-label={props.label.clone()}
                    class={classes!(if floating { "float" } else { "menu" }, props.up.then_some("menu--up"))}
                >
                    { for props.items.iter().map(|item| {
                        let (popup, act) = (popup.clone(), item.act.clone());
                        let blocked = props.irreversible && item.danger && offline;
                        let choose = move |_: MouseEvent| {
                            if blocked {
                                return;
                            }
                            // A dialog that opens now shall return the focus to the button.
                            popup.leave();
                            act.emit(());
                        };
                        html! {
                            <button
                                type="button"
                                role="menuitem"
                                tabindex="-1"
                                aria-disabled={blocked.then_some("true")}
                                class={classes!("menu__item", item.danger.then_some("menu__item--danger"))}
                                onclick={choose}
                            >
                                { small_icon(item.glyph) }{ item.text }
                                if blocked { <span class="meta">{ words::YOURE_OFFLINE }</span> }
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}

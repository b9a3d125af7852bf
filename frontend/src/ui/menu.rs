//! A small menu behind a button: arrow keys move, Enter chooses, Esc and a click elsewhere close it.

use yew::prelude::*;

use super::icon::{Glyph, icon, small_icon};
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
    let open = use_state_eq(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    let list = use_node_ref();
    let floating = props.floating;
    let offline = use_selected(&connection::state(), (), |state, ()| {
        *state == Connection::Offline
    });
    {
        let (set, root) = (open.setter(), root.clone());
        let (list, button) = (list.clone(), button.clone());
        use_effect_with(*open, move |open| {
            let guard = open.then(|| {
                let place = float::place_of(&button).filter(|_| floating);
                if let Some(place) = place {
                    float::show(&list, place);
                }
                dom::step_focus(Some(&root), ITEMS, true, false);
                let scrolled = floating.then(|| {
                    events::on_document_first("scroll", move |_| {
                        if let Some(place) = float::place_of(&button) {
                            float::show(&list, place);
                        }
                    })
                });
                let pressed = events::on_document("pointerdown", move |event| {
                    if dom::is_outside(&root, event.target()) {
                        set.set(false);
                    }
                });
                (scrolled, pressed)
            });
            move || drop(guard)
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, root, button) = (open.clone(), root.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = |forward| dom::step_focus(Some(&root), ITEMS, forward, true);
            match (event.key().as_str(), *open) {
                ("ArrowDown", true) => step(true),
                ("ArrowUp", true) => step(false),
                ("ArrowDown" | "ArrowUp", false) => open.set(true),
                ("Escape", true) => {
                    open.set(false);
                    dom::focus(&button);
                }
                ("Tab", true) => {
                    open.set(false);
                    return;
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <div class="menu-root" ref={root} {onkeydown}>
            <button
                type="button"
                class={props.class.clone()}
                ref={button.clone()}
                aria-label={props.label.clone()}
                tabindex={floating.then_some("-1")}
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                onclick={toggle}
            >
                if props.children == Html::default() {
                    { icon(Glyph::More) }
                } else {
                    { props.children.clone() }
                }
            </button>
            if *open {
                <div
                    ref={list} popover={floating.then_some("manual")} role="menu" aria-label={props.label.clone()}
                    class={classes!(if floating { "float" } else { "menu" }, props.up.then_some("menu--up"))}
                >
                    { for props.items.iter().map(|item| {
                        let (open, act, button) = (open.clone(), item.act.clone(), button.clone());
                        let blocked = props.irreversible && item.danger && offline;
                        let choose = move |_: MouseEvent| {
                            if blocked {
                                return;
                            }
                            open.set(false);
                            // A dialog that opens now shall return the focus to the button.
                            dom::focus(&button);
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

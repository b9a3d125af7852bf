//! Who may see what one writes: a button that says it, and a menu that says what each choice means.

use hearth_shared::posts::Audience;
use yew::prelude::*;

use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::posts::card;
use crate::platform::{dom, events};
use crate::text::posts::{self, composer as words};
use crate::ui::icon::{Glyph, icon, small_icon};

const ITEMS: &str = "[role=menuitemradio]";

#[derive(PartialEq, Properties)]
pub(crate) struct AudienceMenuProps {
    pub(crate) chosen: Audience,
    /// Everybody can be chosen too.
    pub(crate) public: bool,
    pub(crate) onchange: Callback<Audience>,
}

/// A button with a menu of audiences.
#[component]
pub(crate) fn AudienceMenu(props: &AudienceMenuProps) -> Html {
    let app = use_app();
    let open = use_state_eq(|| false);
    let (root, button) = (use_node_ref(), use_node_ref());
    {
        let (set, root) = (open.setter(), root.clone());
        use_effect_with(*open, move |open| {
            let guard = open.then(|| {
                dom::focus_within(&root, "[aria-checked=true]");
                events::on_document("pointerdown", move |event| {
                    if dom::is_outside(&root, event.target()) {
                        set.set(false);
                    }
                })
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
                ("Tab", true) => return open.set(false),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let choice = |audience: Audience| {
        let (app, open, button, onchange) =
            (app.clone(), open.setter(), button.clone(), props.onchange.clone());
        let choose = move |_: MouseEvent| {
            open.set(false);
            dom::focus(&button);
            onchange.emit(audience);
            app.base.announce(posts::seen_by(audience));
        };
        html! {
            <button
                type="button" role="menuitemradio" tabindex="-1" class="menu__item audiences__item"
                aria-checked={(audience == props.chosen).to_string()} onclick={choose}
            >
                { icon(card::glyph_of(audience)) }
                <span><b>{ posts::audience(audience) }</b><span class="meta">{ words::audience_means(audience) }</span></span>
                if audience == props.chosen { { small_icon(Glyph::Check) } }
            </button>
        }
    };
    let chosen = posts::audience(props.chosen);
    html! {
        <div class="menu-root" ref={root} {onkeydown}>
            <button
                type="button" class="audiences" ref={button.clone()} aria-label={words::audience_label(chosen)}
                aria-haspopup="menu" aria-expanded={open.to_string()} onclick={toggle}
            >
                { small_icon(card::glyph_of(props.chosen)) }<span>{ chosen }</span><span class="audiences__more" aria-hidden="true" />
            </button>
            if *open {
                <div class="menu audiences__menu" role="menu" aria-label={words::AUDIENCES}>
                    { choice(Audience::Friends) }
                    { choice(Audience::OnlyMe) }
                    if props.public { { choice(Audience::Public) } }
                </div>
            }
        </div>
    }
}

//! Who may see what one writes: a button that says it, and a menu that says what each choice means.

use hearth_shared::posts::Audience;
use yew::prelude::*;

use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::posts::card;
use crate::platform::dom;
use crate::text::posts::{self, composer as words};
use crate::ui::icon::{Glyph, icon, small_icon};
use crate::ui::popup::use_popup;

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
    let popup = use_popup();
    {
        let root = popup.root.clone();
        use_effect_with(popup.is_open(), move |open| {
            if *open {
                dom::focus_within(&root, "[aria-checked=true]");
            }
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
    let choice = |audience: Audience| {
        let (app, popup, onchange) = (app.clone(), popup.clone(), props.onchange.clone());
        let choose = move |_: MouseEvent| {
            popup.leave();
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
        <div class="menu-root" ref={popup.root.clone()} {onkeydown}>
            <button
                type="button" class="audiences" ref={popup.button.clone()} aria-label={words::audience_label(chosen)}
                aria-haspopup="menu" aria-expanded={popup.is_open().to_string()} onclick={popup.toggle()}
            >
                { small_icon(card::glyph_of(props.chosen)) }<span>{ chosen }</span><span class="audiences__more" aria-hidden="true" />
            </button>
            if popup.is_open() {
                <div class="menu audiences__menu" role="menu" aria-label={words::AUDIENCES}>
                    { choice(Audience::Friends) }
                    { choice(Audience::OnlyMe) }
                    if props.public { { choice(Audience::Public) } }
                </div>
            }
        </div>
    }
}

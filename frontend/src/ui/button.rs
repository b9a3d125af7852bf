//! Buttons. A button that is busy or cannot be used keeps its label and its place in the tab order.

use yew::prelude::*;

use super::icon::{Glyph, icon, small_icon};

/// How much a button asks for attention; one `Primary` per view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    Primary,
    #[default]
    Quiet,
    Ghost,
    Danger,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn--primary",
            Self::Quiet => "btn--quiet",
            Self::Ghost => "btn--ghost",
            Self::Danger => "btn--danger",
        }
    }
}

/// What a press does; nothing while the button cannot be used, not even sending the form.
fn guarded(onclick: &Callback<()>, blocked: bool) -> Callback<MouseEvent> {
    let onclick = onclick.clone();
    Callback::from(move |event: MouseEvent| {
        if blocked {
            event.prevent_default();
        } else {
            onclick.emit(());
        }
    })
}

#[derive(PartialEq, Properties)]
pub(crate) struct ButtonProps {
    #[prop_or_default]
    pub(crate) kind: Kind,
    pub(crate) text: AttrValue,
    /// The name for screen readers, where the text is not enough; it begins with the text.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) icon: Option<Glyph>,
    #[prop_or_default]
    pub(crate) busy: bool,
    #[prop_or_default]
    pub(crate) disabled: bool,
    /// It sends the form that it stands in.
    #[prop_or_default]
    pub(crate) submit: bool,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) onclick: Callback<()>,
}

/// A button with a text.
#[component]
pub(crate) fn Button(props: &ButtonProps) -> Html {
    let blocked = props.busy || props.disabled;
    let onclick = guarded(&props.onclick, blocked);
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            class={classes!("btn", props.kind.class(), props.class.clone())}
            aria-label={props.label.clone()}
            aria-disabled={blocked.then_some("true")}
            aria-busy={props.busy.then_some("true")}
            {onclick}
        >
            if props.busy {
                <span class="spinner" aria-hidden="true" />
            } else if let Some(glyph) = props.icon {
                { small_icon(glyph) }
            }
            <span class="lbl">{ &props.text }</span>
        </button>
    }
}

/// A button that shows only an icon.
pub(crate) fn icon_button(
    glyph: Glyph,
    label: &'static str,
    class: &'static str,
    disabled: bool,
    onclick: &Callback<()>,
) -> Html {
    html! {
        <button
            type="button"
            class={classes!("icon-btn", class)}
            aria-label={label}
            aria-disabled={disabled.then_some("true")}
            onclick={guarded(onclick, disabled)}
        >
            { icon(glyph) }
        </button>
    }
}

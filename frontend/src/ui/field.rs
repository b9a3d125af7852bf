//! Fields of forms. The label is always visible; hint and error are tied to the field. The browser owns the
//! text: it is read when it is needed and never written back while somebody types.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Glyph, small_icon};
use crate::text::auth as words;

#[derive(PartialEq, Properties)]
pub(crate) struct TextFieldProps {
    /// Also the name of the field in the API.
    pub(crate) id: &'static str,
    pub(crate) label: AttrValue,
    pub(crate) input: NodeRef,
    #[prop_or("text")]
    pub(crate) kind: &'static str,
    #[prop_or_default]
    pub(crate) autocomplete: &'static str,
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
    /// It is a name or an address, not prose.
    #[prop_or_default]
    pub(crate) verbatim: bool,
    /// Which keys a telephone shows.
    #[prop_or_default]
    pub(crate) keys: Option<&'static str>,
}

/// A line of text; with `kind="password"` it can be shown.
#[component]
pub(crate) fn TextField(props: &TextFieldProps) -> Html {
    let shown = use_state_eq(|| false);
    let password = props.kind == "password";
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let (hint_id, error_id) = (format!("{}-hint", props.id), format!("{}-error", props.id));
    let described: Vec<&str> = [
        props.error.as_ref().map(|_| error_id.as_str()),
        props.hint.as_ref().map(|_| hint_id.as_str()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let verbatim = props.verbatim || password;
    html! {
        <div class="form-row">
            <label for={props.id}>{ &props.label }</label>
            <div class={classes!("field", props.error.is_some().then_some("field--wrong"))}>
                <input
                    id={props.id}
                    name={props.id}
                    ref={props.input.clone()}
                    type={if password && *shown { "text" } else { props.kind }}
                    autocomplete={props.autocomplete}
                    inputmode={props.keys}
                    autocapitalize={verbatim.then_some("none")}
                    spellcheck={verbatim.then_some("false")}
                    aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={(!described.is_empty()).then(|| described.join(" "))}
                />
                if password {
                    <button
                        type="button"
                        class="btn btn--ghost field__side"
                        aria-label={if *shown { words::HIDE_PASSWORD } else { words::SHOW_PASSWORD }}
                        onclick={toggle}
                    >{ if *shown { words::HIDE } else { words::SHOW } }</button>
                }
            </div>
            if let Some(error) = &props.error {
                <p class="form-row__error" id={error_id}>{ small_icon(Glyph::Alert) }{ error }</p>
            }
            if let Some(hint) = &props.hint {
                <p class="form-row__hint" id={hint_id}>{ hint }</p>
            }
        </div>
    }
}

/// What stands in a field.
pub(crate) fn text_of(input: &NodeRef) -> String {
    input
        .cast::<HtmlInputElement>()
        .map(|input| input.value())
        .unwrap_or_default()
}

/// Empties a field, such as one with a wrong password.
pub(crate) fn clear(input: &NodeRef) {
    if let Some(input) = input.cast::<HtmlInputElement>() {
        input.set_value("");
    }
}

/// What a [`switch`] says and does.
pub(crate) struct Switch {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) on: bool,
    pub(crate) onchange: Callback<bool>,
}

/// Something that is on or off, at once.
pub(crate) fn switch(switch: Switch) -> Html {
    let Switch {
        id,
        label,
        hint,
        on,
        onchange,
    } = switch;
    let hint_id = format!("{id}-hint");
    html! {
        <div class="switch-row">
            <div>
                <label for={id}>{ label }</label>
                <p class="form-row__hint" id={hint_id.clone()}>{ hint }</p>
            </div>
            <input
                class="switch" type="checkbox" role="switch" {id} checked={on} aria-describedby={hint_id}
                onchange={move |_: Event| onchange.emit(!on)}
            />
        </div>
    }
}

/// What a [`choice`] offers.
pub(crate) struct Choice<'a> {
    pub(crate) name: &'static str,
    pub(crate) legend: &'static str,
    /// Values with their labels.
    pub(crate) options: &'a [(&'static str, &'static str)],
    pub(crate) chosen: &'static str,
    pub(crate) onchange: Callback<&'static str>,
}

/// One of a few.
pub(crate) fn choice(choice: Choice<'_>) -> Html {
    html! {
        <fieldset class="choice">
            <legend>{ choice.legend }</legend>
            <div class="choice__options">
                { for choice.options.iter().map(|(value, label)| {
                    let (onchange, value) = (choice.onchange.clone(), *value);
                    html! {
                        <label class="choice__option">
                            <input
                                type="radio" name={choice.name} {value} checked={value == choice.chosen}
                                onchange={move |_: Event| onchange.emit(value)}
                            />
                            <span>{ label }</span>
                        </label>
                    }
                }) }
            </div>
        </fieldset>
    }
}

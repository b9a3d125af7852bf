//! The field of the page. It stands in the bar of a phone or on the page, of which one can be seen at a time, and both say
//! what the address says.

use hearth_shared::search::SEARCH_MAX;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::view::use_wanted;
use crate::effect::use_effect_with;
use crate::platform::clock::Timeout;
use crate::platform::scroll;
use crate::routes::{self, Route, SEARCH_QUERY, search_for};
use crate::text::search as words;
use crate::ui::icon::{Glyph, small_icon};

/// After the last key.
const PAUSE_MILLIS: u32 = 250;
#[derive(PartialEq, Properties)]
pub(crate) struct SearchFieldProps {
    pub(crate) id: &'static str,
    #[prop_or_default]
    pub(crate) class: &'static str,
    /// Who comes to the page comes to write here.
    #[prop_or_default]
    pub(crate) arrive: bool,
}

/// A field.
#[component]
pub(crate) fn SearchField(props: &SearchFieldProps) -> Html {
    let input = use_node_ref();
    let pause = use_mut_ref(|| None::<Timeout>);
    // What was typed here last and went into the address; anything else there came from elsewhere.
    let own = use_mut_ref(String::new);
    let wanted = use_wanted();
    let arrive = props.arrive && wanted.is_empty();
    let searching = use_route::<Route>() == Some(Route::Search);
    let location = use_location().filter(|_| searching);
    {
        let (input, own, pause) = (input.clone(), own.clone(), pause.clone());
        use_effect_with(wanted, move |wanted| {
            if own.replace(wanted.clone()) == *wanted {
                return;
            }
            pause.borrow_mut().take();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(wanted);
            }
        });
    }
    let look_for = {
        let own = own.clone();
        move |text: &str| {
            let text = text.trim();
            if !searching && text.is_empty() {
                return;
            }
            own.replace(text.to_owned());
            let words = Some(text.to_owned()).filter(|text| !text.is_empty());
            // Who looks among messages goes on looking there.
            let address = location.as_ref().map_or_else(
                || search_for(&Route::Search, text),
                |location| routes::with_query(location, &[(SEARCH_QUERY, words)]),
            );
            if searching {
                scroll::stay();
                routes::replace(&address);
            } else {
                scroll::go_on_typing();
                routes::push(&address);
            }
        }
    };
    let oninput = {
        let (look_for, pause) = (look_for.clone(), pause.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let look_for = look_for.clone();
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MILLIS, move || look_for(&text)));
        })
    };
    let onsubmit = {
        let input = input.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            pause.borrow_mut().take();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                look_for(&input.value());
            }
        })
    };
    html! {
        <form class={classes!("seek", props.class)} role="search" aria-label={words::LABEL} {onsubmit}>
            <label class="vh" for={props.id}>{ words::LABEL }</label>
            <div class="field">
                { small_icon(Glyph::Search) }
                <input
                    ref={input} id={props.id} type="search" autocomplete="off" spellcheck="false" enterkeyhint="search"
                    placeholder={words::TITLE} maxlength={SEARCH_MAX.to_string()} {oninput}
                    data-seek="" data-arrive={arrive.then_some("always")}
                />
            </div>
        </form>
    }
}

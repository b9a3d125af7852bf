//! What people see about you: pictures, name, a few lines.

mod draft;
mod fields;
mod form;
mod pictures;
mod wrong;

use yew::prelude::*;

use self::form::Form;
use self::pictures::Pictures;
use super::context::use_own;
use crate::store::use_selected;
use crate::text::settings::profile as words;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

/// The section.
#[component]
pub(super) fn Profile() -> Html {
    let own = use_own();
    let reading = use_selected(&own.me, (), |me, ()| me.clone());
    let again = {
        let own = own.clone();
        Callback::from(move |()| own.load_me())
    };
    match (&reading.value, &reading.failure) {
        (Some(me), _) => html! {
            <>
                <Pictures me={me.clone()} />
                { view_as(&me.user.username) }
                <Form me={me.clone()} />
            </>
        },
        (None, Some(failure)) => failed(words::FAILED, failure, again),
        (None, None) => html! {
            <div role="group" aria-busy="true" aria-label={crate::text::shell::LOADING}>
                <div class="card portraits"><div class="skel portraits__cover" /><div class="skel portraits__face av av--portrait" /></div>
                { person_skeletons(3) }
            </div>
        },
    }
}

/// Ways to see one's page as others do.
fn view_as(username: &str) -> Html {
    let link = |who: &str, text: &'static str| {
        html! { <a class="btn btn--quiet" href={format!("/u/{username}?view_as={who}")}>{ text }</a> }
    };
    html! {
        <nav class="see-as" aria-label={words::VIEW_AS}>
            <span class="see-as__text">{ words::VIEW_AS }</span>
            { link("friend", words::VIEW_AS_FRIEND) }
            { link("stranger", words::VIEW_AS_STRANGER) }
        </nav>
    }
}

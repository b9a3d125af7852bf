//! The top of an open conversation: who it is with, and the way to more about them.

use hearth_shared::conversations::Conversation;
use yew::prelude::*;

use super::settings;
use crate::context::App;
use crate::features::friends::components::{Online, present};
use crate::features::groups::GroupInfo;
use crate::features::groups::emblem::emblem;
use crate::routes::Route;
use crate::text::{chats as words, groups, shell};
use crate::ui::avatar::{Size, current};
use crate::ui::button::icon_button;
use crate::ui::icon::{Glyph, icon};
use crate::ui::link::Link;
use crate::ui::page::Heading;

/// The head. `name`: of the other one, or of the group; `info`: whether what is known of the group is shown.
/// `here`: how many of the group are, 0 when that is not known.
pub(super) fn head(
    app: &App,
    known: &Conversation,
    name: &str,
    here: u32,
    info: &UseStateHandle<bool>,
) -> Html {
    let text = AttrValue::from(name.to_owned());
    let set = |on: bool| {
        let info = info.setter();
        Callback::from(move |()| info.set(on))
    };
    html! {
        <header class="thread__head">
            <Link to={Route::Chats} class="icon-btn thread__back" label={words::BACK}>{ icon(Glyph::Back) }</Link>
            if let Some(other) = known.other.as_ref().map(current) {
                <Link to={profile(&other.username)} decorative=true class="person__picture">{ present(&other, Size::Medium) }</Link>
                <div class="thread__who">
                    <Heading {text} class="thread__name" />
                    <p class="meta"><Online user={other.id} text=true /></p>
                </div>
                <Link to={profile(&other.username)} class="icon-btn" label={shell::PROFILE}>{ icon(Glyph::Person) }</Link>
            } else {
                if let Some(group) = &known.group { { emblem(known.id, group, Size::Medium) } }
                <div class="thread__who">
                    <Heading {text} class="thread__name" />
                    <p class="meta">{ groups::people_here(known.member_count, here) }</p>
                </div>
                { icon_button(Glyph::Info, groups::INFO, "", false, &set(true)) }
                if **info { <GroupInfo known={known.clone()} onclose={set(false)} /> }
            }
            // A request is answered, and not arranged.
            if !known.settings.request { { settings::menu(app, known) } }
        </header>
    }
}

fn profile(username: &str) -> Route {
    Route::Profile {
        username: username.to_owned(),
    }
}

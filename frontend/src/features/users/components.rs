//! Parts of the profile that have no state: its tabs, the banner while one looks as somebody else, what stands
//! there instead of a page.

use hearth_shared::users::{UserCard, ViewAs};
use yew::prelude::*;

use super::state::view_word;
use crate::features::friends::components::RelationButton;
use crate::platform::scroll;
use crate::routes::{self, Route, Tab};
use crate::text::{friends, shell, users as words};
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::post_skeletons;

/// The parts of a person's page side by side.
pub(super) fn tabs(user: &UserCard, here: Option<Tab>) -> Html {
    let tab = |tab: Option<Tab>, text: &'static str| {
        let username = user.username.clone();
        let to = match tab {
            Some(tab) => Route::ProfileTab { username, tab },
            None => Route::Profile { username },
        };
        html! {
            <li><Link {to} current={tab == here} class="tabs__tab" onclick={|()| scroll::stay()}>{ text }</Link></li>
        }
    };
    html! {
        <nav aria-label={words::page_of(&user.display_name)}>
            <ul class="tabs">
                { tab(None, words::POSTS) }
                { tab(Some(Tab::Photos), words::PHOTOS) }
                { tab(Some(Tab::Friends), friends::FRIENDS) }
                { tab(Some(Tab::About), words::ABOUT) }
            </ul>
        </nav>
    }
}

/// Says as whom one looks at one's own page, and leads back.
pub(super) fn view_banner(username: &str, view_as: ViewAs) -> Html {
    let own = Route::Profile {
        username: username.to_owned(),
    };
    let other = match view_as {
        ViewAs::Friend => ViewAs::Stranger,
        ViewAs::Stranger => ViewAs::Friend,
    };
    let switch = view_path(username, other);
    html! {
        <div class="notice notice--page" role="status">
            { small_icon(Glyph::Eye) }
            <span>{ words::seen_as(view_as) }</span>
            <Button text={words::view_as(other)} onclick={move |()| { scroll::stay(); routes::replace(&switch); }} />
            <Link to={own} class="btn btn--quiet">{ words::BACK_TO_PAGE }</Link>
        </div>
    }
}

/// The address of one's own page as somebody else sees it.
pub(super) fn view_path(username: &str, view_as: ViewAs) -> String {
    let to = Route::Profile {
        username: username.to_owned(),
    };
    format!(
        "{}?{}={}",
        yew_router::Routable::to_path(&to),
        words::VIEW_AS_KEY,
        view_word(view_as)
    )
}

/// Somebody whom one has blocked.
pub(super) fn blocked_page(user: &UserCard) -> Html {
    html! {
        <div class="card state state--page">
            { avatar(user, Size::Profile) }
            <Heading text={user.display_name.clone()} />
            <p><b>{ friends::blocked(&user.display_name) }</b><br />{ friends::blocked_body(&user.display_name) }</p>
            <RelationButton user={user.clone()} />
        </div>
    }
}

/// The shape of a page to come.
pub(super) fn profile_skeleton() -> Html {
    html! {
        <>
            <div class="card profile" role="group" aria-busy="true" aria-label={shell::LOADING}>
                <div class="cover skel" aria-hidden="true" />
                <div class="profile__row" aria-hidden="true">
                    <div class="skel profile__picture" />
                    <div class="profile__text skel-lines">
                        <div class="skel skel--title" /><div class="skel skel--meta" /><div class="skel skel--line skel--short" />
                    </div>
                </div>
            </div>
            { post_skeletons(2) }
        </>
    }
}

//! A person's page: who they are, and their posts, photos, friends and what else they say about themselves.

pub(crate) mod actions;
mod components;
mod details;
mod header;
mod photos;
pub(crate) mod preferences;
pub(crate) mod state;

use hearth_shared::users::{Friendship, Profile, ViewAs};
use yew::prelude::*;
use yew_router::prelude::*;

use self::components::{blocked_page, profile_skeleton, tabs, view_banner};
use self::details::{AboutTab, FriendsTab};
use self::header::Header;
use self::photos::PhotosTab;
use self::state::is_close;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::posts::PostList;
use crate::features::posts::state::ListId;
use crate::routes::{self, Route, Tab};
use crate::store::use_selected;
use crate::text::{shell, users as words};
use crate::ui::avatar::current;
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::states::{empty, failed, message};

#[derive(PartialEq, Properties)]
pub(crate) struct ProfilePageProps {
    pub(crate) username: String,
    /// Beside their posts.
    pub(crate) tab: Option<Tab>,
}

/// `/u/me` is the reader's own page, so that other places can lead there without knowing a name.
const ME: &str = "me";

/// A person's page.
#[component]
pub(crate) fn ProfilePage(props: &ProfilePageProps) -> Html {
    let app = use_app();
    let location = use_location();
    let own_name = current(&app.user).username;
    let username = match props.username.to_ascii_lowercase() {
        name if name == ME => own_name.clone(),
        name => name,
    };
    // Others' pages are seen as oneself.
    let view_as = location
        .and_then(|location| routes::query_value(&location, words::VIEW_AS_KEY))
        .and_then(|word| state::view_of(&word))
        .filter(|_| username == own_name);
    let reading = use_selected(
        &app.accounts,
        (username.clone(), view_as),
        |accounts, (username, view_as)| accounts.profile(username, *view_as),
    );
    let person = reading
        .as_ref()
        .and_then(|reading| reading.value.as_ref())
        .map(|profile| profile.person.clone());
    // As it is now, which may be newer than the profile: the button was pressed, or another card was.
    let friendship = use_selected(
        &app.people,
        person.as_ref().map(|person| person.user.id),
        |people, user| {
            user.and_then(|user| people.relation(user))
                .filter(|relation| !relation.busy)
                .map(|relation| relation.friendship)
        },
    );
    let close = friendship.map(is_close);
    let blocked = friendship.map(|friendship| friendship == Friendship::Blocked);
    {
        let app = app.clone();
        use_effect_with(
            (username.clone(), view_as, close, blocked),
            move |(username, view_as, ..)| actions::load_profile(&app, username, *view_as),
        );
    }
    {
        // Becoming friends shows other posts than before.
        let (app, list) = (app.clone(), ListId::Of(username.clone()));
        let before = use_mut_ref(|| None::<bool>);
        use_effect_with((close, blocked), move |(close, blocked)| {
            let changed = before.borrow().is_some() && close.is_some() && *before.borrow() != *close;
            if close.is_some() {
                *before.borrow_mut() = *close;
            }
            // Of somebody who is blocked there are none.
            if changed && *blocked != Some(true) {
                crate::features::posts::actions::load(&app, &list, false);
            }
        });
    }
    let again = {
        let (app, username) = (app.clone(), username.clone());
        Callback::from(move |()| actions::load_profile(&app, &username, view_as))
    };
    let Some(reading) = reading else {
        return html! { <><Heading text={shell::PROFILE} hidden=true />{ profile_skeleton() }</> };
    };
    let Some(profile) = &reading.value else {
        return match &reading.failure {
            Some(failure) if !failure.is_not_found() => html! {
                <><Heading text={shell::PROFILE} hidden=true />{ failed(words::PROFILE_FAILED, failure, again) }</>
            },
            _ => html! {
                { message(words::UNKNOWN_TITLE, words::UNKNOWN, html! {                    <Link to={Route::FindPeople} class="btn btn--primary">{ crate::text::friends::FIND }</Link>
                }) }
            },
        };
    };
    let user = &profile.person.user;
    if blocked.unwrap_or(profile.person.friendship == Friendship::Blocked) {
        return blocked_page(user);
    }
    let own = user.id == app.user.id;
    let key = user.username.clone();
    html! {
        <>
            if let Some(view_as) = view_as { { view_banner(&own_name, view_as) } }
            <Header profile={profile.clone()} {own} {view_as} onlost={again} />
            if view_as.is_none() {
                { tabs(user, props.tab) }
            } else {
                <h2 class="section__title">{ words::ABOUT }</h2>
                <AboutTab profile={profile.clone()} own={false} />
                <h2 class="section__title">{ words::POSTS }</h2>
            }
            { match props.tab.filter(|_| view_as.is_none()) {
                Some(Tab::Photos) => html! { <PhotosTab {key} user={user.clone()} {own} /> },
                Some(Tab::Friends) => html! { <FriendsTab {key} user={user.clone()} {own} /> },
                Some(Tab::About) => html! { <AboutTab {key} profile={profile.clone()} {own} /> },
                _ => posts(profile, own, close.unwrap_or_else(|| is_close(profile.person.friendship)), view_as),
            } }
        </>
    }
}

/// Their posts; of one's own those that the one sees as whom one looks.
fn posts(profile: &Profile, own: bool, close: bool, view_as: Option<ViewAs>) -> Html {
    let user = &profile.person.user;
    let none: AttrValue = match (view_as, own, close) {
        (Some(_), ..) => words::NO_POSTS_SEEN.into(),
        (None, true, _) => words::NO_POSTS_OF_YOURS.into(),
        (None, false, true) => words::no_posts(&user.display_name).into(),
        (None, false, false) => words::for_friends(&user.display_name).into(),
    };
    let list = html! {
        <PostList
            key={user.username.clone()} list={ListId::Of(user.username.clone())} {view_as}
            label={words::posts_of(&user.display_name)} end={crate::text::posts::END_OF_POSTS}
        >
            { empty(if close { Glyph::Pen } else { Glyph::Lock }, &none, Html::default()) }
        </PostList>
    };
    match view_as {
        Some(_) => html! { <div class="as-seen">{ list }</div> },
        None => list,
    }
}

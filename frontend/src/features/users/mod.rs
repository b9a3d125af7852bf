//! A person's page.

pub(crate) mod actions;
mod components;
pub(crate) mod preferences;
pub(crate) mod state;

use yew::prelude::*;

use self::components::header;
use self::state::is_close;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::posts::PostList;
use crate::features::posts::state::ListId;
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::{shell, users as words};
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::{person_skeletons, post_skeletons};
use crate::ui::states::{empty, failed, message};

#[derive(PartialEq, Properties)]
pub(crate) struct ProfilePageProps {
    pub(crate) username: String,
}

/// A person's page.
#[component]
pub(crate) fn ProfilePage(props: &ProfilePageProps) -> Html {
    let app = use_app();
    let username = props.username.to_ascii_lowercase();
    let reading = use_selected(&app.accounts, username.clone(), |accounts, username| {
        accounts.profile(username)
    });
    let person = reading
        .as_ref()
        .and_then(|reading| reading.value.as_ref())
        .map(|profile| profile.person.clone());
    // As it is now, which may be newer than the profile: the button was pressed, or another card was.
    let close = use_selected(
        &app.people,
        person.as_ref().map(|person| person.user.id),
        |people, user| {
            user.and_then(|user| people.relation(user))
                .filter(|relation| !relation.busy)
                .map(|relation| is_close(relation.friendship))
        },
    );
    {
        let app = app.clone();
        use_effect_with((username.clone(), close), move |(username, _)| {
            actions::load_profile(&app, username)
        });
    }
    {
        // Becoming friends shows other posts than before.
        let (app, list) = (app.clone(), ListId::Of(username.clone()));
        let before = use_mut_ref(|| None::<bool>);
        use_effect_with(close, move |close| {
            let changed = before.borrow().is_some() && close.is_some() && *before.borrow() != *close;
            if close.is_some() {
                *before.borrow_mut() = *close;
            }
            if changed {
                crate::features::posts::actions::load(&app, &list, false);
            }
        });
    }
    let again = {
        let (app, username) = (app.clone(), username.clone());
        Callback::from(move |()| actions::load_profile(&app, &username))
    };
    let Some(reading) = reading else {
        return html! { <><Heading text={shell::PROFILE} hidden=true />{ person_skeletons(1) }{ post_skeletons(2) }</> };
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
    let own = user.id == app.user.id;
    let close = close.unwrap_or_else(|| is_close(profile.person.friendship));
    let none: AttrValue = match (own, close) {
        (true, _) => words::NO_POSTS_OF_YOURS.into(),
        (false, true) => words::no_posts(&user.display_name).into(),
        (false, false) => words::for_friends(&user.display_name).into(),
    };
    html! {
        <>
            { header(profile) }
            <h2 class="section__title">{ words::POSTS }</h2>
            <PostList
                key={user.username.clone()} list={ListId::Of(username)}
                label={words::posts_of(&user.display_name)} end={crate::text::posts::END_OF_POSTS}
            >
                { empty(if close { Glyph::Pen } else { Glyph::Lock }, &none, Html::default()) }
            </PostList>
        </>
    }
}

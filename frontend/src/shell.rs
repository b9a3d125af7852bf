//! The frame of the signed-in pages: rail, top bar, tab bar, aside; the banner about the connection; going
//! from page to page; the keyboard.

use hearth_shared::friends::Direction;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::context::{App, use_app, use_base};
use crate::features::auth::SendOn;
use crate::features::friends::components::WaitingRequests;
use crate::features::friends::{self, FindPage, FriendsPage, RequestsPage};
use crate::features::posts::composer::{Composer, compose};
use crate::features::posts::{HomePage, PostPage};
use crate::features::users::actions::sign_out;
use crate::features::users::{ProfilePage, SettingsPage};
use crate::keyboard::{shortcuts, use_keyboard};
use crate::platform::connection::{self, Connection};
use crate::platform::{dom, scroll};
use crate::routes::{Route, go};
use crate::store::use_selected;
use crate::text::shell as words;
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::{Button, Kind, icon_button};
use crate::ui::icon::{Glyph, icon, small_icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};
use crate::ui::states::message;

/// A place that the navigation leads to.
#[derive(Clone, PartialEq)]
struct Place {
    route: Route,
    glyph: Glyph,
    text: &'static str,
    /// The same on a phone.
    short: &'static str,
    count: u32,
    current: bool,
}

fn places(app: &App, here: &Route, waiting: u32) -> [Place; 4] {
    let me = Route::Profile {
        username: app.user.username.clone(),
    };
    let friends = matches!(here, Route::Friends | Route::FriendRequests | Route::FindPeople);
    [
        Place {
            current: *here == Route::Home,
            route: Route::Home,
            glyph: Glyph::Home,
            text: words::HOME,
            short: words::HOME,
            count: 0,
        },
        Place {
            current: friends,
            // Those who are waited for are met first.
            route: if waiting > 0 {
                Route::FriendRequests
            } else {
                Route::Friends
            },
            glyph: Glyph::Friends,
            text: words::FRIENDS,
            short: words::FRIENDS,
            count: waiting,
        },
        Place {
            current: *here == me,
            route: me,
            glyph: Glyph::Person,
            text: words::PROFILE,
            short: words::YOU,
            count: 0,
        },
        Place {
            current: *here == Route::Settings,
            route: Route::Settings,
            glyph: Glyph::Settings,
            text: words::SETTINGS,
            short: words::SETTINGS,
            count: 0,
        },
    ]
}

/// Everything around and inside the page of a signed-in person.
#[component]
pub(crate) fn Shell() -> Html {
    let app = use_app();
    let here = use_route::<Route>().unwrap_or(Route::NotFound);
    let waiting = use_selected(&app.people, (), |people, ()| people.waiting());
    use_effect_with(app.clone(), |app| {
        friends::actions::load_requests(app, Direction::Incoming)
    });
    use_arrival();
    let sheet = use_keyboard(&app);
    let write = {
        let app = app.clone();
        Callback::from(move |()| compose(&app))
    };
    let close_sheet = {
        let sheet = sheet.clone();
        Callback::from(move |()| sheet.set(false))
    };
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = dom::find("#main") {
            drop(main.focus());
        }
    });
    let places = places(&app, &here, waiting);
    html! {
        <>
            <a class="skip" href="#main" onclick={skip}>{ words::SKIP }</a>
            <header class="topbar">
                <Link to={Route::Home} class="wordmark"><i aria-hidden="true" />{ words::WORDMARK }</Link>
                { icon_button(Glyph::Pen, words::WRITE_A_POST, "", false, &write) }
            </header>
            <div class="shell">
                <header class="rail">
                    <Link to={Route::Home} class="wordmark"><i aria-hidden="true" /><span class="lbl">{ words::WORDMARK }</span></Link>
                    <nav aria-label={words::MAIN_NAVIGATION}>
                        <ul class="rail__list">
                            { for places.iter().map(|place| html! { <li>{ nav_link(place) }</li> }) }
                        </ul>
                    </nav>
                    <Button kind={Kind::Primary} class="rail__write" icon={Glyph::Pen} text={words::WRITE_A_POST} onclick={write} />
                    <span class="grow" />
                    { account_menu(&app) }
                </header>
                <main class="main" id="main" tabindex="-1">
                    <ConnectionBanner />
                    { page(here) }
                </main>
                <aside class="aside" aria-label={words::ASIDE}><WaitingRequests /></aside>
            </div>
            <nav class="tabbar" aria-label={words::MAIN_NAVIGATION}>
                { for places.iter().map(|place| html! {
                    <Link to={place.route.clone()} class="tab" current={place.current}>
                        { icon(place.glyph) }<span>{ place.short }</span>{ count(place.count) }
                    </Link>
                }) }
            </nav>
            <Composer />
            if *sheet { { shortcuts(close_sheet) } }
        </>
    }
}

/// Scroll and focus follow the history.
#[hook]
fn use_arrival() {
    let location = use_location();
    let arrived = use_mut_ref(|| false);
    use_effect_with(location, move |location| {
        if let Some(location) = location {
            let first = !std::mem::replace(&mut *arrived.borrow_mut(), true);
            scroll::arrive(location.id(), first);
        }
    });
}

fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <HomePage /> },
        Route::Post { id } => html! { <PostPage key={id.to_string()} {id} /> },
        Route::Profile { username } => {
            html! { <ProfilePage key={username.clone()} username={username.clone()} /> }
        }
        Route::Friends => html! { <FriendsPage /> },
        Route::FriendRequests => html! { <RequestsPage /> },
        Route::FindPeople => html! { <FindPage /> },
        Route::Settings => html! { <SettingsPage /> },
        Route::Login | Route::Register => html! { <SendOn why={None} /> },
        Route::NotFound => html! {
            { message(words::NOT_FOUND_TITLE, words::NOT_FOUND, html! {                <Link to={Route::Home} class="btn btn--primary">{ words::HOME }</Link>
            }) }
        },
    }
}

fn nav_link(place: &Place) -> Html {
    html! {
        <Link to={place.route.clone()} class="nav-i" current={place.current}>
            { icon(place.glyph) }<span class="lbl">{ place.text }</span>{ count(place.count) }
        </Link>
    }
}

/// How many wait; nothing when nobody does.
fn count(count: u32) -> Html {
    if count == 0 {
        return Html::default();
    }
    html! {
        <>
            <span class="count count--warm" aria-hidden="true">{ count }</span>
            <span class="vh">{ words::waiting_requests(count) }</span>
        </>
    }
}

/// One's own name at the foot of the rail.
fn account_menu(app: &App) -> Html {
    let to = |route: Route| Callback::from(move |()| go(&route));
    let out = {
        let base = app.base.clone();
        Callback::from(move |()| sign_out(&base))
    };
    let profile = Route::Profile {
        username: app.user.username.clone(),
    };
    let item = |glyph, text, act| Item {
        glyph,
        text,
        danger: false,
        act,
    };
    let items = vec![
        item(Glyph::Person, words::PROFILE, to(profile)),
        item(Glyph::Settings, words::SETTINGS, to(Route::Settings)),
        item(Glyph::SignOut, words::SIGN_OUT, out),
    ];
    html! {
        <Menu label={words::account_menu(&app.user.display_name)} class="nav-i me" up=true {items}>
            { avatar(&app.user, Size::Small) }
            <span class="who">{ &app.user.display_name }</span>
        </Menu>
    }
}

/// Says that there is no connection, as long as there is none.
#[component]
pub(crate) fn ConnectionBanner() -> Html {
    let base = use_base();
    let state = use_selected(&connection::state(), (), |state, ()| *state);
    let was = use_mut_ref(|| Connection::Fine);
    use_effect_with(state, move |state| {
        if *was.borrow() != Connection::Fine && *state == Connection::Fine {
            base.say(words::BACK_ONLINE);
        }
        *was.borrow_mut() = *state;
    });
    let text = match state {
        Connection::Fine => return Html::default(),
        Connection::Offline => words::OFFLINE,
        Connection::NoAnswer => words::NO_ANSWER,
    };
    html! { <div class="banner" role="status">{ small_icon(Glyph::CloudOff) }<span>{ text }</span></div> }
}

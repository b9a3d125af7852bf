//! The frame of the signed-in pages: rail, top bar, tab bar, aside; the banner about the connection; going
//! from page to page; the keyboard.

use hearth_shared::friends::Direction;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::activity::{Glance, use_touched};
use crate::features::auth::SendOn;
use crate::features::friends;
use crate::features::friends::components::{AroundNow, WaitingRequests};
use crate::features::groups;
use crate::features::posts::composer::{Composer, compose};
use crate::features::posts::viewer::PostViewer;
use crate::features::posts::{HomePage, PostPage, SavedPage, TagPage};
use crate::features::search::SearchField;
use crate::features::search::palette::{self, Palette};
use crate::features::users::actions::sign_out;
use crate::keyboard::use_keyboard;
use crate::parts::{Over, Screen, later, use_ahead};
use crate::platform::dom;
use crate::routes::{Route, go};
use crate::store::use_selected;
use crate::text::{self, shell as words};
use crate::ui::avatar::{self, Size, avatar, name};
use crate::ui::banner::ConnectionBanner;
use crate::ui::button::{Button, Kind, icon_button};
use crate::ui::icon::{Glyph, icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};
use crate::ui::page::use_arrival;
use crate::ui::states::message;
use crate::ui::title;

/// Places in the bar of a phone; the settings are in the one above, what is saved on one's own page, the groups behind
/// the chats.
const TABS: usize = 5;

/// A place that the navigation leads to.
struct Place {
    route: Route,
    glyph: Glyph,
    text: &'static str,
    /// The same on a phone.
    short: &'static str,
    count: u32,
    /// How a screen reader says the count.
    counted: fn(u32) -> String,
    current: bool,
}

/// What the badges count.
#[derive(Clone, Copy, PartialEq)]
struct Badges {
    requests: u32,
    groups: u32,
    chats: u32,
    activity: u32,
}

fn places(app: &App, here: &Route, badges: Badges) -> [Place; 8] {
    let me = Route::Profile {
        username: avatar::current(&app.user).username,
    };
    let place = |route: Route, glyph, text| Place {
        current: *here == route,
        route,
        glyph,
        text,
        short: text,
        count: 0,
        counted: words::waiting_requests,
    };
    [
        place(Route::Home, Glyph::Home, words::HOME),
        Place {
            current: matches!(here, Route::Friends | Route::FriendRequests | Route::FindPeople),
            count: badges.requests,
            // Those who are waited for are met first.
            ..place(
                if badges.requests > 0 {
                    Route::FriendRequests
                } else {
                    Route::Friends
                },
                Glyph::Friends,
                words::FRIENDS,
            )
        },
        Place {
            count: badges.groups,
            counted: text::groups::waiting,
            ..place(Route::Groups, Glyph::Groups, text::groups::GROUPS)
        },
        Place {
            current: matches!(here, Route::Chats | Route::Chat { .. }),
            count: badges.chats,
            counted: text::chats::unread_chats,
            ..place(Route::Chats, Glyph::Chat, text::chats::CHATS)
        },
        Place {
            count: badges.activity,
            counted: text::activity::unseen,
            ..place(Route::Activity, Glyph::Bell, text::activity::ACTIVITY)
        },
        Place {
            short: words::YOU,
            current: is_own_page(here, &me),
            ..place(me, Glyph::Person, words::PROFILE)
        },
        place(Route::Saved, Glyph::Bookmark, words::SAVED),
        place(Route::Settings, Glyph::Settings, words::SETTINGS),
    ]
}

/// What a tab counts: groups have none of their own, so that somebody is invited shows where nothing else is counted.
fn tab_counts<'a>(place: &'a Place, places: &'a [Place]) -> &'a Place {
    let groups = || places.iter().find(|other| other.glyph == Glyph::Groups);
    let quiet = place.glyph == Glyph::Chat && place.count == 0;
    groups().filter(|_| quiet).unwrap_or(place)
}

/// One's own page, whichever part of it.
fn is_own_page(here: &Route, me: &Route) -> bool {
    match (here, me) {
        (Route::ProfileTab { username, .. }, Route::Profile { username: own }) => username == own,
        (here, me) => here == me,
    }
}

/// The three counts. What is unread also stands in front of the page's name.
#[hook]
fn use_badges(app: &App) -> Badges {
    let requests = use_selected(&app.people, (), |people, ()| {
        people.incoming.known.then(|| people.waiting())
    });
    let groups = use_selected(&app.chats, (), |chats, ()| chats.invitations.waiting());
    let chats = use_selected(&app.chats, (), |chats, ()| chats.list.unread());
    let counts = use_selected(&app.activity, (), |activity, ()| activity.counts);
    use_effect_with(chats + counts.notifications, |sum| {
        title::unread(*sum);
        // What is unread goes with the person.
        || title::unread(0)
    });
    Badges {
        // Requests that are answered here are not counted any more at once.
        requests: requests.unwrap_or(counts.friend_requests),
        groups,
        chats,
        activity: counts.notifications,
    }
}

/// Everything around and inside the page of a signed-in person.
#[component]
pub(crate) fn Shell() -> Html {
    let app = use_app();
    // Rendered again when one's own name changes.
    avatar::use_card(&app.user);
    let here = use_route::<Route>().unwrap_or(Route::NotFound);
    let badges = use_badges(&app);
    use_effect_with(app.clone(), |app| {
        friends::actions::load_requests(app, Direction::Incoming);
        groups::actions::load_invitations(app);
    });
    use_touched(&app);
    use_arrival();
    palette::use_recent(&app, &here);
    use_ahead();
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
    // An open chat is the whole screen of a phone; beside the list it needs the place of the aside.
    let full = matches!(here, Route::Chat { .. });
    let wide = full || here == Route::Chats;
    let places = places(&app, &here, badges);
    let here_is_groups = here == Route::Groups;
    html! {
        <>
            <a class="skip" href="#main" onclick={skip}>{ words::SKIP }</a>
            if !full {
                <header class={classes!("topbar", (here == Route::Search).then_some("topbar--seek"))}>
                    if here == Route::Search {
                        <SearchField id="search-top" arrive=true />
                    } else {
                        <Link to={Route::Home} class="wordmark"><i aria-hidden="true" />{ words::WORDMARK }</Link>
                        <span class="grow" />
                        { palette::small_door(&app, "icon-btn") }
                    }
                    <Link to={Route::Settings} class="icon-btn" label={words::SETTINGS}>{ icon(Glyph::Settings) }</Link>
                    { icon_button(Glyph::Pen, words::WRITE_A_POST, "", false, &write) }
                </header>
            }
            <div class={classes!("shell", wide.then_some("shell--wide"))}>
                <header class="rail">
                    <Link to={Route::Home} class="wordmark"><i aria-hidden="true" /><span class="lbl">{ words::WORDMARK }</span></Link>
                    { palette::door(&app) }
                    { palette::small_door(&app, "nav-i seek--icon") }
                    <nav aria-label={words::MAIN_NAVIGATION}>
                        <ul class="rail__list">
                            { for places.iter().map(|place| html! {
                                <li>
                                    { nav_link(place) }
                                    if place.route == Route::Activity && !place.current { <Glance /> }
                                </li>
                            }) }
                        </ul>
                    </nav>
                    <Button kind={Kind::Primary} class="rail__write" icon={Glyph::Pen} text={words::WRITE_A_POST} onclick={write} />
                    <span class="grow" />
                    { account_menu(&app) }
                </header>
                <main class="main" id="main" tabindex="-1">
                    { page(here) }
                </main>
                if !wide {
                    <aside class="aside" aria-label={words::ASIDE}><WaitingRequests /><AroundNow /></aside>
                }
            </div>
            if !full {
                <nav class="tabbar" aria-label={words::MAIN_NAVIGATION}>
                    { for places.iter().filter(|place| place.glyph != Glyph::Groups).take(TABS).map(|place| html! {
                        <Link
                            to={place.route.clone()} class="tab"
                            current={place.current || (place.glyph == Glyph::Chat && here_is_groups)}
                        >
                            { icon(place.glyph) }<span>{ place.short }</span>{ count(tab_counts(place, &places)) }
                        </Link>
                    }) }
                </nav>
            }
            <ConnectionBanner offline={words::OFFLINE} />
            <Composer />
            <PostViewer />
            <Palette />
            if *sheet { { Over::Shortcuts(close_sheet).html() } }
        </>
    }
}

fn page(route: Route) -> Html {
    if let Some(screen) = Screen::at(&route) {
        return later(screen);
    }
    match route {
        Route::Home => html! { <HomePage /> },
        Route::Post { id } => html! { <PostPage key={id.to_string()} {id} /> },
        Route::Tag { tag } => html! { <TagPage key={tag.clone()} tag={tag.clone()} /> },
        Route::Saved => html! { <SavedPage /> },
        Route::Login | Route::Register => html! { <SendOn why={None} /> },
        // The settings are in the other program; here one only is when a development server has nothing else.
        _ => html! {
            { message(words::NOT_FOUND_TITLE, words::NOT_FOUND, html! {                <Link to={Route::Home} class="btn btn--primary">{ words::HOME }</Link>
            }) }
        },
    }
}

fn nav_link(place: &Place) -> Html {
    html! {
        <Link to={place.route.clone()} class="nav-i" current={place.current}>
            { icon(place.glyph) }<span class="lbl">{ place.text }</span>{ count(place) }
        </Link>
    }
}

/// How many wait; nothing when nobody does.
fn count(place: &Place) -> Html {
    if place.count == 0 {
        return Html::default();
    }
    let warm = place.glyph != Glyph::Chat;
    html! {
        <>
            <span class={classes!("count", warm.then_some("count--warm"))} aria-hidden="true">{ place.count }</span>
            <span class="vh">{ (place.counted)(place.count) }</span>
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
        username: avatar::current(&app.user).username,
    };
    let item = |glyph, text, act| Item {
        glyph,
        text,
        danger: false,
        act,
    };
    let items = vec![
        item(Glyph::Person, words::PROFILE, to(profile)),
        item(Glyph::Bookmark, words::SAVED, to(Route::Saved)),
        item(Glyph::Settings, words::SETTINGS, to(Route::Settings)),
        item(Glyph::SignOut, words::SIGN_OUT, out),
    ];
    html! {
        <Menu label={words::account_menu(&app.user.display_name)} class="nav-i me" up=true {items}>
            { avatar(&app.user, Size::Small) }
            <span class="who">{ name(&app.user) }</span>
        </Menu>
    }
}

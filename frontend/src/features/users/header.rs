//! The head of a person's page: cover, picture, name, how one stands to them and what one can do about it.

use hearth_shared::users::{Friendship, Profile, ViewAs};
use yew::prelude::*;

use super::components::view_path;
use crate::context::use_app;
use crate::features::chats::message_button;
use crate::features::friends::actions::act;
use crate::features::friends::components::RelationButton;
use crate::features::friends::state::Act;
use crate::features::posts::card_actions::{mute_person, unmute_person};
use crate::platform::dom;
use crate::routes::{Route, push};
use crate::store::use_selected;
use crate::text::{friends, shell, users as words};
use crate::ui::avatar::{Size, avatar, use_card};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::menu::{Item, Menu};
use crate::ui::page::Heading;
use crate::ui::picture::Picture;

/// How wide a cover is shown.
const COVER: &str = "(max-width: 599.98px) 100vw, 640px";

#[derive(PartialEq, Properties)]
pub(super) struct HeaderProps {
    pub(super) profile: Profile,
    pub(super) own: bool,
    pub(super) view_as: Option<ViewAs>,
    /// The address of the cover has run out.
    pub(super) onlost: Callback<()>,
}

/// Who it is and how one stands to them.
#[component]
pub(super) fn Header(props: &HeaderProps) -> Html {
    let profile = &props.profile;
    let user = use_card(&profile.person.user);
    let mutual = profile.person.mutual_friend_count;
    html! {
        <header class="card profile">
            <div class="cover">
                if let Some(cover) = &profile.cover {
                    <Picture key={cover.url.clone()} media={cover.clone()} sizes={COVER} onlost={props.onlost.clone()} />
                }
            </div>
            <div class="profile__row">
                <div class="profile__picture">{ avatar(&user, Size::Profile) }</div>
                <div class="profile__text">
                    <Heading text={user.display_name.clone()} class="profile__name" />
                    <p class="profile__facts">
                        <span>{ "@" }{ &user.username }</span>
                        if let Some(count) = profile.friend_count { <span>{ words::friend_count(count) }</span> }
                        if mutual > 0 { <span>{ words::mutual(mutual) }</span> }
                    </p>
                </div>
            </div>
            if !profile.bio.is_empty() { <p class="profile__bio">{ &profile.bio }</p> }
            if props.view_as.is_none() {
                if props.own {
                    <OwnActions username={user.username.clone()} />
                } else {
                    <Actions user={user.clone()} muted={profile.muted} can_message={profile.can_message} />
                }
            }
        </header>
    }
}

#[derive(PartialEq, Properties)]
struct OwnProps {
    username: String,
}

#[component]
fn OwnActions(props: &OwnProps) -> Html {
    let view = |glyph, view_as: ViewAs| {
        let path = view_path(&props.username, view_as);
        Item {
            glyph,
            text: words::view_as(view_as),
            danger: false,
            act: Callback::from(move |()| push(&path)),
        }
    };
    html! {
        <div class="profile__acts">
            <a href="/settings/profile" class="btn btn--quiet">{ small_icon(Glyph::Pen) }<span>{ words::EDIT }</span></a>
            <Menu
                label={words::VIEW_AS} class="btn btn--quiet"
                items={vec![view(Glyph::Friends, ViewAs::Friend), view(Glyph::Person, ViewAs::Stranger)]}
            >
                { small_icon(Glyph::Eye) }<span>{ words::VIEW_AS }</span>
            </Menu>
            <Link to={Route::Saved} class="btn btn--quiet">{ small_icon(Glyph::Bookmark) }<span>{ shell::SAVED }</span></Link>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ActionsProps {
    user: hearth_shared::users::UserCard,
    muted: bool,
    can_message: bool,
}

/// The button of the relation, and what one seldom needs.
#[component]
fn Actions(props: &ActionsProps) -> Html {
    let app = use_app();
    let asking = use_state_eq(|| false);
    let user = &props.user;
    let friendship = use_selected(&app.people, user.id, |people, user| {
        people.relation(*user).map(|relation| relation.friendship)
    });
    let blocked = friendship == Some(Friendship::Blocked);
    // Beside friendship stands a button of its own.
    let writes = props.can_message && !blocked && friendship != Some(Friendship::Friends);
    let copy = {
        let (base, username) = (app.base.clone(), user.username.clone());
        Callback::from(move |()| {
            let copied = dom::copy(&format!("{}/u/{username}", dom::origin()));
            base.say(if copied {
                words::LINK_COPIED
            } else {
                words::LINK_NOT_COPIED
            });
        })
    };
    let mut items = vec![Item {
        glyph: Glyph::Chain,
        text: words::COPY_LINK,
        danger: false,
        act: copy,
    }];
    if !blocked {
        let (app, user, muted) = (app.clone(), user.clone(), props.muted);
        items.push(Item {
            glyph: if muted { Glyph::Bell } else { Glyph::Mute },
            text: if muted { words::UNMUTE } else { words::MUTE },
            danger: false,
            act: Callback::from(move |()| {
                if muted {
                    unmute_person(&app, &user, None);
                } else {
                    mute_person(&app, &user);
                }
            }),
        });
        let ask = asking.clone();
        items.push(Item {
            glyph: Glyph::Block,
            text: friends::BLOCK,
            danger: true,
            act: Callback::from(move |()| ask.set(true)),
        });
    }
    let (no, yes, held, who) = (asking.clone(), asking.clone(), app.clone(), user.clone());
    html! {
        <div class="profile__acts">
            <RelationButton user={user.clone()} prominent=true />
            if writes { { message_button(&app, user) } }
            <Menu label={words::more_about(&user.display_name)} {items} />
            if *asking {
                <Question
                    title={friends::block_title(&user.display_name)} text={friends::block_body(&user.display_name)}
                    yes={friends::BLOCK}
                    onno={move |()| no.set(false)}
                    onyes={move |()| { yes.set(false); act(&held, &who, Act::Block); }}
                />
            }
        </div>
    }
}

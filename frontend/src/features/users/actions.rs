//! What talks to the server about profiles; the way out.

use hearth_shared::endpoint::Endpoint;
use hearth_shared::endpoint::Nothing;
use hearth_shared::page::{Page, PageQuery};
use hearth_shared::posts::{MutePerson, UnmutePerson};
use hearth_shared::users::{GetProfile, ProfileQuery, UserCard, ViewAs};
use yew::Callback;

use crate::context::{App, Base};
use crate::features::friends::state::{Listing, People};
use crate::features::posts::drafts;
use crate::features::posts::state::ListId;
use crate::platform::spawn;
use crate::store::{Ptr, Store};
use crate::text::{shell, users as words};

/// Reads a profile; one's own also as somebody else would see it.
pub(crate) fn load_profile(app: &App, username: &str, view_as: Option<ViewAs>) {
    let (app, username) = (app.clone(), username.to_owned());
    spawn(async move {
        let since = app.people.read(People::reading);
        let outcome = app
            .base
            .api
            .get(
                &GetProfile {
                    username: username.clone(),
                },
                &ProfileQuery { view_as },
            )
            .await;
        if let (Ok(profile), None) = (&outcome, view_as) {
            app.people
                .change(|people| people.learn_person(&profile.person, since));
        }
        app.accounts
            .change(|accounts| accounts.settle(&username, view_as, outcome));
    });
}

/// Hears no more of a person, or hears of them again. Shown at once; said when it is done, with a way back.
pub(crate) fn mute(app: &App, user: &UserCard, muted: bool) {
    show_muted(app, user, muted);
    let (app, user) = (app.clone(), user.clone());
    spawn(async move {
        let user_id = user.id;
        let outcome = if muted {
            app.base.api.send(&MutePerson { user_id }, &Nothing).await
        } else {
            app.base.api.send(&UnmutePerson { user_id }, &Nothing).await
        };
        let name = &user.display_name;
        match outcome {
            Ok(Nothing) if muted => {
                let (held, user) = (app.clone(), user.clone());
                let undo = Callback::from(move |undone| {
                    if undone {
                        mute(&held, &user, false);
                    }
                });
                app.base.offer(words::muted(name), undo);
            }
            Ok(Nothing) => app.base.say(words::unmuted(name)),
            Err(failure) => {
                show_muted(&app, &user, !muted);
                app.base.warn(&words::not_changed(name, muted), &failure);
            }
        }
    });
}

fn show_muted(app: &App, user: &UserCard, muted: bool) {
    app.accounts
        .change(|accounts| accounts.mute(&user.username, muted));
    app.posts.change(|posts| {
        if muted {
            posts.hush(user.id);
        } else {
            // What was left out meanwhile comes with the next look.
            posts.change_list(&ListId::Feed, |list| list.expect_new());
        }
    });
}

/// A list of somebody's page, known as long as that part of the page is shown.
pub(crate) type Shown<T> = Store<Ptr<Listing<T>>>;

/// Reads a list of somebody's page from its top, or one more page of it.
pub(super) fn load_list<E, T>(app: &App, endpoint: E, list: &Shown<T>, more: bool, learn: fn(&App, &[T]))
where
    E: Endpoint<Query = PageQuery, Body = Nothing, Reply = Page<T>> + 'static,
    T: Clone + 'static,
{
    if list.read(|list| list.loading) {
        return;
    }
    let cursor = list.read(|list| list.next.clone()).filter(|_| more);
    list.change(|list| list.change(Listing::begin));
    let (app, list) = (app.clone(), list.clone());
    spawn(async move {
        let query = PageQuery {
            limit: Some(60),
            cursor,
        };
        let outcome = app.base.api.get(&endpoint, &query).await;
        if let Ok(page) = &outcome {
            learn(&app, &page.items);
        }
        list.change(|list| list.change(|list| list.settle(more, outcome)));
    });
}

/// Signs out everywhere in this browser. Nothing private stays on the device.
pub(crate) fn sign_out(base: &Base) {
    let base = base.clone();
    drafts::forget_all();
    spawn(async move {
        if !base.session.sign_out().await {
            base.say(shell::SIGN_OUT_FAILED);
        }
    });
}

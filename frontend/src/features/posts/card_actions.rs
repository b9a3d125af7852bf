//! What the menu of a post does, and passing it on.

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::PostId;
use hearth_shared::posts::{
    Audience, DeletePost, MutePerson, MutePost, NewPost, RestorePost, SavePost, Shared, UnmutePerson,
    UnmutePost, UnsavePost,
};
use hearth_shared::problem::FieldError;
use hearth_shared::users::UserCard;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::actions::{deliver, fetch};
use super::state::{ListId, NewEntry, PostKey, Posts, Removed};
use crate::context::App;
use crate::platform::{clock, dom, random, spawn};
use crate::routes::Route;
use crate::text::posts::card as words;
use crate::text::posts::{DELETE_FAILED, POST_DELETED, RESTORE_FAILED};

use yew_router::Routable;

fn id_of(app: &App, key: &PostKey) -> Option<PostId> {
    app.posts
        .read(|posts| posts.get(key))
        .and_then(|entry| entry.id())
}

/// Deletes a post: it leaves at once, and for a moment it can be put back.
pub(crate) fn delete(app: &App, key: &PostKey) {
    let Some(post_id) = id_of(app, key) else { return };
    let Some(removed) = app.posts.change(|posts| posts.take_out(key)) else {
        return;
    };
    clock::afterwards(dom::rescue_focus);
    let app = app.clone();
    spawn(async move {
        match app.base.api.send(&DeletePost { post_id }, &Nothing).await {
            Err(failure) if !failure.is_not_found() => {
                app.posts.change(|posts| posts.put_back(removed));
                app.base.warn(DELETE_FAILED, &failure);
            }
            _ => {
                let held = app.clone();
                let undo = Callback::from(move |undone| {
                    if undone {
                        restore(&held, post_id, removed.clone());
                    }
                });
                app.base.offer(POST_DELETED, undo);
            }
        }
    });
}

fn restore(app: &App, post_id: PostId, removed: Removed) {
    let app = app.clone();
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        match app.base.api.send(&RestorePost { post_id }, &Nothing).await {
            Ok(post) => app.posts.change(|posts| {
                posts.put_back(removed);
                posts.written(post, since, false);
            }),
            Err(failure) => app.base.warn(RESTORE_FAILED, &failure),
        }
    });
}

/// Keeps a post for later, or no longer.
pub(crate) fn save(app: &App, key: &PostKey, saved: bool) {
    let Some(post_id) = id_of(app, key) else { return };
    app.posts.change(|posts| posts.mark_saved(key, saved));
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        let api = &app.base.api;
        let outcome = if saved {
            api.send(&SavePost { post_id }, &Nothing).await
        } else {
            api.send(&UnsavePost { post_id }, &Nothing).await
        };
        match outcome {
            Ok(_) => app.base.say(if saved { words::KEPT } else { words::NOT_KEPT }),
            Err(failure) => {
                app.posts.change(|posts| posts.mark_saved(&key, !saved));
                app.base.warn(words::KEEP_FAILED, &failure);
            }
        }
    });
}

/// Hears no more of a post. What that means is said beside the way back.
pub(crate) fn mute_post(app: &App, key: &PostKey) {
    let Some(post_id) = id_of(app, key) else { return };
    let removed = app.posts.change(|posts| posts.mute_post(key));
    clock::afterwards(dom::rescue_focus);
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        if let Err(failure) = app.base.api.send(&MutePost { post_id }, &Nothing).await {
            app.posts.change(|posts| {
                posts.mark_muted(&key, false);
                posts.put_back(removed);
            });
            return app.base.warn(words::MUTE_FAILED, &failure);
        }
        let held = app.clone();
        let undo = Callback::from(move |undone| {
            if undone {
                held.posts.change(|posts| posts.put_back(removed.clone()));
                unmute_post(&held, &key);
            }
        });
        app.base.offer(words::POST_MUTED, undo);
    });
}

/// Hears of a post again.
pub(crate) fn unmute_post(app: &App, key: &PostKey) {
    let Some(post_id) = id_of(app, key) else { return };
    app.posts.change(|posts| posts.mark_muted(key, false));
    let (app, key) = (app.clone(), key.clone());
    spawn(async move {
        match app.base.api.send(&UnmutePost { post_id }, &Nothing).await {
            Ok(_) => app.base.say(words::POST_UNMUTED),
            Err(failure) => {
                app.posts.change(|posts| posts.mark_muted(&key, true));
                app.base.warn(words::MUTE_FAILED, &failure);
            }
        }
    });
}

/// Hears no more of a person.
pub(crate) fn mute_person(app: &App, user: &UserCard) {
    let removed = app.posts.change(|posts| posts.mute_person(user.id));
    show_muted(app, user, true);
    clock::afterwards(dom::rescue_focus);
    let (app, user) = (app.clone(), user.clone());
    spawn(async move {
        let muted = app.base.api.send(&MutePerson { user_id: user.id }, &Nothing);
        if let Err(failure) = muted.await {
            app.posts.change(|posts| posts.put_back(removed));
            show_muted(&app, &user, false);
            return app.base.warn(words::MUTE_FAILED, &failure);
        }
        let (held, name) = (app.clone(), user.display_name.clone());
        let undo = Callback::from(move |undone| {
            if undone {
                unmute_person(&held, &user, Some(removed.clone()));
            }
        });
        app.base.offer(words::person_muted(&name), undo);
    });
}

/// Hears of a person again. What had left the feed is there again, or comes with the next look.
pub(crate) fn unmute_person(app: &App, user: &UserCard, removed: Option<Removed>) {
    show_muted(app, user, false);
    let (app, user) = (app.clone(), user.clone());
    spawn(async move {
        let unmuted = app.base.api.send(&UnmutePerson { user_id: user.id }, &Nothing);
        match (unmuted.await, removed) {
            (Ok(_), Some(removed)) => app.posts.change(|posts| posts.put_back(removed)),
            (Ok(_), None) => {
                app.posts
                    .change(|posts| posts.change_list(&ListId::Feed, |list| list.expect_new()));
                app.base.say(words::person_unmuted(&user.display_name));
            }
            (Err(failure), _) => {
                show_muted(&app, &user, true);
                app.base.warn(words::MUTE_FAILED, &failure);
            }
        }
    });
}

/// On their page.
fn show_muted(app: &App, user: &UserCard, muted: bool) {
    app.accounts
        .change(|accounts| accounts.mute(&user.username, muted));
}

/// Puts the address of a post where it can be pasted from.
pub(crate) fn copy_link(app: &App, id: PostId) {
    let address = format!("{}{}", dom::origin(), Route::Post { id }.to_path());
    if dom::copy(&address) {
        app.base.say(words::LINK_COPIED);
    } else {
        // On plain http the browser has no such place.
        app.base.say(address);
    }
}

/// Passes a post on: it appears at once. The wrong fields when it cannot be sent.
pub(crate) fn share(
    app: &App,
    original: Shared,
    body: String,
    audience: Audience,
) -> Result<(), Vec<FieldError>> {
    let shared_post_id = match &original {
        Shared::Post(original) => Some(original.id),
        Shared::Unavailable => None,
    };
    let new = Valid::check(NewPost {
        client_id: random::client_id(),
        body,
        audience,
        media_ids: Vec::new(),
        shared_post_id,
    })?
    .into_inner();
    let key = app.posts.change(|posts| {
        posts.begin(NewEntry {
            client_id: new.client_id.clone(),
            author: app.user.clone(),
            body: new.body.clone(),
            audience: new.audience,
            media: Vec::new(),
            shared: Some(original),
            now: clock::now(),
        })
    });
    deliver(app, key, new);
    Ok(())
}

/// The addresses of a post's pictures have run out: asks for new ones.
pub(crate) fn refresh_media(app: &App, key: &PostKey) {
    let Some(id) = id_of(app, key) else { return };
    app.posts.change(|posts| posts.lose_addresses(key));
    let app = app.clone();
    // When this fails, what stands in for the picture stays.
    spawn(async move { drop(fetch(&app, id).await) });
}

//! What talks to the server about posts.

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{MediaId, PostId, UserId};
use hearth_shared::media::Media;
use hearth_shared::page::{Page, PageQuery};
use hearth_shared::posts::{
    CreatePost, EditPost, GetFeed, GetPost, ListSavedPosts, ListTagPosts, NewPost, Post, PostPatch,
};
use hearth_shared::problem::FieldError;
use hearth_shared::search::{Search, SearchKind, SearchQuery};
use hearth_shared::users::ListUserPosts;
use hearth_shared::valid::Valid;

use super::drafts;
use super::state::draft::Draft;
use super::state::{Delivery, ListId, NewEntry, PostKey, Posts};
use crate::context::App;
use crate::platform::api::Failure;
use crate::platform::{clock, connection, dom, random, scroll, spawn};
use crate::text::posts as words;

/// Loads a list from its top, or one more page of it.
pub(crate) fn load(app: &App, id: &ListId, more: bool) {
    if app
        .posts
        .change(|posts| posts.change_list(id, |list| list.begin()))
        != Some(true)
    {
        return;
    }
    let (app, id) = (app.clone(), id.clone());
    spawn(async move {
        let cursor = app
            .posts
            .read(|posts| posts.list(&id).next.clone())
            .filter(|_| more);
        let since = app.posts.read(Posts::reading);
        let outcome = page(&app, &id, PageQuery { limit: None, cursor }).await;
        app.posts
            .change(|posts| posts.settle(&id, more, outcome, connection::as_of(), since));
        if more && app.posts.read(|posts| posts.list(&id).has_below()) {
            step(&app, &id, true);
        }
    });
}

async fn page(app: &App, id: &ListId, query: PageQuery) -> Result<Page<Post>, Failure> {
    let api = &app.base.api;
    match id {
        ListId::Feed => api.get(&GetFeed {}, &query).await,
        ListId::Of(username) => {
            let username = username.clone();
            api.get(&ListUserPosts { username }, &query).await
        }
        ListId::Tag(tag) => api.get(&ListTagPosts { tag: tag.clone() }, &query).await,
        ListId::Saved => api.get(&ListSavedPosts {}, &query).await,
        ListId::Search(words) => {
            let query = SearchQuery {
                q: words.clone(),
                kind: SearchKind::Posts,
                conversation_id: None,
                limit: query.limit,
                cursor: query.cursor,
            };
            let page = api.get(&Search {}, &query).await?;
            Ok(Page {
                items: page.items.into_iter().filter_map(|found| found.post).collect(),
                next_cursor: page.next_cursor,
                seq: None,
            })
        }
    }
}

/// The reader comes near the end of what is on the page: more of what is known, or else one more page.
pub(super) fn go_on(app: &App, id: &ListId) {
    if app.posts.read(|posts| posts.list(id).has_below()) {
        step(app, id, true);
    } else {
        load(app, id, true);
    }
}

/// Another part of a long list comes on the page; what is read stays where it is.
pub(super) fn step(app: &App, id: &ListId, down: bool) {
    scroll::hold_page();
    app.posts
        .change(|posts| posts.change_list(id, |list| list.step(down)));
}

/// Loads a list that is not known yet; of a known one looks at the top when the last look is a while ago.
pub(crate) fn arrive(app: &App, id: &ListId) {
    let list = app.posts.read(|posts| posts.list(id));
    if !list.known {
        load(app, id, false);
    } else if list.is_due(clock::now()) {
        look(app, id);
    }
}

/// Looks whether there is something new, and says so.
pub(crate) fn look(app: &App, id: &ListId) {
    let (app, id) = (app.clone(), id.clone());
    spawn(async move {
        let (since, asked) = app
            .posts
            .read(|posts| (posts.reading(), posts.list(&id).announced.clone()));
        // Nothing is lost when this fails: the next look finds it.
        if let Ok(newest) = page(&app, &id, PageQuery::default()).await {
            let waiting = app.posts.change(|posts| {
                posts.look(&id, newest, connection::as_of(), since, &asked);
                posts.list(&id).new_count()
            });
            if waiting > 0 {
                app.base.announce(words::show_new(waiting));
            }
        }
    });
}

/// Shows what waits behind the pill. What the socket announced is read first.
pub(super) async fn show_new(app: &App, id: &ListId) {
    let asked = app.posts.read(|posts| posts.list(id).announced.clone());
    if !asked.is_empty() {
        let since = app.posts.read(Posts::reading);
        match page(app, id, PageQuery::default()).await {
            Ok(newest) => app
                .posts
                .change(|posts| posts.look(id, newest, connection::as_of(), since, &asked)),
            Err(failure) => return app.base.warn(words::NEW_FAILED, &failure),
        }
    }
    app.posts
        .change(|posts| posts.change_list(id, |list| list.show_waiting()));
    // The pill is gone; its reader goes on with the first post.
    scroll::go_to(0.0);
    clock::afterwards(|| {
        if let Some(first) = dom::find("[role=feed] > article") {
            dom::focus_quietly(&first);
        }
    });
}

/// Somebody has become a friend, or is none any more: other posts can be seen than before.
pub(crate) fn befriended(app: &App, user: UserId, username: &str, friends: bool) {
    let id = ListId::Of(username.to_ascii_lowercase());
    let known = app.posts.change(|posts| {
        posts.change_list(&ListId::Feed, |list| list.expect_new());
        if !friends {
            posts.estranged(user);
        }
        posts.list(&id).known
    });
    // What stands on their page is read anew, also when a page of it is on its way.
    if known {
        app.posts
            .change(|posts| posts.change_list(&id, |list| list.loading = false));
        load(app, &id, false);
    }
}

/// Loads one post.
pub(crate) async fn fetch(app: &App, post_id: PostId) -> Result<(), Failure> {
    let since = app.posts.read(Posts::reading);
    let outcome = app.base.api.get(&GetPost { post_id }, &Nothing).await;
    app.posts.change(|posts| match outcome {
        Ok(post) => {
            posts.learn(post, since);
            Ok(())
        }
        Err(failure) => {
            if failure.is_not_found() {
                posts.hide_original(post_id);
                if let Some(entry) = posts.by_id(post_id) {
                    posts.remove(&entry.key);
                }
            }
            Err(failure)
        }
    })
}

/// Posts a draft with what has arrived of its pictures: it appears at once. It is kept until the server has it.
/// The wrong fields when it cannot be posted.
pub(crate) fn publish(app: &App, draft: Draft, media: Vec<Media>) -> Result<(), Vec<FieldError>> {
    let new = Valid::check(NewPost {
        client_id: random::client_id(),
        body: draft.body,
        audience: draft.audience,
        media_ids: ids_of(&media),
        shared_post_id: None,
    })?
    .into_inner();
    let key = app.posts.change(|posts| {
        posts.begin(NewEntry {
            client_id: new.client_id.clone(),
            author: app.user.clone(),
            body: new.body.clone(),
            audience: new.audience,
            media,
            shared: None,
            now: clock::now(),
        })
    });
    deliver(app, key, new);
    Ok(())
}

fn ids_of(media: &[Media]) -> Vec<MediaId> {
    media.iter().map(|media| media.id).collect()
}

/// Tries a post again that has not arrived; with the same id, so that it cannot be there twice.
pub(crate) fn publish_again(app: &App, key: &PostKey) {
    let Some(entry) = app.posts.read(|posts| posts.get(key)) else {
        return;
    };
    app.posts
        .change(|posts| posts.change(key, |entry| entry.delivery = Delivery::Sending));
    let new = NewPost {
        client_id: entry.post.client_id.clone(),
        body: entry.post.body.clone(),
        audience: entry.post.audience,
        media_ids: ids_of(&entry.post.media),
        shared_post_id: entry.original,
    };
    deliver(app, key.clone(), new);
}

/// Sends a post that stands on the page already.
pub(super) fn deliver(app: &App, key: PostKey, new: NewPost) {
    let app = app.clone();
    spawn(async move {
        let since = app.posts.read(Posts::reading);
        match app.base.api.send(&CreatePost {}, &new).await {
            Ok(post) => {
                if new.shared_post_id.is_none() {
                    drafts::forget_sent(app.user.id, &new.body, new.audience, new.media_ids);
                }
                app.posts.change(|posts| {
                    posts.written(post, since, true);
                    if let Some(id) = new.shared_post_id {
                        posts.passed_on(id, since);
                    }
                });
            }
            Err(failure) => {
                // The answer may be lost and the post be there: then it has come by another way.
                let arrived = app
                    .posts
                    .read(|posts| posts.get(&key).is_some_and(|entry| entry.id().is_some()));
                if arrived {
                    return drafts::forget_sent(app.user.id, &new.body, new.audience, new.media_ids);
                }
                app.base.warn(words::NOT_POSTED, &failure);
                app.posts
                    .change(|posts| posts.change(&key, |entry| entry.delivery = Delivery::Failed(failure)));
            }
        }
    });
}

/// Gives up a post that has not arrived, and its draft.
pub(crate) fn discard(app: &App, key: &PostKey) {
    clock::afterwards(dom::rescue_focus);
    let Some(entry) = app.posts.read(|posts| posts.get(key)) else {
        return;
    };
    app.posts.change(|posts| posts.remove(key));
    let post = &entry.post;
    drafts::forget_sent(app.user.id, &post.body, post.audience, ids_of(&post.media));
}

/// Saves a changed post. Without `media_ids` its pictures stay as they are.
pub(crate) async fn edit(
    app: &App,
    key: &PostKey,
    draft: &Draft,
    media_ids: Option<Vec<MediaId>>,
) -> Result<(), Failure> {
    let Some(post_id) = app
        .posts
        .read(|posts| posts.get(key))
        .and_then(|entry| entry.id())
    else {
        return Ok(());
    };
    let patch = PostPatch {
        body: Some(draft.body.clone()),
        audience: Some(draft.audience),
        media_ids,
    };
    let since = app.posts.read(Posts::reading);
    let post = app.base.api.send(&EditPost { post_id }, &patch).await?;
    app.posts.change(|posts| posts.written(post, since, false));
    app.base.say(words::SAVED);
    Ok(())
}

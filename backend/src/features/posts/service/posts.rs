//! Writing, changing, passing on, removing and putting back posts.

use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::{Audience, NewPost, NewShare, PostPatch, RESTORE_MILLIS};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::rich_text;
use hearth_shared::valid::Valid;

use super::{lock_visible, mentions};
use crate::features::posts::PostRules;
use crate::features::posts::store::{self, PostRow, edits, removed, tags, visible};
use crate::features::{media, notifications, search, users};
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// Writes a post; the same request again gives the post that it made.
///
/// # Errors
/// `client_id_reused` for another request with the same `client_id`, `not_found` when its post was removed,
/// a field error when the host does not offer the audience, the author may not see what they pass on, or what is to stand
/// beside it is not theirs to put there.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewPost>,
    rules: PostRules,
) -> AppResult<Outcome<Created<PostId>>> {
    let unseen = || {
        AppError::field(
            "shared_post_id",
            FieldCode::NotOffered,
            "is no post that you can see",
        )
    };
    write(tx, actor, new, rules, unseen)
}

/// Passes a post on: [`create`] with `shared_post_id`.
///
/// # Errors
/// As [`create`], and `not_found` for a post that the caller may not see.
pub fn share(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PostId,
    new: &Valid<NewShare>,
    rules: PostRules,
) -> AppResult<Outcome<Created<PostId>>> {
    let new = Valid::check(NewPost {
        client_id: new.client_id.clone(),
        body: new.body.clone(),
        audience: new.audience,
        media_ids: Vec::new(),
        shared_post_id: Some(id),
    })?;
    write(tx, actor, &new, rules, || ErrorCode::NotFound.into())
}

fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewPost>,
    rules: PostRules,
    unseen: impl FnOnce() -> AppError,
) -> AppResult<Outcome<Created<PostId>>> {
    let me = actor.user_id;
    if let Some(earlier) = find_earlier(tx, actor, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    check_audience(Some(new.audience), rules)?;
    let original = match new.shared_post_id {
        Some(id) => Some(lock_original(tx, me, id)?.ok_or_else(unseen)?),
        None => None,
    };
    let id: PostId = tx.new_id();
    let now = tx.now();
    if !store::insert_post(tx.conn(), id, me, new, original.as_ref().map(PostRow::id), now)? {
        let earlier = find_earlier(tx, actor, new)?.ok_or_else(AppError::unavailable)?;
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    mentions::of_post(tx, id, me, &new.body)?;
    tags::set(tx.conn(), id, &rich_text::tags(&new.body))?;
    media::service::attach(tx, me, id, &new.media_ids)?;
    search::service::post_changed(tx, id)?;
    if let Some(original) = &original {
        count_share(tx, original.id(), 1)?;
        notifications::service::shared(tx, original.author(), original.id(), id, me)?;
    }
    users::service::post_written(tx, me)?;
    tx.publish(Notice::NewPost {
        author_id: me,
        post_id: id,
    });
    Ok(Outcome::Commit(Created::New(id)))
}

fn find_earlier(tx: &mut Tx<'_>, actor: &Actor, new: &Valid<NewPost>) -> AppResult<Option<PostId>> {
    match store::find_by_client_id(tx.conn(), actor.user_id, new.client_id.as_str())? {
        None => Ok(None),
        Some((_, hash, _)) if hash != store::hash_post(new) => Err(ErrorCode::ClientIdReused.into()),
        Some((_, _, true)) => Err(ErrorCode::NotFound.into()),
        Some((id, _, false)) => Ok(Some(id)),
    }
}

/// The post that is passed on, under its lock: of one that passes on another, that one. The viewer must see both.
fn lock_original(tx: &mut Tx<'_>, viewer: UserId, id: PostId) -> AppResult<Option<PostRow>> {
    let Some(post) = visible::find_visible(tx.conn(), viewer, id)? else {
        return Ok(None);
    };
    let original = post.original().unwrap_or(id);
    Ok(visible::lock_visible(tx.conn(), viewer, original)?)
}

/// A share came or went. The original's lock is held.
fn count_share(tx: &mut Tx<'_>, original: PostId, delta: i64) -> AppResult<()> {
    store::add_to_share_count(tx.conn(), original, delta)?;
    tx.publish(Notice::Post(original));
    Ok(())
}

fn check_audience(audience: Option<Audience>, rules: PostRules) -> AppResult<()> {
    if audience == Some(Audience::Public) && !rules.public_posts {
        return Err(AppError::field(
            "audience",
            FieldCode::NotOffered,
            "this Hearth has no public posts",
        ));
    }
    Ok(())
}

/// Changes a post; what it said, and to whom, is kept.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author, a field error as in [`create`], and when nothing would be
/// left of it.
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PostId,
    patch: &Valid<PostPatch>,
    rules: PostRules,
) -> AppResult<Outcome<()>> {
    let post = lock_visible(tx, actor.user_id, id)?;
    check_author(actor, post.author())?;
    let body = patch.body.as_ref().filter(|body| **body != post.body);
    let audience = patch.audience.filter(|audience| *audience != post.audience());
    // A post that became public while the host offered that may stay so.
    check_audience(audience, rules)?;
    let reordered = match &patch.media_ids {
        Some(ids) => media::service::attach(tx, actor.user_id, id, ids)?,
        None => false,
    };
    if body.is_none() && audience.is_none() && !reordered {
        return Ok(Outcome::RollBack(()));
    }
    if body.unwrap_or(&post.body).is_empty()
        && post.original().is_none()
        && media::service::of_posts(tx.conn(), &[id])?.is_empty()
    {
        return Err(AppError::field("body", FieldCode::Required, "must be there"));
    }
    let now = tx.now();
    if body.is_some() || audience.is_some() {
        let edit_id = tx.new_id::<PostId>().get();
        edits::insert(tx.conn(), edit_id, &post, now)?;
    }
    if let Some(audience) = audience {
        store::update_audience(tx.conn(), id, audience)?;
        notifications::service::visibility_changed(tx, id)?;
        if let Some(original) = post.original() {
            share_hidden(tx, original, actor.user_id)?;
        }
    }
    if let Some(body) = body {
        store::update_body(tx.conn(), id, body)?;
        tags::set(tx.conn(), id, &rich_text::tags(body))?;
        mentions::of_post(tx, id, actor.user_id, body)?;
        notifications::service::post_changed(tx, id)?;
    }
    if body.is_some() || reordered {
        store::mark_edited(tx.conn(), id, now)?;
    }
    search::service::post_changed(tx, id)?;
    tx.publish(Notice::Post(id));
    Ok(Outcome::Commit(()))
}

/// Removes a post.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: PostId) -> AppResult<Outcome<()>> {
    let post = visible::lock_visible_with_original(tx.conn(), actor.user_id, id)?;
    let post = post.ok_or(ErrorCode::NotFound)?;
    check_author(actor, post.author())?;
    let now = tx.now();
    removed::set(tx.conn(), id, Some(now))?;
    search::service::post_changed(tx, id)?;
    if let Some(original) = post.original() {
        count_share(tx, original, -1)?;
        share_hidden(tx, original, actor.user_id)?;
    }
    users::service::post_removed(tx, actor.user_id)?;
    notifications::service::visibility_changed(tx, id)?;
    tx.publish(Notice::Post(id));
    Ok(Outcome::Commit(()))
}

/// Puts back a post that its author has just removed; of one that is there nothing changes. What people were told
/// of it is shown again.
///
/// # Errors
/// `not_found`, also when it was removed too long ago; `forbidden` for everybody but its author.
pub fn restore(tx: &mut Tx<'_>, actor: &Actor, id: PostId) -> AppResult<Outcome<()>> {
    let me = actor.user_id;
    let Some(removed) = removed::lock(tx.conn(), me, id)? else {
        let post = lock_visible(tx, me, id)?;
        check_author(actor, post.author())?;
        return Ok(Outcome::RollBack(()));
    };
    let since = tx.now().as_millis() - removed.at.as_millis();
    if since > i64::from(RESTORE_MILLIS) {
        return Err(ErrorCode::NotFound.into());
    }
    removed::set(tx.conn(), id, None)?;
    search::service::post_changed(tx, id)?;
    if let Some(original) = removed.original {
        count_share(tx, original, 1)?;
        // What its author is told of it comes back with the original, when that is removed.
        if let Some(author) = store::any_author_of(tx.conn(), original)? {
            notifications::service::shared(tx, author, original, id, me)?;
        }
    }
    notifications::service::visibility_changed(tx, id)?;
    users::service::post_written(tx, me)?;
    tx.publish(Notice::Post(id));
    // From the screens of one's other devices it is gone: only a new read brings it back.
    tx.publish(Notice::Reread(me));
    Ok(Outcome::Commit(()))
}

/// A share went, or is perhaps hidden from the original's author from now on; also while the original is removed, which
/// comes back with what its author was told of it.
fn share_hidden(tx: &mut Tx<'_>, original: PostId, by: UserId) -> AppResult<()> {
    match store::any_author_of(tx.conn(), original)? {
        Some(author) => notifications::service::share_gone(tx, author, original, by),
        None => Ok(()),
    }
}

fn check_author(actor: &Actor, author: UserId) -> AppResult<()> {
    if author == actor.user_id {
        Ok(())
    } else {
        Err(ErrorCode::Forbidden.into())
    }
}

//! Writing, changing and removing posts.

use hearth_shared::ids::{Id, PostId, UserId};
use hearth_shared::posts::{Audience, NewPost, Post, PostPatch};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::valid::Valid;

use super::{lock_visible, mentions};
use crate::features::posts::PostRules;
use crate::features::posts::store::{self, hydrate};
use crate::features::{notifications, users};
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;
use crate::platform::reply::Created;

/// Writes a post; the same request again answers with the post as it is now.
///
/// # Errors
/// `client_id_reused` for another request with the same `client_id`, `not_found` when its post was removed,
/// a field error when the host does not offer the audience.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    new: &Valid<NewPost>,
    rules: PostRules,
) -> AppResult<Outcome<Created<Post>>> {
    if let Some(earlier) = find_earlier(tx, actor, new)? {
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    check_audience(Some(new.audience), rules)?;
    let id: PostId = tx.new_id();
    let now = tx.now();
    if !store::insert_post(tx.conn(), id, actor.user_id, new, now)? {
        let earlier = find_earlier(tx, actor, new)?.ok_or_else(AppError::unavailable)?;
        return Ok(Outcome::RollBack(Created::Existing(earlier)));
    }
    mentions::of_post(tx, id, actor.user_id, &new.body)?;
    users::service::post_written(tx, actor.user_id)?;
    tx.publish(Notice::NewPost {
        author_id: actor.user_id,
        post_id: id,
    });
    let post = hydrate::post_of_id(tx.conn(), actor.user_id, id)?;
    Ok(Outcome::Commit(Created::New(post)))
}

fn find_earlier(tx: &mut Tx<'_>, actor: &Actor, new: &Valid<NewPost>) -> AppResult<Option<Post>> {
    match store::find_by_client_id(tx.conn(), actor.user_id, new.client_id.as_str())? {
        None => Ok(None),
        Some((_, hash, _)) if hash != store::hash_post(new) => Err(ErrorCode::ClientIdReused.into()),
        Some((_, _, true)) => Err(ErrorCode::NotFound.into()),
        Some((id, _, false)) => Ok(Some(hydrate::post_of_id(tx.conn(), actor.user_id, id)?)),
    }
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

/// Changes a post; what it said is kept.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author, a field error as in [`create`].
pub fn edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: PostId,
    patch: &Valid<PostPatch>,
    rules: PostRules,
) -> AppResult<Outcome<Post>> {
    let post = lock_visible(tx, actor.user_id, id)?;
    check_author(actor, post.author())?;
    // A post that became public while the host offered that may stay so.
    check_audience(
        patch.audience.filter(|audience| *audience != post.audience()),
        rules,
    )?;
    let body = patch.body.as_ref().filter(|body| **body != post.body);
    let audience = patch.audience.filter(|audience| *audience != post.audience());
    let now = tx.now();
    if body.is_some() || audience.is_some() {
        let edit_id = tx.new_id::<PostId>().get();
        store::insert_edit(tx.conn(), edit_id, &post, now)?;
    }
    if body.is_some() || audience.is_some() {
        tx.publish(Notice::Post(id));
    }
    if let Some(body) = body {
        store::update_body(tx.conn(), id, body, now)?;
        mentions::of_post(tx, id, actor.user_id, body)?;
        notifications::service::post_changed(tx, id)?;
    }
    if let Some(audience) = audience {
        store::update_audience(tx.conn(), id, audience)?;
        notifications::service::visibility_changed(tx, id)?;
    }
    Ok(Outcome::Commit(hydrate::post_of_id(
        tx.conn(),
        actor.user_id,
        id,
    )?))
}

/// Removes a post.
///
/// # Errors
/// `not_found`, `forbidden` for everybody but its author.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: PostId) -> AppResult<Outcome<()>> {
    let post = lock_visible(tx, actor.user_id, id)?;
    check_author(actor, post.author())?;
    let now = tx.now();
    store::delete_post(tx.conn(), id, now)?;
    users::service::post_removed(tx, actor.user_id)?;
    notifications::service::visibility_changed(tx, id)?;
    tx.publish(Notice::Post(id));
    Ok(Outcome::Commit(()))
}

fn check_author(actor: &Actor, author: UserId) -> AppResult<()> {
    if author == actor.user_id {
        Ok(())
    } else {
        Err(ErrorCode::Forbidden.into())
    }
}

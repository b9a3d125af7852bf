//! What its owner does with something that stands somewhere: say what is to be seen in it, and remove it.

use hearth_shared::ids::{ConversationId, Id, MediaId, MessageId, PostId, UserId};
use hearth_shared::problem::ErrorCode;

use super::{beside_posts, erase};
use crate::features::conversations::service::attachments;
use crate::features::media::Media;
use crate::features::media::store::{self, MediaRow, beside_messages, of_groups};
use crate::features::{groups, users};
use crate::platform::db::{Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;
use crate::platform::realtime::bus::Notice;

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Beside {
    post: Option<PostId>,
    message: Option<(MessageId, ConversationId)>,
    /// It is the picture of this.
    group: Option<ConversationId>,
}

/// What stands before a film stands where that does.
fn beside(tx: &mut Tx<'_>, id: MediaId) -> AppResult<Beside> {
    let id = store::film_of(tx.conn(), id)?.unwrap_or(id);
    Ok(Beside {
        post: store::beside_posts::post_of(tx.conn(), id)?,
        message: beside_messages::message_of(tx.conn(), id)?,
        group: of_groups::group_of(tx.conn(), id)?,
    })
}

/// Something of one's own, and where it stands, with all of that locked: posts before people, people before conversations.
fn lock(tx: &mut Tx<'_>, owner: UserId, id: MediaId) -> AppResult<(MediaRow, Beside)> {
    let before = beside(tx, id)?;
    if let Some(post) = before.post {
        dialect::lock_post(tx.conn(), post.get())?;
    }
    dialect::lock_people(tx.conn(), [owner.get(), owner.get()])?;
    let row = store::find(tx.conn(), id)?.filter(|row| row.owner() == owner);
    let row = row.ok_or(ErrorCode::NotFound)?;
    // It is one of the two.
    if let Some(conversation) = before.message.map(|(_, id)| id).or(before.group) {
        dialect::lock_conversation(tx.conn(), conversation.get())?;
    }
    dialect::lock_media(tx.conn(), &[id.get()])?;
    // It was attached to something in this moment.
    if beside(tx, id)? != before {
        return Err(AppError::unavailable());
    }
    Ok((row, before))
}

/// Removes something of one's own, wherever it is shown. A post or a message of which nothing is left then goes with it.
///
/// # Errors
/// `not_found`; `unavailable` when it was attached to something in this moment.
pub async fn remove(media: &Media, actor: &Actor, id: MediaId) -> AppResult<()> {
    let actor = *actor;
    let keys = media
        .db
        .write(move |tx| {
            let (row, beside) = lock(tx, actor.user_id, id)?;
            users::pictures::removed(tx, actor.user_id, id)?;
            if let Some(group) = beside.group {
                groups::service::pictures::lost(tx, actor.user_id, group)?;
            }
            let keys = store::delete(tx.conn(), &row)?;
            if let Some(post) = beside.post {
                beside_posts::lost_one(tx, &actor, post)?;
            }
            if let Some((message, conversation)) = beside.message {
                attachments::lost_one(tx, conversation, message)?;
            }
            Ok(Outcome::Commit(keys))
        })
        .await?;
    erase(&media.store, &keys).await;
    Ok(())
}

/// Says what is to be seen in something of one's own. Beside a message that is said to everybody there, by those who may
/// write there.
///
/// # Errors
/// `not_found`, `not_friends`; `unavailable` when it was attached to something in this moment.
pub fn edit(tx: &mut Tx<'_>, owner: UserId, id: MediaId, alt_text: &str) -> AppResult<MediaRow> {
    let (row, beside) = lock(tx, owner, id)?;
    if row.alt_text == alt_text {
        return Ok(row);
    }
    if let Some((message, _)) = beside.message {
        attachments::check_writer(tx, owner, message)?;
    }
    store::update_alt_text(tx.conn(), id, alt_text)?;
    if let Some(post) = beside.post {
        tx.publish(Notice::Post(post));
    }
    if let Some((message, conversation)) = beside.message {
        attachments::changed(tx, conversation, message)?;
    }
    Ok(MediaRow {
        alt_text: alt_text.to_owned(),
        ..row
    })
}

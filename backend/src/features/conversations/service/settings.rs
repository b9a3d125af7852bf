//! What a member sets for themselves.

use hearth_shared::conversations::{
    Conversation, ConversationSettings, ConversationSettingsPatch, PINNED_CONVERSATIONS_MAX,
};
use hearth_shared::ids::{ConversationId, Id, SettingsVersion};
use hearth_shared::problem::{ErrorCode, FieldCode};
use hearth_shared::valid::Valid;

use crate::features::conversations::store::{hydrate, members};
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::platform::db::{Outcome, Tx, dialect};
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::Actor;

/// Mutes a conversation, pins it or puts it away; all devices of the member are told.
///
/// # Errors
/// `not_found` for everybody but members; a wrong field for one pin too many.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ConversationId,
    patch: &Valid<ConversationSettingsPatch>,
) -> AppResult<Outcome<Conversation>> {
    let me = actor.user_id;
    // Before the lock, so that a stranger cannot take it.
    members::find_of(tx.conn(), me, id)?.ok_or(ErrorCode::NotFound)?;
    dialect::lock_conversation(tx.conn(), id.get())?;
    let row = members::find_of(tx.conn(), me, id)?.ok_or(ErrorCode::NotFound)?;
    let before = row.member.settings(&row);
    let archived = patch
        .archived
        .filter(|archived| *archived != before.archives(row.last_number()));
    let mut after = ConversationSettings {
        muted: patch.muted.unwrap_or(before.muted),
        archived_number: archived.map_or(before.archived_number, |archived| {
            archived.then(|| row.last_number())
        }),
        pinned: patch.pinned.unwrap_or(before.pinned),
        ..before
    };
    if after == before {
        let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
        return Ok(Outcome::RollBack(conversation));
    }
    if after.pinned && !before.pinned {
        let pinned = members::count_pinned(tx.conn(), me)?;
        if usize::try_from(pinned).is_ok_and(|pinned| pinned >= PINNED_CONVERSATIONS_MAX) {
            return Err(AppError::field("pinned", FieldCode::TooLong, "is one too many"));
        }
    }
    after.version = next_version(tx, before);
    members::set(tx.conn(), id, me, after)?;
    // One in which nothing was said is in no list.
    if row.is_group() || row.last_number() > 0 {
        streams::tell(tx, me, Kind::Conversation, id.get(), None)?;
    }
    let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
    Ok(Outcome::Commit(conversation))
}

/// Larger than all before, also where the clock of another node is ahead.
pub(super) fn next_version(tx: &mut Tx<'_>, before: ConversationSettings) -> SettingsVersion {
    let fresh: SettingsVersion = tx.new_id();
    fresh.max(SettingsVersion::new(before.version.get() + 1))
}

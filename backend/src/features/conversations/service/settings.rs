//! What a member sets for themselves.

use hearth_shared::conversations::{Conversation, ConversationSettings, ConversationSettingsPatch};
use hearth_shared::ids::{ConversationId, Id, SettingsVersion};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;

use crate::features::conversations::store::{hydrate, members};
use crate::features::realtime::service as streams;
use crate::features::realtime::store::Kind;
use crate::platform::db::{Outcome, Tx, dialect};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

/// Mutes a conversation or puts it away; all devices of the member are told.
///
/// # Errors
/// `not_found` for everybody but members.
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
    let before = row.member.settings();
    let archived = patch
        .archived
        .filter(|archived| *archived != before.archives(row.last_number()));
    let mut after = ConversationSettings {
        muted: patch.muted.unwrap_or(before.muted),
        archived_number: archived.map_or(before.archived_number, |archived| {
            archived.then(|| row.last_number())
        }),
        version: before.version,
    };
    if after == before {
        let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
        return Ok(Outcome::RollBack(conversation));
    }
    // Larger than all before, also where the clock of another node is ahead.
    let fresh: SettingsVersion = tx.new_id();
    after.version = fresh.max(SettingsVersion::new(before.version.get() + 1));
    members::set(tx.conn(), id, me, after)?;
    // One in which nothing was said is in no list.
    if row.is_group() || row.last_number() > 0 {
        streams::tell(tx, me, Kind::Conversation, id.get(), None)?;
    }
    let conversation = hydrate::conversation_of_row(tx.conn(), me, &row)?;
    Ok(Outcome::Commit(conversation))
}

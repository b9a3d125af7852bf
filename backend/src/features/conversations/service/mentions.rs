//! Whom messages of groups name, and that they are told of it. A conversation of two tells of every message anyway.

use std::collections::BTreeSet;

use hearth_shared::ids::{MessageId, UserId};
use hearth_shared::rich_text;

use crate::features::conversations::store::ConversationRow;
use crate::features::conversations::store::mentions as store;
use crate::features::conversations::store::messages::Facts;
use crate::features::notifications::service::{self as news, SaidInGroup};
use crate::platform::db::Tx;
use crate::platform::error::AppResult;

fn said(id: MessageId, facts: Facts) -> SaidInGroup {
    SaidInGroup {
        conversation: facts.conversation,
        message: id,
        by: facts.sender,
        is_new: false,
    }
}

/// A message was sent. The conversation is locked; as in all of these.
///
/// # Errors
/// When the database fails; as all of these.
pub(super) fn sent(
    tx: &mut Tx<'_>,
    row: &ConversationRow,
    id: MessageId,
    facts: Facts,
    body: &str,
) -> AppResult<()> {
    let names = names(row, body);
    if names.is_empty() {
        return Ok(());
    }
    store::set(tx.conn(), id, facts, &names)?;
    let people = store::people_in(tx.conn(), id)?;
    let said = SaidInGroup {
        is_new: true,
        ..said(id, facts)
    };
    news::named_in_group(tx, said, &list(&people))
}

/// What a message says has changed, and perhaps whom it names.
pub(super) fn rewritten(
    tx: &mut Tx<'_>,
    row: &ConversationRow,
    id: MessageId,
    facts: Facts,
    body: &str,
) -> AppResult<()> {
    let names = names(row, body);
    let before = store::people_in(tx.conn(), id)?;
    if names.is_empty() && before.is_empty() {
        return Ok(());
    }
    store::set(tx.conn(), id, facts, &names)?;
    let after = store::people_in(tx.conn(), id)?;
    news::lock_those(tx, before.union(&after).copied())?;
    let said = said(id, facts);
    news::named_in_group_no_more(tx, said, &list(before.difference(&after)))?;
    news::named_in_group(tx, said, &list(after.difference(&before)))?;
    news::said_otherwise(tx, said, &list(before.intersection(&after)))
}

/// A message was removed, which named some people.
pub(super) fn removed(
    tx: &mut Tx<'_>,
    id: MessageId,
    facts: Facts,
    named: &BTreeSet<UserId>,
) -> AppResult<()> {
    news::named_in_group_no_more(tx, said(id, facts), &list(named))
}

fn names(row: &ConversationRow, body: &str) -> BTreeSet<String> {
    if row.is_group() {
        rich_text::mentions(body)
    } else {
        BTreeSet::new()
    }
}

fn list<'a>(people: impl IntoIterator<Item = &'a UserId>) -> Vec<UserId> {
    people.into_iter().copied().collect()
}

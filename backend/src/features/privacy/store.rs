//! Queries on privacy settings.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::privacy::{ListAudience, PrivacyChange, PrivacySettings, Reach};

use crate::platform::db::among::AmongIds;
use crate::platform::db::{Conn, dialect};
use crate::schema::privacy_settings;

/// The text form of [`ListAudience::OnlyMe`], for conditions.
pub const ONLY_ME: &str = "only_me";
/// What stands for a setting that is on.
pub const YES: i64 = 1;
/// The text form of [`Reach::Nobody`], for conditions.
pub const NOBODY: &str = "nobody";

#[derive(Queryable, Selectable)]
#[diesel(table_name = privacy_settings)]
struct SettingsRow {
    user_id: i64,
    friend_requests: String,
    friend_list: String,
    findable: String,
    find_by_email: i64,
    show_online: i64,
    messages: String,
}

impl From<SettingsRow> for PrivacySettings {
    fn from(row: SettingsRow) -> Self {
        Self {
            friend_requests: reach_of(&row.friend_requests),
            messages: reach_of(&row.messages),
            friend_list: audience_of(&row.friend_list),
            findable: reach_of(&row.findable),
            find_by_email: row.find_by_email == YES,
            show_online: row.show_online == YES,
        }
    }
}

const fn reach_text(reach: Reach) -> &'static str {
    match reach {
        Reach::Everyone => "everyone",
        Reach::FriendsOfFriends => "friends_of_friends",
        Reach::Nobody => NOBODY,
    }
}

/// What a text stands for. What is unknown reaches nobody.
pub fn reach_of(text: &str) -> Reach {
    [Reach::Everyone, Reach::FriendsOfFriends]
        .into_iter()
        .find(|reach| reach_text(*reach) == text)
        .unwrap_or(Reach::Nobody)
}

const fn audience_text(audience: ListAudience) -> &'static str {
    match audience {
        ListAudience::Everyone => "everyone",
        ListAudience::Friends => "friends",
        ListAudience::OnlyMe => ONLY_ME,
    }
}

fn audience_of(text: &str) -> ListAudience {
    [ListAudience::Everyone, ListAudience::Friends]
        .into_iter()
        .find(|audience| audience_text(*audience) == text)
        .unwrap_or(ListAudience::OnlyMe)
}

/// A person's settings.
pub fn of(conn: &mut Conn, user: UserId) -> QueryResult<PrivacySettings> {
    let row: Option<SettingsRow> = privacy_settings::table
        .find(user.get())
        .select(SettingsRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(PrivacySettings::from).unwrap_or_default())
}

/// The settings of those of some people who have changed any.
pub fn changed_among(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, PrivacySettings>> {
    let rows: Vec<SettingsRow> = privacy_settings::table
        .filter(privacy_settings::user_id.among(ids))
        .select(SettingsRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.into())).collect())
}

/// Keeps what a change asks for; a first row takes the rest from `after`. Two changes at once both stay.
pub fn keep(
    conn: &mut Conn,
    user: UserId,
    change: &PrivacyChange,
    after: &PrivacySettings,
) -> QueryResult<()> {
    let first = dialect::insert_once(conn, |conn| {
        diesel::insert_into(privacy_settings::table)
            .values((
                privacy_settings::user_id.eq(user.get()),
                privacy_settings::friend_requests.eq(reach_text(after.friend_requests)),
                privacy_settings::friend_list.eq(audience_text(after.friend_list)),
                privacy_settings::findable.eq(reach_text(after.findable)),
                privacy_settings::find_by_email.eq(i64::from(after.find_by_email)),
                privacy_settings::show_online.eq(i64::from(after.show_online)),
                privacy_settings::messages.eq(reach_text(after.messages)),
            ))
            .execute(conn)
    })?;
    if first {
        return Ok(());
    }
    diesel::update(privacy_settings::table.find(user.get()))
        .set((
            change
                .friend_requests
                .map(|reach| privacy_settings::friend_requests.eq(reach_text(reach))),
            change
                .friend_list
                .map(|audience| privacy_settings::friend_list.eq(audience_text(audience))),
            change
                .findable
                .map(|reach| privacy_settings::findable.eq(reach_text(reach))),
            change
                .find_by_email
                .map(|on| privacy_settings::find_by_email.eq(i64::from(on))),
            change
                .show_online
                .map(|on| privacy_settings::show_online.eq(i64::from(on))),
            change
                .messages
                .map(|reach| privacy_settings::messages.eq(reach_text(reach))),
        ))
        .execute(conn)
        .map(drop)
}

/// Removes a person's settings.
pub fn delete(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(privacy_settings::table.find(user.get()))
        .execute(conn)
        .map(drop)
}

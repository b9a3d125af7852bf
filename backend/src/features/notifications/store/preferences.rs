//! Queries on what people want to be told of. Only what differs from the default has a row.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::notifications::preferences::{Channel, NotificationPreferences, QuietHours, Topic};
use hearth_shared::time::Timestamp;

use crate::features::notifications::quiet;
use crate::on_each;
use crate::platform::db::Conn;
use crate::platform::db::among::AmongIds;
use crate::schema::{notification_preferences as preferences, notification_quiet_hours as quiet_hours};

#[derive(Queryable, Selectable)]
#[diesel(table_name = quiet_hours)]
struct QuietRow {
    user_id: i64,
    from_minute: i64,
    to_minute: i64,
    time_zone: String,
}

impl From<QuietRow> for QuietHours {
    fn from(row: QuietRow) -> Self {
        Self {
            from: u16::try_from(row.from_minute).unwrap_or(0),
            to: u16::try_from(row.to_minute).unwrap_or(0),
            time_zone: row.time_zone,
        }
    }
}

/// A topic by its text form; `None` for one of a newer version.
fn topic_of(text: &str) -> Option<Topic> {
    Topic::ALL.into_iter().find(|topic| topic.as_str() == text)
}

fn channel_of(text: &str) -> Option<Channel> {
    Channel::ALL.into_iter().find(|channel| channel.as_str() == text)
}

fn ids(users: &[UserId]) -> Vec<i64> {
    users.iter().map(|user| user.get()).collect()
}

/// What a person wants.
pub fn of(conn: &mut Conn, user: UserId) -> QueryResult<NotificationPreferences> {
    let rows: Vec<(String, String, i64)> = preferences::table
        .filter(preferences::user_id.eq(user.get()))
        .select((preferences::topic, preferences::channel, preferences::wanted))
        .load(conn)?;
    let hours: Option<QuietRow> = quiet_hours::table
        .find(user.get())
        .select(QuietRow::as_select())
        .first(conn)
        .optional()?;
    let mut wants = NotificationPreferences {
        quiet_hours: hours.map(QuietHours::from),
        ..NotificationPreferences::default()
    };
    for (topic, channel, wanted) in rows {
        if let (Some(topic), Some(channel)) = (topic_of(&topic), channel_of(&channel)) {
            wants.set(topic, channel, wanted != 0);
        }
    }
    Ok(wants)
}

/// Those of some people who want to be told of a topic on a channel, in their order.
pub fn wanting(
    conn: &mut Conn,
    users: &[UserId],
    topic: Topic,
    channel: Channel,
) -> QueryResult<Vec<UserId>> {
    if users.is_empty() || !topic.has_switch(channel) {
        return Ok(users.to_vec());
    }
    let by_default = topic.default_for(channel);
    let others: Vec<i64> = preferences::table
        .filter(preferences::user_id.among(&ids(users)))
        .filter(preferences::topic.eq(topic.as_str()))
        .filter(preferences::channel.eq(channel.as_str()))
        .filter(preferences::wanted.eq(i64::from(!by_default)))
        .select(preferences::user_id)
        .load(conn)?;
    let others: HashSet<i64> = others.into_iter().collect();
    Ok(users
        .iter()
        .copied()
        .filter(|user| others.contains(&user.get()) != by_default)
        .collect())
}

/// What some people do not want to hear of in the app.
pub fn refused_in_app(conn: &mut Conn, users: &[UserId]) -> QueryResult<HashSet<(UserId, Topic)>> {
    if users.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<(i64, String)> = preferences::table
        .filter(preferences::user_id.among(&ids(users)))
        .filter(preferences::channel.eq(Channel::App.as_str()))
        .filter(preferences::wanted.eq(0))
        .select((preferences::user_id, preferences::topic))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(user, topic)| topic_of(&topic).map(|topic| (UserId::new(user), topic)))
        .collect())
}

/// Those of some people who are to be left in peace now, and until when.
pub fn quiet_until(
    conn: &mut Conn,
    users: &[UserId],
    now: Timestamp,
) -> QueryResult<BTreeMap<UserId, Timestamp>> {
    if users.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<QuietRow> = quiet_hours::table
        .filter(quiet_hours::user_id.among(&ids(users)))
        .select(QuietRow::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let user = UserId::new(row.user_id);
            quiet::ends(&QuietHours::from(row), now).map(|end| (user, end))
        })
        .collect())
}

/// Keeps what a person wants, as far as it differs from the default.
pub fn keep(conn: &mut Conn, user: UserId, wants: &NotificationPreferences) -> QueryResult<()> {
    delete(conn, user)?;
    let mut rows = Vec::new();
    for topic in Topic::ALL {
        for channel in Channel::ALL {
            let wanted = wants.wants(topic, channel);
            if wanted != topic.default_for(channel) {
                rows.push((
                    preferences::user_id.eq(user.get()),
                    preferences::topic.eq(topic.as_str()),
                    preferences::channel.eq(channel.as_str()),
                    preferences::wanted.eq(i64::from(wanted)),
                ));
            }
        }
    }
    if !rows.is_empty() {
        on_each!(conn, conn => diesel::insert_into(preferences::table).values(&rows).execute(conn))?;
    }
    if let Some(hours) = &wants.quiet_hours {
        diesel::insert_into(quiet_hours::table)
            .values((
                quiet_hours::user_id.eq(user.get()),
                quiet_hours::from_minute.eq(i64::from(hours.from)),
                quiet_hours::to_minute.eq(i64::from(hours.to)),
                quiet_hours::time_zone.eq(&hours.time_zone),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Removes what a person wanted.
pub fn delete(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::delete(preferences::table.filter(preferences::user_id.eq(user.get()))).execute(conn)?;
    diesel::delete(quiet_hours::table.find(user.get()))
        .execute(conn)
        .map(drop)
}

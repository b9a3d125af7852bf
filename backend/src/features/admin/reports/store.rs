//! Queries on reports.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, ReportId, UserId};
use hearth_shared::reports::{NewReport, ReportSubject};
use hearth_shared::time::Timestamp;

use crate::features::users;
use crate::platform::db::Conn;
use crate::schema::{comments, posts, reports};

/// What a report is about, as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// `post`, `comment` or `person`.
    pub kind: String,
    /// Its id.
    pub id: i64,
}

/// The two columns of a subject.
pub fn columns(subject: ReportSubject) -> (&'static str, i64) {
    match subject {
        ReportSubject::Post(id) => ("post", id.get()),
        ReportSubject::Comment(id) => ("comment", id.get()),
        ReportSubject::Person(id) => ("person", id.get()),
    }
}

/// Writes a report, in the place of an earlier one of the same person about the same thing. Under a new id, so that
/// nobody closes what they have not read.
pub fn replace(
    conn: &mut Conn,
    id: ReportId,
    reporter: UserId,
    new: &NewReport,
    now: Timestamp,
) -> QueryResult<()> {
    let (kind, subject) = columns(new.subject);
    diesel::delete(
        reports::table
            .filter(reports::reporter_id.eq(reporter.get()))
            .filter(reports::subject_kind.eq(kind))
            .filter(reports::subject_id.eq(subject)),
    )
    .execute(conn)?;
    diesel::insert_into(reports::table)
        .values((
            reports::id.eq(id.get()),
            reports::reporter_id.eq(reporter.get()),
            reports::subject_kind.eq(kind),
            reports::subject_id.eq(subject),
            reports::reason.eq(new.reason.as_str()),
            reports::note.eq(&new.note),
            reports::created_at.eq(now.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// A report that waits for the host.
pub struct OpenReport {
    /// Which.
    pub id: i64,
    /// When.
    pub created_at: Timestamp,
    /// Who reported it.
    pub reporter: String,
    /// What it is about.
    pub subject: Subject,
    /// Whose that is; `None` when it is gone.
    pub owner: Option<String>,
    /// What it says; `None` when it is gone or is a person.
    pub body: Option<String>,
    /// Why.
    pub reason: String,
    /// What else there is to say.
    pub note: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
struct Row {
    id: i64,
    reporter_id: i64,
    subject_kind: String,
    subject_id: i64,
    reason: String,
    note: String,
    created_at: i64,
}

/// The reports that wait longest.
pub fn open(conn: &mut Conn, limit: i64) -> QueryResult<Vec<OpenReport>> {
    let rows: Vec<Row> = reports::table
        .filter(reports::closed_at.is_null())
        .order(reports::id)
        .limit(limit)
        .select(Row::as_select())
        .load(conn)?;
    let of = |kind: &str| -> Vec<i64> {
        let of_kind = rows.iter().filter(|row| row.subject_kind == kind);
        of_kind.map(|row| row.subject_id).collect()
    };
    let said: Vec<(i64, i64, String)> = posts::table
        .filter(posts::id.eq_any(of("post")))
        .select((posts::id, posts::author_id, posts::body))
        .load(conn)?;
    let commented: Vec<(i64, i64, String)> = comments::table
        .filter(comments::id.eq_any(of("comment")))
        .select((comments::id, comments::author_id, comments::body))
        .load(conn)?;
    let texts = said.into_iter().map(|row| ("post", row));
    let texts: HashMap<(&str, i64), (i64, String)> = texts
        .chain(commented.into_iter().map(|row| ("comment", row)))
        .map(|(kind, (id, author, body))| ((kind, id), (author, body)))
        .collect();
    let mut people: Vec<i64> = rows.iter().map(|row| row.reporter_id).collect();
    people.extend(of("person"));
    people.extend(texts.values().map(|(author, _)| *author));
    let cards = users::store::cards(conn, &people)?;
    let name = |id: i64| cards.get(&id).map(|card| card.username.clone());
    let report = |row: Row| {
        let text = texts.get(&(row.subject_kind.as_str(), row.subject_id));
        let owner = match text {
            Some((author, _)) => name(*author),
            None if row.subject_kind == "person" => name(row.subject_id),
            None => None,
        };
        OpenReport {
            id: row.id,
            created_at: Timestamp::from_millis(row.created_at),
            reporter: name(row.reporter_id).unwrap_or_default(),
            owner,
            body: text.map(|(_, body)| body.clone()),
            subject: Subject {
                kind: row.subject_kind,
                id: row.subject_id,
            },
            reason: row.reason,
            note: row.note,
        }
    };
    Ok(rows.into_iter().map(report).collect())
}

/// What an open report is about.
pub fn open_subject(conn: &mut Conn, id: ReportId) -> QueryResult<Option<Subject>> {
    let row: Option<(String, i64)> = reports::table
        .find(id.get())
        .filter(reports::closed_at.is_null())
        .select((reports::subject_kind, reports::subject_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(kind, id)| Subject { kind, id }))
}

/// Closes all open reports about something. Gives how many.
pub fn close_about(conn: &mut Conn, subject: &Subject, now: Timestamp) -> QueryResult<usize> {
    diesel::update(
        reports::table
            .filter(reports::subject_kind.eq(&subject.kind))
            .filter(reports::subject_id.eq(subject.id))
            .filter(reports::closed_at.is_null()),
    )
    .set(reports::closed_at.eq(now.as_millis()))
    .execute(conn)
}

/// Whose a subject is; `None` when it is gone.
pub fn owner_of(conn: &mut Conn, subject: &Subject) -> QueryResult<Option<UserId>> {
    let owner: Option<i64> = match subject.kind.as_str() {
        "post" => posts::table
            .find(subject.id)
            .select(posts::author_id)
            .first(conn)
            .optional()?,
        "comment" => comments::table
            .find(subject.id)
            .select(comments::author_id)
            .first(conn)
            .optional()?,
        _ => Some(subject.id),
    };
    Ok(owner.map(UserId::new))
}

/// Removes reports about some things of a kind.
pub fn delete_about(conn: &mut Conn, kind: &str, ids: &[i64]) -> QueryResult<usize> {
    diesel::delete(
        reports::table
            .filter(reports::subject_kind.eq(kind))
            .filter(reports::subject_id.eq_any(ids)),
    )
    .execute(conn)
}

/// Removes some of a person's reports. Gives how many.
pub fn delete_of(conn: &mut Conn, user: UserId, limit: i64) -> QueryResult<usize> {
    let ids: Vec<i64> = reports::table
        .filter(reports::reporter_id.eq(user.get()))
        .limit(limit)
        .select(reports::id)
        .load(conn)?;
    diesel::delete(reports::table.filter(reports::id.eq_any(ids))).execute(conn)
}

/// The newest id given.
pub fn latest_id(conn: &mut Conn) -> QueryResult<Option<i64>> {
    reports::table.select(diesel::dsl::max(reports::id)).first(conn)
}

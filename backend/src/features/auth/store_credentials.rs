//! Queries on what belongs to signing in besides name and password, and on the tokens of mails.

use diesel::prelude::*;
use hearth_shared::ids::{Id, JobId, UserId};
use hearth_shared::time::Timestamp;

use crate::on_each;
use crate::platform::db::{Conn, dialect};
use crate::schema::{account_tokens, credentials, recovery_codes};

/// A row; that of somebody who has none is empty.
#[derive(Queryable, Selectable, Default)]
#[diesel(table_name = credentials)]
pub struct CredentialsRow {
    /// When they showed that the address is theirs.
    pub email_verified_at: Option<i64>,
    /// The address that waits for its link to be opened.
    pub pending_email: Option<String>,
    /// What the secret of the second factor is made from.
    pub totp_salt: Option<Vec<u8>>,
    /// Since when signing in asks for a code.
    pub totp_enabled_at: Option<i64>,
}

/// What belongs to somebody.
pub fn find(conn: &mut Conn, user: UserId) -> QueryResult<CredentialsRow> {
    let row = credentials::table
        .find(user.get())
        .select(CredentialsRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// Makes the row when it is not there, and locks it.
fn prepare(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    dialect::insert_once(conn, |conn| {
        diesel::insert_into(credentials::table)
            .values((
                credentials::user_id.eq(user.get()),
                credentials::totp_step.eq(0_i64),
            ))
            .execute(conn)
    })
    .map(drop)
}

/// The address of the account has been shown to be theirs; nothing waits any more.
pub fn set_verified(conn: &mut Conn, user: UserId, now: Timestamp) -> QueryResult<()> {
    prepare(conn, user)?;
    diesel::update(credentials::table.find(user.get()))
        .set((
            credentials::email_verified_at.eq(now.as_millis()),
            credentials::pending_email.eq(None::<String>),
        ))
        .execute(conn)
        .map(drop)
}

/// Sets or takes away the address that waits.
pub fn set_pending(conn: &mut Conn, user: UserId, email: Option<&str>) -> QueryResult<()> {
    prepare(conn, user)?;
    diesel::update(credentials::table.find(user.get()))
        .set(credentials::pending_email.eq(email))
        .execute(conn)
        .map(drop)
}

/// Begins anew with a second factor that is not on yet; false when one is on.
pub fn set_up_factor(conn: &mut Conn, user: UserId, salt: &[u8]) -> QueryResult<bool> {
    prepare(conn, user)?;
    let off = credentials::table
        .find(user.get())
        .filter(credentials::totp_enabled_at.is_null());
    diesel::update(off)
        .set((credentials::totp_salt.eq(salt), credentials::totp_step.eq(0_i64)))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Turns the second factor on; false when it is on.
pub fn enable_factor(conn: &mut Conn, user: UserId, now: Timestamp) -> QueryResult<bool> {
    let off = credentials::table
        .find(user.get())
        .filter(credentials::totp_enabled_at.is_null());
    diesel::update(off)
        .set(credentials::totp_enabled_at.eq(now.as_millis()))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Turns the second factor off, with its recovery codes.
pub fn remove_factor(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    diesel::update(credentials::table.find(user.get()))
        .set((
            credentials::totp_salt.eq(None::<Vec<u8>>),
            credentials::totp_enabled_at.eq(None::<i64>),
            credentials::totp_step.eq(0_i64),
        ))
        .execute(conn)?;
    put_codes(conn, user, &[])
}

/// Uses a step of the second factor; false when it, or a later one, has been used.
pub fn use_step(conn: &mut Conn, user: UserId, step: i64) -> QueryResult<bool> {
    let earlier = credentials::table
        .find(user.get())
        .filter(credentials::totp_step.lt(step));
    diesel::update(earlier)
        .set(credentials::totp_step.eq(step))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Puts recovery codes in the place of the present ones.
pub fn put_codes(conn: &mut Conn, user: UserId, hashes: &[Vec<u8>]) -> QueryResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.get()))).execute(conn)?;
    let rows: Vec<_> = hashes
        .iter()
        .map(|hash| {
            (
                recovery_codes::user_id.eq(user.get()),
                recovery_codes::hash.eq(hash),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    on_each!(conn, conn => diesel::insert_into(recovery_codes::table).values(&rows).execute(conn)).map(drop)
}

/// Uses a recovery code; false when there is no such code, or it has been used.
pub fn use_code(conn: &mut Conn, user: UserId, hash: &[u8]) -> QueryResult<bool> {
    diesel::delete(recovery_codes::table.find((user.get(), hash)))
        .execute(conn)
        .map(|rows| rows > 0)
}

/// Recovery codes that have not been used.
pub fn count_codes(conn: &mut Conn, user: UserId) -> QueryResult<i64> {
    recovery_codes::table
        .filter(recovery_codes::user_id.eq(user.get()))
        .count()
        .get_result(conn)
}

/// What a token of a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new password.
    Reset,
    /// To show that an address is one's own.
    Verify,
    /// None: that a mail without a token was sent.
    Told,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
            Self::Told => "told",
        }
    }
}

/// A token to be kept.
pub struct NewToken<'a> {
    /// Whose.
    pub user: UserId,
    /// What for.
    pub purpose: Purpose,
    /// What is kept of it.
    pub hash: &'a [u8],
    /// Where it was sent.
    pub email: &'a str,
    /// Which job sends it.
    pub job: Option<JobId>,
    /// Now.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Keeps a token in the place of the one before.
pub fn put_token(conn: &mut Conn, new: &NewToken<'_>) -> QueryResult<()> {
    drop_token(conn, new.user, new.purpose)?;
    diesel::insert_into(account_tokens::table)
        .values((
            account_tokens::user_id.eq(new.user.get()),
            account_tokens::purpose.eq(new.purpose.as_str()),
            account_tokens::hash.eq(new.hash),
            account_tokens::email.eq(new.email),
            account_tokens::job_id.eq(new.job.map(Id::get)),
            account_tokens::created_at.eq(new.created_at.as_millis()),
            account_tokens::expires_at.eq(new.expires_at.as_millis()),
        ))
        .execute(conn)
        .map(drop)
}

/// The token that was sent last.
#[derive(Queryable)]
pub struct LastToken {
    /// Where.
    pub email: String,
    /// By which job.
    pub job_id: Option<i64>,
    /// When, in milliseconds since 1970.
    pub created_at: i64,
}

/// The last token of a purpose, good or not.
pub fn last_token(conn: &mut Conn, user: UserId, purpose: Purpose) -> QueryResult<Option<LastToken>> {
    account_tokens::table
        .find((user.get(), purpose.as_str()))
        .select((
            account_tokens::email,
            account_tokens::job_id,
            account_tokens::created_at,
        ))
        .first(conn)
        .optional()
}

/// Whose a good token is, and where it was sent.
pub fn find_token(
    conn: &mut Conn,
    purpose: Purpose,
    hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<(UserId, String)>> {
    let row: Option<(i64, String)> = account_tokens::table
        .filter(account_tokens::hash.eq(hash))
        .filter(account_tokens::purpose.eq(purpose.as_str()))
        .filter(account_tokens::expires_at.gt(now.as_millis()))
        .select((account_tokens::user_id, account_tokens::email))
        .first(conn)
        .optional()?;
    Ok(row.map(|(user, email)| (UserId::new(user), email)))
}

/// Spends a good token; `None` when it is not good, or somebody has spent it in the meantime.
pub fn spend_token(
    conn: &mut Conn,
    purpose: Purpose,
    hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<(UserId, String)>> {
    let Some(found) = find_token(conn, purpose, hash, now)? else {
        return Ok(None);
    };
    let rows = diesel::delete(account_tokens::table.filter(account_tokens::hash.eq(hash))).execute(conn)?;
    Ok((rows > 0).then_some(found))
}

/// Takes somebody's token of a purpose away.
pub fn drop_token(conn: &mut Conn, user: UserId, purpose: Purpose) -> QueryResult<()> {
    diesel::delete(account_tokens::table.find((user.get(), purpose.as_str())))
        .execute(conn)
        .map(drop)
}

/// Removes tokens that are good no more. Gives how many.
pub fn delete_expired_tokens(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<usize> {
    let hashes: Vec<Vec<u8>> = account_tokens::table
        .filter(account_tokens::expires_at.le(now.as_millis()))
        .limit(limit)
        .select(account_tokens::hash)
        .load(conn)?;
    diesel::delete(account_tokens::table.filter(account_tokens::hash.eq_any(hashes))).execute(conn)
}

/// Removes everything that belongs to somebody.
pub fn forget(conn: &mut Conn, user: UserId) -> QueryResult<()> {
    put_codes(conn, user, &[])?;
    diesel::delete(account_tokens::table.filter(account_tokens::user_id.eq(user.get()))).execute(conn)?;
    diesel::delete(credentials::table.find(user.get()))
        .execute(conn)
        .map(drop)
}

//! Who a request comes from: the access token says it, the session's row must still agree. The row is asked
//! for on every request and remembered for two seconds, so that a session ended anywhere is dead by then at the
//! latest.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use hearth_shared::ids::{SessionId, UserId};
use hearth_shared::problem::ErrorCode;
use moka::sync::Cache;

use super::store;
use crate::features::users::store_standing::Standing;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::routes::Authenticator;
use crate::platform::tokens::Tokens;

const REMEMBERED: Duration = Duration::from_secs(2);
const CAPACITY: u64 = 50_000;

/// Checks access tokens.
pub struct Sessions {
    db: Db,
    tokens: Arc<Tokens>,
    /// Whose it is, and whether they are suspended.
    living: Cache<SessionId, (UserId, bool)>,
}

impl Sessions {
    /// Over a database.
    pub fn new(db: Db, tokens: Arc<Tokens>) -> Self {
        let living = Cache::builder()
            .max_capacity(CAPACITY)
            .time_to_live(REMEMBERED)
            .build();
        Self { db, tokens, living }
    }

    async fn actor(&self, token: &str, even_suspended: bool) -> AppResult<Actor> {
        let access = self.tokens.read_access(token).ok_or(ErrorCode::Unauthenticated)?;
        let actor = self.alive(access.session_id, even_suspended).await?;
        if actor.user_id == access.user_id {
            Ok(actor)
        } else {
            Err(ErrorCode::Unauthenticated.into())
        }
    }

    /// Whose a session is, while it has not ended.
    async fn alive(&self, id: SessionId, even_suspended: bool) -> AppResult<Actor> {
        let (user_id, suspended) = match self.living.get(&id) {
            Some(known) => known,
            None => {
                let row = self
                    .db
                    .read(move |conn| Ok(store::find_living(conn, id)?))
                    .await?
                    .filter(|row| clock::now() < row.expires_at)
                    .ok_or(ErrorCode::Unauthenticated)?;
                let suspended = match row.standing {
                    Standing::Active => false,
                    Standing::Suspended => true,
                    Standing::Leaving(_) | Standing::Deleted => {
                        return Err(ErrorCode::Unauthenticated.into());
                    }
                };
                self.living.insert(id, (row.user, suspended));
                (row.user, suspended)
            }
        };
        if suspended && !even_suspended {
            return Err(ErrorCode::AccountSuspended.into());
        }
        Ok(Actor {
            user_id,
            session_id: id,
        })
    }
}

impl Authenticator for Sessions {
    fn authenticate<'a>(&'a self, token: &'a str) -> LocalBoxFuture<'a, AppResult<Actor>> {
        Box::pin(self.actor(token, false))
    }

    fn authenticate_even_suspended<'a>(&'a self, token: &'a str) -> LocalBoxFuture<'a, AppResult<Actor>> {
        Box::pin(self.actor(token, true))
    }

    fn living(&self, session: SessionId) -> LocalBoxFuture<'_, AppResult<Actor>> {
        Box::pin(self.alive(session, false))
    }

    fn forget(&self, session: SessionId) {
        self.living.invalidate(&session);
    }
}

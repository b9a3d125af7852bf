//! Who a request comes from: the access token says it, the session's row must still agree. The row is asked
//! for on every request and remembered for two seconds, so that a session ended anywhere is dead by then at the
//! latest.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use hearth_shared::ids::SessionId;
use hearth_shared::problem::ErrorCode;
use moka::sync::Cache;

use super::store;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::routes::Authenticator;
use crate::platform::tokens::{Access, Tokens};

const REMEMBERED: Duration = Duration::from_secs(2);
const CAPACITY: u64 = 50_000;

/// Checks access tokens.
pub struct Sessions {
    db: Db,
    tokens: Arc<Tokens>,
    living: Cache<SessionId, Access>,
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

    async fn actor(&self, token: &str) -> AppResult<Actor> {
        let access = self.tokens.read_access(token).ok_or(ErrorCode::Unauthenticated)?;
        let actor = self.alive(access.session_id).await?;
        if actor.user_id == access.user_id {
            Ok(actor)
        } else {
            Err(ErrorCode::Unauthenticated.into())
        }
    }

    /// Whose a session is, while it has not ended.
    async fn alive(&self, id: SessionId) -> AppResult<Actor> {
        let access = match self.living.get(&id) {
            Some(access) => access,
            None => {
                let row = self.db.read(move |conn| Ok(store::find(conn, id)?)).await?;
                let lives = |row: &store::SessionRow| {
                    row.ended_at.is_none() && clock::now().as_millis() < row.expires_at
                };
                let row = row.filter(lives).ok_or(ErrorCode::Unauthenticated)?;
                let access = Access {
                    user_id: row.user(),
                    session_id: id,
                };
                self.living.insert(id, access);
                access
            }
        };
        Ok(Actor {
            user_id: access.user_id,
            session_id: id,
        })
    }
}

impl Authenticator for Sessions {
    fn authenticate<'a>(&'a self, token: &'a str) -> LocalBoxFuture<'a, AppResult<Actor>> {
        Box::pin(self.actor(token))
    }

    fn living(&self, session: SessionId) -> LocalBoxFuture<'_, AppResult<Actor>> {
        Box::pin(self.alive(session))
    }

    fn forget(&self, session: SessionId) {
        self.living.invalidate(&session);
    }
}

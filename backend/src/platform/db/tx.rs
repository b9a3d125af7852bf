//! The transaction that a use case runs in.

use hearth_shared::ids::Id;
use hearth_shared::time::Timestamp;

use super::conn::Conn;
use crate::platform::clock;
use crate::platform::ids::IdGenerator;
use crate::platform::realtime::bus::Notice;

/// What becomes of what a use case did.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It stays, and this is the answer.
    Commit(T),
    /// It is undone, and this is the answer all the same: a repeated request, say.
    RollBack(T),
}

impl<T> Outcome<T> {
    /// The same end with another answer.
    ///
    /// # Errors
    /// The one given.
    pub fn try_map<U, E>(self, answer: impl FnOnce(T) -> Result<U, E>) -> Result<Outcome<U>, E> {
        Ok(match self {
            Self::Commit(value) => Outcome::Commit(answer(value)?),
            Self::RollBack(value) => Outcome::RollBack(answer(value)?),
        })
    }
}

/// An open transaction.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    ids: &'a IdGenerator,
    now: Timestamp,
    notices: Vec<Notice>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut Conn, ids: &'a IdGenerator) -> Self {
        Self {
            conn,
            ids,
            now: clock::now(),
            notices: Vec::new(),
        }
    }

    /// The connection, for stores.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The moment of the transaction, the same for all that it writes.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets what follows be written at an earlier moment: for what happened elsewhere or never.
    pub fn set_now(&mut self, moment: Timestamp) {
        self.now = moment.min(clock::now());
    }

    /// Says it to everybody whom it is for, after COMMIT; never when the transaction is rolled back.
    pub fn publish(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// What is to be said after COMMIT.
    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.notices
    }

    /// A new id.
    pub fn new_id<I: Id>(&self) -> I {
        self.ids.next()
    }
}

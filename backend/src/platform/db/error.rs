//! Database failures, sorted by what must happen next.

use diesel::result::{DatabaseErrorKind, Error};
use hearth_shared::problem::ErrorCode;

use crate::platform::error::AppError;

/// What a failure asks of the one who meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A rule of the tables was broken: this statement was undone, the transaction can go on (on SQLite).
    Constraint,
    /// The query or its result is wrong: a fault of the program, nothing happened.
    Query,
    /// The transaction lost a race; running it again may succeed.
    Conflict,
    /// The connection is gone.
    ConnectionLost,
    /// No space is left.
    Full,
    /// Locks, I/O, anything else: the connection must not be trusted.
    Storage,
}

/// A failure of the database.
#[derive(Debug)]
pub struct DbError {
    kind: Kind,
    source: Error,
}

impl DbError {
    /// What it asks for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What the caller is told.
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            Kind::Constraint | Kind::Query => ErrorCode::Internal,
            Kind::Full => ErrorCode::InsufficientStorage,
            Kind::Conflict | Kind::ConnectionLost | Kind::Storage => ErrorCode::Unavailable,
        }
    }
}

impl std::fmt::Display for DbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.source)
    }
}

impl std::error::Error for DbError {}

impl From<Error> for DbError {
    fn from(source: Error) -> Self {
        // A COMMIT that failed and was rolled back: the first is what matters.
        if let Error::RollbackErrorOnCommit { commit_error, .. } = source {
            return Self::from(*commit_error);
        }
        let kind = match &source {
            Error::DatabaseError(kind, info) => match kind {
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::CheckViolation => Kind::Constraint,
                DatabaseErrorKind::SerializationFailure => Kind::Conflict,
                DatabaseErrorKind::ClosedConnection => Kind::ConnectionLost,
                _ => by_message(info.message()),
            },
            Error::NotFound
            | Error::QueryBuilderError(_)
            | Error::DeserializationError(_)
            | Error::SerializationError(_) => Kind::Query,
            _ => Kind::Storage,
        };
        Self { kind, source }
    }
}

/// Both drivers report these only in words: SQLite has no finer kinds in diesel, and diesel does not pass on
/// PostgreSQL's SQLSTATE (40P01, 53100, 57P01).
fn by_message(message: &str) -> Kind {
    const WORDS: &[(&str, Kind)] = &[
        ("database or disk is full", Kind::Full),
        ("No space left on device", Kind::Full),
        ("deadlock detected", Kind::Conflict),
        ("server closed the connection", Kind::ConnectionLost),
        ("terminating connection", Kind::ConnectionLost),
        ("no connection to the server", Kind::ConnectionLost),
        ("connection to server", Kind::ConnectionLost),
    ];
    WORDS
        .iter()
        .find(|(words, _)| message.contains(words))
        .map_or(Kind::Storage, |(_, kind)| *kind)
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        Self::Database(error.into())
    }
}

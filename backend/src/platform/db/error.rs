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
/// PostgreSQL's SQLSTATE (40P01, 53100, 57P01…). What is not here is [`Kind::Storage`], and so is what a server
/// says in another language than English: the caller is told to come back, which is right, only nothing is tried
/// again for them.
fn by_message(message: &str) -> Kind {
    const WORDS: &[(&str, Kind)] = &[
        ("database or disk is full", Kind::Full),
        ("No space left on device", Kind::Full),
        ("Disk quota exceeded", Kind::Full),
        ("deadlock detected", Kind::Conflict),
        ("could not serialize access", Kind::Conflict),
        // Somebody went on after a failure, and nothing can be kept.
        ("current transaction is aborted", Kind::Query),
        // Of the server, when it stops, crashes or is told to (57P01, 57P02, 57P03)
        ("terminating connection", Kind::ConnectionLost),
        ("the database system is", Kind::ConnectionLost),
        ("too many clients", Kind::ConnectionLost),
        ("remaining connection slots", Kind::ConnectionLost),
        // and of libpq, when the server is not there any more.
        ("server closed the connection", Kind::ConnectionLost),
        ("no connection to the server", Kind::ConnectionLost),
        ("connection to server", Kind::ConnectionLost),
        ("connection not open", Kind::ConnectionLost),
        ("could not receive data from server", Kind::ConnectionLost),
        ("could not send data to server", Kind::ConnectionLost),
        ("SSL connection has been closed", Kind::ConnectionLost),
        ("SSL SYSCALL error", Kind::ConnectionLost),
        ("SSL error", Kind::ConnectionLost),
        ("server sent data", Kind::ConnectionLost),
        ("lost synchronization with server", Kind::ConnectionLost),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(message: &str) -> (Kind, ErrorCode) {
        let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()));
        let error = DbError::from(error);
        (error.kind(), error.code())
    }

    #[test]
    fn a_server_that_goes_away_is_a_lost_connection() {
        for message in [
            "terminating connection due to administrator command",
            "terminating connection because of crash of another server process",
            "terminating connection due to idle-in-transaction timeout",
            "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally",
            "the database system is starting up",
            "the database system is shutting down",
            "the database system is in recovery mode",
            "the database system is not yet accepting connections",
            "SSL connection has been closed unexpectedly",
            "SSL SYSCALL error: EOF detected",
            "could not receive data from server: Connection timed out",
            "could not send data to server: Broken pipe",
            "sorry, too many clients already",
            "remaining connection slots are reserved for non-replication superuser connections",
            "no connection to the server",
        ] {
            assert_eq!(
                told(message),
                (Kind::ConnectionLost, ErrorCode::Unavailable),
                "{message}"
            );
        }
    }

    #[test]
    fn what_passes_is_told_as_something_that_passes() {
        for (message, kind, code) in [
            ("deadlock detected", Kind::Conflict, ErrorCode::Unavailable),
            (
                "canceling statement due to lock timeout",
                Kind::Storage,
                ErrorCode::Unavailable,
            ),
            (
                "canceling statement due to statement timeout",
                Kind::Storage,
                ErrorCode::Unavailable,
            ),
            (
                "cannot execute INSERT in a read-only transaction",
                Kind::Storage,
                ErrorCode::Unavailable,
            ),
            (
                "could not extend file \"base/5/16384\": No space left on device",
                Kind::Full,
                ErrorCode::InsufficientStorage,
            ),
            (
                "current transaction is aborted, commands ignored until end of transaction block",
                Kind::Query,
                ErrorCode::Internal,
            ),
        ] {
            assert_eq!(told(message), (kind, code), "{message}");
        }
    }
}

//! What can go wrong while a request is answered. A [`Problem`] is for the caller; everything else is logged
//! once, with the request's id, and answered with a constant body.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use hearth_shared::problem::{ErrorCode, FieldError, Problem};

use crate::platform::db::DbError;

/// The result of anything that a request does.
pub type AppResult<T> = Result<T, AppError>;

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum AppError {
    /// The caller's doing, or a state that they should know of.
    Problem(Box<Problem>, Option<RetryAfter>),
    /// The database refused or failed.
    Database(DbError),
    /// A fault in the program.
    Unexpected(anyhow::Error),
}

/// When and under which rule the caller may try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter {
    /// Whole seconds to wait.
    pub seconds: u64,
    /// The rate limit that was reached, when one was: its name, requests and window in seconds.
    pub policy: Option<(&'static str, u32, u64)>,
}

impl AppError {
    /// One wrong field that only the server can judge.
    pub fn field(field: &str, code: hearth_shared::problem::FieldCode, message: &str) -> Self {
        let error = FieldError {
            field: field.to_owned(),
            code,
            message: message.to_owned(),
        };
        Self::Problem(Box::new(Problem::invalid(vec![error])), None)
    }

    /// Too busy; nothing was done.
    pub fn unavailable() -> Self {
        let retry = RetryAfter {
            seconds: 1,
            policy: None,
        };
        Self::Problem(Box::new(Problem::new(ErrorCode::Unavailable)), Some(retry))
    }

    /// A problem with a sentence about this occurrence.
    pub fn detailed(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self::Problem(
            Box::new(Problem {
                detail: detail.into(),
                ..Problem::new(code)
            }),
            None,
        )
    }

    /// What the caller is told, and when they may try again.
    pub fn to_problem(&self) -> (Problem, Option<RetryAfter>) {
        match self {
            Self::Problem(problem, retry) => (Problem::clone(problem), *retry),
            Self::Database(error) => {
                let code = error.code();
                let retry = (code != ErrorCode::Internal).then_some(RetryAfter {
                    seconds: 1,
                    policy: None,
                });
                (Problem::new(code), retry)
            }
            Self::Unexpected(_) => (Problem::new(ErrorCode::Internal), None),
        }
    }

    /// The code that the caller gets.
    pub fn code(&self) -> ErrorCode {
        self.to_problem().0.code
    }
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self::Problem(Box::new(Problem::new(code)), None)
    }
}

impl From<Vec<FieldError>> for AppError {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Problem(Box::new(Problem::invalid(errors)), None)
    }
}

impl From<anyhow::Error> for AppError {
    fn from(error: anyhow::Error) -> Self {
        Self::Unexpected(error)
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Problem(problem, _) => f.write_str(problem.code.as_str()),
            Self::Database(error) => write!(f, "database: {error}"),
            Self::Unexpected(error) => write!(f, "{error:#}"),
        }
    }
}

/// The body is written by `platform::web`, which knows the request's id.
impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

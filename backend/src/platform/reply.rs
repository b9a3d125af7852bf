//! What handlers give back.

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

/// The answer to a request that creates: 201 the first time, 200 when it had been done before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created<T> {
    /// It was created now.
    New(T),
    /// An earlier request with the same `client_id` had created it.
    Existing(T),
}

impl<T> Created<T> {
    /// The same with another answer.
    ///
    /// # Errors
    /// The one given.
    pub fn try_map<U, E>(self, answer: impl FnOnce(T) -> Result<U, E>) -> Result<Created<U>, E> {
        Ok(match self {
            Self::New(value) => Created::New(answer(value)?),
            Self::Existing(value) => Created::Existing(answer(value)?),
        })
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        match self {
            Self::New(value) => HttpResponse::Created().json(value),
            Self::Existing(value) => HttpResponse::Ok().json(value),
        }
    }
}

/// 200 with a body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> Responder for Json<T> {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self.0)
    }
}

/// 204.
#[derive(Debug)]
pub struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

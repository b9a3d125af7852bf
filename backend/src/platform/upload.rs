//! Forms that bring a file (`multipart/form-data`, RFC 7578), and pieces of files. The bytes are counted while they
//! come in: what is too large is refused before it has arrived.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header;
pub use actix_web::web::Bytes;
use actix_web::web::BytesMut;
use actix_web::{HttpMessage, HttpRequest};
use futures_util::StreamExt;
use hearth_shared::problem::{ErrorCode, FieldCode};

use crate::platform::error::{AppError, AppResult};

/// A form must be there within this time.
const FORM_TIMEOUT: Duration = Duration::from_secs(120);
/// Bytes of one field that is no file.
const TEXT_MAX: usize = 8 * 1024;
/// Fields of one form.
const FIELDS_MAX: usize = 16;

/// A form that was read to its end.
#[derive(Debug, Default)]
pub struct Form {
    /// The field `file`, when it was there and not empty.
    pub file: Option<File>,
    texts: BTreeMap<String, String>,
}

/// A file that somebody sent.
#[derive(Debug)]
pub struct File {
    /// What its sender calls it: anything at all.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

impl Form {
    /// Reads a form with a file of at most so many bytes.
    ///
    /// # Errors
    /// `unsupported_media_type`, `bad_request`, `payload_too_large`, `request_timeout`.
    pub async fn read(request: &HttpRequest, payload: Payload, file_max: usize) -> AppResult<Self> {
        if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
            return Err(AppError::detailed(
                ErrorCode::UnsupportedMediaType,
                "the body must be multipart/form-data",
            ));
        }
        if announced(request).is_some_and(|length| length > file_max + FIELDS_MAX * TEXT_MAX) {
            return Err(ErrorCode::PayloadTooLarge.into());
        }
        let form = Multipart::new(request.headers(), payload);
        match tokio::time::timeout(FORM_TIMEOUT, Self::collect(form, file_max)).await {
            Ok(form) => form,
            Err(_late) => Err(ErrorCode::RequestTimeout.into()),
        }
    }

    async fn collect(mut form: Multipart, file_max: usize) -> AppResult<Self> {
        let mut read = Self::default();
        let mut fields = 0;
        while let Some(field) = form.next().await {
            let mut field = field.map_err(malformed)?;
            fields += 1;
            if fields > FIELDS_MAX {
                return Err(ErrorCode::PayloadTooLarge.into());
            }
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let called = file_name(&field);
                let bytes = content(&mut field, file_max).await?;
                read.file = (!bytes.is_empty()).then_some(File { name: called, bytes });
            } else {
                let bytes = content(&mut field, TEXT_MAX).await?;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                read.texts.insert(name, text);
            }
        }
        Ok(read)
    }

    /// A field that is no file; empty when it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// A field that is parsed; `None` when it is missing or empty.
    ///
    /// # Errors
    /// `validation_failed` when it does not parse.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> AppResult<Option<T>> {
        let text = self.text(name).trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_wrong| {
            AppError::field(
                name,
                FieldCode::WrongType,
                "does not have the form that it must have",
            )
        })
    }
}

/// Reads a body of exactly so many bytes.
///
/// # Errors
/// `unsupported_media_type`, `payload_too_large`, `bad_request` when there are fewer, `request_timeout`.
pub async fn read_piece(request: &HttpRequest, payload: Payload, length: usize) -> AppResult<Bytes> {
    if !request
        .content_type()
        .eq_ignore_ascii_case("application/octet-stream")
    {
        return Err(AppError::detailed(
            ErrorCode::UnsupportedMediaType,
            "the body must be application/octet-stream",
        ));
    }
    let announced = announced(request);
    if announced.is_some_and(|announced| announced > length) {
        return Err(ErrorCode::PayloadTooLarge.into());
    }
    let bytes = tokio::time::timeout(FORM_TIMEOUT, collect(payload, length)).await;
    let bytes = bytes.map_err(|_late| AppError::from(ErrorCode::RequestTimeout))??;
    if bytes.len() < length {
        let message = format!("the piece must have {length} bytes");
        return Err(AppError::detailed(ErrorCode::BadRequest, message));
    }
    Ok(bytes)
}

async fn collect(mut payload: Payload, max: usize) -> AppResult<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.or(Err(AppError::from(ErrorCode::BadRequest)))?;
        if bytes.len() + chunk.len() > max {
            return Err(ErrorCode::PayloadTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn announced(request: &HttpRequest) -> Option<usize> {
    let length = request.headers().get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

async fn content(field: &mut Field, max: usize) -> AppResult<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(malformed)?;
        if bytes.len() + chunk.len() > max {
            return Err(ErrorCode::PayloadTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn malformed(error: MultipartError) -> AppError {
    AppError::detailed(ErrorCode::BadRequest, error.to_string())
}

/// `filename*`, which may hold every character, before `filename`.
fn file_name(field: &Field) -> String {
    let Some(disposition) = field.content_disposition() else {
        return String::new();
    };
    let extended = disposition
        .get_filename_ext()
        .map(|name| String::from_utf8_lossy(&name.value).into_owned());
    extended
        .or_else(|| disposition.get_filename().map(str::to_owned))
        .unwrap_or_default()
}

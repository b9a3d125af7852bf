//! Gives pictures and films out: whole or in part, little by little as they come from the store, and with nothing by
//! which a browser could take them for anything else.

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::TryStreamExt;
use hearth_shared::ids::{ConversationId, MediaId};
use hearth_shared::media::{MediaKind, MediaQuery};
use hearth_shared::problem::ErrorCode;
use sha2::{Digest, Sha256};

use crate::features::groups::service::pictures;
use crate::features::media::films::Container;
use crate::features::media::pipeline::{Format, Variant};
use crate::features::media::store::{self, MediaRow};
use crate::features::media::{Media, service};
use crate::platform::clock;
use crate::platform::error::{AppError, AppResult};
use crate::platform::extract::{Actor, Param, Params};
use crate::platform::routes::Gate;

/// Were it ever taken for a page, nothing in it would run.
const POLICY: &str = "default-src 'none'; sandbox";
const PRIVATE: &str = "private, no-store";
/// The browser may keep it, and asks every time whether it may show it.
const ASKED_AGAIN: &str = "private, no-cache";
/// Another picture has another name.
const UNDER_ITS_OWN_NAME: &str = "private, max-age=86400, immutable";

/// Under a signed address. Whatever is wrong with it, the answer is that of a picture that never was.
pub(super) async fn media(
    media: Data<Media>,
    gate: Data<Gate>,
    request: HttpRequest,
) -> AppResult<HttpResponse> {
    let path = request.match_info();
    let id: Option<MediaId> = path.get("media_id").and_then(|id| id.parse().ok());
    let variant = path.get("variant").and_then(Variant::parse);
    let query: Option<MediaQuery> = serde_urlencoded::from_str(request.query_string()).ok();
    let (Some(id), Some(variant), Some(query)) = (id, variant, query) else {
        return Err(ErrorCode::NotFound.into());
    };
    if !media.signer.is_good(id, variant, &query, clock::now()) {
        return Err(ErrorCode::NotFound.into());
    }
    let viewer = match gate.authenticator.living(query.session).await {
        // Ended, suspended, whatever: there is nothing here for it.
        Err(error) if error.code().status() < 500 => return Err(ErrorCode::NotFound.into()),
        viewer => viewer?.user_id,
    };
    let row = media
        .db
        .read(move |conn| service::visible(conn, viewer, id))
        .await?;
    give(&media, &request, &row, variant, PRIVATE).await
}

/// Under the name that cards carry: whoever has the card may see the picture, for as long as it is the picture.
pub(super) async fn avatar(
    media: Data<Media>,
    request: HttpRequest,
    name: Param<String>,
) -> AppResult<HttpResponse> {
    let (name, variant) = square(&name.0).ok_or(ErrorCode::NotFound)?;
    if name.contains('\0') {
        return Err(ErrorCode::NotFound.into());
    }
    let name = name.to_owned();
    let row = media
        .db
        .read(move |conn| Ok(store::find_avatar(conn, &name)?))
        .await?;
    let row = row.ok_or(ErrorCode::NotFound)?;
    give(&media, &request, &row, variant, UNDER_ITS_OWN_NAME).await
}

/// A group's picture, for those who may see the group now. What they have kept of it is good as long as we say so.
pub(super) async fn group_picture(
    media: Data<Media>,
    actor: Actor,
    request: HttpRequest,
    names: Params<ConversationId, String>,
) -> AppResult<HttpResponse> {
    let (id, viewer) = (names.0, actor.user_id);
    let found = square(&names.1).and_then(|(name, variant)| Some((name.parse().ok()?, variant)));
    let (picture, variant) = found.ok_or(ErrorCode::NotFound)?;
    let row = media
        .db
        .snapshot(move |conn| pictures::visible(conn, viewer, id, picture))
        .await?;
    give(&media, &request, &row, variant, ASKED_AGAIN).await
}

/// What a name says of a square picture: which, and how large.
fn square(name: &str) -> Option<(&str, Variant)> {
    let (name, size) = name.rsplit_once('-')?;
    let variant = match size {
        "128" => Variant::Avatar128,
        "512" => Variant::Avatar512,
        _ => return None,
    };
    Some((name, variant))
}

async fn give(
    media: &Media,
    request: &HttpRequest,
    row: &MediaRow,
    variant: Variant,
    caching: &'static str,
) -> AppResult<HttpResponse> {
    // Of a file the ending says nothing: whatever is in it, no page shows it.
    let known = match row.kind() {
        MediaKind::Image => Format::parse(&row.format).map(Format::media_type),
        MediaKind::Video => Container::parse(&row.format).map(Container::media_type),
        MediaKind::Audio => Container::parse(&row.format).map(Container::sound_type),
        MediaKind::File => Some("application/octet-stream"),
    };
    let media_type = known.ok_or_else(|| anyhow::anyhow!("a file of a newer version"))?;
    let how = match row.kind() {
        MediaKind::Image | MediaKind::Video | MediaKind::Audio => "inline",
        MediaKind::File => "attachment",
    };
    let path = service::path(&row.storage_key, variant);
    let size = media.store.size(&path).await?.ok_or(ErrorCode::NotFound)?;
    let tag = tag(&row.storage_key, variant);
    let headers = request.headers();
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CONTENT_DISPOSITION, disposition(how, &row.file_name())))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::ETAG, tag.clone()));
    if text(headers, header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag)) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let fresh = text(headers, header::IF_RANGE).is_none_or(|known| known == tag);
    let wanted = text(headers, header::RANGE).filter(|_| fresh);
    let range = match wanted.map(|wanted| parse_range(wanted, size)) {
        Some(Wanted::Nothing) => return Ok(outside(size)),
        Some(Wanted::Part(range)) => {
            answer.status(StatusCode::PARTIAL_CONTENT).insert_header((
                header::CONTENT_RANGE,
                format!("bytes {}-{}/{size}", range.start, range.end - 1),
            ));
            Some(range)
        }
        Some(Wanted::All) | None => None,
    };
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    if request.method() == Method::HEAD {
        // What is not sent is not read either.
        let nothing = futures_util::stream::empty::<Result<Bytes, actix_web::Error>>();
        return Ok(answer.body(SizedStream::new(length, nothing)));
    }
    let piece = media.store.get(&path, range).await?.ok_or(ErrorCode::NotFound)?;
    Ok(answer.body(SizedStream::new(
        length,
        piece.bytes.err_into::<actix_web::Error>(),
    )))
}

fn outside(size: u64) -> HttpResponse {
    let mut answer = HttpResponse::from_error(AppError::from(ErrorCode::RangeNotSatisfiable));
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
        answer.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    answer
}

/// What a `Range` asks for (RFC 9110, 14.2).
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// It is none that we know, or it asks for several: everything is the right answer.
    All,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that are not there.
    Nothing,
}

fn parse_range(text: &str, size: u64) -> Wanted {
    let range = text
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'));
    let Some((first, last)) = range else {
        return Wanted::All;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (first, last) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last),
        (Some(first), None) if last.is_empty() => (first, u64::MAX),
        (None, Some(0)) if first.is_empty() => return Wanted::Nothing,
        (None, Some(count)) if first.is_empty() => (size.saturating_sub(count), u64::MAX),
        _ => return Wanted::All,
    };
    if first >= size {
        return Wanted::Nothing;
    }
    Wanted::Part(first..last.saturating_add(1).min(size))
}

/// The same bytes have the same tag, and it does not say where they lie.
fn tag(key: &str, variant: Variant) -> String {
    let digest = Sha256::new()
        .chain_update(key)
        .chain_update(variant.as_str())
        .finalize();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..12]))
}

fn names(list: &str, tag: &str) -> bool {
    list.split(',').any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == tag
    })
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The name for whoever saves it (RFC 6266): in plain letters, and in all others encoded (RFC 8187).
fn disposition(how: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " .-_".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        for (text, wanted) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=2-4", Wanted::Part(2..5)),
            ("bytes=5-", Wanted::Part(5..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=8-99999999999999999999", Wanted::Part(8..10)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=4-2", Wanted::All),
            ("bytes=0-1,3-4", Wanted::All),
            ("bytes=+1-2", Wanted::All),
            ("bytes=-", Wanted::All),
            ("lines=1-2", Wanted::All),
        ] {
            assert_eq!(parse_range(text, 10), wanted, "{text}");
        }
    }

    #[test]
    fn names_of_files_cannot_leave_their_header() {
        assert_eq!(
            disposition("inline", "Zo\u{eb} \"x\".jpg"),
            "inline; filename=\"Zo_ _x_.jpg\"; filename*=UTF-8''Zo%C3%AB%20%22x%22.jpg"
        );
    }
}

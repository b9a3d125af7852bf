//! Files that the server makes for one person. They need the access token, so that a link would not do; they stay in
//! the browser's hands and never come into the memory of the program.

use gloo_net::http::RequestBuilder;
use hearth_shared::problem::{ErrorCode, Problem};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, RequestCache};

use super::api::{Api, Failure, code_of};
use super::files::ObjectUrl;
use super::session::Session;

/// A file, and what the server calls it.
pub(crate) struct Download {
    pub(crate) blob: Blob,
    pub(crate) name: Option<String>,
}

/// Reads a file. It may take as long as it takes.
pub(crate) async fn download(session: &Session, url: &str) -> Result<Download, Failure> {
    let token = session.token().await?;
    match fetch(&token, url, RequestCache::NoStore).await {
        Err(failure) if failure.code() == Some(ErrorCode::Unauthenticated) => {
            let token = session.token_after(&token).await?.text;
            fetch(&token, url, RequestCache::NoStore).await
        }
        other => other,
    }
}

/// Reads a picture that is for those alone who may see what it belongs to, so that `<img>` cannot ask for it itself. The
/// browser keeps it and asks whether it may still be shown. None when it does not come.
pub(crate) async fn picture(api: &Api, url: &str) -> Option<ObjectUrl> {
    let token = api.token(None).await.ok()?;
    let found = match fetch(&token, url, RequestCache::Default).await {
        Err(failure) if failure.code() == Some(ErrorCode::Unauthenticated) => {
            let token = api.token(Some(&token)).await.ok()?;
            fetch(&token, url, RequestCache::Default).await
        }
        other => other,
    };
    ObjectUrl::of_blob(&found.ok().filter(|_| api.is_current())?.blob)
}

async fn fetch(token: &str, url: &str, cache: RequestCache) -> Result<Download, Failure> {
    let response = RequestBuilder::new(url)
        .cache(cache)
        .header("Authorization", &format!("Bearer {token}"))
        .header("X-App", "1")
        .send()
        .await
        .or(Err(Failure::Unreachable))?;
    if !response.ok() {
        let text = response.text().await.or(Err(Failure::Unreachable))?;
        let code =
            serde_json::from_str::<Problem>(&text).map_or(code_of(response.status()), |problem| problem.code);
        return Err(Failure::refused(code));
    }
    let name = response
        .headers()
        .get("content-disposition")
        .and_then(|header| file_name(&header));
    let raw: web_sys::Response = response.into();
    let promise = raw.blob().or(Err(Failure::Garbled))?;
    let blob = JsFuture::from(promise).await.or(Err(Failure::Unreachable))?;
    Ok(Download {
        blob: blob.dyn_into().or(Err(Failure::Garbled))?,
        name,
    })
}

/// The name in a `Content-Disposition`, when it is a plain one.
fn file_name(header: &str) -> Option<String> {
    let (_, rest) = header.split_once("filename=\"")?;
    let (name, _) = rest.split_once('"')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_is_taken() {
        assert_eq!(
            file_name("attachment; filename=\"hearth-ada-2026-11-22.zip\"").as_deref(),
            Some("hearth-ada-2026-11-22.zip")
        );
        for bad in [
            "attachment",
            "attachment; filename=\"\"",
            "attachment; filename=\"../x\"",
        ] {
            assert_eq!(file_name(bad), None, "{bad}");
        }
    }
}

//! Sending a file: like a call of the API, but with a form, or the file alone, in place of JSON; with progress, and it
//! can be stopped.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hearth_shared::endpoint::{Endpoint, Nothing};
use hearth_shared::problem::ErrorCode;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FormData, ProgressEvent, XmlHttpRequest};

use super::api::{Api, Failure, decode, refusal};
use super::{connection, events};

/// A picture on a very slow line.
const TIMEOUT_MILLIS: u32 = 300_000;

/// The fields of a form, the file last: whoever reads it knows by then what to do with it.
pub(crate) struct Form {
    texts: Vec<(&'static str, String)>,
    file: Blob,
    /// None when the file is all there is.
    name: Option<String>,
}

impl Form {
    pub(crate) fn new(file: Blob, name: String) -> Self {
        Self {
            texts: Vec::new(),
            file,
            name: Some(name),
        }
    }

    /// No form: the bytes as they are.
    pub(crate) fn bytes(file: Blob) -> Self {
        Self {
            texts: Vec::new(),
            file,
            name: None,
        }
    }

    /// With one more field.
    pub(crate) fn with(mut self, field: &'static str, value: impl ToString) -> Self {
        self.texts.push((field, value.to_string()));
        self
    }

    fn send(&self, request: &XmlHttpRequest) -> Result<(), JsValue> {
        let Some(name) = &self.name else {
            request.set_request_header("Content-Type", "application/octet-stream")?;
            return request.send_with_opt_blob(Some(&self.file));
        };
        let form = FormData::new()?;
        for (field, value) in &self.texts {
            form.append_with_str(field, value)?;
        }
        form.append_with_blob_and_filename("file", &self.file, name)?;
        request.send_with_opt_form_data(Some(&form))
    }
}

#[derive(Default)]
struct Inner {
    stopped: Cell<bool>,
    request: RefCell<Option<XmlHttpRequest>>,
}

/// Stops what is being sent. Clones stop the same.
#[derive(Clone, Default)]
pub(crate) struct Stop(Rc<Inner>);

impl Stop {
    /// Stops it, now or as soon as it begins.
    pub(crate) fn now(&self) {
        self.0.stopped.set(true);
        if let Some(request) = self.0.request.borrow_mut().take() {
            drop(request.abort());
        }
    }

    /// Whether it was stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.stopped.get()
    }
}

/// Sends a form, or a file. `progress` is told what part of it has gone, 0 to 1. None when it was stopped; the server may have
/// got all of it then.
pub(crate) async fn send<E: Endpoint<Query = Nothing>>(
    api: &Api,
    endpoint: &E,
    form: &Form,
    stop: &Stop,
    progress: impl Fn(f64) + Clone + 'static,
) -> Option<Result<E::Reply, Failure>> {
    let outcome = async {
        let token = api.token(None).await?;
        let (method, path) = (E::METHOD.as_str(), endpoint.path());
        match once(method, &path, &token, form, stop, progress.clone()).await {
            Err(failure) if failure.code() == Some(ErrorCode::Unauthenticated) => {
                let token = api.token(Some(&token)).await?;
                once(method, &path, &token, form, stop, progress).await
            }
            other => other,
        }
    }
    .await;
    if stop.is_stopped() {
        return None;
    }
    match &outcome {
        Err(Failure::Unreachable) => connection::unanswered(),
        _ => connection::answered(),
    }
    Some(decode(outcome))
}

async fn once(
    method: &str,
    path: &str,
    token: &str,
    form: &Form,
    stop: &Stop,
    progress: impl Fn(f64) + 'static,
) -> Result<String, Failure> {
    if stop.is_stopped() {
        return Err(Failure::Unreachable);
    }
    let Ok(request) = open(method, path, token) else {
        return Err(Failure::Unreachable);
    };
    // Before it is sent: whether anybody listens is looked at then, and Safari looks.
    let told = request.upload().ok().map(|upload| {
        events::on_element(&upload, "progress", move |event| {
            if let Some(event) = event.dyn_ref::<ProgressEvent>()
                && event.length_computable()
                && event.total() > 0.0
            {
                progress(event.loaded() / event.total());
            }
        })
    });
    if form.send(&request).is_err() {
        return Err(Failure::Unreachable);
    }
    *stop.0.request.borrow_mut() = Some(request.clone());
    let over = Promise::new(&mut |resolve, _reject| request.set_onloadend(Some(&resolve)));
    drop(JsFuture::from(over).await);
    drop(told);
    stop.0.request.borrow_mut().take();
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(Failure::Unreachable),
        200..=299 => Ok(text),
        _ => {
            let retry_after = request.get_response_header("retry-after").ok().flatten();
            Err(refusal(
                status,
                retry_after.and_then(|seconds| seconds.parse().ok()),
                &text,
            ))
        }
    }
}

fn open(method: &str, path: &str, token: &str) -> Result<XmlHttpRequest, JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open_with_async(method, path, true)?;
    request.set_timeout(TIMEOUT_MILLIS);
    request.set_request_header("Accept", "application/json")?;
    request.set_request_header("X-App", "1")?;
    request.set_request_header("Authorization", &format!("Bearer {token}"))?;
    Ok(request)
}

//! Where a server is, and what asks it. A Hearth of several nodes is one client with several addresses, which take
//! turns.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hearth_shared::endpoint::{Endpoint, Method, url};
use hearth_shared::problem::Problem;
use serde::Serialize;
use serde_json::Value;

/// Asks a Hearth, in this process or another. Clones take turns together.
#[derive(Clone)]
pub struct Client {
    /// `http://host:port`, one for each node.
    bases: Arc<[String]>,
    requests: Arc<AtomicUsize>,
    sockets: Arc<AtomicUsize>,
    /// What requests are made with that have no method here.
    pub http: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: reqwest::header::HeaderMap,
    /// The body.
    pub text: String,
}

impl Client {
    /// Asks a server at `http://host:port`.
    pub fn new(base: &str) -> Self {
        Self::of_nodes([base])
    }

    /// Asks the nodes of one Hearth, each at `http://host:port`: every request goes to the next one.
    pub fn of_nodes<'a>(bases: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            bases: bases.into_iter().map(str::to_owned).collect(),
            requests: Arc::default(),
            sockets: Arc::default(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// `http://host:port`: where the next request goes.
    pub fn base(&self) -> &str {
        self.turn(&self.requests)
    }

    /// `http://host:port`: where the next socket goes. Counted by itself, so that of two people who connect one
    /// after the other each is on another node, however much is asked meanwhile.
    pub fn socket_base(&self) -> &str {
        self.turn(&self.sockets)
    }

    fn turn(&self, counter: &AtomicUsize) -> &str {
        let turn = counter.fetch_add(1, Ordering::Relaxed);
        &self.bases[turn % self.bases.len()]
    }

    /// All addresses.
    pub fn bases(&self) -> &[String] {
        &self.bases
    }

    /// What asks each node alone: where it matters which one it is.
    pub fn nodes(&self) -> Vec<Self> {
        let alone = |base: &String| Self {
            bases: Arc::from([base.clone()]),
            requests: Arc::default(),
            sockets: Arc::default(),
            http: self.http.clone(),
        };
        self.bases.iter().map(alone).collect()
    }

    /// Calls an operation as somebody or nobody, and hands the answer over as it is.
    pub async fn ask<E: Endpoint>(
        &self,
        token: Option<&str>,
        endpoint: &E,
        query: &E::Query,
        body: &E::Body,
    ) -> Answer {
        self.try_ask(token, endpoint, query, body).await.unwrap()
    }

    /// The same, where no answer is an answer too: the server may be gone, or the way to it.
    pub async fn try_ask<E: Endpoint>(
        &self,
        token: Option<&str>,
        endpoint: &E,
        query: &E::Query,
        body: &E::Body,
    ) -> Option<Answer> {
        let body = serde_json::to_value(body).unwrap();
        let request = self.request(E::METHOD, &url(endpoint, query), token, Some(&body));
        try_read(request).await.ok()
    }

    /// Any request; `path` begins with `/`.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&impl Serialize>,
    ) -> Answer {
        read(self.request(method, path, token, body)).await
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&impl Serialize>,
    ) -> reqwest::RequestBuilder {
        let method = method.as_str().parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base()));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request
    }
}

impl Answer {
    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The error code of a problem document; asserts that it is one.
    pub fn code(&self) -> String {
        let problem: Problem = serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"));
        assert_eq!(problem.status, self.status, "{self:?}");
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        assert_eq!(self.header("x-request-id"), problem.request_id);
        problem.code.as_str().to_owned()
    }

    /// A header field; empty when it is missing.
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }
}

/// Sends a request and reads the answer.
pub async fn read(request: reqwest::RequestBuilder) -> Answer {
    try_read(request).await.unwrap()
}

async fn try_read(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer {
        status,
        headers,
        text: response.text().await?,
    })
}

//! A server in this process, on a free port, with a fresh database.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use actix_web::dev::ServerHandle;
use hearth::app;
use hearth::platform::config::{Config, WebConfig};
use hearth::platform::db::{Db, Target, migrate};
use hearth::platform::nodes::Nodes;
use hearth::platform::realtime::hub::Hub;
use hearth::platform::secrets::Secrets;
use hearth::platform::tokens::Tokens;
use hearth_shared::endpoint::{Endpoint, Method, url};
use hearth_shared::problem::Problem;
use serde::Serialize;
use serde_json::Value;
use tempfile::TempDir;

use super::postgres::TestDatabase;

/// What a story may set.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options {
    pub(crate) rate_limits: bool,
    pub(crate) public_posts: bool,
    pub(crate) registration_closed: bool,
    pub(crate) any_own_host: bool,
}

/// Where a server is, in this process or another, and what asks it.
#[derive(Clone)]
pub(crate) struct Client {
    /// `http://host:port`
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
}

/// A running server.
pub(crate) struct TestApp {
    client: Client,
    pub(crate) db: Db,
    pub(crate) hub: Arc<Hub>,
    pub(crate) nodes: Arc<Nodes>,
    pub(crate) handle: ServerHandle,
    // In the order in which they must go: the database after the server, the folder last.
    postgres: Option<TestDatabase>,
    folder: TempDir,
}

impl Deref for TestApp {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The error code of a problem document; asserts that it is one.
    pub(crate) fn code(&self) -> String {
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

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }
}

impl TestApp {
    pub(crate) async fn sqlite() -> Self {
        Self::sqlite_with(Options::default()).await
    }

    pub(crate) async fn sqlite_with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hearth.db");
        std::fs::copy(sqlite_template(), &path).unwrap();
        Self::start(options, folder, Target::Sqlite(path), None).await
    }

    /// `None` when there is no PostgreSQL to test with.
    pub(crate) async fn postgres() -> Option<Self> {
        Self::postgres_with(Options::default()).await
    }

    pub(crate) async fn postgres_with(options: Options) -> Option<Self> {
        let database = tokio::task::spawn_blocking(TestDatabase::create).await.unwrap()?;
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Postgres(database.url.clone());
        Some(Self::start(options, folder, target, Some(database)).await)
    }

    /// On a PostgreSQL of the story's own, whose tables are made now.
    pub(crate) async fn on_postgres(url: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::start(Options::default(), folder, Target::Postgres(url), None).await
    }

    async fn start(
        options: Options,
        folder: TempDir,
        target: Target,
        postgres: Option<TestDatabase>,
    ) -> Self {
        let config = Config {
            bind: "127.0.0.1:0".parse().unwrap(),
            data_dir: folder.path().to_owned(),
            database: target,
            secret_file: folder.path().join("secret.key"),
            web: WebConfig {
                origins: vec!["http://hearth.test".to_owned()],
                any_own_host: options.any_own_host,
                secure_cookies: false,
                trusted_proxies: Vec::new(),
            },
            registration_open: !options.registration_closed,
            public_posts: options.public_posts,
            password_min: 10,
            // The lowest that there is: what is tested is not bcrypt's slowness.
            bcrypt_cost: 4,
            rate_limits: options.rate_limits,
        };
        let running = app::build(config).await.unwrap();
        let client = Client::new(&format!("http://{}", running.address));
        let (handle, db) = (running.handle.clone(), running.db.clone());
        let (hub, nodes) = (Arc::clone(&running.hub), Arc::clone(&running.nodes));
        tokio::spawn(async move {
            let app::Running { server, .. } = running;
            server.await
        });
        Self {
            client,
            db,
            hub,
            nodes,
            handle,
            postgres,
            folder,
        }
    }

    /// Makes tokens as the server does.
    pub(crate) fn tokens(&self) -> Tokens {
        Tokens::new(&Secrets::load_or_create(&self.folder.path().join("secret.key")).unwrap())
    }
}

impl Client {
    /// Asks a server at `http://host:port`.
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Calls an operation as somebody or nobody, and hands the answer over as it is.
    pub(crate) async fn ask<E: Endpoint>(
        &self,
        token: Option<&str>,
        endpoint: &E,
        query: &E::Query,
        body: &E::Body,
    ) -> Answer {
        self.try_ask(token, endpoint, query, body).await.unwrap()
    }

    /// The same, where no answer is an answer too: the server may be gone, or the way to it.
    pub(crate) async fn try_ask<E: Endpoint>(
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

    /// Any request.
    pub(crate) async fn raw(
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
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request
    }
}

impl TestApp {
    /// Takes the PostgreSQL database away while the server runs.
    pub(crate) fn drop_database(&self) {
        self.postgres.as_ref().unwrap().drop_now();
    }

    /// Cuts all connections to the PostgreSQL database.
    pub(crate) fn cut_connections(&self) {
        self.postgres.as_ref().unwrap().cut_connections();
    }
}

/// Sends a request and reads the answer.
pub(crate) async fn read(request: reqwest::RequestBuilder) -> Answer {
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

impl Drop for TestApp {
    fn drop(&mut self) {
        // The command is sent at once; nobody needs to wait for the end.
        drop(self.handle.stop(false));
    }
}

/// An SQLite database with all tables, made once.
fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.db");
        migrate::run(&Target::Sqlite(path.clone())).unwrap();
        (folder, path)
    });
    path
}

//! A Hearth in this process, with a fresh database: one node on a free port, or two that share everything.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use hearth::app::{self, stop::Stopper};
use hearth::features::media::Media;
use hearth::platform::config::{Config, MediaConfig, MediaPlace, Registration, WebConfig};
use hearth::platform::db::{Db, Target, migrate};
use hearth::platform::mail::MailConfig;
use hearth::platform::nodes::Nodes;
use hearth::platform::push;
use hearth::platform::realtime::hub::Hub;
use hearth::platform::secrets::Secrets;
use hearth::platform::tokens::Tokens;
use hearth_shared::endpoint::Method;
use hearth_testkit::{Client, Person};
use serde_json::json;
use tempfile::TempDir;

use super::postgres::TestDatabase;
use super::redis;

/// What links in mails begin with.
pub(crate) const PUBLIC_URL: &str = "https://hearth.test";

/// What a story may set.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options {
    pub(crate) rate_limits: bool,
    pub(crate) public_posts: bool,
    pub(crate) registration: Option<Registration>,
    pub(crate) verify_email: bool,
    /// The port of a mail server on this computer.
    pub(crate) smtp: Option<u16>,
    pub(crate) any_own_host: bool,
    /// No daily mails.
    pub(crate) no_digests: bool,
    /// Bytes that one person's pictures may take; a gigabyte when it is not said.
    pub(crate) media_quota: Option<u64>,
    /// As on the internet, when it is not said.
    pub(crate) push: Option<push::Mode>,
}

impl Options {
    /// As a Hearth is, but that nobody waits for a limit.
    pub(crate) const PLAIN: Self = Self {
        rate_limits: false,
        public_posts: false,
        registration: None,
        verify_email: false,
        smtp: None,
        any_own_host: false,
        no_digests: false,
        media_quota: None,
        push: None,
    };
}

/// A running Hearth: one node, or several.
pub(crate) struct TestApp {
    client: Client,
    nodes: Vec<Node>,
    turn: AtomicUsize,
    // In the order in which they must go: the database after the servers, the folder last.
    postgres: Option<TestDatabase>,
    folder: TempDir,
}

/// A server in this process.
pub(crate) struct Node {
    /// Where it listens: `http://host:port`
    pub(crate) base: String,
    pub(crate) db: Db,
    pub(crate) hub: Arc<Hub>,
    pub(crate) media: Media,
    pub(crate) nodes: Arc<Nodes>,
    pub(crate) stopper: Stopper,
    handle: ServerHandle,
}

impl Deref for TestApp {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
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
        let node = Node::start(options, folder.path(), 0, Target::Sqlite(path), None).await;
        Self::of(vec![node], None, folder)
    }

    /// `None` when there is no PostgreSQL to test with.
    pub(crate) async fn postgres() -> Option<Self> {
        Self::postgres_with(Options::default()).await
    }

    pub(crate) async fn postgres_with(options: Options) -> Option<Self> {
        let database = tokio::task::spawn_blocking(TestDatabase::create).await.unwrap()?;
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Postgres(database.url.clone());
        let node = Node::start(options, folder.path(), 0, target, None).await;
        Some(Self::of(vec![node], Some(database), folder))
    }

    /// On a PostgreSQL of the story's own, whose tables are made now.
    pub(crate) async fn on_postgres(url: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Postgres(url);
        let node = Node::start(Options::default(), folder.path(), 0, target, None).await;
        Self::of(vec![node], None, folder)
    }

    /// On what a program has left in its folder, and in the database that it was told.
    pub(crate) async fn left_by_program(folder: TempDir, database: Option<String>) -> Self {
        let own = || Target::Sqlite(folder.path().join("hearth.db"));
        let target = database.map_or_else(own, Target::Postgres);
        let node = Node::start(Options::default(), folder.path(), 0, target, None).await;
        Self::of(vec![node], None, folder)
    }

    /// Two nodes on one PostgreSQL and one Redis, with one secret; `None` when either is missing.
    pub(crate) async fn cluster_with(options: Options) -> Option<Self> {
        let app = Self::several_with(options, Some(redis::url()?)).await?;
        app.wait_for_redis().await;
        Some(app)
    }

    /// The same, or one node when there is no Redis.
    pub(crate) async fn cluster_or_postgres_with(options: Options) -> Option<Self> {
        match Self::cluster_with(options).await {
            Some(app) => Some(app),
            None => Self::postgres_with(options).await,
        }
    }

    /// Two nodes on one PostgreSQL and whatever Redis there is.
    pub(crate) async fn several_with(options: Options, redis: Option<String>) -> Option<Self> {
        let database = tokio::task::spawn_blocking(TestDatabase::create).await.unwrap()?;
        let folder = tempfile::tempdir().unwrap();
        let mut nodes = Vec::new();
        for number in 0..2 {
            let target = Target::Postgres(database.url.clone());
            nodes.push(Node::start(options, folder.path(), number, target, redis.clone()).await);
        }
        Some(Self::of(nodes, Some(database), folder))
    }

    fn of(nodes: Vec<Node>, postgres: Option<TestDatabase>, folder: TempDir) -> Self {
        Self {
            client: Client::of_nodes(nodes.iter().map(|node| node.base.as_str())),
            nodes,
            turn: AtomicUsize::new(0),
            postgres,
            folder,
        }
    }

    /// Waits until all nodes hear one another: before that they are told of everything too, but later.
    async fn wait_for_redis(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        for node in self.client.nodes() {
            loop {
                let answer = node.raw(Method::Get, "/readyz", None, None::<&()>).await;
                if answer.status == 200 && answer.json()["degraded"] == json!([]) {
                    break;
                }
                assert!(Instant::now() < until, "never ready: {answer:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// All nodes.
    pub(crate) fn servers(&self) -> &[Node] {
        &self.nodes
    }

    /// The database, as the next node has it.
    pub(crate) fn db(&self) -> &Db {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        &self.nodes[turn % self.nodes.len()].db
    }

    /// Sockets on all nodes.
    pub(crate) fn socket_count(&self) -> usize {
        self.nodes.iter().map(|node| node.hub.count()).sum()
    }

    /// A person's sockets on all nodes.
    pub(crate) fn sockets_of(&self, person: &Person) -> usize {
        let of = |node: &Node| node.hub.sockets(person.id()).len();
        self.nodes.iter().map(of).sum()
    }

    /// Where mail goes that no server takes.
    pub(crate) fn outbox(&self) -> PathBuf {
        self.folder.path().join("outbox")
    }

    /// Where pictures lie.
    pub(crate) fn media_folder(&self) -> PathBuf {
        media_folder(self.folder.path())
    }

    /// Makes tokens as the server does.
    pub(crate) fn tokens(&self) -> Tokens {
        Tokens::new(&Secrets::load_or_create(&secret_file(self.folder.path())).unwrap())
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

impl Node {
    async fn start(
        options: Options,
        folder: &Path,
        number: usize,
        target: Target,
        redis: Option<String>,
    ) -> Self {
        let config = Config {
            bind: "127.0.0.1:0".parse().unwrap(),
            data_dir: folder.join(format!("node-{number}")),
            database: target,
            redis,
            secret_file: secret_file(folder),
            web: WebConfig {
                origins: vec!["http://hearth.test".to_owned()],
                any_own_host: options.any_own_host,
                secure_cookies: false,
                trusted_proxies: Vec::new(),
            },
            public_url: PUBLIC_URL.parse().unwrap(),
            mail: MailConfig::new(
                options.smtp.map(|port| format!("smtp://127.0.0.1:{port}")),
                None,
                folder,
                &PUBLIC_URL.parse().unwrap(),
            )
            .unwrap(),
            registration: options.registration.unwrap_or(Registration::Open),
            verify_email: options.verify_email,
            digests: options.smtp.is_some() && !options.no_digests,
            public_posts: options.public_posts,
            password_min: 10,
            // The lowest that there is: what is tested is not bcrypt's slowness.
            bcrypt_cost: 4,
            rate_limits: options.rate_limits,
            push: options.push.unwrap_or(push::Mode::On),
            media: MediaConfig {
                place: MediaPlace::Folder(media_folder(folder)),
                quota: options.media_quota.unwrap_or(1 << 30),
            },
        };
        let running = app::build(config).await.unwrap();
        let (handle, db) = (running.handle.clone(), running.db.clone());
        let (stopper, nodes) = (running.stopper.clone(), Arc::clone(&running.nodes));
        let media = running.media.clone();
        let (base, hub) = (format!("http://{}", running.address), Arc::clone(&running.hub));
        tokio::spawn(async move {
            let app::Running { server, .. } = running;
            server.await
        });
        Self {
            base,
            db,
            hub,
            media,
            nodes,
            stopper,
            handle,
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The command is sent at once; nobody needs to wait for the end.
        drop(self.handle.stop(false));
    }
}

/// The pictures of all nodes.
fn media_folder(folder: &Path) -> PathBuf {
    folder.join("media")
}

/// The root secret of all nodes.
fn secret_file(folder: &Path) -> PathBuf {
    folder.join("secret.key")
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

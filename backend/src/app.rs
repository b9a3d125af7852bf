//! Wires the parts together and runs the server. The only place that knows them all.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer, web};
use anyhow::{Context, bail};
use hearth_shared::endpoint::API_BASE;
use hearth_shared::instance::Instance;
use hearth_shared::realtime::frames::{Reconnect, ServerFrame};
use rand::{Rng, RngExt};

use crate::features;
use crate::features::auth::http::SignIn;
use crate::features::auth::sessions::Sessions;
use crate::features::posts::PostRules;
use crate::features::realtime::admission::Admission;
use crate::features::realtime::dispatch::{self, Dispatcher};
use crate::features::realtime::live::{Live, Typists};
use crate::features::realtime::socket;
use crate::features::realtime::sweep::{self, Sweep};
use crate::platform::assets::{self, Assets};
use crate::platform::clock;
use crate::platform::config::Config;
use crate::platform::db::lock;
use crate::platform::db::{Conn, Db, Outcome, Sizes, Target, dialect, meta, migrate};
use crate::platform::error::AppError;
use crate::platform::ids;
use crate::platform::nodes::Nodes;
use crate::platform::passwords::Passwords;
use crate::platform::rate_limit::RateLimits;
use crate::platform::realtime::bus::{Bus, LocalBus};
use crate::platform::realtime::hub::Hub;
use crate::platform::routes::{Authenticator, Gate};
use crate::platform::secrets::Secrets;
use crate::platform::tokens::Tokens;
use crate::platform::{health, openapi, routes, web as web_layer};

/// Requests in progress have this long to finish after SIGTERM; the program is gone within ten seconds.
const SHUTDOWN_SECONDS: u64 = 8;
/// A request's head must arrive within this time.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// What is sent must be taken by the other end within this time.
const UNTAKEN_MAX: Duration = Duration::from_secs(20);
/// How often forgotten rate-limit buckets are cleared.
const SWEEP_EVERY: Duration = Duration::from_secs(300);

/// A server that listens.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    /// Ends when it has stopped.
    pub server: Server,
    /// Its database.
    pub db: Db,
    /// Its sockets.
    pub hub: Arc<Hub>,
    /// Its place among those that share the database.
    pub nodes: Arc<Nodes>,
    /// Held while the program uses its data folder and its database.
    _locks: (File, Option<File>),
}

/// Prepares everything and starts to listen.
///
/// # Errors
/// When something that was configured cannot be had; the text names it.
pub async fn build(config: Config) -> anyhow::Result<Running> {
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let folder = lock_data_folder(&config)?;
    // Before the slow work, so that a busy port is told at once.
    let listener = TcpListener::bind(config.bind)
        .with_context(|| format!("HEARTH_BIND: cannot listen on {}", config.bind))?;
    let secrets = Secrets::load_or_create(&config.secret_file)?;
    let target = config.database.clone();
    let (database_lock, _) = tokio::task::spawn_blocking(move || prepare_database(&target)).await??;
    let nodes = Nodes::join(&config.database).await?;
    let (bus, lanes) = LocalBus::new();
    let bus = Arc::new(bus);
    let db = Db::open(
        config.database.clone(),
        Sizes::default(),
        nodes.ids(),
        Arc::clone(&bus) as Arc<dyn Bus>,
    )?;
    check_secret(&db, &secrets).await?;
    if let Some(latest) = db.read(features::latest_id).await.map_err(no_answer)? {
        clock::not_before(ids::moment_of(latest));
    }

    let tokens = Arc::new(Tokens::new(&secrets));
    let limits = Arc::new(RateLimits::new(config.rate_limits));
    let sessions = Data::new(Sessions::new(db.clone(), Arc::clone(&tokens)));
    let gate = Data::new(Gate {
        authenticator: Arc::clone(&sessions) as Arc<dyn Authenticator>,
        limits: Arc::clone(&limits),
    });
    let hub = Arc::new(Hub::default());
    let dispatcher = Arc::new(Dispatcher::new(db.clone(), Arc::clone(&hub)));
    let live = Data::new(Live {
        db: db.clone(),
        hub: Arc::clone(&hub),
        dispatcher: Arc::clone(&dispatcher),
        bus: Arc::clone(&bus) as Arc<dyn Bus>,
        authenticator: Arc::clone(&sessions) as Arc<dyn Authenticator>,
        tokens: Arc::clone(&tokens),
        limits: Arc::clone(&limits),
        admission: Admission::new(config.rate_limits),
        typing: Typists::default(),
        epoch: db.read(|conn| Ok(meta::epoch(conn)?)).await.map_err(no_answer)?,
    });
    let sign_in = Data::new(SignIn {
        db: db.clone(),
        tokens,
        passwords: Passwords::new(config.bcrypt_cost),
        limits: Arc::clone(&limits),
        web: config.web.clone(),
    });
    let instance = Data::new(Instance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        registration_open: config.registration_open,
        public_posts: config.public_posts,
        password_min: u16::try_from(config.password_min).unwrap_or(u16::MAX),
    });
    let rules = Data::new(PostRules {
        public_posts: config.public_posts,
    });
    let web_config = Data::new(config.web.clone());
    let assets = Data::new(Assets::load());
    let document = Data::new(serde_json::to_string(&openapi::document())?);
    let db_data = Data::new(db.clone());

    let server = HttpServer::new(move || {
        App::new()
            .app_data(gate.clone())
            .app_data(sign_in.clone())
            .app_data(sessions.clone())
            .app_data(instance.clone())
            .app_data(rules.clone())
            .app_data(web_config.clone())
            .app_data(assets.clone())
            .app_data(document.clone())
            .app_data(db_data.clone())
            .app_data(live.clone())
            .wrap(from_fn(web_layer::finish))
            .configure(health::configure)
            .configure(mount_document)
            .configure(socket::configure)
            .configure(|app| features::routes().configure(app))
            .default_service(web::to(assets::serve))
    })
    .on_connect(|connection, _| give_up_on_the_dead(connection))
    .disable_signals()
    .client_request_timeout(HEAD_TIMEOUT)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .listen(listener)?;
    let address = server
        .addrs()
        .first()
        .copied()
        .context("no address to listen on")?;
    let server = server.run();
    spawn_sweeper(limits);
    tokio::spawn(Arc::clone(&nodes).run());
    for lane in lanes {
        tokio::spawn(Arc::clone(&dispatcher).run(lane));
    }
    let sweep = Sweep {
        db: db.clone(),
        dispatcher,
        bus,
    };
    tokio::spawn(sweep.run());
    tokio::spawn(sweep::end_sessions(db.clone(), Arc::clone(&hub)));
    Ok(Running {
        address,
        handle: server.handle(),
        server,
        db,
        hub,
        nodes,
        _locks: (folder, database_lock),
    })
}

/// Brings the tables up to date and stops; as alone with the data folder and the database as the server.
///
/// # Errors
/// As [`build`].
pub fn migrate(config: &Config) -> anyhow::Result<usize> {
    let _folder = lock_data_folder(config)?;
    prepare_database(&config.database).map(|(_lock, done)| done)
}

/// Two programs on one data folder would ruin each other's work.
fn lock_data_folder(config: &Config) -> anyhow::Result<File> {
    let folder = &config.data_dir;
    let told = || format!("HEARTH_DATA_DIR: cannot write into {}", folder.display());
    make_private_folder(folder).with_context(told)?;
    let lock = File::create(folder.join("folder.lock")).with_context(told)?;
    if lock.try_lock().is_err() {
        bail!("HEARTH_DATA_DIR: another Hearth uses {}", folder.display());
    }
    Ok(lock)
}

/// What people write for their friends is not for everybody with an account on the computer.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn prepare_database(target: &Target) -> anyhow::Result<(Option<File>, usize)> {
    if let Target::Sqlite(path) = target
        && let Some(folder) = path.parent()
    {
        make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let lock = lock::take(target)?;
    Ok((lock, migrate::run(target)?))
}

fn no_answer(error: AppError) -> anyhow::Error {
    anyhow::anyhow!("the database does not answer: {error}")
}

/// A secret that does not fit the database would end every session and more: rather do not start.
async fn check_secret(db: &Db, secrets: &Secrets) -> anyhow::Result<()> {
    let fingerprint = secrets.fingerprint();
    let mut epoch = [0; 8];
    rand::rng().fill_bytes(&mut epoch);
    let epoch = u64::from_be_bytes(epoch).to_string();
    let kept = db
        .write(move |tx| match meta::secret_fingerprint(tx.conn())? {
            Some(kept) => Ok(Outcome::RollBack(kept)),
            None => {
                let insert = |conn: &mut Conn| meta::insert(conn, &epoch, &fingerprint).map(|()| 1);
                if dialect::insert_once(tx.conn(), insert)? {
                    return Ok(Outcome::Commit(fingerprint.clone()));
                }
                // Another node began with this database in the same moment.
                let kept = meta::secret_fingerprint(tx.conn())?;
                Ok(Outcome::RollBack(kept.ok_or_else(AppError::unavailable)?))
            }
        })
        .await
        .map_err(no_answer)?;
    if kept != secrets.fingerprint() {
        bail!("HEARTH_SECRET_FILE: the secret is not the one that this database was made with");
    }
    Ok(())
}

/// A connection whose other end does not take what is sent to it is cut by the kernel (TCP_USER_TIMEOUT): there
/// is no other way out of a write that waits.
fn give_up_on_the_dead(connection: &dyn std::any::Any) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNTAKEN_MAX))
    {
        tracing::debug!(%error, "TCP_USER_TIMEOUT was not set");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = connection;
}

impl Running {
    /// Stops gracefully: sockets are told when to come back, requests in progress finish.
    pub async fn stop(hub: &Hub, handle: &ServerHandle) {
        hub.stop(|| {
            let after_ms = rand::rng().random_range(500..5_000);
            dispatch::write(&ServerFrame::Reconnect(Reconnect { after_ms }))
        });
        handle.stop(true).await;
    }
}

fn mount_document(app: &mut web::ServiceConfig) {
    let read = routes::reads().to(|document: Data<String>| async move {
        actix_web::HttpResponse::Ok()
            .content_type("application/json; charset=utf-8")
            .body((**document).clone())
    });
    app.service(routes::resource(&format!("{API_BASE}/openapi.json")).route(read));
}

fn spawn_sweeper(limits: Arc<RateLimits>) {
    let limits = Arc::downgrade(&limits);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            let Some(limits) = limits.upgrade() else { return };
            limits.sweep();
        }
    });
}

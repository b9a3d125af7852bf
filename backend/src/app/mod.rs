//! Wires the parts together and runs the server. The only place that knows them all. [`prepare`] comes before,
//! [`stop`] after.

pub mod admin;
mod admin_reports;
mod jobs;
mod prepare;
pub mod stop;

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use hearth_shared::endpoint::API_BASE;
use hearth_shared::instance::{self, Instance};

use crate::features;
use crate::features::admin::export::Exports;
use crate::features::auth::http::SignIn;
use crate::features::auth::links::Links;
use crate::features::auth::sessions::Sessions;
use crate::features::auth::two_factor::FactorKeys;
use crate::features::digests;
use crate::features::digests::tokens::Tokens as DigestTokens;
use crate::features::media::Media;
use crate::features::media::sign::Signer;
use crate::features::media::uploads::dock::Dock;
use crate::features::media::workshop::Workshop;
use crate::features::posts::PostRules;
use crate::features::realtime::admission::Admission;
use crate::features::realtime::dispatch::Dispatcher;
use crate::features::realtime::live::{Live, Typists};
use crate::features::realtime::socket;
use crate::features::realtime::sweep::{self, Sweep};
use crate::features::search::indexing;
use crate::features::users::vocabulary;
use crate::platform::assets::{self, Assets};
use crate::platform::clock;
use crate::platform::config::{Config, Registration};
use crate::platform::db::{Db, Sizes, meta};
use crate::platform::drain::Drain;
use crate::platform::health::Readiness;
use crate::platform::ids;
use crate::platform::jobs::{Bell, WakingBus};
use crate::platform::mail::Mailer;
use crate::platform::media_store::MediaStore;
use crate::platform::nodes::Nodes;
use crate::platform::passwords::Passwords;
use crate::platform::push::{Pusher, vapid};
use crate::platform::rate_limit::RateLimits;
use crate::platform::realtime::bus::{Bus, LocalBus};
use crate::platform::realtime::hub::Hub;
use crate::platform::realtime::lanes::Lanes;
use crate::platform::realtime::presence::Elsewhere;
use crate::platform::redis::buckets::SharedBuckets;
use crate::platform::redis::bus::RedisBus;
use crate::platform::routes::{Authenticator, Gate};
use crate::platform::secrets::Secrets;
use crate::platform::tokens::Tokens;
use crate::platform::{health, openapi, routes, web as web_layer};

/// Idle connections are kept for longer than proxies keep theirs (a minute, as a rule): whoever closes first must
/// not be the one who cannot know that a request is on its way.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A request's head must arrive within this time.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// What is sent must be taken by the other end within this time.
const UNTAKEN_MAX: Duration = Duration::from_secs(20);
/// How often forgotten rate-limit buckets are cleared.
const SWEEP_EVERY: Duration = Duration::from_secs(300);

pub use prepare::migrate;
use stop::Stopper;

/// A server that listens.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    /// Stops it at once.
    pub handle: ServerHandle,
    /// Ends when it has stopped.
    pub server: Server,
    /// Its database.
    pub db: Db,
    /// Its sockets.
    pub hub: Arc<Hub>,
    /// Its pictures.
    pub media: Media,
    /// Its place among those that share the database.
    pub nodes: Arc<Nodes>,
    /// Stops it without cutting anybody off.
    pub stopper: Stopper,
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
    let folder = prepare::lock_data_folder(&config)?;
    // Before the slow work, so that a busy port is told at once.
    let listener = TcpListener::bind(config.bind)
        .with_context(|| format!("HEARTH_BIND: cannot listen on {}", config.bind))?;
    let secrets = Secrets::load_or_create(&config.secret_file)?;
    let target = config.database.clone();
    let (database_lock, _) =
        tokio::task::spawn_blocking(move || prepare::prepare_database(&target)).await??;
    let nodes = Nodes::join(&config.database).await?;
    let hub = Arc::new(Hub::default());
    let elsewhere = Arc::new(Elsewhere::default());
    let (lanes, lane_ends) = Lanes::new();
    let lanes = Arc::new(lanes);
    let (bus, redis) = match config.redis.clone() {
        None => (
            Arc::new(LocalBus::new(Arc::clone(&lanes), Arc::clone(&nodes))) as Arc<dyn Bus>,
            None,
        ),
        Some(url) => {
            let (redis, outgoing) = RedisBus::new(
                Arc::clone(&nodes),
                Arc::clone(&hub),
                Arc::clone(&elsewhere),
                Arc::clone(&lanes),
            );
            (Arc::clone(&redis) as Arc<dyn Bus>, Some((redis, outgoing, url)))
        }
    };
    let stopping_redis = redis.as_ref().map(|(redis, ..)| Arc::clone(redis));
    let bell = Bell::default();
    let db = Db::open(
        config.database.clone(),
        Sizes::default(),
        nodes.ids(),
        Arc::new(WakingBus::new(Arc::clone(&bus), bell.clone())),
    )?;
    prepare::check_secret(&db, &secrets).await?;
    let latest = db.read(features::latest_id).await.map_err(prepare::no_answer)?;
    if let Some(latest) = latest {
        clock::not_before(ids::moment_of(latest));
    }
    let epoch = db
        .read(|conn| Ok(meta::epoch(conn)?))
        .await
        .map_err(prepare::no_answer)?;

    let links = Links::new(&config.public_url);
    let mailer = Arc::new(Mailer::new(&config.mail)?);
    let subject = vapid::subject(&config.public_url, config.mail.from.email.as_ref());
    let pusher = Arc::new(Pusher::new(config.push, subject, &secrets)?);
    let pusher_data = Data::from(Arc::clone(&pusher));
    let tokens = Arc::new(Tokens::new(&secrets));
    let limits = Arc::new(RateLimits::new(config.rate_limits, &secrets));
    let drain = Arc::new(Drain::default());
    let sessions = Data::new(Sessions::new(db.clone(), Arc::clone(&tokens)));
    let gate = Data::new(Gate {
        authenticator: Arc::clone(&sessions) as Arc<dyn Authenticator>,
        limits: Arc::clone(&limits),
    });
    let dispatcher = Arc::new(Dispatcher::new(
        db.clone(),
        Arc::clone(&hub),
        elsewhere,
        Arc::clone(&sessions) as Arc<dyn Authenticator>,
        Arc::clone(&lanes),
    ));
    let live = Data::new(Live {
        db: db.clone(),
        hub: Arc::clone(&hub),
        dispatcher: Arc::clone(&dispatcher),
        bus: Arc::clone(&bus),
        authenticator: Arc::clone(&sessions) as Arc<dyn Authenticator>,
        tokens: Arc::clone(&tokens),
        limits: Arc::clone(&limits),
        admission: Admission::new(config.rate_limits),
        typing: Typists::default(),
        epoch: epoch.clone(),
    });
    let sign_in = Data::new(SignIn {
        db: db.clone(),
        tokens,
        passwords: Passwords::new(config.bcrypt_cost),
        limits: Arc::clone(&limits),
        web: config.web.clone(),
        links: links.clone(),
        factor: FactorKeys::new(&secrets),
    });
    let instance = Data::new(Instance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        registration_open: config.registration != Registration::Closed,
        registration: match config.registration {
            Registration::Open => instance::Registration::Open,
            Registration::Invite => instance::Registration::Invite,
            Registration::Closed => instance::Registration::Closed,
        },
        verify_email: config.verify_email,
        daily_mail: config.digests,
        public_posts: config.public_posts,
        password_min: u16::try_from(config.password_min).unwrap_or(u16::MAX),
    });
    let media = Media {
        db: db.clone(),
        store: MediaStore::open(&config.media.place)?,
        signer: Arc::new(Signer::new(&secrets)),
        workshop: Arc::new(Workshop::default()),
        dock: Arc::new(Dock::default()),
        quota: config.media.quota,
    };
    let media_data = Data::new(media.clone());
    let rules = Data::new(PostRules {
        public_posts: config.public_posts,
    });
    let digest_tokens = Arc::new(DigestTokens::new(&secrets));
    let digest_data = Data::from(Arc::clone(&digest_tokens));
    let exports = Data::new(Exports::new(config.data_dir.clone()));
    let web_config = Data::new(config.web.clone());
    let assets = Data::new(Assets::load());
    let document = Data::new(serde_json::to_string(&openapi::document())?);
    let db_data = Data::new(db.clone());
    let readiness = Data::new(Readiness {
        db: db.clone(),
        nodes: Arc::clone(&nodes),
        bus: Arc::clone(&bus),
        drain: Arc::clone(&drain),
    });
    let drain_data = Data::from(Arc::clone(&drain));

    let server = HttpServer::new(move || {
        App::new()
            .app_data(gate.clone())
            .app_data(sign_in.clone())
            .app_data(sessions.clone())
            .app_data(instance.clone())
            .app_data(media_data.clone())
            .app_data(rules.clone())
            .app_data(exports.clone())
            .app_data(digest_data.clone())
            .app_data(pusher_data.clone())
            .app_data(web_config.clone())
            .app_data(assets.clone())
            .app_data(document.clone())
            .app_data(db_data.clone())
            .app_data(live.clone())
            .app_data(readiness.clone())
            .app_data(drain_data.clone())
            .wrap(from_fn(web_layer::finish))
            .configure(health::configure)
            .configure(mount_document)
            .configure(socket::configure)
            .configure(digests::http::configure)
            .configure(|app| features::routes().configure(app))
            .default_service(web::to(assets::serve))
    })
    .on_connect(|connection, _| give_up_on_the_dead(connection))
    .disable_signals()
    .client_request_timeout(HEAD_TIMEOUT)
    .keep_alive(KEEP_ALIVE)
    .listen(listener)?;
    let address = server
        .addrs()
        .first()
        .copied()
        .context("no address to listen on")?;
    let server = server.run();
    if let Some((redis, outgoing, url)) = redis {
        limits.share(SharedBuckets::new(Arc::clone(&redis), epoch.clone()));
        tokio::spawn(redis.run(url, epoch, outgoing));
    }
    spawn_sweeper(limits);
    tokio::spawn(Arc::clone(&nodes).run());
    spawn_vocabulary(db.clone());
    spawn_indexing(db.clone());
    for lane in lane_ends {
        tokio::spawn(Arc::clone(&dispatcher).run(lane));
    }
    tokio::spawn(Arc::clone(&dispatcher.here).run());
    let sweep = Sweep {
        db: db.clone(),
        dispatcher,
        bus,
        lanes,
    };
    tokio::spawn(sweep.run());
    tokio::spawn(sweep::end_sessions(db.clone(), Arc::clone(&hub)));
    let digests = digests::jobs::Desk {
        db: db.clone(),
        mailer: Arc::clone(&mailer),
        links: links.clone(),
        tokens: digest_tokens,
        on: config.digests,
    };
    let worker = jobs::worker(&media, nodes.key(), bell, &mailer, &links, &digests, &pusher);
    tokio::spawn(Arc::clone(&worker).run());
    let stopper = Stopper {
        handle: server.handle(),
        hub: Arc::clone(&hub),
        drain,
        nodes: Arc::clone(&nodes),
        redis: stopping_redis,
        worker,
    };
    Ok(Running {
        address,
        handle: server.handle(),
        server,
        db,
        hub,
        media,
        nodes,
        stopper,
        _locks: (folder, database_lock),
    })
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

fn mount_document(app: &mut web::ServiceConfig) {
    let read = routes::reads().to(|document: Data<String>| async move {
        actix_web::HttpResponse::Ok()
            .content_type("application/json; charset=utf-8")
            .body((**document).clone())
    });
    app.service(routes::resource(&format!("{API_BASE}/openapi.json")).route(read));
}

/// The names of people who were here before typos were forgiven are learned beside everything else.
fn spawn_vocabulary(db: Db) {
    tokio::spawn(async move {
        if let Err(error) = vocabulary::learn_all(&db).await {
            tracing::warn!(%error, "not all names are found in spite of typos; the next start goes on with them");
        }
    });
}

/// So are the words of posts that were here before the search.
fn spawn_indexing(db: Db) {
    tokio::spawn(async move {
        if let Err(error) = indexing::index_all(&db).await {
            tracing::warn!(%error, "not all posts are found by their words; the next start goes on with them");
        }
    });
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

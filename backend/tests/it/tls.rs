//! PostgreSQL and Redis over TLS, with the OpenSSL that is part of the program.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use hearth::platform::db::{Target, migrate};
use hearth_servers::{Postgres, Redis, RedisSettings};
use hearth_shared::endpoint::Method;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::postgres::is_there;
use crate::support::program::{Running, program};
use crate::support::{Client, TestApp, own_postgres};

/// Somebody who signs certificates; the file is what `sslrootcert` names.
struct Authority {
    file: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    _folder: TempDir,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("root.crt");
        std::fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
        Self {
            file,
            issuer: Issuer::new(params, key),
            _folder: folder,
        }
    }

    /// A certificate for a server, and its key.
    fn certificate(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, host);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    fn query(&self, mode: &str) -> String {
        format!("sslmode={mode}&sslrootcert={}", self.file.display())
    }
}

/// A cluster that shows a certificate for `localhost`.
fn encrypted(authority: &Authority) -> Option<Postgres> {
    let (certificate, key) = authority.certificate("localhost");
    let fill = |cluster: &Postgres| {
        cluster.write("server.crt", &certificate)?;
        cluster.write("server.key", &key)
    };
    is_there().then(|| Postgres::start_with("-c ssl=on", fill).unwrap())
}

/// Why a start with this URL comes to nothing.
fn refused(url: String) -> String {
    match migrate::run(&Target::Postgres(url)) {
        Ok(_) => panic!("it connected all the same"),
        Err(error) => format!("{error:#}"),
    }
}

#[derive(QueryableByName)]
struct Encryption {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    version: Option<String>,
}

#[tokio::test]
async fn a_whole_server_works_over_tls() {
    let authority = Authority::new("the right one");
    let Some(cluster) = encrypted(&authority) else {
        return;
    };
    for (host, query) in [
        ("127.0.0.1", "sslmode=require".to_owned()),
        ("127.0.0.1", authority.query("verify-ca")),
        ("localhost", authority.query("verify-full")),
    ] {
        let server = cluster.url().replace("127.0.0.1", host);
        let app = TestApp::on_postgres(format!("{server}?{query}")).await;
        let version = app.db().read(|conn| {
            let query = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            Ok(diesel::sql_query(query).get_result::<Encryption>(conn)?.version)
        });
        assert_eq!(version.await.unwrap().as_deref(), Some("TLSv1.3"));
        app.person("ada").await.post(&app, "nobody listens").await;
        drop(app);
        // The next server is another one, with a secret of its own.
        let mut admin = PgConnection::establish(&cluster.url()).unwrap();
        admin
            .batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            .unwrap();
    }
}

#[test]
fn a_server_that_cannot_prove_who_it_is_is_refused() {
    let authority = Authority::new("the right one");
    let Some(cluster) = encrypted(&authority) else {
        return;
    };
    let another = Authority::new("the wrong one");
    let localhost = cluster.url().replace("127.0.0.1", "localhost");
    let why = refused(format!("{localhost}?{}", another.query("verify-full")));
    assert!(why.contains("certificate verify failed"), "{why}");
    let why = refused(format!("{}?{}", cluster.url(), another.query("verify-ca")));
    assert!(why.contains("certificate verify failed"), "{why}");
    // The certificate is not for this name.
    let why = refused(format!("{}?{}", cluster.url(), authority.query("verify-full")));
    assert!(why.contains("does not match host name"), "{why}");
    let why = refused(format!(
        "{localhost}?sslmode=verify-full&sslrootcert=/nowhere/root.crt"
    ));
    assert!(why.contains("/nowhere/root.crt"), "{why}");
}

#[test]
fn a_server_without_tls_is_refused_when_it_is_required() {
    let Some(cluster) = own_postgres("") else { return };
    let why = refused(format!("{}?sslmode=require", cluster.url()));
    assert!(
        why.contains("server does not support SSL, but SSL was required"),
        "{why}"
    );
}

/// Waits until a node says what it does without.
async fn degraded_is(node: &Client, expected: Value) {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let answer = node.raw(Method::Get, "/readyz", None, None::<&()>).await;
        if answer.status == 200 && answer.json()["degraded"] == expected {
            return;
        }
        assert!(Instant::now() < until, "{answer:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn redis_is_reached_over_tls_when_it_can_prove_who_it_is() {
    let (authority, another) = (Authority::new("the right one"), Authority::new("the wrong one"));
    let (certificate, key) = authority.certificate("localhost");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .unwrap()
        .port();
    let arguments = [
        ["--tls-port", &port.to_string()],
        ["--tls-cert-file", &file("server.crt", &certificate)],
        ["--tls-key-file", &file("server.key", &key)],
        ["--tls-ca-cert-file", &authority.file.display().to_string()],
        ["--tls-auth-clients", "no"],
    ];
    let _redis = Redis::start_with(RedisSettings {
        arguments: arguments.concat().into_iter().map(str::to_owned).collect(),
        ..RedisSettings::default()
    })
    .unwrap();
    let node = |name: &str, trusted: &Authority| {
        let mut command = program(&folder.path().join(name));
        command
            .env("REDIS_URL", format!("rediss://localhost:{port}"))
            .env("SSL_CERT_FILE", &trusted.file);
        let running = Running::start(command);
        (Client::new(&running.base), running)
    };
    let (trusting, _running) = node("trusting", &authority);
    degraded_is(&trusting, json!([])).await;
    let (wary, _running_too) = node("wary", &another);
    for _ in 0..20 {
        degraded_is(&wary, json!(["redis"])).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

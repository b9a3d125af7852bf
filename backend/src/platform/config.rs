//! Configuration: the environment, or the command line, or a TOML file. The only reader of either.
//!
//! Each variable is described in `hearth serve --help` and in the README's table; a wrong value stops the
//! start and names the variable.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use url::Url;

use crate::platform::db::Target;
use crate::platform::mail::MailConfig;
use crate::platform::{push, redis};

/// What can be set.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Address and port to listen on.
    #[arg(
        long,
        env = "HEARTH_BIND",
        value_name = "HEARTH_BIND",
        default_value = "127.0.0.1:8080"
    )]
    pub bind: SocketAddr,

    /// Folder of the database and the secrets; made when it is missing.
    #[arg(
        long,
        env = "HEARTH_DATA_DIR",
        value_name = "HEARTH_DATA_DIR",
        default_value = "./data"
    )]
    pub data_dir: PathBuf,

    /// The address under which people reach this Hearth; decides about secure cookies and allowed origins.
    /// Default: http://<HEARTH_BIND>.
    #[arg(long, env = "HEARTH_PUBLIC_URL", value_name = "HEARTH_PUBLIC_URL")]
    pub public_url: Option<Url>,

    /// More origins whose pages may use the session cookie, separated by commas.
    #[arg(
        long,
        env = "HEARTH_ALLOWED_ORIGINS",
        value_name = "HEARTH_ALLOWED_ORIGINS",
        value_delimiter = ','
    )]
    pub allowed_origins: Vec<Url>,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.
    #[arg(long, env = "HEARTH_TRUSTED_PROXIES", value_name = "HEARTH_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,

    /// File of the root secret; made on the first start. Default: <data dir>/secret.key.
    #[arg(long, env = "HEARTH_SECRET_FILE", value_name = "HEARTH_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Who may register.
    #[arg(
        long,
        env = "HEARTH_REGISTRATION",
        value_name = "HEARTH_REGISTRATION",
        default_value = "open"
    )]
    pub registration: Registration,

    /// Whether a new member must open a link in a mail before the first sign-in. Wants mail that arrives.
    #[arg(
        long,
        env = "HEARTH_VERIFY_EMAIL",
        value_name = "HEARTH_VERIFY_EMAIL",
        default_value = "off"
    )]
    pub verify_email: Switch,

    /// The mail server: smtps://USER:PASSWORD@HOST, or smtp://USER:PASSWORD@HOST:PORT?tls=required for STARTTLS.
    /// Without one mail is put into <data dir>/outbox.
    #[arg(long, env = "SMTP_URL", value_name = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Who mail comes from: an address, or "Name <address>". Default: hearth@<host of HEARTH_PUBLIC_URL>.
    #[arg(long, env = "HEARTH_MAIL_FROM", value_name = "HEARTH_MAIL_FROM")]
    pub mail_from: Option<String>,

    /// Whether people get one mail a day at most of what they have not seen. Wants mail that arrives.
    #[arg(
        long,
        env = "HEARTH_DIGESTS",
        value_name = "HEARTH_DIGESTS",
        default_value = "on"
    )]
    pub digests: Switch,

    /// Whether people may post to all members.
    #[arg(
        long,
        env = "HEARTH_PUBLIC_POSTS",
        value_name = "HEARTH_PUBLIC_POSTS",
        default_value = "off"
    )]
    pub public_posts: Switch,

    /// Characters of a password at least, 10 to 64.
    #[arg(long, env = "HEARTH_PASSWORD_MIN", value_name = "HEARTH_PASSWORD_MIN", default_value_t = 10, value_parser = clap::value_parser!(u16).range(10..=64))]
    pub password_min: u16,

    /// Work factor of the password hash (bcrypt), 4 to 16: each step doubles the time.
    #[arg(long, env = "HEARTH_BCRYPT_COST", value_name = "HEARTH_BCRYPT_COST", default_value_t = 12, value_parser = clap::value_parser!(u32).range(4..=16))]
    pub bcrypt_cost: u32,

    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE. Default: SQLite in the data
    /// folder.
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "DATABASE_URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,

    /// Redis, which carries live updates between several nodes: redis://HOST:PORT, or rediss:// for TLS. One
    /// server or a cluster. A single node needs none.
    #[arg(long, env = "REDIS_URL", value_name = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,

    /// Where pictures are kept: file:///PATH, or s3://BUCKET/PREFIX with the usual AWS_ variables
    /// (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT …). Several nodes need one that all
    /// of them reach. Default: <data dir>/media.
    #[arg(long, env = "HEARTH_MEDIA_URL", value_name = "HEARTH_MEDIA_URL")]
    pub media_url: Option<Url>,

    /// Space for one person's pictures, in MiB.
    #[arg(long, env = "HEARTH_MEDIA_QUOTA_MB", value_name = "HEARTH_MEDIA_QUOTA_MB", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..))]
    pub media_quota_mb: u32,

    /// Whether browsers are told of what happens while they show no page (web push): `on`, `off`, or `local`, which
    /// also sends without TLS and within one's own network, and is for tests and for networks without the internet.
    #[arg(long, env = "HEARTH_PUSH", value_name = "HEARTH_PUSH", default_value = "on")]
    pub push: push::Mode,

    /// Limits on how often things may be done. `off` is for tests and load generators.
    #[arg(
        long,
        env = "HEARTH_RATE_LIMITS",
        value_name = "HEARTH_RATE_LIMITS",
        default_value = "on"
    )]
    pub rate_limits: Switch,
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Registration {
    /// Everybody who reaches the address.
    Open,
    /// Whoever has an invitation of a member.
    Invite,
    /// Nobody.
    Closed,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse::<IpNet>()
        .or(address)
        .map_err(|_invalid| "expected an address or a network such as 10.0.0.0/8".to_owned())
}

/// Settings with their defaults worked out.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub bind: SocketAddr,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// The database.
    pub database: Target,
    /// Redis, when there are several nodes; password included: never log it.
    pub redis: Option<String>,
    /// The root secret.
    pub secret_file: PathBuf,
    /// The browser's side.
    pub web: WebConfig,
    /// The address under which people reach this Hearth: what links in mails begin with.
    pub public_url: Url,
    /// How mail leaves.
    pub mail: MailConfig,
    /// Who may register.
    pub registration: Registration,
    /// Whether an address must be verified before the first sign-in.
    pub verify_email: bool,
    /// Whether people get daily mails of what they have not seen. Never without a mail server: nobody would get those that
    /// lie in the outbox folder.
    pub digests: bool,
    /// Whether posts may be public.
    pub public_posts: bool,
    /// Characters of a password at least.
    pub password_min: usize,
    /// bcrypt's cost.
    pub bcrypt_cost: u32,
    /// Whether rate limits hold.
    pub rate_limits: bool,
    /// Web push.
    pub push: push::Mode,
    /// Pictures.
    pub media: MediaConfig,
}

/// What concerns pictures.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// Where they are kept.
    pub place: MediaPlace,
    /// Bytes that one person's may take.
    pub quota: u64,
}

/// Where pictures are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaPlace {
    /// In a folder.
    Folder(PathBuf),
    /// In a bucket of an S3: `s3://BUCKET/PREFIX`. How to get in is in the AWS_ variables.
    Bucket(Url),
}

impl MediaPlace {
    fn new(url: Option<&Url>, data_dir: &Path) -> anyhow::Result<Self> {
        let Some(url) = url else {
            return Ok(Self::Folder(data_dir.join("media")));
        };
        match url.scheme() {
            "file" => match url.to_file_path() {
                Ok(path) => Ok(Self::Folder(path)),
                Err(()) => bail!("HEARTH_MEDIA_URL: expected file:///PATH"),
            },
            "s3" if url.host_str().is_some_and(|bucket| !bucket.is_empty()) => Ok(Self::Bucket(url.clone())),
            _ => bail!("HEARTH_MEDIA_URL: expected file:///PATH or s3://BUCKET/PREFIX"),
        }
    }
}

/// What concerns browsers and proxies.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Origins whose pages may use the session cookie, as browsers write them.
    pub origins: Vec<String>,
    /// Whether a page may also use it under whatever name it was reached by: until the host has said what the
    /// public address is, that is how somebody in the same house tries Hearth. The cookie itself never leaves
    /// the name that it was set under.
    pub any_own_host: bool,
    /// Whether cookies are for https alone.
    pub secure_cookies: bool,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Config {
    /// Works the defaults out.
    ///
    /// # Errors
    /// When a value makes no sense.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let database = Target::from_url(settings.database_url.as_deref(), &settings.data_dir)?;
        if let Some(url) = &settings.redis_url {
            redis::check_url(url)?;
        }
        let media = MediaConfig {
            place: MediaPlace::new(settings.media_url.as_ref(), &settings.data_dir)?,
            quota: u64::from(settings.media_quota_mb) * 1024 * 1024,
        };
        let any_own_host = settings.public_url.is_none();
        let public_url = match settings.public_url {
            Some(url) => url,
            None => Url::parse(&format!("http://{}", settings.bind)).context("HEARTH_BIND")?,
        };
        if !matches!(public_url.scheme(), "http" | "https") || public_url.host().is_none() {
            bail!("HEARTH_PUBLIC_URL: expected http://HOST or https://HOST");
        }
        if let Some(opaque) = settings
            .allowed_origins
            .iter()
            .find(|url| !url.origin().is_tuple())
        {
            bail!("HEARTH_ALLOWED_ORIGINS: {opaque} is no http or https address");
        }
        let mut origins = own_origins(&public_url);
        origins.extend(
            settings
                .allowed_origins
                .iter()
                .map(|url| url.origin().ascii_serialization()),
        );
        let mail = MailConfig::new(
            settings.smtp_url,
            settings.mail_from,
            &settings.data_dir,
            &public_url,
        )?;
        let secure_cookies = public_url.scheme() == "https";
        Ok(Self {
            bind: settings.bind,
            secret_file: settings
                .secret_file
                .unwrap_or_else(|| settings.data_dir.join("secret.key")),
            data_dir: settings.data_dir,
            database,
            redis: settings.redis_url,
            web: WebConfig {
                origins,
                any_own_host,
                secure_cookies,
                trusted_proxies: settings.trusted_proxies,
            },
            digests: settings.digests == Switch::On && mail.smtp_url.is_some(),
            mail,
            public_url,
            registration: settings.registration,
            verify_email: settings.verify_email == Switch::On,
            public_posts: settings.public_posts == Switch::On,
            password_min: usize::from(settings.password_min),
            bcrypt_cost: settings.bcrypt_cost,
            rate_limits: settings.rate_limits == Switch::On,
            push: settings.push,
            media,
        })
    }

    /// Warnings that every start should print.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if !self.rate_limits {
            warnings.push("HEARTH_RATE_LIMITS is off: anybody may try passwords as fast as they can");
        }
        if self.redis.is_some() && self.media.place == MediaPlace::Folder(self.data_dir.join("media")) {
            warnings.push(
                "REDIS_URL is set, but HEARTH_MEDIA_URL is not: pictures lie in the data folder of the node that took them, and other nodes cannot show them",
            );
        }
        if self.web.secure_cookies && self.web.trusted_proxies.is_empty() {
            warnings.push(
                "the public address is https, but HEARTH_TRUSTED_PROXIES is empty: if a proxy ends TLS, all people share its rate limits",
            );
        }
        if !self.web.secure_cookies && !self.bind.ip().is_loopback() {
            warnings.push("plain http beyond this computer: passwords travel unencrypted; put TLS in front and set HEARTH_PUBLIC_URL");
        }
        if self.verify_email && self.mail.smtp_url.is_none() {
            warnings.push("HEARTH_VERIFY_EMAIL is on, but SMTP_URL is not set: new members wait for mail that stays in the outbox folder");
        }
        if self.push == push::Mode::Local {
            warnings.push("HEARTH_PUSH is local: whoever is signed in can have requests sent into the network of this server");
        }
        if self.mail.is_plain() {
            warnings.push("SMTP_URL is smtp:// without ?tls=required: mail with links for new passwords may travel unencrypted");
        }
        warnings
    }
}

impl WebConfig {
    /// Whether a page of this origin is one of ours, for a request that was sent to `host`.
    pub fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let same_host = || {
            origin
                .split_once("://")
                .is_some_and(|(_, authority)| authority == host)
        };
        self.origins.iter().any(|known| known == origin) || (self.any_own_host && same_host())
    }
}

/// The origin of an address; on this computer its three names are one.
fn own_origins(url: &Url) -> Vec<String> {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    match url.host_str() {
        Some("localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0" | "[::]") => ["localhost", "127.0.0.1", "[::1]"]
            .map(|host| format!("{}://{host}{port}", url.scheme()))
            .to_vec(),
        _ => vec![url.origin().ascii_serialization()],
    }
}

/// The arguments that a TOML file stands for: `HEARTH_BIND = "0.0.0.0:80"` is `--bind=0.0.0.0:80`. What the
/// environment sets is left out, because it counts more.
///
/// # Errors
/// When the file cannot be read, is not TOML, or names something that cannot be set.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read here and nowhere else"
)]
pub fn arguments_of_file(path: &Path, known: &clap::Command) -> anyhow::Result<Vec<OsString>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("--config: cannot read {}", path.display()))?;
    let table: toml::Table = text
        .parse()
        .with_context(|| format!("--config: {}", path.display()))?;
    let mut arguments = Vec::new();
    for (name, value) in table {
        let argument = known
            .get_arguments()
            .find(|a| a.get_env().is_some_and(|env| env.to_str() == Some(&name)));
        let Some(long) = argument.and_then(clap::Arg::get_long) else {
            bail!("--config: {name} cannot be set")
        };
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Boolean(on) => if on { "on" } else { "off" }.to_owned(),
            other => other.to_string(),
        };
        if std::env::var(&name).is_err() {
            arguments.push(format!("--{long}={text}").into());
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn config(arguments: &[&str]) -> anyhow::Result<Config> {
        let line = Line::try_parse_from([&["hearth"], arguments].concat())?;
        Config::new(line.settings)
    }

    #[test]
    fn the_three_names_of_this_computer_are_one_origin() {
        let web = config(&["--bind=127.0.0.1:9000"]).unwrap().web;
        assert_eq!(
            web.origins,
            [
                "http://localhost:9000",
                "http://127.0.0.1:9000",
                "http://[::1]:9000"
            ]
        );
        assert!(!web.secure_cookies);
        let web = config(&["--public-url=https://hearth.example"]).unwrap().web;
        assert_eq!(web.origins, ["https://hearth.example"]);
        assert!(web.secure_cookies);
    }

    #[test]
    fn without_a_public_address_every_own_name_is_ours() {
        let web = config(&["--bind=0.0.0.0:8080"]).unwrap().web;
        assert!(web.is_own_origin("http://192.168.1.5:8080", "192.168.1.5:8080"));
        assert!(!web.is_own_origin("http://evil.example", "192.168.1.5:8080"));
        assert!(!web.is_own_origin("null", "null"));
        let web = config(&["--public-url=https://hearth.example"]).unwrap().web;
        assert!(web.is_own_origin("https://hearth.example", "hearth.example"));
        assert!(!web.is_own_origin("http://192.168.1.5:8080", "192.168.1.5:8080"));
    }

    #[test]
    fn wrong_values_name_their_variable() {
        for (argument, name) in [
            ("--bind=nowhere", "HEARTH_BIND"),
            ("--registration=perhaps", "HEARTH_REGISTRATION"),
            ("--password-min=4", "HEARTH_PASSWORD_MIN"),
            ("--trusted-proxies=me", "HEARTH_TRUSTED_PROXIES"),
            ("--public-url=ftp://x", "HEARTH_PUBLIC_URL"),
            ("--allowed-origins=app://x", "HEARTH_ALLOWED_ORIGINS"),
            ("--database-url=mysql://x", "DATABASE_URL"),
            ("--database-url=hearth.db", "DATABASE_URL"),
            ("--redis-url=http://x", "REDIS_URL"),
            ("--redis-url=x:6379", "REDIS_URL"),
            ("--smtp-url=mail.example", "SMTP_URL"),
            ("--smtp-url=http://mail.example", "SMTP_URL"),
            ("--mail-from=nobody", "HEARTH_MAIL_FROM"),
            ("--media-url=ftp://x", "HEARTH_MEDIA_URL"),
            ("--media-quota-mb=0", "HEARTH_MEDIA_QUOTA_MB"),
            ("--push=perhaps", "HEARTH_PUSH"),
        ] {
            let error = format!("{:#}", config(&[argument]).unwrap_err());
            assert!(error.contains(name), "{argument}: {error}");
        }
    }
}

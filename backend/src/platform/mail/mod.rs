//! Mail: written here, sent by a job, so that no request waits for a mail server.
//!
//! * [`Mail`] is what is sent: words, no secret. [`enqueue`] leaves one in the transaction of the use case.
//! * A mail with a token in it is not enqueued: what a token says stands in no table. Its feature leaves a job of its
//!   own, which makes the token when the mail is sent, and calls [`Mailer::send`].
//! * [`Mailer`] sends by SMTP, or, without a server, puts the mail into the outbox folder for the host to see.

mod letter;
mod outbox;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hearth_shared::ids::JobId;
use lettre::message::Mailbox;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::platform::db::Tx;
use crate::platform::error::AppResult;
use crate::platform::jobs::{self, Failed, Handler, Job};

/// The mail server has this long for each of its answers.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);
/// Connections to the mail server at most.
const CONNECTIONS: u32 = 2;
/// An idle connection is kept for this long.
const IDLE: Duration = Duration::from_secs(30);
/// The kind of job that [`enqueue`] leaves.
const KIND: &str = "mail";

/// How mail leaves.
#[derive(Clone)]
pub struct MailConfig {
    /// The mail server, password included: never log it. `None`: the outbox.
    pub smtp_url: Option<String>,
    /// Who it comes from.
    pub from: Mailbox,
    /// Where it goes without a server.
    pub outbox: PathBuf,
}

impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig")
            .field("smtp", &self.smtp_url.is_some())
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl MailConfig {
    /// Works the defaults out.
    ///
    /// # Errors
    /// When the server's address or the sender's makes no sense; the text names the variable.
    pub fn new(
        smtp_url: Option<String>,
        from: Option<String>,
        data_dir: &Path,
        public_url: &Url,
    ) -> anyhow::Result<Self> {
        // A compose file that passes a variable on makes an unset one empty.
        let smtp_url = smtp_url.filter(|url| !url.is_empty());
        let from = match from.filter(|text| !text.is_empty()) {
            Some(text) => text
                .parse()
                .context("HEARTH_MAIL_FROM: expected an address or \"Name <address>\"")?,
            None => default_sender(public_url)?,
        };
        let config = Self {
            smtp_url,
            from,
            outbox: data_dir.join("outbox"),
        };
        if let Some(url) = &config.smtp_url {
            // Only looked at: building it wants a runtime, which comes later.
            builder(url)?;
        }
        Ok(config)
    }

    /// Whether mail may travel unencrypted beyond this computer.
    pub fn is_plain(&self) -> bool {
        let Some(url) = self.smtp_url.as_ref().and_then(|url| Url::parse(url).ok()) else {
            return false;
        };
        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let encrypted =
            url.scheme() == "smtps" || url.query_pairs().any(|(k, v)| k == "tls" && v == "required");
        !here && !encrypted
    }
}

/// `hearth@` the public host. Where that is an IP address there is no mail to speak of; the outbox takes any sender.
fn default_sender(public_url: &Url) -> anyhow::Result<Mailbox> {
    let host = match public_url.host() {
        Some(url::Host::Domain(name)) => name,
        _ => "localhost",
    };
    format!("Hearth <hearth@{host}>")
        .parse()
        .context("HEARTH_MAIL_FROM: set it; the public address gives no sender")
}

fn transport(url: &str) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
    Ok(builder(url)?
        .timeout(Some(SMTP_TIMEOUT))
        .pool_config(pool)
        .build())
}

fn builder(url: &str) -> anyhow::Result<AsyncSmtpTransportBuilder> {
    if !url.starts_with("smtp://") && !url.starts_with("smtps://") {
        bail!("SMTP_URL: expected smtp://HOST or smtps://HOST");
    }
    // The error is not shown: it may hold the password.
    let Ok(builder) = AsyncSmtpTransport::<Tokio1Executor>::from_url(url) else {
        bail!(
            "SMTP_URL: expected smtp://USER:PASSWORD@HOST:PORT or smtps://…, with ?tls=required for STARTTLS"
        );
    };
    Ok(builder)
}

/// A mail to one person: text for every program, and the same laid out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The address, as the person wrote it.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same as HTML, without anything from elsewhere.
    pub html: String,
    /// Where mail programs end such mails with one press (RFC 8058); only for mails that nobody asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
}

/// Text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Why a mail was not sent, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// The server has refused it.
    Refused(Failed),
    /// Nobody knows: the line broke before there was an answer.
    Unknown(Failed),
}

impl From<Unsent> for Failed {
    fn from(unsent: Unsent) -> Self {
        match unsent {
            Unsent::Refused(failed) | Unsent::Unknown(failed) => failed,
        }
    }
}

/// Leaves a mail to be sent. It must hold no secret: it stands in the table until it is sent.
///
/// # Errors
/// When the database fails.
pub fn enqueue(tx: &mut Tx<'_>, mail: &Mail) -> AppResult<()> {
    jobs::enqueue(tx, KIND, mail)
}

/// Sends mail.
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Outbox(PathBuf),
}

impl Mailer {
    /// As configured.
    ///
    /// # Errors
    /// As [`MailConfig::new`].
    pub fn new(config: &MailConfig) -> anyhow::Result<Self> {
        let way = match &config.smtp_url {
            Some(url) => Way::Smtp(transport(url)?),
            None => Way::Outbox(config.outbox.clone()),
        };
        Ok(Self {
            from: config.from.clone(),
            way,
        })
    }

    /// Sends a mail for a job. Sent twice, it has the same `Message-ID`, and most mailboxes show it once.
    ///
    /// # Errors
    /// [`Failed::Never`] when the address is none, or the server refuses the mail for good (5xx); else
    /// [`Failed::Again`].
    pub async fn send(&self, mail: &Mail, job: JobId) -> Result<(), Failed> {
        Ok(self.send_as(mail, &format!("job-{job}")).await?)
    }

    /// The same with a name of its own, which stands in the `Message-ID`.
    ///
    /// # Errors
    /// As [`Mailer::send`], and whether the mail may have been taken all the same.
    pub async fn send_as(&self, mail: &Mail, name: &str) -> Result<(), Unsent> {
        let message = letter::write(mail, &self.from, name).map_err(Unsent::Refused)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(|error| judge(&error)),
            Way::Outbox(folder) => outbox::put(folder, message.formatted(), name)
                .await
                .map_err(Unsent::Refused),
        }
    }

    /// Whether the server answers: what is sent after that and fails without an answer may have been taken.
    ///
    /// # Errors
    /// [`Failed::Again`] when it does not.
    pub async fn reach(&self) -> Result<(), Failed> {
        let Way::Smtp(smtp) = &self.way else {
            return Ok(());
        };
        match smtp.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failed::Again("SMTP: no answer".to_owned())),
            Err(error) => Err(Failed::Again(format!("SMTP: {error}"))),
        }
    }
}

/// Whether another try may help. A password that the server does not take is the host's to mend: it may.
fn judge(error: &lettre::transport::smtp::Error) -> Unsent {
    let text = format!("SMTP: {error}");
    match error.status().map(u16::from) {
        None => Unsent::Unknown(Failed::Again(text)),
        Some(530 | 534 | 535 | 538) => Unsent::Refused(Failed::Again(text)),
        Some(_) if error.is_permanent() => Unsent::Refused(Failed::Never(text)),
        Some(_) => Unsent::Refused(Failed::Again(text)),
    }
}

/// Sends what [`enqueue`] left. Done twice, the second one looks like the first: see [`Mailer::send`].
pub struct Postman {
    /// Sends.
    pub mailer: std::sync::Arc<Mailer>,
}

impl Handler for Postman {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let mail: Mail = job.payload()?;
            self.mailer.send(&mail, job.id).await
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(smtp: Option<&str>, public: &str) -> anyhow::Result<MailConfig> {
        let public = Url::parse(public)?;
        MailConfig::new(smtp.map(str::to_owned), None, Path::new("data"), &public)
    }

    #[test]
    fn the_sender_lives_where_hearth_does() {
        let from = |public| config(None, public).unwrap().from.email.to_string();
        assert_eq!(from("https://hearth.example/"), "hearth@hearth.example");
        assert_eq!(from("http://127.0.0.1:8080/"), "hearth@localhost");
        assert_eq!(from("http://[::1]:8080/"), "hearth@localhost");
        assert_eq!(from("http://localhost:8080/"), "hearth@localhost");
    }

    #[test]
    fn mail_that_travels_open_is_noticed() {
        for (url, plain) in [
            ("smtp://mail.example", true),
            ("smtp://u:p@mail.example:587?tls=required", false),
            ("smtps://u:p@mail.example", false),
            ("smtp://localhost:25", false),
        ] {
            let config = config(Some(url), "https://hearth.example").unwrap();
            assert_eq!(config.is_plain(), plain, "{url}");
        }
        let secret = config(Some("smtp://u:canary@mail.example"), "https://h.example").unwrap();
        assert!(!format!("{secret:?}").contains("canary"));
    }
}

//! `hearth admin`: what the host does with accounts, beside a server that runs or without one. It writes into the
//! database like a server, and the servers ask the database: nothing else connects them.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use hearth_shared::auth::NewInvitation;
use hearth_shared::ids::{Id, JobId, ReportId, UserId};
use hearth_shared::problem::ErrorCode;
use hearth_shared::time::Timestamp;
use hearth_shared::users::Role;
use hearth_shared::valid::Valid;
use rand::RngExt;
use tokio::time::Instant;

use super::admin_reports;
use crate::features::admin::audit::{self, Action, Entry};
use crate::features::admin::{reports, store as audit_store};
use crate::features::auth::links::Links;
use crate::features::{auth, users};
use crate::platform::clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Outcome, Sizes, Target, Tx, migrate};
use crate::platform::error::{AppError, AppResult};
use crate::platform::ids::{COMMAND_LINE, IdGenerator};
use crate::platform::jobs;
use crate::platform::realtime::bus::{Bus, Notice};

/// A server under load has the database most of the time: it is asked for again and again for this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries, at most.
const PAUSE_MAX_MILLIS: u64 = 100;
/// Jobs that are listed, of those that wait and of those that were given up.
const JOBS_SHOWN: i64 = 200;
/// Sessions that are listed.
const SESSIONS_SHOWN: i64 = 100;

/// What can be done.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Makes somebody an administrator, or a member again. The first administrator is made here.
    Role {
        /// Username or email address.
        user: String,
        /// What they may do.
        role: RoleName,
    },
    /// Suspends somebody: they can do nothing but take their data and go, and the others do not see them.
    Suspend {
        /// Username or email address.
        user: String,
    },
    /// Ends a suspension.
    Unsuspend {
        /// Username or email address.
        user: String,
    },
    /// Prints a link with which somebody chooses a new password: good once, for 30 minutes. Earlier ones are good no more.
    ResetLink {
        /// Username or email address.
        user: String,
    },
    /// Prints a link with which a guest registers, where that takes an invitation: good once, for seven days.
    Invite {
        /// Who invites, by username or email address; without it the first administrator.
        #[arg(long)]
        from: Option<String>,
        /// Whom it is for, as a reminder.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Lists where somebody is signed in.
    Sessions {
        /// Username or email address.
        user: String,
        /// Signs them out everywhere.
        #[arg(long)]
        end: bool,
    },
    /// Lists the work that waits, or that was given up.
    Jobs {
        /// Only what was given up.
        #[arg(long)]
        dead: bool,
        /// What to do about one.
        #[command(subcommand)]
        action: Option<JobsAction>,
    },
    /// Lists what people have asked the host to look at, the longest waiting first.
    Reports {
        /// What to do about them; without it they are listed.
        #[command(subcommand)]
        action: Option<ReportsAction>,
    },
    /// Prints what was done to accounts, the latest first.
    Audit {
        /// Username or email address; without it, all accounts.
        user: Option<String>,
        /// Rows at most.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
}

/// What can be done about jobs.
#[derive(Debug, Clone, Subcommand)]
pub enum JobsAction {
    /// Lets one that was given up be tried again.
    Retry {
        /// Its number, from the list.
        id: i64,
    },
}

/// What can be done about reports.
#[derive(Debug, Clone, Subcommand)]
pub enum ReportsAction {
    /// Lists those that wait.
    List,
    /// Closes one, and the others about the same thing.
    Close {
        /// Its number, from the list.
        id: i64,
    },
}

/// A role, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Like everybody.
    Member,
    /// Runs this Hearth.
    Admin,
}

/// Says nothing to anybody: servers find out for themselves.
struct Silent;

impl Bus for Silent {
    fn publish(&self, _notices: Vec<Notice>) {}

    fn doubts(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// Does it, and gives what is to be printed.
///
/// # Errors
/// In words for the host.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<String> {
    let db = open(&config.database)?;
    match command {
        Command::Role { user, role } => {
            let (id, name) = find(&db, &user).await?;
            let (role, called) = match role {
                RoleName::Member => (Role::Member, "a member"),
                RoleName::Admin => (Role::Admin, "an administrator"),
            };
            let changed = write(&db, move |tx| users::standing::set_role(tx, id, role)).await?;
            Ok(told(
                changed,
                &name,
                &format!("is {called} now"),
                &format!("is {called} already"),
            ))
        }
        Command::Suspend { user } => {
            let (id, name) = find(&db, &user).await?;
            let changed = write(&db, move |tx| users::standing::suspend(tx, id)).await?;
            Ok(told(changed, &name, "is suspended", "is suspended already"))
        }
        Command::Unsuspend { user } => {
            let (id, name) = find(&db, &user).await?;
            let changed = write(&db, move |tx| users::standing::unsuspend(tx, id)).await?;
            Ok(told(
                changed,
                &name,
                "is not suspended any more",
                "is not suspended",
            ))
        }
        Command::ResetLink { user } => {
            let (id, _) = find(&db, &user).await?;
            let links = Links::new(&config.public_url);
            write(&db, move |tx| auth::passwords::reset_link(tx, &links, id)).await
        }
        Command::Invite { from, note } => {
            let inviter = match from {
                Some(user) => find(&db, &user).await?.0,
                None => first_admin(&db).await?,
            };
            let note = Some(note);
            let wish = Valid::check(NewInvitation { note })
                .map_err(|_too_long| anyhow::anyhow!("the note is too long"))?;
            let links = Links::new(&config.public_url);
            let invite = move |tx: &mut Tx<'_>| {
                let note = wish.note.as_deref().unwrap_or_default();
                auth::invitations::create(tx, &links, inviter, note)
            };
            Ok(write(&db, invite).await?.url)
        }
        Command::Sessions { user, end: true } => {
            let (id, name) = find(&db, &user).await?;
            let ended = write(&db, move |tx| end_sessions(tx, id)).await?;
            Ok(format!("{name}: {ended} sessions were ended"))
        }
        Command::Sessions { user, end: false } => {
            let (id, name) = find(&db, &user).await?;
            sessions(&db, id, &name).await
        }
        Command::Jobs {
            action: Some(JobsAction::Retry { id }),
            ..
        } => {
            let again = write(&db, move |tx| Ok(jobs::store::retry(tx.conn(), JobId::new(id))?)).await?;
            if !again {
                bail!("no job with the number {id} was given up");
            }
            Ok(format!("{id} is tried again"))
        }
        Command::Jobs { dead, action: None } => list_jobs(&db, dead).await,
        Command::Reports {
            action: Some(ReportsAction::Close { id }),
        } => {
            let closed = write(&db, move |tx| reports::close(tx, ReportId::new(id))).await?;
            let closed = closed.with_context(|| format!("no report with the number {id} waits"))?;
            Ok(format!("closed: {closed}"))
        }
        Command::Reports {
            action: None | Some(ReportsAction::List),
        } => admin_reports::list(&db).await,
        Command::Audit { user, limit } => {
            let about = match user {
                Some(user) => Some(find(&db, &user).await?.0),
                None => None,
            };
            history(&db, about, limit).await
        }
    }
}

fn told(changed: bool, name: &str, now: &str, already: &str) -> String {
    format!("{name} {}", if changed { now } else { already })
}

/// Opens a database that a server has made; it is neither made nor changed here.
fn open(target: &Target) -> anyhow::Result<Db> {
    if let Target::Sqlite(path) = target
        && !path.exists()
    {
        bail!(
            "there is no database at {}: start Hearth first, or say where it is with HEARTH_DATA_DIR or DATABASE_URL",
            path.display()
        );
    }
    if !migrate::is_up_to_date(target)? {
        bail!("the tables are of an older version: start this version of Hearth, or run `hearth migrate`");
    }
    let ids = IdGenerator::new(COMMAND_LINE);
    // Two commands in one millisecond must not make the same ids.
    for _ in 0..rand::rng().random_range(0..4_000) {
        let _unused: UserId = ids.next();
    }
    Db::open(
        target.clone(),
        Sizes { connections: 2 },
        Arc::new(ids),
        Arc::new(Silent),
    )
}

/// Whoever is meant.
async fn find(db: &Db, text: &str) -> anyhow::Result<(UserId, String)> {
    let wanted = text.trim().to_owned();
    let found = db
        .read(move |conn| Ok(users::store_standing::find_account(conn, &wanted)?))
        .await
        .map_err(explain)?;
    found.with_context(|| format!("nobody here has the username or address {text:?}"))
}

/// In whose name guests are invited, unless the host says otherwise.
async fn first_admin(db: &Db) -> anyhow::Result<UserId> {
    let found = db
        .read(|conn| Ok(users::store_standing::first_admin(conn)?))
        .await
        .map_err(explain)?;
    found.context("there is no administrator: say who invites with --from USER")
}

/// Writes, when the servers let us.
async fn write<T, F>(db: &Db, job: F) -> anyhow::Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> AppResult<T> + Send + Sync + 'static,
{
    let job = Arc::new(job);
    let until = Instant::now() + PATIENCE;
    loop {
        let job = Arc::clone(&job);
        match db.write(move |tx| Ok(Outcome::Commit(job(tx)?))).await {
            Err(error) if error.code() == ErrorCode::Unavailable && Instant::now() < until => {
                let pause = rand::rng().random_range(1..=PAUSE_MAX_MILLIS);
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            other => return other.map_err(explain),
        }
    }
}

pub(super) fn explain(error: AppError) -> anyhow::Error {
    match error.code() {
        ErrorCode::LastAdmin => {
            anyhow::anyhow!("they are the last administrator: make somebody else one first")
        }
        ErrorCode::TooManyInvitations => anyhow::anyhow!("they have too many open invitations"),
        ErrorCode::Unavailable => anyhow::anyhow!("the database is too busy or does not answer ({error})"),
        _ => anyhow::anyhow!("{error}"),
    }
}

fn end_sessions(tx: &mut Tx<'_>, user: UserId) -> AppResult<usize> {
    let ended = auth::service::end_all(tx, user)?;
    if ended > 0 {
        audit::record(tx, Entry::by_host(Action::SessionsEnded, user))?;
    }
    Ok(ended)
}

async fn sessions(db: &Db, user: UserId, name: &str) -> anyhow::Result<String> {
    let living = db
        .read(move |conn| Ok(auth::store::living_of(conn, user, clock::now(), SESSIONS_SHOWN)?))
        .await
        .map_err(explain)?;
    if living.is_empty() {
        return Ok(format!("{name} is signed in nowhere"));
    }
    let mut lines = format!(
        "{:<20}  {:<20}  {:<20}  program",
        "session", "signed in", "last used"
    );
    for session in living {
        write!(
            lines,
            "\n{:<20}  {:<20}  {:<20}  {}",
            session.id.get(),
            short(session.created_at),
            short(session.used_at),
            session.user_agent
        )?;
    }
    Ok(lines)
}

async fn history(db: &Db, about: Option<UserId>, limit: u32) -> anyhow::Result<String> {
    let (rows, cards) = db
        .snapshot(move |conn| {
            let rows = audit_store::list(conn, about, i64::MAX, i64::from(limit))?;
            let people: Vec<i64> = rows
                .iter()
                .flat_map(|row| [row.actor_id, row.subject_id])
                .flatten()
                .collect();
            let cards = users::store::cards(conn, &people)?;
            Ok((rows, cards))
        })
        .await
        .map_err(explain)?;
    let name = |id: Option<i64>, nobody: &str| match id {
        None => nobody.to_owned(),
        Some(id) => cards
            .get(&id)
            .map_or_else(|| id.to_string(), |card| card.username.clone()),
    };
    let mut lines = format!(
        "{:<20}  {:<20}  {:<20}  {:<20}  from",
        "when", "what", "about", "by"
    );
    for row in rows {
        write!(
            lines,
            "\n{:<20}  {:<20}  {:<20}  {:<20}  {} {}",
            short(Timestamp::from_millis(row.created_at)),
            row.action,
            name(row.subject_id, "-"),
            name(row.actor_id, "-"),
            row.network.as_deref().unwrap_or("-"),
            row.details.as_deref().unwrap_or_default()
        )?;
    }
    Ok(lines)
}

async fn list_jobs(db: &Db, dead_only: bool) -> anyhow::Result<String> {
    let (waiting, dead) = db
        .snapshot(move |conn| {
            let waiting = if dead_only {
                Vec::new()
            } else {
                jobs::store::waiting(conn, JOBS_SHOWN)?
            };
            Ok((waiting, jobs::store::dead(conn, 0, JOBS_SHOWN)?))
        })
        .await
        .map_err(explain)?;
    if waiting.is_empty() && dead.is_empty() {
        return Ok("there is none".to_owned());
    }
    let mut lines = format!(
        "{:<20}  {:<16}  {:<5}  {:<20}  state",
        "number", "kind", "tries", "since"
    );
    for job in waiting.into_iter().chain(dead) {
        write!(
            lines,
            "\n{:<20}  {:<16}  {:<5}  {:<20}  {}{}",
            job.id,
            job.kind,
            job.attempts,
            short(Timestamp::from_millis(job.created_at)),
            if job.dead_at.is_some() {
                "given up"
            } else {
                "waits"
            },
            job.last_error
                .map(|error| format!(": {error}"))
                .unwrap_or_default()
        )?;
    }
    Ok(lines)
}

/// To the second.
pub(super) fn short(moment: Timestamp) -> String {
    let text = moment.to_string();
    text.get(..19).map_or(text.clone(), |second| format!("{second}Z"))
}

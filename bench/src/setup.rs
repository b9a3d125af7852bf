//! What is measured: Hearth's nodes on a world, with the servers that they need. Everything listens on the loopback
//! interface and ends with this program; a Ctrl-C reaches all of them, since they are of one group.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};

use crate::client::people;
use crate::machine;
use crate::world::{self, World};

/// How Hearth runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// One node on SQLite.
    Sqlite,
    /// One node on PostgreSQL.
    Postgres,
    /// Two nodes on PostgreSQL and Redis.
    Cluster,
}

impl Kind {
    /// In the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Cluster => "2 nodes, PostgreSQL, Redis",
        }
    }
}

/// Where programs and data are.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The server's program.
    pub(crate) hearth: PathBuf,
    /// Worlds are kept here, so that the next run need not make them again.
    pub(crate) folder: PathBuf,
    /// The folder of `postgres` and `initdb`.
    pub(crate) postgres: PathBuf,
}

/// A program that we started.
pub(crate) struct Program {
    child: Child,
    /// How it is asked to end.
    farewell: Signal,
}

impl Program {
    fn start(command: &mut Command, farewell: Signal) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self { child, farewell })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the line in which it says where it listens.
    fn ready(&mut self) -> Result<SocketAddr> {
        let output = self.child.stdout.take().context("no output")?;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some((_, address)) = line.rsplit_once("http://") {
                return Ok(address.trim().parse()?);
            }
        }
        bail!("it ended before it was ready")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid
            && let Err(error) = kill_process(pid, self.farewell)
        {
            eprintln!("a program was not asked to end: {error}");
        }
        let until = Instant::now() + Duration::from_secs(15);
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A node of Hearth.
pub(crate) struct Node {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its process.
    pub(crate) program: Program,
}

/// Starts a node and waits until it listens.
pub(crate) fn start_node(
    places: &Places,
    data: &Path,
    number: usize,
    backends: &[(&str, &str)],
) -> Result<Node> {
    let mut command = Command::new(&places.hearth);
    command
        .arg("serve")
        .env("HEARTH_BIND", "127.0.0.1:0")
        .env("HEARTH_DATA_DIR", data.join(format!("node-{number}")))
        .env("HEARTH_SECRET_FILE", data.join("secret.key"))
        .env("HEARTH_RATE_LIMITS", "off")
        .env("HEARTH_BCRYPT_COST", "4")
        .env("RUST_LOG", "error")
        .envs(backends.iter().copied())
        .stdout(Stdio::piped());
    let mut program = Program::start(&mut command, Signal::TERM)?;
    let address = program.ready().context("the server did not start")?;
    Ok(Node { address, program })
}

/// A bare server of this program: see `bare`.
///
/// # Errors
/// When it does not start.
pub(crate) fn start_bare(arguments: &[&std::ffi::OsStr]) -> Result<Node> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).stdout(Stdio::piped());
    let mut program = Program::start(&mut command, Signal::TERM)?;
    let address = program.ready().context("the bare server did not start")?;
    Ok(Node { address, program })
}

/// Hearth on a world, running.
pub(crate) struct Setup {
    /// How.
    pub(crate) kind: Kind,
    /// The world.
    pub(crate) world: World,
    /// The nodes; they end before what they need.
    pub(crate) nodes: Vec<Node>,
    redis: Option<Program>,
    /// The server, and the address of the database of this run.
    pub(crate) postgres: Option<(Postgres, String)>,
    /// The folder of this run.
    pub(crate) data: PathBuf,
    /// The untouched world, where it is a file.
    pub(crate) world_file: Option<PathBuf>,
}

impl Setup {
    /// Makes the world when it is not there, copies it and starts everything.
    ///
    /// # Errors
    /// When something cannot be started or written.
    pub(crate) async fn start(kind: Kind, world: World, places: &Places) -> Result<Self> {
        std::fs::create_dir_all(&places.folder)?;
        let data = places.folder.join("run");
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        match kind {
            Kind::Sqlite => Self::on_sqlite(world, places, data).await,
            Kind::Postgres | Kind::Cluster => Self::on_postgres(kind, world, places, data).await,
        }
    }

    async fn on_sqlite(world: World, places: &Places, data: PathBuf) -> Result<Self> {
        let kept = places.folder.join(format!("sqlite_{}", world.name()));
        let file = kept.join("hearth.db");
        let url = |file: &Path| format!("sqlite://{}", file.display());
        if !kept.join("whole").exists() {
            eprintln!(
                "making a world of {} posts and {} people on SQLite",
                world.posts, world.people
            );
            let start = Instant::now();
            begin(&kept)?;
            let node = start_node(places, &kept, 0, &[("DATABASE_URL", &url(&file))])?;
            people::register_first(node.address).await?;
            drop(node);
            world::fill_sqlite(world, &file)?;
            let node = start_node(places, &kept, 0, &[("DATABASE_URL", &url(&file))])?;
            wait_until_indexed(|| {
                let conn = rusqlite::Connection::open(&file)?;
                Ok(conn.query_row(UNINDEXED, [], |row| row.get(0))?)
            })
            .await?;
            drop(node);
            one_file(&file)?;
            std::fs::write(kept.join("whole"), "")?;
            eprintln!("made in {:.0} s", start.elapsed().as_secs_f64());
        }
        std::fs::create_dir_all(&data)?;
        let copy = data.join("hearth.db");
        machine::copy(&file, &copy)?;
        std::fs::copy(kept.join("secret.key"), data.join("secret.key"))?;
        let node = start_node(places, &data, 0, &[("DATABASE_URL", &url(&copy))])?;
        Ok(Self {
            kind: Kind::Sqlite,
            world,
            nodes: vec![node],
            redis: None,
            postgres: None,
            data,
            world_file: Some(file),
        })
    }

    async fn on_postgres(kind: Kind, world: World, places: &Places, data: PathBuf) -> Result<Self> {
        let kept = places.folder.join("postgres");
        let postgres = Postgres::start(places, &kept)?;
        let name = format!("world_{}", world.name());
        let secret = kept.join(format!("{name}.key"));
        if !kept.join(format!("{name}.whole")).exists() {
            eprintln!(
                "making a world of {} posts and {} people on PostgreSQL",
                world.posts, world.people
            );
            let start = Instant::now();
            postgres.execute(&format!("DROP DATABASE IF EXISTS {name}"))?;
            postgres.execute(&format!("CREATE DATABASE {name}"))?;
            begin(&data)?;
            let url = postgres.url(&name);
            let node = start_node(places, &data, 0, &[("DATABASE_URL", &url)])?;
            people::register_first(node.address).await?;
            drop(node);
            std::fs::copy(data.join("secret.key"), &secret)?;
            let filled = url.clone();
            tokio::task::spawn_blocking(move || world::fill_postgres(world, &filled)).await??;
            let node = start_node(places, &data, 0, &[("DATABASE_URL", &url)])?;
            let psql = ["-X", "-q", "-t", "-A", "-d", &url, "-c", UNINDEXED];
            wait_until_indexed(|| Ok(machine::first_line(postgres.bin.join("psql"), &psql).parse()?)).await?;
            drop(node);
            postgres.execute_in(&name, "VACUUM (ANALYZE)")?;
            std::fs::write(kept.join(format!("{name}.whole")), "")?;
            std::fs::remove_dir_all(&data)?;
            eprintln!("made in {:.0} s", start.elapsed().as_secs_f64());
        }
        begin(&data)?;
        std::fs::copy(&secret, data.join("secret.key"))?;
        postgres.execute("DROP DATABASE IF EXISTS run")?;
        postgres.execute(&format!("CREATE DATABASE run TEMPLATE {name}"))?;
        postgres.execute("CHECKPOINT")?;
        let url = postgres.url("run");
        let mut backends = vec![("DATABASE_URL", url.clone())];
        let mut redis = None;
        if kind == Kind::Cluster {
            let (program, address) = start_redis()?;
            redis = Some(program);
            backends.push(("REDIS_URL", address));
        }
        let backends: Vec<(&str, &str)> = backends
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let count = if kind == Kind::Cluster { 2 } else { 1 };
        let nodes = (0..count).map(|number| start_node(places, &data, number, &backends));
        Ok(Self {
            kind,
            world,
            nodes: nodes.collect::<Result<_>>()?,
            redis,
            postgres: Some((postgres, url)),
            data,
            world_file: None,
        })
    }

    /// Processor time of the nodes and of what they need.
    pub(crate) fn processor_time(&self) -> Duration {
        let nodes: Duration = self
            .nodes
            .iter()
            .map(|node| machine::processor_time(node.program.pid()))
            .sum();
        nodes + self.backends_time()
    }

    /// Processor time of PostgreSQL and Redis.
    pub(crate) fn backends_time(&self) -> Duration {
        let database = self.postgres.as_ref().map(|(server, _)| &server.program);
        let programs = database.into_iter().chain(&self.redis);
        programs
            .map(|program| machine::processor_time(program.pid()))
            .sum()
    }

    /// The node for the client of a number: they share them evenly.
    pub(crate) fn node_of(&self, client: usize) -> SocketAddr {
        self.nodes[client % self.nodes.len()].address
    }

    /// In one line: what runs, and how durable it is.
    pub(crate) fn description(&self) -> String {
        match &self.postgres {
            None => "SQLite: WAL, synchronous = FULL".to_owned(),
            Some((server, _)) => format!(
                "{}: {}, fsync and synchronous_commit on, shared_buffers 512 MB, otherwise as installed",
                self.kind.name(),
                machine::first_line(server.bin.join("postgres"), &["--version"]),
            ),
        }
    }
}

/// Whether posts are still to be indexed.
const UNINDEXED: &str = "SELECT count(*) FROM search_progress";
/// The world has its words; whatever else an index wants is done by then.
const INDEXING_MAX: Duration = Duration::from_secs(3_600);

/// Posts that were not written through the server are indexed after its start.
async fn wait_until_indexed(left: impl Fn() -> Result<i64>) -> Result<()> {
    let start = Instant::now();
    while left()? > 0 {
        if start.elapsed() > INDEXING_MAX {
            bail!("the posts were not indexed in time");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    eprintln!("posts indexed in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Moves into the database's file what stands in its write-ahead log: that file alone is copied for each run.
fn one_file(database: &Path) -> Result<()> {
    let conn = rusqlite::Connection::open(database)?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        bail!("{} is in use", database.display());
    }
    Ok(())
}

/// An empty folder that is there.
pub(crate) fn begin(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

/// A PostgreSQL server that keeps its promises; its databases stay for the next run.
pub(crate) struct Postgres {
    pub(crate) program: Program,
    /// The folder of its programs.
    pub(crate) bin: PathBuf,
    port: u16,
}

impl Postgres {
    fn start(places: &Places, folder: &Path) -> Result<Self> {
        use std::os::unix::fs::chown;
        use std::os::unix::process::CommandExt;
        // It refuses to work for root.
        let owner = match machine::first_line("id", &["-u"]).as_str() {
            "0" => {
                let number = |flag| machine::first_line("id", &[flag, "postgres"]).parse::<u32>();
                Some((number("-u")?, number("-g")?))
            }
            _ => None,
        };
        let command = |name: &str| {
            let mut command = Command::new(places.postgres.join(name));
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command.current_dir(folder);
            command
        };
        std::fs::create_dir_all(folder)?;
        if let Some((user, group)) = owner {
            chown(folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            let output = command("initdb")
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--pgdata",
                ])
                .arg(&data)
                .output()
                .context("cannot start initdb")?;
            if !output.status.success() {
                bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut server = command("postgres");
        server
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", ""])
            .args([
                "-c",
                "fsync=on",
                "-c",
                "synchronous_commit=on",
                "-c",
                "shared_buffers=512MB",
            ])
            .args([
                "-c",
                "max_connections=300",
                "-c",
                "max_wal_size=4GB",
                "-c",
                "log_min_messages=fatal",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // SIGINT: a fast shutdown.
        let program = Program::start(&mut server, Signal::INT)?;
        let server = Self {
            program,
            bin: places.postgres.clone(),
            port,
        };
        let until = Instant::now() + Duration::from_secs(60);
        while let Err(error) = server.execute("SELECT 1") {
            if Instant::now() > until {
                return Err(error).context("PostgreSQL did not start");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement in the database `postgres`, by `psql`, because our own client wants a thread of its own.
    fn execute(&self, sql: &str) -> Result<()> {
        self.execute_in("postgres", sql)
    }

    fn execute_in(&self, database: &str, sql: &str) -> Result<()> {
        let output = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-d", &self.url(database), "-c", sql])
            .output()
            .context("cannot start psql")?;
        if !output.status.success() {
            bail!("{sql}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

/// Redis without files: it carries what is live and keeps nothing.
fn start_redis() -> Result<(Program, String)> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let mut command = Command::new("redis-server");
    command
        .args([
            "--bind",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--save",
            "",
            "--appendonly",
            "no",
        ])
        .stdout(Stdio::null());
    let program = Program::start(&mut command, Signal::TERM)?;
    let until = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > until {
            bail!("Redis did not start");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((program, format!("redis://127.0.0.1:{port}")))
}

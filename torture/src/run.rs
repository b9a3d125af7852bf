//! A story: everybody lives, something is hurt meanwhile, and at the end all is checked. The faults are made by
//! the thread that tells the story; people and devices live in others.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hearth_shared::conversations::{ListMessages, MessagesQuery};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ClientId;
use hearth_testkit::{Client, Person};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::checker;
use crate::figures::Figures;
use crate::history::{History, Line, What};
use crate::receiver::{Progress, Receiver};
use crate::sender::Sender;
use crate::watch::watch;
use crate::world::{DEVICES, PEOPLE, Talk, World, asking};

/// Messages of everybody together, in a second.
const RATE: u32 = 50;
/// All devices are connected after this long.
const BEGINNING: Duration = Duration::from_secs(30);
/// After the last message was pressed: until it is answered, and until it is on every screen.
const END: Duration = Duration::from_secs(40);

/// A story that is being told.
pub struct Run {
    runtime: Runtime,
    history: Arc<History>,
    progress: Arc<Progress>,
    world: World,
    url: String,
    stop_writing: watch::Sender<bool>,
    stop_all: watch::Sender<bool>,
    senders: Vec<JoinHandle<()>>,
    others: Vec<JoinHandle<()>>,
}

/// A story that was told, and kept its promises.
#[derive(Debug)]
pub struct Told {
    /// What happened.
    pub lines: Vec<Line>,
    /// How long things took.
    pub figures: Figures,
}

impl Run {
    /// Makes a world behind a balancer, connects everybody's devices, and lets people write. `nodes` are asked
    /// how they are.
    ///
    /// # Errors
    /// When not everybody is connected after half a minute.
    pub fn start(name: &str, folder: &str, url: &str, nodes: &[String]) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let path: PathBuf = Path::new(folder).join(format!("{name}.jsonl"));
        let history = Arc::new(History::begin(&path)?);
        let world = runtime.block_on(World::make(url))?;
        history.note(What::Phase("before".to_owned()));
        let mut run = Self {
            runtime,
            history,
            progress: Arc::default(),
            world,
            url: url.to_owned(),
            stop_writing: watch::Sender::new(false),
            stop_all: watch::Sender::new(false),
            senders: Vec::new(),
            others: Vec::new(),
        };
        for (number, node) in nodes.iter().enumerate() {
            let task = watch(asking(node)?, number, Arc::clone(&run.history));
            run.others.push(run.runtime.spawn(task));
        }
        run.connect()?;
        run.write()?;
        Ok(run)
    }

    fn connect(&mut self) -> Result<()> {
        for (person, number) in (0..PEOPLE * DEVICES).map(|number| (number / DEVICES, number)) {
            let receiver = Receiver::new(
                u32::try_from(number)?,
                self.world.people[person].clone(),
                asking(&self.url)?,
                self.world.talks_of(person),
                Arc::clone(&self.history),
                Arc::clone(&self.progress),
            );
            let task = receiver.run(self.stop_all.subscribe());
            self.others.push(self.runtime.spawn(task));
        }
        let all = PEOPLE * DEVICES;
        self.wait_until(BEGINNING, "all devices are connected", |lines| {
            let level = |line: &&Line| matches!(line.what, What::Level { .. });
            lines.iter().filter(level).count() >= all
        })?;
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let mut legs: Vec<(usize, Talk)> = Vec::new();
        for person in (0..PEOPLE).filter(|person| World::writes(*person)) {
            legs.extend(self.world.talks_of(person).map(|talk| (person, talk)));
        }
        let every = Duration::from_secs(1) * u32::try_from(legs.len())? / RATE;
        let mut apps: Vec<Option<Client>> = vec![None; PEOPLE];
        for (person, talk) in legs {
            let app = match &apps[person] {
                Some(app) => app.clone(),
                None => apps[person].insert(asking(&self.url)?).clone(),
            };
            let sender = Sender {
                person: self.world.people[person].clone(),
                talk,
                app,
                every,
                history: Arc::clone(&self.history),
            };
            let task = sender.run(self.stop_writing.subscribe());
            self.senders.push(self.runtime.spawn(task));
        }
        Ok(())
    }

    /// The story goes on for a while.
    pub fn live(&self, seconds: u64) {
        std::thread::sleep(Duration::from_secs(seconds));
    }

    /// A new part of the story begins.
    pub fn phase(&self, name: &str) {
        self.history.note(What::Phase(name.to_owned()));
    }

    /// Waits until something was written down. Gives how long that took.
    ///
    /// # Errors
    /// When it was not after `patience`; names it.
    pub fn wait_until(
        &self,
        patience: Duration,
        what: &str,
        is_so: impl Fn(&[Line]) -> bool,
    ) -> Result<Duration> {
        let start = Instant::now();
        while !is_so(&self.history.lines()) {
            if start.elapsed() > patience {
                bail!(
                    "not after {patience:?}: {what}; see {}",
                    self.history.path().display()
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(start.elapsed())
    }

    /// Nobody writes any more; when everything is answered and on every screen, all is checked.
    ///
    /// # Errors
    /// When it does not come to rest, or a promise was broken. Then the history is kept, and the error says where.
    pub fn finish(mut self) -> Result<Told> {
        self.stop_writing.send_replace(true);
        let senders = std::mem::take(&mut self.senders);
        let answered = self.runtime.block_on(async {
            let all = async {
                for sender in senders {
                    sender.await.ok();
                }
            };
            tokio::time::timeout(END, all).await
        });
        let heads = self.runtime.block_on(self.read())?;
        let start = Instant::now();
        let is_behind = || {
            heads.iter().any(|(talk, head)| {
                let devices = talk.members.into_iter().flat_map(devices_of);
                let mut behind = devices.filter(|device| self.progress.of(*device, talk.id) < *head);
                behind.next().is_some()
            })
        };
        while is_behind() && start.elapsed() < END {
            std::thread::sleep(Duration::from_millis(50));
        }
        self.stop_all.send_replace(true);
        let lines = self.history.lines();
        let figures = Figures::of(&lines);
        println!("{figures}");
        let mut wrong = checker::check(&lines);
        if answered.is_err() {
            wrong.push(format!("not everything was answered after {END:?}"));
        }
        if !wrong.is_empty() {
            let path = self.history.path().display();
            wrong.truncate(20);
            bail!("{}\nThe history is in {path}", wrong.join("\n"));
        }
        std::fs::remove_file(self.history.path())?;
        Ok(Told { lines, figures })
    }

    /// A fresh read of everything; gives where each conversation stands.
    async fn read(&self) -> Result<Vec<(Talk, u64)>> {
        let app = asking(&self.url)?;
        let mut heads = Vec::new();
        for talk in &self.world.talks {
            let messages = messages(&app, &self.world.people[talk.members[0]], talk).await?;
            heads.push((*talk, messages.last().map_or(0, |(seq, _)| *seq)));
            self.history.note(What::Final {
                conversation: talk.id,
                messages,
            });
        }
        Ok(heads)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop_all.send_replace(true);
        self.others.iter().for_each(JoinHandle::abort);
    }
}

fn devices_of(person: usize) -> impl Iterator<Item = u32> {
    (person * DEVICES..(person + 1) * DEVICES).filter_map(|number| u32::try_from(number).ok())
}

async fn messages(app: &Client, reader: &Person, talk: &Talk) -> Result<Vec<(u64, ClientId)>> {
    let call = ListMessages {
        conversation_id: talk.id,
    };
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let query = MessagesQuery {
            after: Some(after),
            limit: Some(100),
            ..MessagesQuery::default()
        };
        let answer = reader.try_call_with(app, &call, &query, &Nothing).await;
        let page = answer.context("the final read was not answered")?;
        let page = page.map_err(|code| anyhow::anyhow!("the final read was refused: {code:?}"))?;
        all.extend(page.items.iter().map(|m| (m.seq, m.client_id.clone())));
        match page.items.last() {
            Some(last) if page.has_more_after => after = last.number,
            _ => return Ok(all),
        }
    }
}

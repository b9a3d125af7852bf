//! The bus over Redis. A node delivers its own notices itself and at once; Redis carries them to the others.
//!
//! Pub/sub promises nothing, and a subscription can end without a word. So each node says several times a second
//! that it lives, and trusts its subscription only while its own word comes back. Whatever is wrong, the
//! connections are dropped and made anew; after that nobody knows what was missed, so everybody reads anew.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use dashmap::{DashMap, DashSet};
use futures_util::future::try_join;
use hearth_shared::ids::UserId;
use hearth_shared::realtime::frames::Presence;
use redis::{PushInfo, PushKind, RedisError, Value};
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::wire::{Envelope, Heard, Received, Say};
use super::{ANSWER_TIMEOUT, Connection};
use crate::platform::nodes::Nodes;
use crate::platform::realtime::bus::{Bus, NODES, Notice};
use crate::platform::realtime::hub::Hub;
use crate::platform::realtime::lanes::{self, Lanes};
use crate::platform::realtime::presence::{Elsewhere, REPEATED_EVERY};

/// How often a node says that it lives.
const PROBE_EVERY: Duration = Duration::from_millis(400);
/// Who was heard within this time is heard.
const FRESH: Duration = Duration::from_millis(1_500);
/// A subscription on which the own word does not come back for this long is dropped.
const SILENCE_MAX: Duration = Duration::from_secs(3);
/// Connecting takes no longer.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// Pause before the next try, growing to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// Notices that may wait to be published.
const OUTGOING_MAX: usize = 8_192;
/// Notices in one message.
const TOGETHER: usize = 64;
/// People in one message.
const PEOPLE_TOGETHER: usize = 1_000;

/// The doubt that Redis does not answer.
const REDIS: &str = "redis";

/// See the module.
pub struct RedisBus {
    nodes: Arc<Nodes>,
    hub: Arc<Hub>,
    elsewhere: Arc<Elsewhere>,
    lanes: Arc<Lanes>,
    outgoing: mpsc::Sender<Notice>,
    /// Something could not be published, and the others have not been told yet.
    missed: AtomicBool,
    /// Something that must not be missed is just being published.
    under_way: AtomicBool,
    /// When each node was last heard on each channel, this one included.
    heard: DashMap<(String, usize), Instant>,
    /// Nodes that said goodbye.
    parted: DashSet<String>,
    /// Somebody new was heard, who does not know yet who is here.
    greet: Notify,
    /// There while Redis answers.
    line: ArcSwapOption<Line>,
    made: Instant,
}

/// A connection for commands, and the channels of the bus.
#[derive(Clone)]
struct Line {
    connection: Connection,
    channels: Vec<String>,
}

/// What waits to be published.
pub type Outgoing = mpsc::Receiver<Notice>;

/// Why a connection was given up.
#[derive(Debug)]
enum Broken {
    Redis(RedisError),
    /// It ended, or took too long.
    Gone(&'static str),
}

impl From<RedisError> for Broken {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Redis(error) => write!(f, "{error}"),
            Self::Gone(why) => f.write_str(why),
        }
    }
}

impl RedisBus {
    /// The bus, and what [`RedisBus::run`] takes.
    pub fn new(
        nodes: Arc<Nodes>,
        hub: Arc<Hub>,
        elsewhere: Arc<Elsewhere>,
        lanes: Arc<Lanes>,
    ) -> (Arc<Self>, Outgoing) {
        let (sender, outgoing) = mpsc::channel(OUTGOING_MAX);
        let bus = Self {
            nodes,
            hub,
            elsewhere,
            lanes,
            outgoing: sender,
            missed: AtomicBool::new(false),
            under_way: AtomicBool::new(false),
            heard: DashMap::new(),
            parted: DashSet::new(),
            greet: Notify::new(),
            line: ArcSwapOption::empty(),
            made: Instant::now(),
        };
        (Arc::new(bus), outgoing)
    }

    /// A connection for commands, while Redis answers.
    pub(super) fn commands(&self) -> Option<Connection> {
        let fresh = self.is_heard(self.nodes.key(), Instant::now());
        let line = fresh.then(|| self.line.load_full()).flatten()?;
        Some(line.connection.clone())
    }

    /// Keeps connected for ever, to whichever of the addresses in `url` answers. `namespace` keeps Hearths apart that
    /// share a Redis.
    pub async fn run(self: Arc<Self>, url: String, namespace: String, mut outgoing: Outgoing) {
        let mut pause = PAUSE.0;
        let mut told = false;
        for url in url.split(',').cycle() {
            let started = Instant::now();
            let broken = match self.session(url, &namespace, &mut outgoing).await {
                Ok(never) => match never {},
                Err(broken) => broken,
            };
            self.line.store(None);
            if self.under_way.swap(false, Ordering::AcqRel) {
                self.missed.store(true, Ordering::Release);
            }
            let confirmed = self.was_confirmed_since(started);
            self.heard.clear();
            self.lanes.alarm.look();
            if confirmed || !told {
                tracing::warn!(%broken, "Redis is away; other nodes are heard by asking the database");
                told = true;
            }
            self.forget_the_silent();
            pause = if confirmed {
                PAUSE.0
            } else {
                (pause * 2).min(PAUSE.1)
            };
            sleep(pause).await;
            // What waited is old by now.
            while let Ok(notice) = outgoing.try_recv() {
                self.note_missed(&notice);
            }
        }
    }

    fn was_confirmed_since(&self, moment: Instant) -> bool {
        let own = self.heard.get(&(self.nodes.key().to_owned(), 0));
        own.is_some_and(|at| *at >= moment)
    }

    /// What the others do not hear they must find otherwise, unless it may be lost.
    fn note_missed(&self, notice: &Notice) {
        if !notice.is_lossy() {
            self.missed.store(true, Ordering::Release);
        }
    }

    /// From connecting until something is wrong.
    async fn session(
        &self,
        url: &str,
        namespace: &str,
        outgoing: &mut Outgoing,
    ) -> Result<Infallible, Broken> {
        let (sender, mut pushes) = mpsc::unbounded_channel();
        let connecting = async {
            let both = (
                Connection::open(url, sender.clone()),
                Connection::open(url, sender),
            );
            let (mut subscription, commands) = try_join(both.0, both.1).await?;
            let channels: Vec<String> = (0..subscription.channels())
                .map(|number| format!("hearth:{namespace}:bus:{number}"))
                .collect();
            for channel in &channels {
                subscription.subscribe(channel).await?;
            }
            Ok::<_, RedisError>((subscription, commands, channels))
        };
        let (_subscription, commands, channels) = timeout(CONNECT_MAX, connecting)
            .await
            .map_err(|_late| Broken::Gone("it does not answer"))??;
        let line = Line {
            connection: commands,
            channels,
        };
        self.line.store(Some(Arc::new(line.clone())));
        let listening = self.listen(&mut pushes, line.channels.clone());
        let voice = Voice { bus: self, line };
        let (never, _) = try_join(voice.speak(outgoing), listening).await?;
        match never {}
    }

    /// Takes in what the nodes say.
    async fn listen(
        &self,
        pushes: &mut mpsc::UnboundedReceiver<PushInfo>,
        channels: Vec<String>,
    ) -> Result<Infallible, Broken> {
        let mut confirmed = false;
        while let Some(push) = pushes.recv().await {
            match push.kind {
                PushKind::Disconnection => return Err(Broken::Gone("a connection ended")),
                // A cluster that moves a channel to another server ends its subscriptions.
                PushKind::Unsubscribe | PushKind::SUnsubscribe => {
                    return Err(Broken::Gone("a subscription was ended"));
                }
                PushKind::Message | PushKind::SMessage => {
                    let [Value::BulkString(channel), Value::BulkString(payload)] = push.data.as_slice()
                    else {
                        continue;
                    };
                    let number = channels.iter().position(|name| name.as_bytes() == channel);
                    if let Some(number) = number {
                        self.hear(number, payload);
                    }
                }
                _ => {}
            }
            if !confirmed && self.is_heard_on_all(self.nodes.key(), channels.len()) {
                confirmed = true;
                tracing::info!("Redis carries what happens between the nodes");
                // Nobody knows what was said before.
                self.lanes.alarm.reread();
            }
        }
        Err(Broken::Gone("the subscription ended"))
    }

    fn hear(&self, channel: usize, payload: &[u8]) {
        let Ok(Received { from, say }) = serde_json::from_slice::<Received>(payload) else {
            // Of a newer version, or not of ours at all.
            tracing::debug!("a message over Redis was not understood");
            self.lanes.alarm.reread();
            return;
        };
        let now = Instant::now();
        if from == self.nodes.key() {
            // When it was said, not when it came: a subscription that lags is not one to trust.
            if let Heard::Probe(moment) = say {
                let said = self.made + Duration::from_millis(moment);
                self.heard.insert((from, channel), said);
            }
            return;
        }
        let known = self.heard.insert((from.clone(), channel), now);
        if known.is_none() && channel == 0 {
            self.greet.notify_one();
        }
        match say {
            Heard::Probe(_) | Heard::Other => {}
            Heard::Notices(list) => {
                for one in list {
                    match serde_json::from_str(one.get()) {
                        Ok(notice) => self.take_in(&from, notice, now),
                        Err(_newer) => self.lanes.alarm.reread(),
                    }
                }
            }
            // A word that was on its way when it said goodbye.
            Heard::Here(_) if self.parted.contains(&from) => {}
            Heard::Here(people) => {
                for user in people
                    .into_iter()
                    .filter(|user| self.elsewhere.here(&from, *user, now))
                {
                    self.tell_presence(user, true);
                }
            }
            Heard::Lost => self.lanes.alarm.reread(),
            Heard::Bye => {
                self.heard.retain(|(node, _), _| *node != from);
                for user in self.elsewhere.forget_node(&from) {
                    self.tell_presence(user, false);
                }
                self.parted.insert(from);
            }
        }
    }

    /// Delivers here what happened on another node.
    fn take_in(&self, from: &str, notice: Notice, now: Instant) {
        if let Notice::Presence(Presence { user_id, online }) = &notice {
            if *online {
                self.elsewhere.here(from, *user_id, now);
            } else {
                self.elsewhere.gone(from, *user_id);
            }
        }
        self.lanes.push(notice);
    }

    fn tell_presence(&self, user_id: UserId, online: bool) {
        self.lanes.push(Notice::Presence(Presence { user_id, online }));
    }

    fn is_silent(&self, channels: usize) -> bool {
        (0..channels).any(|number| {
            let own = self.heard.get(&(self.nodes.key().to_owned(), number));
            own.is_none_or(|at| at.elapsed() > SILENCE_MAX)
        })
    }

    /// Milliseconds since this bus was made.
    fn moment(&self) -> u64 {
        u64::try_from(self.made.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whom no node has repeated for long is not here any more.
    fn forget_the_silent(&self) {
        for user in self.elsewhere.expire(Instant::now()) {
            self.tell_presence(user, false);
        }
    }

    fn is_heard_on_all(&self, node: &str, channels: usize) -> bool {
        (0..channels).all(|number| self.heard.contains_key(&(node.to_owned(), number)))
    }

    /// Whether a node was heard just now on every channel.
    fn is_heard(&self, node: &str, now: Instant) -> bool {
        let Some(line) = self.line.load_full() else {
            return false;
        };
        (0..line.channels.len()).all(|number| {
            let at = self.heard.get(&(node.to_owned(), number));
            at.is_some_and(|at| now.saturating_duration_since(*at) <= FRESH)
        })
    }

    /// Says goodbye: the others need not wait for more.
    pub async fn part(&self) {
        let Some(line) = self.line.load_full() else { return };
        // What was said before goodbye is heard before it.
        let until = Instant::now() + Duration::from_millis(500);
        while self.outgoing.capacity() < self.outgoing.max_capacity() && Instant::now() < until {
            sleep(Duration::from_millis(10)).await;
        }
        let mut voice = Voice {
            bus: self,
            line: (*line).clone(),
        };
        match timeout(ANSWER_TIMEOUT, voice.say(0, Say::Bye)).await {
            Ok(Ok(())) => {}
            _ => tracing::debug!("the other nodes were not told goodbye"),
        }
    }
}

impl Bus for RedisBus {
    fn publish(&self, notices: Vec<Notice>) {
        for notice in notices {
            if let Err(refused) = self.outgoing.try_send(notice.clone()) {
                self.note_missed(&refused.into_inner());
            }
            self.lanes.push(notice);
        }
    }

    fn doubts(&self) -> Vec<&'static str> {
        let now = Instant::now();
        let mut doubts = Vec::new();
        if !self.is_heard(self.nodes.key(), now) {
            doubts.push(REDIS);
        }
        let unheard = |node: &String| !self.parted.contains(node) && !self.is_heard(node, now);
        if self.nodes.others().iter().any(unheard) {
            doubts.push(NODES);
        }
        doubts
    }
}

/// The speaking half of a connection.
struct Voice<'a> {
    bus: &'a RedisBus,
    line: Line,
}

impl Voice<'_> {
    /// Says what there is to say, in order, and again and again that this node lives.
    async fn speak(mut self, outgoing: &mut Outgoing) -> Result<Infallible, Broken> {
        let started = Instant::now();
        let mut probe = interval(PROBE_EVERY);
        probe.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut repeat = interval(REPEATED_EVERY);
        loop {
            tokio::select! {
                _ = probe.tick() => {
                    let moment = self.bus.moment();
                    for channel in 0..self.line.channels.len() {
                        self.say(channel, Say::Probe(moment)).await?;
                    }
                    self.own_up().await?;
                    if started.elapsed() > SILENCE_MAX && self.bus.is_silent(self.line.channels.len()) {
                        return Err(Broken::Gone("the subscription fell silent"));
                    }
                }
                _ = repeat.tick() => {
                    self.say_who_is_here().await?;
                    // Not at the first tick: those who were not heard for a while have not repeated their list yet.
                    if started.elapsed() > REPEATED_EVERY {
                        self.bus.forget_the_silent();
                    }
                }
                () = self.bus.greet.notified() => self.say_who_is_here().await?,
                Some(first) = outgoing.recv() => self.pass_on(first, outgoing).await?,
            }
        }
    }

    /// What waits is said in as few messages as it takes.
    async fn pass_on(&mut self, first: Notice, outgoing: &mut Outgoing) -> Result<(), Broken> {
        let mut by_channel = vec![Vec::new(); self.line.channels.len()];
        let mut batch = vec![first];
        while batch.len() < TOGETHER
            && let Ok(notice) = outgoing.try_recv()
        {
            batch.push(notice);
        }
        // This may be given up at any point.
        let matters = batch.iter().any(|notice| !notice.is_lossy());
        self.bus.under_way.store(matters, Ordering::Release);
        for notice in batch {
            let subject = lanes::subject(&notice).unsigned_abs() >> 4;
            let channel = usize::try_from(subject % by_channel.len() as u64).unwrap_or(0);
            by_channel[channel].push(notice);
        }
        for (channel, notices) in by_channel.iter().enumerate() {
            if !notices.is_empty() {
                self.say(channel, Say::Notices(notices)).await?;
            }
        }
        self.bus.under_way.store(false, Ordering::Release);
        Ok(())
    }

    /// Tells the others that something could not be said.
    async fn own_up(&mut self) -> Result<(), Broken> {
        if self.bus.missed.swap(false, Ordering::AcqRel) {
            self.bus.under_way.store(true, Ordering::Release);
            self.say(0, Say::Lost).await?;
            self.bus.under_way.store(false, Ordering::Release);
        }
        Ok(())
    }

    async fn say_who_is_here(&mut self) -> Result<(), Broken> {
        for people in self.bus.hub.announced().chunks(PEOPLE_TOGETHER) {
            self.say(0, Say::Here(people)).await?;
        }
        Ok(())
    }

    async fn say(&mut self, channel: usize, say: Say<'_>) -> Result<(), Broken> {
        let from = self.bus.nodes.key();
        // Numbers, texts and lists of them: nothing that JSON could not hold.
        let payload = serde_json::to_vec(&Envelope { from, say }).unwrap_or_default();
        let Some(channel) = self.line.channels.get(channel) else {
            return Ok(());
        };
        Ok(self.line.connection.publish(channel, &payload).await?)
    }
}

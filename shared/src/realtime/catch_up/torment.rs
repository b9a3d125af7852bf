//! Servers that append, networks that lose, double, delay and reorder, owners that read early and answer late:
//! whatever they do in whatever order, nothing is stepped over, and once the network is good everything is level.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::ids::{ConversationId, Id, UserId};
use crate::realtime::ConversationHead;

const ME: usize = 0;
const STREAMS: usize = 4;

fn stream(at: usize) -> Stream {
    match i64::try_from(at).unwrap() {
        0 => Stream::User(UserId::new(1)),
        id => Stream::Conversation(ConversationId::new(id)),
    }
}

fn place(wanted: Stream) -> usize {
    (0..STREAMS).find(|at| stream(*at) == wanted).unwrap()
}

fn event(seq: u64) -> Event {
    Event::NotificationsSeen { up_to: seq }
}

/// Something that is shown: it was read at a position and changes with the events after it.
#[derive(Debug)]
struct View {
    stream: Stream,
    at: u64,
    /// After how many questions it came.
    born: usize,
}

/// What was asked and not yet answered; with the positions when it was asked.
#[derive(Debug)]
struct Asked {
    what: What,
    then: [u64; STREAMS],
    /// How many questions there were before. A reread replaces the views that are older.
    number: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Events(Stream, u64),
    Sync,
    Reread(Stream),
    /// A read that somebody makes because they want to look, or because of [`Step::Unknown`].
    Look(Stream),
}

#[derive(Debug, Clone)]
enum Act {
    Append(usize, u64),
    Deliver {
        at: usize,
        count: usize,
        backwards: bool,
    },
    Double(usize),
    Lose(usize),
    Head(usize),
    Cut,
    Ready,
    Answer {
        at: usize,
        stale: bool,
    },
    Fail {
        at: usize,
        random: f64,
    },
    Look(usize),
    LookAway(usize),
    Wait(u64),
    Tick,
}

fn acts(lossy: bool) -> impl Strategy<Value = Vec<Act>> {
    let one = (
        0..STREAMS,
        prop_oneof![8 => 1..5_u64, 1 => 250..400_u64, 1 => 900..1_300_u64],
    );
    let some = (any::<usize>(), 1..40_usize, any::<bool>());
    let harmless = prop_oneof![
        4 => one.prop_map(|(at, count)| Act::Append(at, count)),
        4 => some.prop_map(|(at, count, backwards)| Act::Deliver { at, count, backwards }),
        1 => any::<usize>().prop_map(Act::Double),
        1 => (0..STREAMS).prop_map(Act::Head),
        1 => Just(Act::Ready),
        5 => (any::<usize>(), any::<bool>()).prop_map(|(at, stale)| Act::Answer { at, stale }),
        2 => (any::<usize>(), 0.0..1.0).prop_map(|(at, random)| Act::Fail { at, random }),
        2 => (0..STREAMS).prop_map(Act::Look),
        2 => (0..2_000_u64).prop_map(Act::Wait),
        2 => Just(Act::Tick),
    ];
    let harmful = prop_oneof![
        2 => any::<usize>().prop_map(Act::Lose),
        1 => Just(Act::Cut),
        1 => (1..STREAMS).prop_map(Act::LookAway),
    ];
    let act = prop_oneof![
        8 => harmless.prop_map(Some),
        1 => harmful.prop_map(move |act| lossy.then_some(act)),
    ];
    prop::collection::vec(act, 1..80).prop_map(|acts| acts.into_iter().flatten().collect())
}

struct World {
    now: u64,
    page: u64,
    heads: [u64; STREAMS],
    connected: bool,
    frames: Vec<(Stream, u64)>,
    asked: Vec<Asked>,
    views: Vec<View>,
    client: CatchUp,
    fetches: u64,
    questions: usize,
}

impl World {
    fn new(page: u64) -> Self {
        Self {
            now: 0,
            page,
            heads: [3; STREAMS],
            connected: false,
            frames: Vec::new(),
            asked: Vec::new(),
            views: Vec::new(),
            client: CatchUp::default(),
            fetches: 0,
            questions: 0,
        }
    }

    fn head(&self, of: Stream) -> u64 {
        self.heads[place(of)]
    }

    fn ask(&mut self, what: What) {
        let (then, number) = (self.heads, self.questions);
        self.questions += 1;
        self.asked.push(Asked { what, then, number });
    }

    fn on_its_way(&self, of: Stream) -> usize {
        let events = |asked: &&Asked| matches!(asked.what, What::Events(stream, _) if stream == of);
        self.asked.iter().filter(events).count()
    }

    /// Does what an owner does, and checks what every step must keep.
    fn obey(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Apply {
                    stream,
                    seq,
                    event: given,
                    ..
                } => {
                    assert_eq!(*given, event(seq), "another event than the one of its position");
                    assert!(seq <= self.head(stream), "nothing is made up");
                    for view in self.views.iter_mut().filter(|view| view.stream == stream) {
                        assert!(seq <= view.at + 1, "stepped over a gap: {view:?} got {seq}");
                        view.at = view.at.max(seq);
                    }
                }
                Step::Fetch { stream, after } => {
                    self.fetches += 1;
                    assert_eq!(self.client.applied(stream), Some(after));
                    assert_eq!(self.on_its_way(stream), 0, "asked twice at a time");
                    self.ask(What::Events(stream, after));
                }
                Step::Sync => self.ask(What::Sync),
                Step::Reread(stream) => {
                    assert_eq!(self.on_its_way(stream), 0, "asked twice at a time");
                    self.ask(What::Reread(stream));
                }
                // One's own stream comes with `/sync`; one look at a conversation is enough.
                Step::Unknown(stream) => {
                    let looking = self.asked.iter().any(|asked| asked.what == What::Look(stream));
                    if stream != super::torment::stream(ME) && !looking {
                        self.ask(What::Look(stream));
                    }
                }
                Step::Forget => panic!("the database is the same"),
            }
        }
        for (of, followed) in &self.client.streams {
            assert!(followed.held.len() <= HELD_MAX);
            assert!(followed.head <= self.head(*of));
            let stand = self.views.iter().filter(|view| view.stream == *of);
            for view in stand {
                assert!(followed.applied <= view.at, "{view:?} misses something");
            }
        }
        assert!(self.client.heard.len() <= STREAMS);
    }

    /// Calls a method of the client and checks that positions go up one by one, unless `may_fall`.
    fn tell(&mut self, may_fall: bool, what: impl FnOnce(&mut CatchUp, u64) -> Vec<Step>) {
        let before: HashMap<Stream, u64> = (0..STREAMS)
            .filter_map(|at| Some((stream(at), self.client.applied(stream(at))?)))
            .collect();
        let steps = what(&mut self.client, self.now);
        if !may_fall {
            let mut at = before;
            for step in &steps {
                if let Step::Apply { stream, seq, .. } = step {
                    let last = at.entry(*stream).or_insert(seq - 1);
                    assert_eq!(*seq, *last + 1);
                    *last = *seq;
                }
            }
            for (stream, at) in at {
                assert_eq!(self.client.applied(stream), Some(at));
            }
        }
        self.obey(steps);
    }

    fn deliver(&mut self, (stream, seq): (Stream, u64)) {
        let old = self.client.applied(stream).is_some_and(|applied| seq <= applied);
        self.tell(false, |client, now| {
            let steps = client.on_event(now, stream, seq, Box::new(event(seq)), None);
            let applied = steps.iter().any(|step| matches!(step, Step::Apply { .. }));
            assert!(!old || !applied, "an older one does nothing");
            steps
        });
    }

    fn answer(&mut self, asked: Asked, stale: bool) {
        let heads = if stale { asked.then } else { self.heads };
        match asked.what {
            What::Events(stream, after) => {
                let head = heads[place(stream)];
                let items = (after + 1..=head.min(after + self.page))
                    .map(|seq| Positioned {
                        seq,
                        event: event(seq),
                    })
                    .collect();
                let page = EventPage {
                    items,
                    head,
                    counts: None,
                };
                self.tell(false, |client, now| client.on_page(now, stream, after, page));
            }
            What::Sync => {
                let conversations = (1..STREAMS).map(|at| ConversationHead {
                    id: ConversationId::new(i64::try_from(at).unwrap()),
                    last_seq: heads[at],
                    last_number: 0,
                    read_number: 0,
                    membership_version: 0,
                    settings: crate::conversations::ConversationSettings::default(),
                });
                let sync = Sync {
                    epoch: "a".to_owned(),
                    user_seq: heads[ME],
                    counts: Counts::default(),
                    conversations: conversations.collect(),
                };
                self.tell(false, |client, now| client.on_sync(now, stream(ME), &sync));
            }
            What::Reread(stream) => {
                let seq = heads[place(stream)];
                let older = |view: &&mut View| view.stream == stream && view.born <= asked.number;
                for view in self.views.iter_mut().filter(older) {
                    view.at = view.at.max(seq);
                }
                self.tell(true, |client, now| client.restart(now, stream, seq));
            }
            What::Look(stream) => {
                let seq = heads[place(stream)];
                self.views.push(View {
                    stream,
                    at: seq,
                    born: self.questions,
                });
                self.tell(true, |client, now| client.follow(now, stream, seq));
            }
        }
    }

    fn fail(&mut self, asked: Asked, random: f64) {
        match asked.what {
            What::Events(stream, _) | What::Reread(stream) => self.tell(false, |client, now| {
                client.on_fetch_failed(now, stream, FetchError::Temporary, random)
            }),
            What::Sync => self.client.on_sync_failed(self.now, random),
            What::Look(_) => {}
        }
    }

    fn tick(&mut self) {
        self.tell(false, |client, now| client.on_tick(now));
        let next = self.client.next_tick();
        assert!(
            next.is_none_or(|next| next > self.now),
            "a timer that fires without end"
        );
    }

    fn act(&mut self, act: Act) {
        fn pick<T>(from: &mut Vec<T>, at: usize) -> Option<T> {
            (!from.is_empty()).then(|| from.remove(at % from.len()))
        }
        match act {
            Act::Append(at, count) => {
                for _ in 0..count {
                    self.heads[at] += 1;
                    if self.connected {
                        self.frames.push((stream(at), self.heads[at]));
                    }
                }
            }
            Act::Deliver { at, count, backwards } => {
                if !self.frames.is_empty() {
                    let from = at % self.frames.len();
                    let to = self.frames.len().min(from + count);
                    let mut some: Vec<_> = self.frames.drain(from..to).collect();
                    if backwards {
                        some.reverse();
                    }
                    some.into_iter().for_each(|frame| self.deliver(frame));
                }
            }
            Act::Double(at) => {
                if !self.frames.is_empty() {
                    self.deliver(self.frames[at % self.frames.len()]);
                }
            }
            Act::Lose(at) => drop(pick(&mut self.frames, at)),
            Act::Head(at) => {
                if self.connected {
                    let seq = self.heads[at];
                    self.tell(false, |client, now| client.on_head(now, stream(at), seq));
                }
            }
            Act::Cut => {
                self.connected = false;
                self.frames.clear();
            }
            Act::Ready => {
                self.connected = true;
                self.tell(false, |client, _| client.on_ready("a"));
            }
            Act::Answer { at, stale } => {
                if let Some(asked) = pick(&mut self.asked, at) {
                    self.answer(asked, stale);
                }
            }
            Act::Fail { at, random } => {
                if let Some(asked) = pick(&mut self.asked, at) {
                    self.fail(asked, random);
                }
            }
            Act::Look(at) => self.ask(What::Look(stream(at))),
            Act::LookAway(at) => {
                self.client.unfollow(stream(at));
                self.views.retain(|view| view.stream != stream(at));
                // Their answers are of no use to anybody.
                self.asked.retain(|asked| match asked.what {
                    What::Events(of, _) | What::Reread(of) | What::Look(of) => of != stream(at),
                    What::Sync => true,
                });
            }
            Act::Wait(millis) => {
                self.now += millis;
                self.tick();
            }
            Act::Tick => {
                self.now = self.now.max(self.client.next_tick().unwrap_or(0));
                self.tick();
            }
        }
    }

    /// The network is good and nothing new happens: after a bounded number of questions everything is level.
    fn settle(&mut self) {
        std::mem::take(&mut self.frames)
            .into_iter()
            .for_each(|frame| self.deliver(frame));
        let behind: u64 = self.heads.iter().sum();
        let (fetches, bound) = (self.fetches, behind / self.page + 3 * STREAMS as u64);
        for _ in 0..bound + 50 {
            while let Some(asked) = self.asked.pop() {
                self.answer(asked, false);
            }
            let Some(next) = self.client.next_tick() else {
                break;
            };
            self.now = self.now.max(next);
            self.tick();
        }
        assert_eq!(self.client.next_tick(), None, "it never ends");
        assert!(self.asked.is_empty());
        assert!(
            self.fetches - fetches <= bound,
            "{} fetches",
            self.fetches - fetches
        );
        assert!(self.client.is_level());
        for (of, followed) in &self.client.streams {
            assert_eq!(followed.applied, self.head(*of));
            assert!(followed.held.is_empty());
        }
        let shown: HashSet<_> = self.views.iter().map(|view| view.stream).collect();
        for view in &self.views {
            assert_eq!(view.at, self.head(view.stream), "{view:?} misses something");
        }
        assert!(shown.iter().all(|of| self.client.applied(*of).is_some()));
        self.now += 100_000;
        assert_eq!(self.client.on_tick(self.now), [], "nothing more is asked for");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Frames get lost, sockets are cut: a new socket mends it.
    #[test]
    fn a_bad_network_is_survived(acts in acts(true), page in prop_oneof![Just(7_u64), Just(50)]) {
        let mut world = World::new(page);
        acts.into_iter().for_each(|act| world.act(act));
        world.act(Act::Cut);
        world.act(Act::Ready);
        world.settle();
        prop_assert_eq!(world.client.applied(stream(ME)), Some(world.heads[ME]));
    }

    /// Nothing gets lost once the socket is there, but everything may be late, doubled and out of order: no new
    /// socket is needed.
    #[test]
    fn a_slow_network_needs_no_new_socket(acts in acts(false), page in prop_oneof![Just(7_u64), Just(50)]) {
        let mut world = World::new(page);
        acts.into_iter().for_each(|act| world.act(act));
        if !world.connected {
            world.act(Act::Ready);
        }
        world.settle();
    }
}

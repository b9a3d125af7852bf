//! Everything arrives the moment it happens. One connection for one signed-in person: it says hello, follows
//! their streams with `CatchUp`, applies what comes to the stores, asks for what was missed, and comes
//! back by itself. Whatever the socket does, what is on the screen stays.

mod apply;
mod looking;
mod reading;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use hearth_shared::ids::{ConversationId, PostId};
use hearth_shared::realtime::Stream;
use hearth_shared::realtime::catch_up::{CatchUp, Step};
use hearth_shared::realtime::close::{Then, then};
use hearth_shared::realtime::frames::{ClientFrame, Ready, ServerFrame, WATCH_MAX};
use hearth_shared::realtime::link::{Act, Link};

use crate::context::App;
use crate::features::chats::{self, state::Chats};
use crate::platform::clock::Timeout;
use crate::platform::events::Listening;
use crate::platform::session::Token;
use crate::platform::socket::{Happened, Socket};
use crate::platform::{clock, connection, dom, events, random, spawn, worker};

/// The timer fires at least this often. When it comes much later the computer slept.
const TICK_MILLIS: u64 = 10_000;
const SLEPT_MILLIS: u64 = 20_000;
/// A token that ends within this time is renewed while a socket is open.
const TOKEN_MILLIS: i64 = 75_000;
/// After a renewal that failed.
const TOKEN_PAUSE_MILLIS: u64 = 10_000;
/// Before everything is read anew one waits as after so many failures: up to four seconds.
const RESYNC_PAUSES: u32 = 3;

struct State {
    link: Link,
    streams: CatchUp,
    socket: Option<Socket>,
    /// Of the sockets that were opened: what an older one says is not heard.
    turn: u32,
    /// The token that the server knows; when it is to be renewed.
    token: Option<Token>,
    renew_at: Option<u64>,
    /// The server did not take the token.
    refused: bool,
    timer: Option<Timeout>,
    /// Until when the timer shall sleep.
    alarm: u64,
    watched: Vec<PostId>,
    /// Watched posts of which nothing has been heard since.
    unheard: BTreeSet<PostId>,
    /// Streams of conversations that are being read for the first time.
    learning: BTreeSet<Stream>,
    was_ready: bool,
    listening: Vec<Listening>,
}

/// The connection. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Live(Rc<Inner>);

struct Inner {
    state: RefCell<State>,
    /// The group that is open.
    group: Cell<Option<ConversationId>>,
    /// Another one was since the server was told.
    moved: Cell<bool>,
    looking: Cell<bool>,
    resyncing: Cell<bool>,
}

impl Live {
    /// One that is not connected yet.
    pub(crate) fn new() -> Self {
        Self(Rc::new(Inner {
            state: RefCell::new(State {
                link: Link::new(0),
                streams: CatchUp::default(),
                socket: None,
                turn: 0,
                token: None,
                renew_at: None,
                refused: false,
                timer: None,
                alarm: 0,
                watched: Vec::new(),
                unheard: BTreeSet::new(),
                learning: BTreeSet::new(),
                was_ready: false,
                listening: Vec::new(),
            }),
            group: Cell::new(None),
            moved: Cell::new(false),
            looking: Cell::new(false),
            resyncing: Cell::new(false),
        }))
    }

    /// Connects, and stays connected.
    pub(crate) fn start(&self, app: &App) {
        let wake = |app: &App| {
            let app = app.clone();
            move |_: &web_sys::Event| {
                if dom::visible() {
                    app.live.wake(&app);
                }
            }
        };
        let unsent = app.clone();
        let scrolled = self.clone();
        let listening = vec![
            events::on_document("visibilitychange", wake(app)),
            events::on_window("online", {
                let (wake, app) = (wake(app), app.clone());
                move |event| {
                    wake(event);
                    // Where the socket has outlived the break, nothing else says that it is over.
                    chats::sending::resume(&app);
                }
            }),
            events::on_window("pageshow", wake(app)),
            events::on_window("offline", wake(app)),
            events::on_window("beforeunload", move |event| {
                if chats::kept::would_lose(&unsent) {
                    event.prevent_default();
                }
            }),
            events::on_window("scroll", move |_| {
                // Of fewer all are watched anyway.
                if scrolled.0.state.borrow().watched.len() == WATCH_MAX {
                    scrolled.look_around();
                }
            }),
        ];
        connection::socket(Some(false));
        {
            let mut state = self.0.state.borrow_mut();
            state.listening = listening;
            state.link = Link::new(clock::elapsed());
            // What was saved is shown: the first time is not different from any later one.
            state.was_ready = app.base.session.is_adrift();
        }
        self.tick(app);
    }

    /// Ends for good.
    pub(crate) fn stop(&self) {
        let mut state = self.0.state.borrow_mut();
        state.turn += 1;
        state.link.stop();
        let gone = (
            state.socket.take(),
            state.timer.take(),
            std::mem::take(&mut state.listening),
        );
        drop(state);
        drop(gone);
        connection::socket(None);
    }

    /// Sends a frame, when there is somebody to hear it.
    pub(crate) fn send(&self, frame: &ClientFrame) {
        let state = self.0.state.borrow();
        if let (Some(socket), true) = (&state.socket, state.link.is_ready()) {
            send(socket, frame);
        }
    }

    /// Something that a stream feeds was read, and the stream stood there.
    pub(crate) fn follow(&self, app: &App, stream: Stream, seq: u64) {
        self.step(app, |streams, now| streams.follow(now, stream, seq));
    }

    /// Nothing of a stream is for this person any more.
    pub(crate) fn unfollow(&self, stream: Stream) {
        self.0.state.borrow_mut().streams.unfollow(stream);
    }

    /// There is reason to believe that now is a good time.
    fn wake(&self, app: &App) {
        let act = self.0.state.borrow_mut().link.wake(clock::elapsed());
        self.act(app, act);
    }

    /// Does what is due, and sets the timer for what comes next.
    fn tick(&self, app: &App) {
        let now = clock::elapsed();
        let (act, steps, renew) = {
            let mut state = self.0.state.borrow_mut();
            let slept = state.alarm > 0 && now > state.alarm + SLEPT_MILLIS;
            let act = if slept {
                state.link.wake(now)
            } else {
                state.link.tick(now)
            };
            let renew = state.link.is_ready() && state.renew_at.is_some_and(|at| at <= now);
            if renew {
                state.renew_at = Some(now + TOKEN_PAUSE_MILLIS);
            }
            let steps = state.streams.on_tick(now);
            (act, steps, renew)
        };
        if renew {
            self.renew(app);
        }
        self.run(app, steps);
        self.act(app, act);
    }

    fn arm(&self, app: &App) {
        let now = clock::elapsed();
        let mut state = self.0.state.borrow_mut();
        let Some(due) = state.link.due() else {
            return;
        };
        let due = due
            .min(state.streams.next_tick().unwrap_or(u64::MAX))
            .min(
                state
                    .renew_at
                    .filter(|_| state.link.is_ready())
                    .unwrap_or(u64::MAX),
            )
            .min(now + TICK_MILLIS);
        state.alarm = due.max(now);
        let millis = u32::try_from(due.saturating_sub(now)).unwrap_or(0);
        let app = app.clone();
        // One millisecond more, because timers may come a little early.
        state.timer = Some(Timeout::new(millis + 1, move || app.live.tick(&app)));
    }

    fn act(&self, app: &App, act: Option<Act>) {
        match act {
            Some(Act::Connect) => self.connect(app),
            Some(Act::Ping) => self.send(&ClientFrame::Ping),
            Some(Act::GiveUp) => self.lose(app),
            None => {}
        }
        self.arm(app);
    }

    /// Opens a socket in place of the one that may be there: first a token, then the door.
    fn connect(&self, app: &App) {
        let (turn, gone, refused) = {
            let mut state = self.0.state.borrow_mut();
            state.turn += 1;
            let refused = std::mem::take(&mut state.refused);
            let refused = state.token.take().filter(|_| refused);
            (state.turn, state.socket.take(), refused)
        };
        drop(gone);
        let app = app.clone();
        spawn(async move {
            let session = &app.base.session;
            let token = match refused {
                Some(token) => session.token_after(&token.text).await,
                None => session.token_lasting(TOKEN_MILLIS).await,
            };
            let here = &app.live;
            if here.0.state.borrow().turn != turn {
                return;
            }
            let Ok(token) = token else {
                // When the session has ended, what follows is another page.
                here.lose(&app);
                return here.arm(&app);
            };
            let owner = app.clone();
            let socket = Socket::open(move |happened| {
                let here = &owner.live;
                if here.0.state.borrow().turn == turn {
                    match happened {
                        Happened::Text(text) => here.hear(&owner, &text),
                        Happened::Closed(code) => here.closed(&owner, code),
                    }
                    here.arm(&owner);
                }
            });
            let mut state = here.0.state.borrow_mut();
            state.token = Some(token);
            state.socket = socket;
        });
    }

    /// The socket is no good any more.
    fn lose(&self, app: &App) {
        let gone = {
            let mut state = self.0.state.borrow_mut();
            state.turn += 1;
            state.renew_at = None;
            state.link.lost(clock::elapsed(), random::fraction());
            state.socket.take()
        };
        drop(gone);
        self.down(app);
    }

    fn closed(&self, app: &App, code: u16) {
        match then(code) {
            Then::Stop => {
                self.0.state.borrow_mut().link.stop();
                self.down(app);
            }
            after => {
                self.0.state.borrow_mut().refused = after == Then::RefreshToken;
                self.lose(app);
            }
        }
    }

    /// What is only known while there is a socket is not known any more.
    fn down(&self, app: &App) {
        connection::socket(Some(false));
        apply::online(app, &[]);
        app.chats.change(Chats::nobody_is_here);
    }

    fn hear(&self, app: &App, text: &str) {
        let now = clock::elapsed();
        self.0.state.borrow_mut().link.heard();
        let Some(frame) = ServerFrame::parse(text) else {
            return;
        };
        match frame {
            ServerFrame::Hello(hello) => {
                let mut state = self.0.state.borrow_mut();
                state.link.hello(hello.heartbeat_ms);
                state.introduce();
            }
            ServerFrame::Ready(ready) => self.ready(app, &ready),
            ServerFrame::Event(frame) => {
                self.step(app, |streams, now| {
                    streams.on_event(now, frame.stream, frame.seq, frame.event, frame.counts)
                });
            }
            ServerFrame::Head(head) => {
                self.step(app, |streams, now| streams.on_head(now, head.stream, head.seq));
            }
            ServerFrame::Resync => self.resync(app),
            ServerFrame::Reconnect(wish) => {
                let gone = {
                    let mut state = self.0.state.borrow_mut();
                    state.turn += 1;
                    state.renew_at = None;
                    state.link.leave(now, wish.after_ms);
                    state.socket.take()
                };
                drop(gone);
                self.down(app);
            }
            ServerFrame::Pong => {}
            ServerFrame::Post(post) => {
                let first = self.0.state.borrow_mut().unheard.remove(&post.post_id);
                crate::features::posts::live::on_state(app, &post, first);
            }
            other => apply::frame(app, other),
        }
    }

    fn ready(&self, app: &App, ready: &Ready) {
        let (steps, again) = {
            let mut state = self.0.state.borrow_mut();
            if state.link.is_ready() {
                return;
            }
            state.link.ready(clock::elapsed());
            // The new socket watches nothing yet.
            state.watched.clear();
            state.unheard.clear();
            let again = std::mem::replace(&mut state.was_ready, true);
            (state.streams.on_ready(&ready.epoch), again)
        };
        apply::online(app, &ready.online);
        connection::socket(Some(true));
        self.run(app, steps);
        self.watch(true);
        chats::sending::resume(app);
        chats::preparing::resume(app);
        if again {
            apply::look_again(app);
            worker::look();
        }
    }

    /// Something may have been missed: after a moment, so that not everybody asks at once, and once for several.
    fn resync(&self, app: &App) {
        if self.0.resyncing.replace(true) {
            return;
        }
        let app = app.clone();
        spawn(async move {
            clock::sleep(chats::actions::pause(RESYNC_PAUSES).max(1_000)).await;
            let here = &app.live;
            here.0.resyncing.set(false);
            if !here.0.state.borrow().link.is_ready() {
                return;
            }
            here.run(&app, vec![Step::Sync]);
            apply::look_again(&app);
            chats::pages::read_logs_anew(&app);
            here.watch_anew();
        });
    }

    /// A fresh token before the old one ends.
    fn renew(&self, app: &App) {
        let app = app.clone();
        spawn(async move {
            if let Ok(token) = app.base.session.token_lasting(TOKEN_MILLIS + 15_000).await {
                let mut state = app.live.0.state.borrow_mut();
                if state.link.is_ready() {
                    state.token = Some(token);
                    state.introduce();
                }
            }
        });
    }

    /// Lets the streams take a step, and does what follows from it.
    fn step(&self, app: &App, step: impl FnOnce(&mut CatchUp, u64) -> Vec<Step>) {
        let steps = step(&mut self.0.state.borrow_mut().streams, clock::elapsed());
        self.run(app, steps);
        self.arm(app);
    }
}

impl State {
    /// Says who one is, and notes when that has to be said again.
    fn introduce(&mut self) {
        let (Some(socket), Some(token)) = (&self.socket, &self.token) else {
            return;
        };
        let text = token.text.clone();
        send(socket, &ClientFrame::Auth { token: text });
        let left = token.ends_at - clock::now().as_millis();
        // Of a token that lives shorter than that, in the middle of its life.
        let wait = (left - TOKEN_MILLIS).max(left / 2).max(1_000);
        self.renew_at = Some(clock::elapsed() + wait.unsigned_abs());
    }
}

fn send(socket: &Socket, frame: &ClientFrame) {
    if let Ok(text) = serde_json::to_string(frame) {
        socket.send(&text);
    }
}

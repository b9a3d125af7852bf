//! What `CatchUp` asks for: events after a position, where all streams stand, an object read anew.

use hearth_shared::endpoint::Nothing;
use hearth_shared::realtime::catch_up::{FetchError, Step};
use hearth_shared::realtime::{
    EventPage, EventsQuery, GetSync, ListConversationEvents, ListMyEvents, Stream,
};

use super::{Live, apply};
use crate::context::App;
use crate::features::chats;
use crate::platform::api::Failure;
use crate::platform::{clock, random, spawn};

impl Live {
    /// Does what the streams ask for, in order.
    pub(super) fn run(&self, app: &App, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Apply { event, counts, .. } => apply::event(app, &event, counts),
                Step::Fetch { stream, after } => self.fetch(app, stream, after),
                Step::Sync => self.sync(app),
                Step::Reread(stream) => self.reread(app, stream),
                Step::Unknown(stream) => self.learn(app, stream),
                Step::Forget => apply::reload(app),
            }
        }
    }

    fn fetch(&self, app: &App, stream: Stream, after: u64) {
        let app = app.clone();
        spawn(async move {
            let outcome = events(&app, stream, after).await;
            app.live.step(&app, |streams, now| match outcome {
                Ok(page) => streams.on_page(now, stream, after, page),
                Err(failure) => {
                    streams.on_fetch_failed(now, stream, error_of(stream, &failure), random::fraction())
                }
            });
        });
    }

    fn sync(&self, app: &App) {
        let app = app.clone();
        spawn(async move {
            let outcome = app.base.api.get(&GetSync {}, &Nothing).await;
            let me = Stream::User(app.user.id);
            match outcome {
                Ok(sync) => {
                    let applied = app.live.0.state.borrow().streams.applied(me);
                    if applied.is_none_or(|applied| applied <= sync.user_seq) {
                        app.activity.change(|activity| activity.counts = sync.counts);
                    }
                    app.live
                        .step(&app, |streams, now| streams.on_sync(now, me, &sync));
                    // After that: it may have forgotten everything.
                    app.chats.change(|chats| chats.on_sync(&sync));
                }
                Err(_) => {
                    let now = clock::elapsed();
                    let mut state = app.live.0.state.borrow_mut();
                    state.streams.on_sync_failed(now, random::fraction());
                    drop(state);
                    app.live.arm(&app);
                }
            }
        });
    }

    /// A stream moved too far: the object is read anew, and followed from a position before that.
    fn reread(&self, app: &App, stream: Stream) {
        let app = app.clone();
        spawn(async move {
            let mut outcome = position(&app, stream).await;
            match (&outcome, stream) {
                (Ok(_), Stream::User(_)) => apply::reload(&app),
                (Ok(_), Stream::Conversation(id)) if app.chats.read(|chats| chats.talk(id).log.is_some()) => {
                    if let Err(failure) = chats::pages::read_anew(&app, id).await {
                        outcome = Err(failure);
                    }
                }
                _ => {}
            }
            if outcome.is_ok() && matches!(stream, Stream::User(_)) {
                // The numbers of all conversations went with the rest.
                app.live.run(&app, vec![Step::Sync]);
            }
            app.live.step(&app, |streams, now| match outcome {
                Ok(seq) => streams.restart(now, stream, seq),
                Err(failure) => {
                    streams.on_fetch_failed(now, stream, error_of(stream, &failure), random::fraction())
                }
            });
        });
    }

    /// A conversation that is not followed yet.
    fn learn(&self, app: &App, stream: Stream) {
        let Stream::Conversation(id) = stream else {
            // One's own stream is followed with the first answer that tells its position.
            return;
        };
        if !self.0.state.borrow_mut().learning.insert(stream) {
            return;
        }
        let app = app.clone();
        spawn(async move {
            for failures in 0.. {
                match chats::actions::fetch(&app, id).await {
                    Ok(_) => {
                        chats::actions::noticed(&app, id);
                        break;
                    }
                    Err(failure) if failure.is_passing() && app.base.api.is_current() => {
                        clock::sleep(chats::actions::pause(failures)).await;
                    }
                    Err(_) => break,
                }
            }
            app.live.0.state.borrow_mut().learning.remove(&stream);
        });
    }
}

/// One's own stream is always there: whatever says otherwise stands in between.
fn error_of(stream: Stream, failure: &Failure) -> FetchError {
    match failure.code().map(|code| code.status()) {
        Some(404) if matches!(stream, Stream::Conversation(_)) => FetchError::NotFound,
        Some(409 | 410) => FetchError::OutOfRange,
        _ => FetchError::Temporary,
    }
}

async fn events(app: &App, stream: Stream, after: u64) -> Result<EventPage, Failure> {
    let query = EventsQuery { after, limit: None };
    let api = &app.base.api;
    match stream {
        Stream::User(_) => api.get(&ListMyEvents {}, &query).await,
        Stream::Conversation(conversation_id) => {
            api.get(&ListConversationEvents { conversation_id }, &query).await
        }
    }
}

/// Where a stream stands.
async fn position(app: &App, stream: Stream) -> Result<u64, Failure> {
    match stream {
        Stream::User(_) => Ok(app.base.api.get(&GetSync {}, &Nothing).await?.user_seq),
        Stream::Conversation(id) => chats::actions::fetch(app, id).await,
    }
}

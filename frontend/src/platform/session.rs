//! Who is signed in in this browser. The access token lives in memory only; the refresh token is a cookie
//! that no script can read. One refresh at a time, in this tab and, where the browser has locks, in all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hearth_shared::auth::{self, Logout, Refresh, RefreshToken, SessionQuery};
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::UserCard;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{BroadcastChannel, MessageEvent};

use super::api::{Failure, call_public};
use super::{clock, events, push, spawn, storage, worker};
use crate::store::Store;

/// That somebody signed in here before, and who: saves those who never did a call that must fail, and says whose
/// saved answers may be shown while nobody answers. Gone when they sign out.
const HINT: &str = "hearth.signed-in";
/// That a sign-out has not reached the server yet.
const OWED: &str = "hearth.sign-out-owed";
const CHANNEL: &str = "hearth";
const LOCK: &str = "hearth-refresh";
/// Who waits longer for the first answer goes on with what was saved.
const PATIENCE_MILLIS: u32 = 3_000;
/// Pauses between tries to find out who is signed in.
const FIRST_PAUSE_SECONDS: u32 = 3;
const LAST_PAUSE_SECONDS: u32 = 30;
/// A token that ends this soon is not used any more.
const MARGIN_MILLIS: i64 = 60_000;

/// How things stand with signing in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Phase {
    /// Finding out.
    Booting,
    /// Could not find out, and why; it is tried again.
    Unreachable(Failure),
    /// Nobody.
    SignedOut(Why),
    /// Somebody.
    SignedIn(UserCard),
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// They had not signed in.
    Fresh,
    /// They signed out, here or in another tab.
    Person,
    /// The server ended it.
    Ended,
    /// The host has suspended them.
    Suspended,
}

/// An access token. It is held in memory only.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// When it ends: milliseconds of [`clock::now`].
    pub(crate) ends_at: i64,
}

struct Inner {
    phase: Store<Phase>,
    /// Grows when the person changes: what was begun for one must not be carried out as another.
    epoch: Cell<u32>,
    token: RefCell<Option<Token>>,
    /// Somebody is taken for signed in because they were, and nobody has answered yet whether they still are.
    adrift: Cell<bool>,
    refreshing: RefCell<Option<Promise>>,
    refreshed: RefCell<Result<(), Failure>>,
    channel: Option<BroadcastChannel>,
}

/// The session of this tab. Clones are the same session.
#[derive(Clone)]
pub(crate) struct Session(Rc<Inner>);

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Session {
    /// A session that follows the other tabs.
    pub(crate) fn new() -> Self {
        let session = Self(Rc::new(Inner {
            phase: Store::new(Phase::Booting),
            epoch: Cell::new(0),
            token: RefCell::default(),
            adrift: Cell::new(false),
            refreshing: RefCell::default(),
            refreshed: RefCell::new(Ok(())),
            channel: BroadcastChannel::new(CHANNEL).ok(),
        }));
        if let Some(channel) = &session.0.channel {
            let here = session.clone();
            events::on_element(channel, "message", move |event| {
                let message = event
                    .dyn_ref::<MessageEvent>()
                    .and_then(|event| event.data().as_string());
                here.hear(message.as_deref().unwrap_or_default());
            })
            .forget();
        }
        session
    }

    /// How things stand, for those who show it.
    pub(crate) fn phase(&self) -> &Store<Phase> {
        &self.0.phase
    }

    /// Whether the server ended it.
    pub(crate) fn has_ended(&self) -> bool {
        self.phase()
            .read(|phase| matches!(phase, Phase::SignedOut(Why::Ended | Why::Suspended)))
    }

    /// Which person's time it is.
    pub(super) fn epoch(&self) -> u32 {
        self.0.epoch.get()
    }

    /// Whether nobody has answered yet if the person is still signed in: they see what was saved.
    pub(crate) fn is_adrift(&self) -> bool {
        self.0.adrift.get()
    }

    /// Who is signed in.
    pub(super) fn person(&self) -> Option<String> {
        self.phase().read(|phase| match phase {
            Phase::SignedIn(user) => Some(user.id.to_string()),
            _ => None,
        })
    }

    /// Pays a sign-out that is owed, and asks who is signed in, as soon as there is a network.
    pub(crate) fn follow_network(&self) {
        let here = self.clone();
        events::on_window("online", move |_| {
            let here = here.clone();
            spawn(async move {
                if storage::get(OWED).is_some() {
                    here.tell_signed_out().await;
                }
                if here.is_adrift() {
                    drop(here.refresh().await);
                }
            });
        })
        .forget();
    }

    /// Finds out who is signed in. What stands in the way may pass, so it is tried again until somebody knows.
    pub(crate) async fn boot(&self) {
        if storage::get(OWED).is_some() {
            self.tell_signed_out().await;
        }
        if storage::get(HINT).is_none() {
            self.set_phase(Phase::SignedOut(Why::Fresh));
            return;
        }
        if let Phase::SignedOut(_) = self.phase().read(Clone::clone) {
            self.set_phase(Phase::Booting);
        }
        let slow = self.clone();
        spawn(async move {
            clock::sleep(PATIENCE_MILLIS).await;
            if slow.phase().read(|phase| *phase == Phase::Booting) {
                slow.drift();
            }
        });
        let mut pause = FIRST_PAUSE_SECONDS;
        while let Err(failure) = self.refresh().await {
            if ends(&failure) {
                return;
            }
            let wait = failure.retry_after().unwrap_or(pause);
            // What is shown already stays, whatever the server says now. Behind a proxy one that is away is one that fails.
            if failure.is_passing() {
                self.drift();
            }
            if !self.is_adrift() {
                self.set_phase(Phase::Unreachable(failure));
            }
            clock::sleep(wait.saturating_mul(1000)).await;
            pause = (pause * 2).min(LAST_PAUSE_SECONDS);
            let unknown = self.phase().read(|phase| matches!(phase, Phase::Unreachable(_)));
            if !unknown && !self.is_adrift() {
                return;
            }
        }
    }

    /// Nobody answers: goes on as whoever was signed in last, without a token, where something may have been saved of
    /// theirs. It goes on being tried meanwhile.
    fn drift(&self) {
        let waiting = self
            .phase()
            .read(|phase| matches!(phase, Phase::Booting | Phase::Unreachable(_)));
        if let Some(user) = storage::get(HINT).as_deref().and_then(last_one)
            && waiting
            && worker::is_there()
        {
            self.0.adrift.set(true);
            self.set_phase(Phase::SignedIn(user));
        }
    }

    /// Somebody signed in.
    pub(crate) fn start(&self, session: auth::Session) {
        // The cookie is a new one: to sign out now would end what has just begun.
        storage::remove(OWED);
        self.accept(session);
        self.tell("signed-in");
    }

    /// The person signs out: this tab and the others at once, then the server. False when it was not reached;
    /// it will be told at the next start.
    pub(crate) async fn sign_out(&self) -> bool {
        self.end(Why::Person);
        self.tell("signed-out");
        storage::set(OWED, "1");
        self.tell_signed_out().await
    }

    async fn tell_signed_out(&self) -> bool {
        let told = call_public(&Logout {}, &Nothing, &RefreshToken::default())
            .await
            .is_ok();
        if told {
            storage::remove(OWED);
        }
        told
    }

    /// A token that is good for a while.
    pub(crate) async fn token(&self) -> Result<String, Failure> {
        Ok(self.token_lasting(MARGIN_MILLIS).await?.text)
    }

    /// A token that is good for so long: milliseconds.
    pub(crate) async fn token_lasting(&self, margin: i64) -> Result<Token, Failure> {
        let now = clock::now().as_millis();
        match self.current() {
            Some(token) if now < token.ends_at - margin => Ok(token),
            Some(token) => match self.refresh().await {
                Ok(()) => self.current().ok_or_else(ended),
                // The old one still works; the next call tries again.
                Err(failure) if failure.is_passing() && now < token.ends_at => {
                    drop(failure);
                    Ok(token)
                }
                Err(failure) => Err(failure),
            },
            None => {
                self.refresh().await?;
                self.current().ok_or_else(ended)
            }
        }
    }

    /// Another token than the one that the server refused.
    pub(crate) async fn token_after(&self, refused: &str) -> Result<Token, Failure> {
        if let Some(token) = self.current().filter(|token| token.text != refused) {
            return Ok(token);
        }
        self.refresh().await?;
        self.current().ok_or_else(ended)
    }

    fn current(&self) -> Option<Token> {
        self.0.token.borrow().clone()
    }

    async fn refresh(&self) -> Result<(), Failure> {
        // Signed out on purpose: nothing may bring the session back.
        if matches!(self.phase().read(Clone::clone), Phase::SignedOut(_)) {
            return Err(ended());
        }
        let running = self.0.refreshing.borrow().clone();
        let promise = running.unwrap_or_else(|| {
            let here = self.clone();
            let promise = locked(async move {
                let outcome = here.refresh_now().await;
                *here.0.refreshed.borrow_mut() = outcome;
                here.0.refreshing.borrow_mut().take();
            });
            *self.0.refreshing.borrow_mut() = Some(promise.clone());
            promise
        });
        drop(JsFuture::from(promise).await);
        self.0.refreshed.borrow().clone()
    }

    async fn refresh_now(&self) -> Result<(), Failure> {
        let query = SessionQuery { cookie: true };
        match call_public(&Refresh {}, &query, &RefreshToken::default()).await {
            // Somebody may have signed out while the answer was on its way.
            Ok(_) if matches!(self.phase().read(Clone::clone), Phase::SignedOut(Why::Person)) => Err(ended()),
            Ok(session) => {
                self.accept(session);
                Ok(())
            }
            Err(failure) => {
                if ends(&failure) {
                    let booting = !matches!(self.phase().read(Clone::clone), Phase::SignedIn(_));
                    self.end(match failure.code() {
                        Some(ErrorCode::AccountSuspended) => Why::Suspended,
                        _ if booting => Why::Fresh,
                        _ => Why::Ended,
                    });
                }
                Err(failure)
            }
        }
    }

    fn accept(&self, session: auth::Session) {
        if matches!(self.phase().read(Clone::clone), Phase::SignedIn(user) if user.id != session.user.id) {
            self.next_epoch();
        }
        if let Ok(card) = serde_json::to_string(&session.user) {
            storage::set(HINT, &card);
        }
        self.0.adrift.set(false);
        let life = i64::from(session.expires_in) * 1000;
        *self.0.token.borrow_mut() = Some(Token {
            text: session.access_token,
            ends_at: clock::now().as_millis() + life,
        });
        self.set_phase(Phase::SignedIn(session.user));
    }

    fn next_epoch(&self) {
        self.0.epoch.set(self.0.epoch.get() + 1);
    }

    fn end(&self, why: Why) {
        self.next_epoch();
        self.0.token.borrow_mut().take();
        self.0.adrift.set(false);
        storage::remove(HINT);
        storage::remove(push::TOLD);
        worker::forget();
        self.set_phase(Phase::SignedOut(why));
    }

    fn set_phase(&self, new: Phase) {
        if self.phase().read(|old| *old != new) {
            self.phase().change(|old| *old = new);
        }
    }

    fn tell(&self, message: &str) {
        if let Some(channel) = &self.0.channel {
            drop(channel.post_message(&JsValue::from_str(message)));
        }
    }

    fn hear(&self, message: &str) {
        let signed_in = matches!(self.phase().read(Clone::clone), Phase::SignedIn(_));
        match message {
            "signed-out" if signed_in => self.end(Why::Person),
            // The cookie may now be somebody else's: ask who it is.
            "signed-in" => {
                let here = self.clone();
                spawn(async move {
                    here.0.token.borrow_mut().take();
                    if signed_in {
                        drop(here.refresh().await);
                    } else {
                        here.boot().await;
                    }
                });
            }
            _ => {}
        }
    }
}

/// Who was signed in last. Earlier versions only noted that somebody was.
fn last_one(hint: &str) -> Option<UserCard> {
    serde_json::from_str(hint).ok()
}

/// Whether a refused refresh is the end: whoever is suspended, or is leaving, has no session to come back to.
fn ends(failure: &Failure) -> bool {
    failure.is_over()
        || matches!(
            failure.code(),
            Some(ErrorCode::AccountSuspended | ErrorCode::AccountDeletionPending)
        )
}

pub(super) fn ended() -> Failure {
    Failure::refused(ErrorCode::InvalidRefreshToken)
}

/// Runs a future, where the browser has locks (they need https or localhost) while no other tab does.
fn locked(future: impl Future<Output = ()> + 'static) -> Promise {
    let run = move || {
        future_to_promise(async move {
            future.await;
            Ok(JsValue::UNDEFINED)
        })
    };
    let locks = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok())
        .filter(|locks| locks.is_object());
    let Some(locks) = locks else { return run() };
    let Some(request) = Reflect::get(&locks, &"request".into())
        .ok()
        .and_then(|request| request.dyn_into::<Function>().ok())
    else {
        return run();
    };
    let callback = Closure::once_into_js(move |_lock: JsValue| -> JsValue { run().into() });
    request
        .call2(&locks, &LOCK.into(), &callback)
        .ok()
        .and_then(|promise| promise.dyn_into().ok())
        .unwrap_or_else(|| Promise::resolve(&JsValue::UNDEFINED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_here_last_is_known_only_where_it_was_noted() {
        assert_eq!(last_one("1"), None);
        let card = r#"{"id":"7","username":"ada","display_name":"Ada","avatar_url":null,"rev":3}"#;
        let ada = last_one(card);
        assert_eq!(ada.as_ref().map(|user| user.username.as_str()), Some("ada"));
        assert_eq!(serde_json::to_string(&ada).ok().as_deref(), Some(card));
    }

    #[test]
    fn only_the_end_of_a_session_ends_it() {
        assert!(ends(&ended()) && ends(&Failure::refused(ErrorCode::AccountSuspended)));
        for passing in [
            ErrorCode::Unavailable,
            ErrorCode::RateLimited,
            ErrorCode::Internal,
        ] {
            assert!(!ends(&Failure::refused(passing)), "{passing:?}");
        }
        assert!(!ends(&Failure::Unreachable) && !ends(&Failure::Garbled));
    }
}

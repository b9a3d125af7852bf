//! What components reach through a context. Both values live as long as the page or the session do and are
//! compared by address, so that no component is rendered again because of them.

use std::ops::Deref;
use std::rc::Rc;

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::UserId;
use hearth_shared::instance::{GetInstance, Instance};
use hearth_shared::users::UserCard;
use yew::prelude::*;

use crate::features::activity::state::Activity;
use crate::features::chats::preparing::Preparing;
use crate::features::chats::state::Chats;
use crate::features::chats::state::addresses::Addresses;
use crate::features::friends::state::People;
use crate::features::groups::emblem;
use crate::features::posts::composer::Desk;
use crate::features::posts::state::{Composing, Posts};
use crate::features::users::preferences::Preferences;
use crate::features::users::state::Accounts;
use crate::live::Live;
use crate::platform::api::{Api, Failure};
use crate::platform::session::Session;
use crate::platform::spawn;
use crate::store::{Ptr, Store};
use crate::text;
use crate::ui::avatar;
use crate::ui::toast::{self, Toasts, Tone, Undo};

/// For the whole life of the page.
pub(crate) struct BaseValue {
    pub(crate) session: Session,
    pub(crate) api: Api,
    pub(crate) toasts: Store<Toasts>,
    pub(crate) preferences: Store<Preferences>,
    /// What this Hearth offers, once it is known.
    pub(crate) instance: Store<Option<Instance>>,
}

/// Shared handle of [`BaseValue`].
#[derive(Clone)]
pub(crate) struct Base(Rc<BaseValue>);

impl Base {
    pub(crate) fn new() -> Self {
        let session = Session::new();
        Self(Rc::new(BaseValue {
            api: Api::new(session.clone()),
            session,
            toasts: Store::default(),
            preferences: Store::new(Preferences::kept()),
            instance: Store::default(),
        }))
    }

    /// The same for the one person who is signed in now: what is begun in their name ends with them.
    pub(crate) fn for_person(&self) -> Self {
        Self(Rc::new(BaseValue {
            session: self.session.clone(),
            api: self.api.for_person(),
            toasts: self.toasts.clone(),
            preferences: self.preferences.clone(),
            instance: self.instance.clone(),
        }))
    }

    /// Says something in passing.
    pub(crate) fn say(&self, text: impl Into<AttrValue>) {
        if !self.api.is_current() {
            return;
        }
        toast::say(&self.toasts, text.into(), Tone::Calm, None);
    }

    /// The same with a way to take it back, as long as it is said.
    pub(crate) fn offer(&self, text: impl Into<AttrValue>, undo: Undo) {
        toast::say(&self.toasts, text.into(), Tone::Calm, Some(undo));
    }

    /// Says that something went wrong: what, and why.
    pub(crate) fn warn(&self, what: &str, failure: &Failure) {
        // That the session has ended is said by the page that follows.
        if !self.api.is_current() || failure.is_over() {
            return;
        }
        let text = format!("{what} {}", text::errors::failure(failure));
        toast::say(&self.toasts, text.into(), Tone::Problem, None);
    }

    /// Tells a screen reader only.
    pub(crate) fn announce(&self, text: impl Into<AttrValue>) {
        self.toasts.change(|toasts| toasts.announce(text.into()));
    }

    /// Asks what this Hearth offers, unless it is known.
    pub(crate) fn learn_instance(&self) {
        if self.instance.read(Option::is_some) {
            return;
        }
        let base = self.clone();
        spawn(async move {
            if let Ok(instance) = base.api.get(&GetInstance {}, &Nothing).await {
                base.instance.change(|known| *known = Some(instance));
            }
        });
    }
}

impl Deref for Base {
    type Target = BaseValue;
    fn deref(&self) -> &BaseValue {
        &self.0
    }
}

impl PartialEq for Base {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// For as long as one person is signed in. Made anew for the next one: nothing of the first remains.
pub(crate) struct AppValue {
    pub(crate) base: Base,
    pub(crate) user: UserCard,
    pub(crate) posts: Store<Posts>,
    pub(crate) people: Store<People>,
    pub(crate) accounts: Store<Accounts>,
    pub(crate) chats: Store<Chats>,
    /// Where what stands beside messages is to be found.
    pub(crate) addresses: Store<Addresses>,
    /// What is to stand beside the next ones.
    pub(crate) preparing: Preparing,
    pub(crate) activity: Store<Activity>,
    /// Friends who are here now.
    pub(crate) online: Store<Ptr<Vec<UserId>>>,
    /// The connection through which all of it stays as it is on the server.
    pub(crate) live: Live,
    /// Whether the palette of the search is open.
    pub(crate) seeking: Store<bool>,
    /// The post that is being written, when the composer is open.
    pub(crate) composing: Store<Option<Composing>>,
    /// The new post that is being prepared, whether the composer is open or not.
    pub(crate) desk: Desk,
}

/// Shared handle of [`AppValue`].
#[derive(Clone)]
pub(crate) struct App(Rc<AppValue>);

impl App {
    pub(crate) fn new(base: Base, user: UserCard) -> Self {
        avatar::forget();
        emblem::forget();
        Self(Rc::new(AppValue {
            base: base.for_person(),
            desk: Desk::new(user.id),
            user,
            posts: Store::default(),
            people: Store::default(),
            accounts: Store::default(),
            chats: Store::default(),
            addresses: Store::default(),
            preparing: Preparing::default(),
            activity: Store::default(),
            online: Store::new(Ptr::new(Vec::new())),
            live: Live::new(),
            seeking: Store::default(),
            composing: Store::default(),
        }))
    }
}

impl Deref for App {
    type Target = AppValue;
    fn deref(&self) -> &AppValue {
        &self.0
    }
}

impl PartialEq for App {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The context of the whole page.
#[hook]
pub(crate) fn use_base() -> Base {
    use_context::<Base>().unwrap_or_else(Base::new)
}

/// The context of the signed-in person. Components that use it are only rendered inside of it.
#[hook]
pub(crate) fn use_app() -> App {
    let base = use_base();
    use_context::<App>().unwrap_or_else(|| {
        // Cannot happen; a blank person is better than a page that stops.
        App::new(base, crate::features::users::state::nobody())
    })
}

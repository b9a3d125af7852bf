//! Settings of which every choice is saved at once: what is chosen and what the server knows of it. Choices are shown at
//! once and sent one after the other, so that the last one also is the last that arrives; one that is refused is taken
//! back. Only what was chosen here is sent: what another device has changed meanwhile is shown, not undone.

use std::rc::Rc;

use hearth_shared::endpoint::{Endpoint, Nothing};
use yew::prelude::*;

use super::context::{Own, use_own};
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::store::{Store, use_selected};

/// What can be chosen, as it is read, changed and sent.
pub(super) trait Settings: Clone + PartialEq + 'static {
    /// What of it is to change; what is absent stays.
    type Change: Clone + 'static;
    /// Where it is read.
    type Get: Endpoint<Query = Nothing, Body = Nothing, Reply = Self>;
    /// Where changes go; the answer is how things are then.
    type Put: Endpoint<Query = Nothing, Body = Self::Change, Reply = Self>;

    const GET: Self::Get;
    const PUT: Self::Put;
    /// What is said of a change that arrived, and of one that did not.
    const SAVED: &'static str;
    const NOT_SAVED: &'static str;

    /// What makes an old state a new one; `None` when they are the same.
    fn difference(new: &Self, old: &Self) -> Option<Self::Change>;

    /// Takes a change in.
    fn apply(&mut self, change: &Self::Change);
}

/// Shown and known settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choices<S> {
    pub(super) shown: S,
    known: S,
    /// What was shown when that which is on its way was sent.
    sent: Option<S>,
}

impl<S: Settings> Choices<S> {
    /// As they were read.
    pub(super) fn new(known: S) -> Self {
        Self {
            shown: known.clone(),
            known,
            sent: None,
        }
    }

    /// What is to be sent now: what differs, unless something is on its way.
    pub(super) fn next(&mut self) -> Option<S::Change> {
        if self.sent.is_some() {
            return None;
        }
        let change = S::difference(&self.shown, &self.known)?;
        self.sent = Some(self.shown.clone());
        Some(change)
    }

    /// It arrived, and this is how things are now.
    pub(super) fn settled(&mut self, known: S) {
        let since = self
            .sent
            .take()
            .and_then(|sent| S::difference(&self.shown, &sent));
        self.shown = known.clone();
        self.known = known;
        if let Some(since) = since {
            self.shown.apply(&since);
        }
    }

    /// It was refused or lost: it is shown as it was before, and so is what was chosen meanwhile.
    pub(super) fn refused(&mut self) {
        self.sent = None;
        self.shown = self.known.clone();
    }
}

/// None until they are read, or could not be.
type Reading<S> = Option<Result<Choices<S>, Failure>>;

/// Settings of one's own, on a page.
#[derive(Clone)]
pub(super) struct Chooser<S> {
    own: Own,
    store: Rc<Store<Reading<S>>>,
    /// As they are shown.
    pub(super) shown: Option<Result<S, Failure>>,
}

/// Reads them, and again for somebody else.
#[hook]
pub(super) fn use_choices<S: Settings>() -> Chooser<S> {
    let own = use_own();
    let store = use_memo((), |()| Store::<Reading<S>>::default());
    let shown = use_selected(&store, (), |reading, ()| {
        let shown = reading.as_ref().map(Result::as_ref);
        shown.map(|choices| choices.map(|choices| choices.shown.clone()).map_err(Clone::clone))
    });
    let chooser = Chooser { own, store, shown };
    let reader = chooser.clone();
    use_effect_with(chooser.own.clone(), move |_| reader.read());
    chooser
}

impl<S: Settings> Chooser<S> {
    fn read(&self) {
        let (own, store) = (self.own.clone(), Rc::clone(&self.store));
        spawn(async move {
            let outcome = own.base.api.get(&S::GET, &Nothing).await;
            store.change(|reading| *reading = Some(outcome.map(Choices::new)));
        });
    }

    /// What reads them once more.
    pub(super) fn again(&self) -> Callback<()> {
        let chooser = self.clone();
        Callback::from(move |()| chooser.read())
    }

    /// Shows a choice and sends it.
    pub(super) fn choose(&self, change: impl FnOnce(&mut S)) {
        self.store.change(|reading| {
            if let Some(Ok(choices)) = reading {
                change(&mut choices.shown);
            }
        });
        let (own, store) = (self.own.clone(), Rc::clone(&self.store));
        spawn(async move {
            let next = |reading: &mut Reading<S>| match reading {
                Some(Ok(choices)) => choices.next(),
                _ => None,
            };
            while let Some(wanted) = store.change_quietly(next) {
                let outcome = own.base.api.send(&S::PUT, &wanted).await;
                let failure = store.change(|reading| match (reading, outcome) {
                    (Some(Ok(choices)), Ok(known)) => {
                        choices.settled(known);
                        None
                    }
                    (Some(Ok(choices)), Err(failure)) => {
                        choices.refused();
                        Some(failure)
                    }
                    _ => None,
                });
                match failure {
                    Some(failure) => own.base.warn(S::NOT_SAVED, &failure),
                    None => own.base.announce(S::SAVED),
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::privacy::{PrivacySettings, Reach};

    use super::*;

    fn choices() -> Choices<PrivacySettings> {
        Choices::new(PrivacySettings::default())
    }

    #[test]
    fn one_at_a_time_and_the_last_one_wins() {
        let mut choices = choices();
        assert_eq!(choices.next(), None);
        choices.shown.findable = Reach::Nobody;
        let first = choices.next().unwrap();
        assert_eq!(
            (first.findable, first.friend_requests),
            (Some(Reach::Nobody), None)
        );
        choices.shown.findable = Reach::FriendsOfFriends;
        assert_eq!(choices.next(), None, "one is on its way");
        choices.settled(PrivacySettings {
            findable: Reach::Nobody,
            ..PrivacySettings::default()
        });
        assert_eq!(choices.shown.findable, Reach::FriendsOfFriends);
        assert_eq!(choices.next().unwrap().findable, Some(Reach::FriendsOfFriends));
        choices.settled(choices.shown.clone());
        assert_eq!(choices.next(), None);
    }

    #[test]
    fn what_another_device_changed_is_shown_and_not_undone() {
        let mut choices = choices();
        choices.shown.show_online = false;
        assert!(choices.next().is_some());
        choices.shown.find_by_email = true;
        choices.settled(PrivacySettings {
            show_online: false,
            messages: Reach::Nobody,
            ..PrivacySettings::default()
        });
        assert_eq!(choices.shown.messages, Reach::Nobody);
        let next = choices.next().unwrap();
        assert_eq!((next.find_by_email, next.messages), (Some(true), None));
    }

    #[test]
    fn what_is_refused_is_taken_back() {
        let mut choices = choices();
        choices.shown.show_online = false;
        assert!(choices.next().is_some());
        choices.refused();
        assert_eq!(choices.shown, PrivacySettings::default());
        assert_eq!(choices.next(), None);
        // There and back again before anything was sent: nothing to do.
        choices.shown.find_by_email = true;
        choices.shown.find_by_email = false;
        assert_eq!(choices.next(), None);
    }
}

//! What the settings share: the person who is signed in and their own account.

use std::ops::Deref;
use std::rc::Rc;

use hearth_shared::endpoint::Nothing;
use hearth_shared::time::Timestamp;
use hearth_shared::users::{GetMe, Me, UserCard};
use yew::prelude::*;

use crate::context::{Base, use_base};
use crate::features::users::state::{Reading, nobody};
use crate::platform::spawn;
use crate::store::Store;

/// When the account of the person who has just left will be deleted; their page says so after they are signed out.
pub(crate) type Farewell = Store<Option<Timestamp>>;

/// For as long as one person is signed in. Made anew for the next one: nothing of the first remains.
pub(crate) struct OwnValue {
    pub(crate) base: Base,
    /// As they were when this began; what they have changed since stands in `me`.
    pub(crate) user: UserCard,
    pub(crate) me: Store<Reading<Me>>,
}

/// Shared handle of [`OwnValue`].
#[derive(Clone)]
pub(crate) struct Own(Rc<OwnValue>);

impl Own {
    pub(crate) fn new(base: &Base, user: UserCard) -> Self {
        Self(Rc::new(OwnValue {
            base: base.for_person(),
            user,
            me: Store::default(),
        }))
    }

    /// Reads one's own account.
    pub(crate) fn load_me(&self) {
        let own = self.clone();
        spawn(async move {
            let outcome = own.base.api.get(&GetMe {}, &Nothing).await;
            own.me.change(|me| me.settle(outcome));
        });
    }
}

impl Deref for Own {
    type Target = OwnValue;
    fn deref(&self) -> &OwnValue {
        &self.0
    }
}

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The context of the signed-in person. Components that use it are only rendered inside of it.
#[hook]
pub(crate) fn use_own() -> Own {
    let base = use_base();
    use_context::<Own>().unwrap_or_else(|| {
        // Cannot happen; a blank person is better than a page that stops.
        Own::new(&base, nobody())
    })
}

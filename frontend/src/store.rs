//! Values that many components look at. A component says which part it shows and is rendered again only when
//! that part differs: one like re-renders one card, not the feed.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use yew::prelude::*;

use crate::effect::use_effect_with;

type Listeners = RefCell<Vec<(u64, Rc<dyn Fn()>)>>;

struct Inner<S> {
    value: RefCell<S>,
    listeners: Listeners,
    next: Cell<u64>,
}

/// A shared value with listeners. Clones are the same store.
pub(crate) struct Store<S>(Rc<Inner<S>>);

impl<S> Clone for Store<S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<S> PartialEq for Store<S> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<S: Default> Default for Store<S> {
    fn default() -> Self {
        Self::new(S::default())
    }
}

impl<S> Store<S> {
    pub(crate) fn new(value: S) -> Self {
        Self(Rc::new(Inner {
            value: RefCell::new(value),
            listeners: RefCell::default(),
            next: Cell::new(0),
        }))
    }

    /// Looks at the value. Must not change the store meanwhile.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&self.0.value.borrow())
    }

    /// Changes the value, then tells the listeners.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let result = change(&mut self.0.value.borrow_mut());
        notify(&self.0.listeners);
        result
    }

    /// Changes what no listener shows.
    pub(crate) fn change_quietly<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        change(&mut self.0.value.borrow_mut())
    }

    fn listen(&self, listener: Rc<dyn Fn()>) -> u64 {
        let id = self.0.next.get();
        self.0.next.set(id + 1);
        self.0.listeners.borrow_mut().push((id, listener));
        id
    }

    fn forget(&self, id: u64) {
        self.0.listeners.borrow_mut().retain(|(other, _)| *other != id);
    }
}

/// Outside of the generic code, so that it exists once in the binary. The list is copied because a listener
/// may remove itself.
fn notify(listeners: &Listeners) {
    let now: Vec<_> = listeners.borrow().iter().map(|(_, act)| Rc::clone(act)).collect();
    for listener in now {
        listener();
    }
}

/// The part of a store that a component shows. `select` must depend on nothing but its arguments.
#[hook]
pub(crate) fn use_selected<S, D, T>(store: &Store<S>, deps: D, select: fn(&S, &D) -> T) -> T
where
    S: 'static,
    D: PartialEq + Clone + 'static,
    T: PartialEq + Clone + 'static,
{
    let update = use_force_update();
    let shown = use_mut_ref(|| None::<T>);
    let value = store.read(|state| select(state, &deps));
    *shown.borrow_mut() = Some(value.clone());
    use_effect_with((store.clone(), deps), move |(store, deps)| {
        let (store, deps) = (store.clone(), deps.clone());
        let source = store.clone();
        let check = move || {
            let fresh = source.read(|state| select(state, &deps));
            if shown.borrow().as_ref() != Some(&fresh) {
                update.force_update();
            }
        };
        // The value may have changed between rendering and this effect.
        check();
        let id = store.listen(Rc::new(check));
        move || store.forget(id)
    });
    value
}

/// A shared value that is compared by address: two are equal when they are the same allocation.
#[derive(Debug)]
pub(crate) struct Ptr<T>(Rc<T>);

impl<T> Ptr<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: Clone> Ptr<T> {
    /// Changes the value; whoever holds the old one keeps it.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut T)) {
        let mut value = (*self.0).clone();
        change(&mut value);
        self.0 = Rc::new(value);
    }
}

impl<T: Default> Default for Ptr<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Clone for Ptr<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Ptr<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Ptr<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_hear_of_changes_until_they_leave() {
        let store = Store::new(1);
        let heard = Rc::new(Cell::new(0));
        let ears = Rc::clone(&heard);
        let id = store.listen(Rc::new(move || ears.set(ears.get() + 1)));
        store.change(|value| *value = 2);
        store.change_quietly(|value| *value = 4);
        store.forget(id);
        store.change(|value| *value = 3);
        assert_eq!((heard.get(), store.read(|value| *value)), (1, 3));
    }

    #[test]
    fn changing_a_pointer_leaves_the_old_value_alone() {
        let old = Ptr::new(1);
        let mut new = old.clone();
        assert!(new == old);
        new.change(|value| *value = 2);
        assert!(new != old && *old == 1 && *new == 2);
    }
}

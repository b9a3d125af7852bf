//! What is said in passing, and the two live regions through which a screen reader hears it. A toast stays
//! for eight seconds, longer while it is pointed at; what it says may be taken back as long.

use yew::prelude::*;

use super::button::icon_button;
use super::icon::{Glyph, small_icon};
use crate::effect::use_effect_with;
use crate::platform::clock::Timeout;
use crate::platform::events;
use crate::store::{Store, use_selected};
use crate::text::shell as words;

const LIFE_MILLIS: u32 = 8_000;
const MOST: usize = 3;

/// How a toast is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Calm,
    Problem,
}

#[derive(Debug, Clone, PartialEq)]
struct Toast {
    id: u32,
    text: AttrValue,
    tone: Tone,
    undo: Option<Undo>,
}

/// What becomes of something that can be taken back: true when it was, false when it stands. Called once.
pub(crate) type Undo = Callback<bool>;

/// All toasts, the newest last.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Toasts {
    items: Vec<Toast>,
    next: u32,
    /// What was announced last, and a number of its own: the same once more is news, too.
    announced: (u32, AttrValue),
}

impl Toasts {
    /// Adds one; the same text is not said twice at once. Gives what stands now, because its toast made place.
    fn add(&mut self, text: AttrValue, tone: Tone, undo: Option<Undo>) -> Vec<Undo> {
        let mut gone = self.take(|toast| toast.text == text);
        self.next += 1;
        self.items.push(Toast {
            id: self.next,
            text,
            tone,
            undo,
        });
        if self.items.len() > MOST {
            gone.extend(self.items.remove(0).undo);
        }
        gone
    }

    /// Tells a screen reader only.
    pub(crate) fn announce(&mut self, text: AttrValue) {
        self.announced = (self.announced.0 + 1, text);
    }

    /// Takes all back.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.announced.1 = AttrValue::default();
    }

    fn take(&mut self, which: impl Fn(&Toast) -> bool) -> Vec<Undo> {
        let gone = self.items.iter().filter(|toast| which(toast));
        let gone = gone.filter_map(|toast| toast.undo.clone()).collect();
        self.items.retain(|toast| !which(toast));
        gone
    }
}

/// Says something, perhaps with a way to take it back.
pub(crate) fn say(store: &Store<Toasts>, text: AttrValue, tone: Tone, undo: Option<Undo>) {
    tell(store.change(|toasts| toasts.add(text, tone, undo)), false);
}

/// What is told may say something itself, so the store is not held meanwhile.
fn tell(undos: Vec<Undo>, undone: bool) {
    for undo in undos {
        undo.emit(undone);
    }
}

fn close(store: &Store<Toasts>, id: u32, undone: bool) {
    tell(store.change(|toasts| toasts.take(|toast| toast.id == id)), undone);
}

#[derive(PartialEq, Properties)]
pub(crate) struct ToasterProps {
    pub(crate) toasts: Store<Toasts>,
}

/// The two live regions; rendered once, before anything is said.
#[component]
pub(crate) fn Toaster(props: &ToasterProps) -> Html {
    let toasts = use_selected(&props.toasts, (), |toasts, ()| toasts.clone());
    use_effect_with(props.toasts.clone(), |store| {
        let store = store.clone();
        // Who leaves the page takes nothing back any more.
        let guard = events::on_window("pagehide", move |_| {
            tell(
                store.change(|toasts| toasts.take(|toast| toast.undo.is_some())),
                false,
            );
        });
        move || drop(guard)
    });
    let of = |tone: Tone| {
        let store = props.toasts.clone();
        toasts
            .items
            .iter()
            .filter(move |toast| toast.tone == tone)
            .map(move |toast| {
                html! { <ToastCard key={toast.id} toast={toast.clone()} store={store.clone()} /> }
            })
    };
    let (number, text) = toasts.announced.clone();
    html! {
        <div class="toasts">
            <div role="alert">{ for of(Tone::Problem) }</div>
            <div role="status">
                <span key={number} class="vh">{ text }</span>
                { for of(Tone::Calm) }
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ToastCardProps {
    toast: Toast,
    store: Store<Toasts>,
}

#[component]
fn ToastCard(props: &ToastCardProps) -> Html {
    let held = use_state_eq(|| false);
    let id = props.toast.id;
    let dismiss = use_callback((props.store.clone(), id), |(), (store, id)| {
        close(store, *id, false)
    });
    let undo = {
        let store = props.store.clone();
        Callback::from(move |_: MouseEvent| close(&store, id, true))
    };
    use_effect_with((*held, dismiss.clone()), |(held, dismiss)| {
        let dismiss = dismiss.clone();
        let timer = (!held).then(|| Timeout::new(LIFE_MILLIS, move || dismiss.emit(())));
        move || drop(timer)
    });
    let hold = |on: bool| {
        let held = held.clone();
        move || held.set(on)
    };
    let (enter, leave, focus, blur) = (hold(true), hold(false), hold(true), hold(false));
    let problem = props.toast.tone == Tone::Problem;
    html! {
        <div
            class="toast"
            onmouseover={move |_: MouseEvent| enter()}
            onmouseout={move |_: MouseEvent| leave()}
            onfocusin={move |_: FocusEvent| focus()}
            onfocusout={move |_: FocusEvent| blur()}
        >
            if problem { { small_icon(Glyph::Alert) } }
            <span>{ &props.toast.text }</span>
            if props.toast.undo.is_some() {
                <button type="button" class="text-btn toast__undo" onclick={undo}>{ words::UNDO }</button>
            }
            { icon_button(Glyph::Close, words::DISMISS, "toast__close", false, &dismiss) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;

    #[test]
    fn few_toasts_and_none_twice() {
        let mut toasts = Toasts::default();
        for text in ["a", "b", "a", "c", "d"] {
            toasts.add(text.into(), Tone::Calm, None);
        }
        let texts: Vec<&str> = toasts.items.iter().map(|toast| toast.text.as_str()).collect();
        assert_eq!(texts, ["a", "c", "d"]);
    }

    #[test]
    fn the_same_is_announced_twice() {
        let mut toasts = Toasts::default();
        toasts.announce("a".into());
        let once = toasts.announced.clone();
        toasts.announce("a".into());
        assert_ne!(toasts.announced, once);
    }

    #[test]
    fn what_can_be_taken_back_stands_once_its_toast_is_gone() {
        let store = Store::<Toasts>::default();
        let told = Rc::new(RefCell::new(Vec::new()));
        let offer = |text: &'static str| {
            let told = Rc::clone(&told);
            let undo = Callback::from(move |undone| told.borrow_mut().push((text, undone)));
            say(&store, text.into(), Tone::Calm, Some(undo));
        };
        offer("a");
        offer("b");
        close(&store, 2, true);
        close(&store, 2, true);
        assert_eq!(*told.borrow(), [("b", true)]);
        // The same words about somebody else, and more than there is place for.
        offer("a");
        for text in ["x", "y", "z"] {
            say(&store, text.into(), Tone::Calm, None);
        }
        assert_eq!(*told.borrow(), [("b", true), ("a", false), ("a", false)]);
    }
}

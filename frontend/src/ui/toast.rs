//! What is said in passing, and the two live regions through which a screen reader hears it. A toast stays
//! for eight seconds, longer while it is pointed at.

use yew::prelude::*;

use super::button::icon_button;
use super::icon::{Glyph, small_icon};
use crate::effect::use_effect_with;
use crate::platform::clock::Timeout;
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
}

/// All toasts, the newest last.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Toasts {
    items: Vec<Toast>,
    next: u32,
    announced: AttrValue,
}

impl Toasts {
    /// Adds one; the same text is not said twice at once.
    pub(crate) fn add(&mut self, text: AttrValue, tone: Tone) {
        self.items.retain(|toast| toast.text != text);
        self.next += 1;
        self.items.push(Toast {
            id: self.next,
            text,
            tone,
        });
        if self.items.len() > MOST {
            self.items.remove(0);
        }
    }

    /// Tells a screen reader only.
    pub(crate) fn announce(&mut self, text: AttrValue) {
        self.announced = text;
    }

    /// Takes all back.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.announced = AttrValue::default();
    }

    fn remove(&mut self, id: u32) {
        self.items.retain(|toast| toast.id != id);
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ToasterProps {
    pub(crate) toasts: Store<Toasts>,
}

/// The two live regions; rendered once, before anything is said.
#[component]
pub(crate) fn Toaster(props: &ToasterProps) -> Html {
    let toasts = use_selected(&props.toasts, (), |toasts, ()| toasts.clone());
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
    html! {
        <div class="toasts">
            <div role="alert">{ for of(Tone::Problem) }</div>
            <div role="status">
                <span class="vh">{ &toasts.announced }</span>
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
        store.change(|toasts| toasts.remove(*id));
    });
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
            { icon_button(Glyph::Close, words::DISMISS, "toast__close", false, &dismiss) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_toasts_and_none_twice() {
        let mut toasts = Toasts::default();
        for text in ["a", "b", "a", "c", "d"] {
            toasts.add(text.into(), Tone::Calm);
        }
        let texts: Vec<&str> = toasts.items.iter().map(|toast| toast.text.as_str()).collect();
        assert_eq!(texts, ["a", "c", "d"]);
    }
}

//! What a button opens: a menu, a panel. A press elsewhere closes it, and so does Esc, which gives the focus back to the
//! button.

use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::platform::{dom, events};

/// Whether it is open, and what it consists of.
#[derive(Clone)]
pub(crate) struct Popup {
    open: UseStateHandle<bool>,
    /// Around the button and what it opens.
    pub(crate) root: NodeRef,
    pub(crate) button: NodeRef,
}

/// One that is closed at first.
#[hook]
pub(crate) fn use_popup() -> Popup {
    let popup = Popup {
        open: use_state_eq(|| false),
        root: use_node_ref(),
        button: use_node_ref(),
    };
    let (set, root) = (popup.open.setter(), popup.root.clone());
    use_effect_with(popup.is_open(), move |open| {
        let guard = open.then(|| {
            events::on_document("pointerdown", move |event| {
                if dom::is_outside(&root, event.target()) {
                    set.set(false);
                }
            })
        });
        move || drop(guard)
    });
    popup
}

impl Popup {
    pub(crate) fn is_open(&self) -> bool {
        *self.open
    }

    pub(crate) fn set(&self, open: bool) {
        self.open.set(open);
    }

    /// Closes it; the focus goes back to the button.
    pub(crate) fn leave(&self) {
        self.set(false);
        dom::focus(&self.button);
    }

    /// What a press of the button does.
    pub(crate) fn toggle(&self) -> Callback<MouseEvent> {
        let popup = self.clone();
        Callback::from(move |_| popup.set(!popup.is_open()))
    }

    /// What leaves it at Esc, for one that has no other keys of its own.
    pub(crate) fn leave_at_esc(&self) -> Callback<KeyboardEvent> {
        let popup = self.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && popup.is_open() {
                event.prevent_default();
                event.stop_propagation();
                popup.leave();
            }
        })
    }

    /// What closes it when the focus goes elsewhere on the page.
    pub(crate) fn close_when_left(&self) -> Callback<FocusEvent> {
        let popup = self.clone();
        Callback::from(move |event: FocusEvent| {
            if event.related_target().is_some() && dom::is_outside(&popup.root, event.related_target()) {
                popup.set(false);
            }
        })
    }

    /// What closes it when it is not wanted any more.
    pub(crate) fn close(&self) -> Callback<()> {
        let set = self.open.setter();
        Callback::from(move |()| set.set(false))
    }
}

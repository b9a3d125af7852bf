//! The part that is chosen while the dialog is open, and what fingers, wheel and keys do to it.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::crop::{Crop, LEAP, STEP, ZOOM_STEP};
use super::hands::Hands;

/// The part that is chosen, while the dialog is open. It is drawn through the object model, because the content security
/// policy forbids style attributes.
#[derive(Clone)]
pub(super) struct Cutting {
    pub(super) crop: Rc<RefCell<Option<Crop>>>,
    pub(super) frame: NodeRef,
    pub(super) update: UseForceUpdateHandle,
}

impl Cutting {
    /// What is chosen; none until the picture is open.
    pub(super) fn get(&self) -> Option<Crop> {
        *self.crop.borrow()
    }

    /// Chooses another part.
    pub(super) fn change(&self, change: impl FnOnce(Crop) -> Crop) {
        let Some(crop) = self.get() else { return };
        self.set(change(crop));
    }

    /// Chooses this part.
    pub(super) fn set(&self, crop: Crop) {
        *self.crop.borrow_mut() = Some(crop);
        self.draw(&crop);
        self.update.force_update();
    }

    /// Tells the style sheet where the picture lies; the previews follow the same numbers.
    fn draw(&self, crop: &Crop) {
        let dialog = self
            .frame
            .cast::<Element>()
            .and_then(|frame| frame.closest("dialog").ok().flatten())
            .and_then(|dialog| dialog.dyn_into::<HtmlElement>().ok());
        let Some(dialog) = dialog else { return };
        let placing = crop.placing();
        for (name, value) in [
            ("--crop-width", placing.width),
            ("--crop-left", -placing.left),
            ("--crop-top", -placing.top),
        ] {
            drop(dialog.style().set_property(name, &format!("{value:.4}%")));
        }
    }

    /// A point of the screen in parts of the frame's width from its top left corner; and width by height of the frame.
    fn point(&self, x: i32, y: i32) -> Option<(f64, f64, f64)> {
        let frame = self.frame.cast::<Element>()?.get_bounding_client_rect();
        (frame.width() > 0.0 && frame.height() > 0.0).then(|| {
            (
                (f64::from(x) - frame.left()) / frame.width(),
                (f64::from(y) - frame.top()) / frame.width(),
                frame.width() / frame.height(),
            )
        })
    }
}

/// A finger or a pointer comes down.
pub(super) fn grab(cutting: &Cutting, hands: &Rc<RefCell<Hands>>, busy: bool) -> Callback<PointerEvent> {
    let (cutting, hands) = (cutting.clone(), hands.clone());
    Callback::from(move |event: PointerEvent| {
        if busy || event.button() != 0 {
            return;
        }
        let stage = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest(".crop__stage").ok().flatten());
        if let (Some(stage), Some((x, y, _))) = (stage, cutting.point(event.client_x(), event.client_y())) {
            // It goes on when the pointer leaves the picture.
            drop(stage.set_pointer_capture(event.pointer_id()));
            hands.borrow_mut().put(event.pointer_id(), x, y);
        }
    })
}

/// It moves.
pub(super) fn slide(cutting: &Cutting, hands: &Rc<RefCell<Hands>>) -> Callback<PointerEvent> {
    let (cutting, hands) = (cutting.clone(), hands.clone());
    Callback::from(move |event: PointerEvent| {
        let (Some(crop), Some((x, y, ratio))) =
            (cutting.get(), cutting.point(event.client_x(), event.client_y()))
        else {
            return;
        };
        let slid = hands.borrow_mut().slide(event.pointer_id(), x, y, &crop, ratio);
        if let Some(crop) = slid {
            cutting.set(crop);
        }
    })
}

/// It goes.
pub(super) fn release(hands: &Rc<RefCell<Hands>>) -> Callback<PointerEvent> {
    let hands = hands.clone();
    Callback::from(move |event: PointerEvent| hands.borrow_mut().lift(event.pointer_id()))
}

/// The wheel, or two fingers on a touch pad, enlarge what is under the pointer.
pub(super) fn wheel(cutting: &Cutting, busy: bool) -> Callback<WheelEvent> {
    let cutting = cutting.clone();
    Callback::from(move |event: WheelEvent| {
        event.prevent_default();
        if busy {
            return;
        }
        // Lines and pages of old mice are about so many pixels.
        let delta = event.delta_y() * if event.delta_mode() == 0 { 1.0 } else { 30.0 };
        if let Some((x, y, ratio)) = cutting.point(event.client_x(), event.client_y()) {
            cutting.change(|crop| crop.zoomed_at((-delta * 0.002).exp(), (x, y * ratio)));
        }
    })
}

/// Arrows move, plus and minus enlarge, 0 starts over; Shift makes it more.
pub(super) fn keys(cutting: &Cutting, busy: bool) -> Callback<KeyboardEvent> {
    let cutting = cutting.clone();
    Callback::from(move |event: KeyboardEvent| {
        if busy || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let step = if event.shift_key() { LEAP } else { STEP };
        let change: Box<dyn FnOnce(Crop) -> Crop> = match event.key().as_str() {
            "ArrowLeft" => Box::new(move |crop| crop.moved(-step, 0.0)),
            "ArrowRight" => Box::new(move |crop| crop.moved(step, 0.0)),
            "ArrowUp" => Box::new(move |crop| crop.moved(0.0, -step)),
            "ArrowDown" => Box::new(move |crop| crop.moved(0.0, step)),
            "+" | "=" => Box::new(|crop| crop.zoomed(crop.zoom() * ZOOM_STEP)),
            "-" | "_" => Box::new(|crop| crop.zoomed(crop.zoom() / ZOOM_STEP)),
            "0" => Box::new(Crop::anew),
            _ => return,
        };
        event.prevent_default();
        cutting.change(change);
    })
}

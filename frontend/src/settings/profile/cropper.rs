//! The dialog in which one chooses the part of a picture, and from which it is sent. Everything that can be dragged
//! can also be done with buttons and keys.

use std::cell::RefCell;
use std::rc::Rc;

use hearth_shared::users::{Me, SetAvatar, SetCover};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlImageElement, HtmlInputElement};
use yew::prelude::*;

use super::crop::{Crop, LEAP, STEP, Shape, ZOOM_STEP};
use super::file::{self, Unfit};
use super::hands::Hands;
use crate::context::Base;
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::picture::{self, Picked};
use crate::platform::upload::{self, Stop};
use crate::platform::{dom, spawn};
use crate::settings::context::use_own;
use crate::text::settings::profile as words;
use crate::text::shell;
use crate::ui::button::{Button, Kind, icon_button};
use crate::ui::dialog::Dialog;
use crate::ui::field::{TextField, text_of};
use crate::ui::icon::Glyph;

/// How things stand with the picture.
#[derive(Debug, Clone, PartialEq)]
enum Phase {
    /// The browser opens it.
    Opening,
    /// It is being cut.
    Ready,
    /// It is made smaller.
    Preparing,
    /// So many percent have gone.
    Sending(u32),
}

#[derive(PartialEq, Properties)]
pub(super) struct CropperProps {
    pub(super) shape: Shape,
    pub(super) picked: Rc<Picked>,
    /// It was closed without being saved.
    pub(super) onclose: Callback<()>,
    /// It is saved.
    pub(super) ondone: Callback<Me>,
}

/// The part that is chosen, while the dialog is open. It is drawn through the object model, because the content security
/// policy forbids style attributes.
#[derive(Clone)]
struct Cutting {
    crop: Rc<RefCell<Option<Crop>>>,
    frame: NodeRef,
    update: UseForceUpdateHandle,
}

impl Cutting {
    fn get(&self) -> Option<Crop> {
        *self.crop.borrow()
    }

    fn change(&self, change: impl FnOnce(Crop) -> Crop) {
        let Some(crop) = self.get() else { return };
        self.set(change(crop));
    }

    fn set(&self, crop: Crop) {
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

/// The dialog.
#[component]
pub(super) fn Cropper(props: &CropperProps) -> Html {
    let own = use_own();
    let (frame, image, stage, alt) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let phase = use_state_eq(|| Phase::Opening);
    let problem = use_state_eq(|| None::<AttrValue>);
    let crop = use_mut_ref(|| None::<Crop>);
    let hands = use_mut_ref(Hands::default);
    let stop = use_mut_ref(Stop::default);
    let cutting = Cutting {
        crop,
        frame: frame.clone(),
        update: use_force_update(),
    };
    {
        // Whoever leaves does not want it any more.
        let stop = stop.clone();
        use_effect_with((), move |()| move || stop.borrow().now());
    }
    {
        let stage = stage.clone();
        use_effect_with(*phase == Phase::Ready, move |ready| {
            if *ready && dom::focus_is_lost() {
                dom::focus(&stage);
            }
        });
    }
    let opened = {
        let (cutting, phase, problem) = (cutting.clone(), phase.setter(), problem.setter());
        let (shape, image) = (props.shape, image.clone());
        Callback::from(move |_: Event| {
            let Some(image) = image.cast::<HtmlImageElement>() else { return };
            let (width, height) = picture::size(&image);
            match (file::check_size(width, height), Crop::of(shape, width, height)) {
                (Ok(()), Some(crop)) => {
                    cutting.set(crop);
                    phase.set(Phase::Ready);
                }
                (Err(unfit), _) => problem.set(Some(unfit_words(unfit).into())),
                _ => problem.set(Some(words::BROKEN.into())),
            }
        })
    };
    let broken = {
        let problem = problem.setter();
        Callback::from(move |_: Event| problem.set(Some(words::BROKEN.into())))
    };
    let save = {
        let (base, shape, picked) = (own.base.clone(), props.shape, props.picked.clone());
        let (cutting, image, alt, stop) = (cutting.clone(), image.clone(), alt.clone(), stop.clone());
        let (phase, problem, ondone) = (phase.clone(), problem.setter(), props.ondone.clone());
        Callback::from(move |()| {
            let (Some(crop), Some(image)) = (cutting.get(), image.cast::<HtmlImageElement>()) else {
                return;
            };
            if *phase != Phase::Ready {
                return;
            }
            problem.set(None);
            phase.set(Phase::Preparing);
            let token = Stop::default();
            *stop.borrow_mut() = token.clone();
            let (base, picked, alt) = (base.clone(), picked.clone(), text_of(&alt));
            let (phase, problem, ondone) = (phase.setter(), problem.clone(), ondone.clone());
            spawn(async move {
                let told = {
                    let phase = phase.clone();
                    move |part: f64| phase.set(Phase::Sending((part * 100.0) as u32))
                };
                match send(&base, shape, crop, &picked, &image, alt, &token, told).await {
                    None => phase.set(Phase::Ready),
                    Some(Ok(me)) => ondone.emit(me),
                    Some(Err(why)) => {
                        problem.set(Some(why.into()));
                        phase.set(Phase::Ready);
                    }
                }
            });
        })
    };
    let halt = {
        let stop = stop.clone();
        Callback::from(move |()| stop.borrow().now())
    };
    let shown = cutting.get();
    let busy = matches!(*phase, Phase::Preparing | Phase::Sending(_));
    let (title, kind) = match props.shape {
        Shape::Avatar => (words::CROP_PICTURE, "crop--avatar"),
        Shape::Cover => (words::CROP_COVER, "crop--cover"),
    };
    let url: AttrValue = props.picked.url.clone().into();
    html! {
        <Dialog id="crop" {title} onclose={props.onclose.clone()} first=".crop__stage" class={classes!("dialog--crop", kind)}>
            <p class="form-row__hint" id="crop-hint">{ words::CROP_HINT }</p>
            <div
                class="crop__stage" ref={stage} tabindex="0" role="group" aria-label={words::STAGE}
                aria-describedby="crop-hint crop-place" aria-busy={(*phase == Phase::Opening && problem.is_none()).then_some("true")}
                onpointerdown={grab(&cutting, &hands, busy)}
                onpointermove={slide(&cutting, &hands)}
                onpointerup={release(&hands)}
                onpointercancel={release(&hands)}
                onwheel={wheel(&cutting, busy)}
                onkeydown={keys(&cutting, busy)}
            >
                <div class="crop__frame" ref={frame}>
                    <img src={url.clone()} alt="" ref={image} draggable="false" onload={opened} onerror={broken} />
                </div>
                <div class="crop__mask" aria-hidden="true" />
            </div>
            <p class="vh" role="status" id="crop-place">{ shown.map(|crop| words::placed(crop.spoken())).unwrap_or_default() }</p>
            { controls(&cutting, shown, props.shape, &url, busy) }
            if props.shape == Shape::Cover {
                <TextField id="alt_text" label={words::ALT_TEXT} hint={words::ALT_TEXT_HINT} input={alt} />
            }
            if let Some(text) = (*problem).clone() {
                <div class="notice notice--problem" role="alert"><span>{ text }</span></div>
            }
            <footer class="dialog__foot">
                { progress(&phase) }
                if busy {
                    <Button text={words::STOP} onclick={halt} />
                } else {
                    <Button text={shell::CANCEL} onclick={props.onclose.clone()} />
                }
                <Button
                    kind={Kind::Primary} text={words::SAVE_PICTURE} {busy} disabled={shown.is_none()} onclick={save}
                />
            </footer>
        </Dialog>
    }
}

fn progress(phase: &Phase) -> Html {
    let (text, percent) = match phase {
        Phase::Opening | Phase::Ready => return Html::default(),
        Phase::Preparing => (words::PREPARING.to_owned(), None),
        Phase::Sending(100) => (words::FINISHING.to_owned(), Some(100)),
        Phase::Sending(percent) => (words::sending(*percent), Some(*percent)),
    };
    html! {
        <div class="crop__progress">
            <progress max="100" value={percent.map(|percent| percent.to_string())} aria-label={words::SAVE_PICTURE} />
            <span>{ text }</span>
        </div>
    }
}

/// Slider, buttons and previews.
fn controls(cutting: &Cutting, crop: Option<Crop>, shape: Shape, url: &AttrValue, busy: bool) -> Html {
    let still = busy || crop.is_none();
    let zoom = crop.map_or(1.0, |crop| crop.zoom());
    let most = crop.map_or(1.0, |crop| crop.zoom_max());
    let percent = (zoom * 100.0).round() as u32;
    let button = |change: fn(Crop) -> Crop| {
        let cutting = cutting.clone();
        Callback::from(move |()| cutting.change(change))
    };
    let slider = {
        let cutting = cutting.clone();
        Callback::from(move |event: InputEvent| {
            let value = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                .map(|input| input.value_as_number());
            if let Some(value) = value.filter(|value| value.is_finite() && !busy) {
                cutting.change(|crop| crop.zoomed(value / 100.0));
            }
        })
    };
    html! {
        <div class="crop__controls">
            <div class="crop__tools">
                <div class="crop__zoom">
                    <label for="crop-zoom">{ words::ZOOM }</label>
                    <Button text="−" label={words::ZOOM_OUT} disabled={still || zoom <= 1.0} onclick={button(|crop| crop.zoomed(crop.zoom() / ZOOM_STEP))} />
                    <input
                        type="range" id="crop-zoom" min="100" max={((most * 100.0).round() as u32).to_string()} step="1"
                        value={percent.to_string()} aria-valuetext={words::zoomed(percent)}
                        disabled={crop.is_none() || most <= 1.0} oninput={slider}
                    />
                    <Button text="+" label={words::ZOOM_IN} disabled={still || zoom >= most} onclick={button(|crop| crop.zoomed(crop.zoom() * ZOOM_STEP))} />
                </div>
                if crop.is_some() && most <= 1.0 { <p class="form-row__hint">{ words::SMALL }</p> }
                <div class="crop__moves" role="group" aria-label={words::MOVE}>
                    { icon_button(Glyph::Down, words::MOVE_LEFT, "turn-left", still, &button(|crop| crop.moved(-STEP, 0.0))) }
                    { icon_button(Glyph::Down, words::MOVE_UP, "turn-up", still, &button(|crop| crop.moved(0.0, -STEP))) }
                    { icon_button(Glyph::Down, words::MOVE_DOWN, "", still, &button(|crop| crop.moved(0.0, STEP))) }
                    { icon_button(Glyph::Down, words::MOVE_RIGHT, "turn-right", still, &button(|crop| crop.moved(STEP, 0.0))) }
                    <Button kind={Kind::Ghost} text={words::START_OVER} disabled={still} onclick={button(Crop::anew)} />
                </div>
            </div>
            if shape == Shape::Avatar {
                <div class="crop__previews" role="img" aria-label={words::PREVIEW}>
                    { for ["crop__preview crop__preview--large", "crop__preview"].map(|class| html! {
                        <span {class}><img src={url.clone()} alt="" draggable="false" /></span>
                    }) }
                </div>
            }
        </div>
    }
}

fn grab(cutting: &Cutting, hands: &Rc<RefCell<Hands>>, busy: bool) -> Callback<PointerEvent> {
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

fn slide(cutting: &Cutting, hands: &Rc<RefCell<Hands>>) -> Callback<PointerEvent> {
    let (cutting, hands) = (cutting.clone(), hands.clone());
    Callback::from(move |event: PointerEvent| {
        let (Some(crop), Some((x, y, ratio))) = (cutting.get(), cutting.point(event.client_x(), event.client_y()))
        else {
            return;
        };
        let slid = hands.borrow_mut().slide(event.pointer_id(), x, y, &crop, ratio);
        if let Some(crop) = slid {
            cutting.set(crop);
        }
    })
}

fn release(hands: &Rc<RefCell<Hands>>) -> Callback<PointerEvent> {
    let hands = hands.clone();
    Callback::from(move |event: PointerEvent| hands.borrow_mut().lift(event.pointer_id()))
}

fn wheel(cutting: &Cutting, busy: bool) -> Callback<WheelEvent> {
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

fn keys(cutting: &Cutting, busy: bool) -> Callback<KeyboardEvent> {
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

/// Makes it smaller where that helps, and sends it. None when it was stopped; else what it became, or a sentence.
async fn send(
    base: &Base,
    shape: Shape,
    crop: Crop,
    picked: &Picked,
    image: &HtmlImageElement,
    alt: String,
    stop: &Stop,
    told: impl Fn(f64) + Clone + 'static,
) -> Option<Result<Me, String>> {
    let kind = picked.file.type_();
    let (mut width, mut height) = picture::size(image);
    let mut blob: web_sys::Blob = picked.file.clone().into();
    if let Some(size) = file::smaller(width, height, picked.file.size()) {
        match picture::copy(image, size, file::copy_kind(&kind)).await {
            Some(copy) if copy.size() <= file::sent_max() => {
                blob = copy;
                (width, height) = size;
            }
            _ if file::is_acceptable(width, height, picked.file.size()) => {}
            _ => return Some(Err(words::STILL_TOO_LARGE.to_owned())),
        }
    }
    let part = crop.part(width, height);
    let mut form = upload::Form::new(blob, picked.file.name())
        .with("crop_x", part.x)
        .with("crop_y", part.y)
        .with("crop_size", part.size);
    if !alt.trim().is_empty() {
        form = form.with("alt_text", alt.trim());
    }
    told(0.0);
    let outcome: Option<Result<Me, Failure>> = match shape {
        Shape::Avatar => upload::send(&base.api, &SetAvatar {}, &form, stop, told).await,
        Shape::Cover => upload::send(&base.api, &SetCover {}, &form, stop, told).await,
    };
    Some(outcome?.map_err(|failure| words::picture_failure(&failure)))
}

/// Why a file cannot be used.
pub(super) fn unfit_words(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Kind => words::WRONG_KIND,
        Unfit::Bytes => words::TOO_MANY_BYTES,
        Unfit::Pixels => words::TOO_MANY_PIXELS,
        Unfit::Broken => words::BROKEN,
    }
}

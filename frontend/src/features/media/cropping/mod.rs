//! The dialog in which one chooses the part of a picture, and from which it is sent: for one's own page, and for groups.
//! Everything that can be dragged can also be done with buttons and keys.

mod crop;
mod cutting;
mod file;
mod hands;
mod sending;

use std::pin::Pin;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlImageElement, HtmlInputElement};
use yew::prelude::*;

pub(crate) use self::crop::Shape;
use self::crop::{Crop, STEP, ZOOM_STEP};
use self::cutting::{Cutting, grab, keys, release, slide, wheel};
pub(crate) use self::file::ACCEPT;
use self::file::Unfit;
use self::hands::Hands;
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::picture::{self, Picked};
use crate::platform::upload::{Form, Stop};
use crate::platform::{dom, spawn};
use crate::text::{cropping as words, shell};
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

/// A picture on its way: what it is sent with, what stops it, and who is told what part of it has gone.
pub(crate) type Sending = (Form, Stop, Callback<f64>);

/// What becomes of it; none when it was stopped.
pub(crate) type Sent = Pin<Box<dyn Future<Output = Option<Result<(), Failure>>>>>;

#[derive(PartialEq, Properties)]
pub(crate) struct CropperProps {
    pub(crate) title: AttrValue,
    pub(crate) shape: Shape,
    pub(crate) picked: Rc<Picked>,
    /// It was closed without being saved.
    pub(crate) onclose: Callback<()>,
    /// Sends it, and closes this when it is saved.
    pub(crate) send: Callback<Sending, Sent>,
}

/// A file that was chosen, when it may become a picture; else a sentence.
pub(crate) fn pick(file: web_sys::File) -> Result<Option<Rc<Picked>>, &'static str> {
    match file::check(&file.type_(), file.size()) {
        Ok(()) => Ok(Picked::new(file).map(Rc::new)),
        Err(unfit) => Err(unfit_words(unfit)),
    }
}

/// The dialog.
#[component]
pub(crate) fn Cropper(props: &CropperProps) -> Html {
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
            let Some(image) = image.cast::<HtmlImageElement>() else {
                return;
            };
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
        let (send, picked) = (props.send.clone(), props.picked.clone());
        let (cutting, image, alt, stop) = (cutting.clone(), image.clone(), alt.clone(), stop.clone());
        let (phase, problem) = (phase.clone(), problem.setter());
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
            let (alt, send, picked) = (text_of(&alt), send.clone(), picked.clone());
            let (phase, problem) = (phase.setter(), problem.clone());
            spawn(async move {
                let told = {
                    let phase = phase.clone();
                    Callback::from(move |part: f64| phase.set(Phase::Sending((part * 100.0) as u32)))
                };
                let outcome = match sending::prepare(crop, &alt, &picked, &image).await {
                    Ok(form) => {
                        told.emit(0.0);
                        let outcome = send.emit((form, token, told)).await;
                        outcome.map(|sent| sent.map_err(|failure| words::picture_failure(&failure)))
                    }
                    Err(why) => Some(Err(why.to_owned())),
                };
                match outcome {
                    None => phase.set(Phase::Ready),
                    Some(Ok(())) => {}
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
    let kind = match props.shape {
        Shape::Avatar => "crop--avatar",
        Shape::Cover => "crop--cover",
    };
    let url: AttrValue = props.picked.url.clone().into();
    html! {
        <Dialog id="crop" title={props.title.clone()} onclose={props.onclose.clone()} first=".crop__stage" class={classes!("dialog--crop", kind)}>
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

/// Why a file cannot be used.
fn unfit_words(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Kind => words::WRONG_KIND,
        Unfit::Bytes => words::TOO_MANY_BYTES,
        Unfit::Pixels => words::TOO_MANY_PIXELS,
        Unfit::Broken => words::BROKEN,
    }
}

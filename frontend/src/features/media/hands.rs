//! How files come into somebody's hands: chosen in the system's dialog, dropped, pasted.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::uploads::Uploads;
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::{dom, events, picture};
use crate::ui::button::icon_button;
use crate::ui::icon::Glyph;

/// Takes files that are dropped or pasted: anywhere, or inside of the elements that a selector finds. None takes nothing.
#[hook]
pub(crate) fn use_files(app: &App, uploads: &Uploads, within: Option<&'static str>) {
    let app = app.clone();
    use_effect_with((uploads.clone(), within), move |(uploads, within)| {
        let guards = within.map(|within| {
            let over = events::on_document("dragover", move |event| {
                let here = picture::drags_files(event) && is_within(event, within);
                if here {
                    event.prevent_default();
                }
                dom::set_root_attribute("data-drag", here.then_some("files"));
            });
            let left = events::on_document("dragleave", |_| dom::set_root_attribute("data-drag", None));
            let take = {
                let uploads = uploads.clone();
                move |event: &Event, files| {
                    dom::set_root_attribute("data-drag", None);
                    event.prevent_default();
                    uploads.add(&app, files);
                }
            };
            let dropped = events::on_document("drop", {
                let take = take.clone();
                move |event| {
                    if picture::drags_files(event) && is_within(event, within) {
                        take(event, picture::all_dropped(event));
                    }
                }
            });
            let pasted = events::on_document("paste", move |event| {
                let files = picture::all_pasted(event);
                if !files.is_empty() && is_within(event, within) {
                    take(event, files);
                }
            });
            (over, left, dropped, pasted)
        });
        move || drop(guards)
    });
}

fn is_within(event: &Event, selector: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    // What goes to the page itself goes to nobody else.
    let around = target.map(|target| target.closest(selector));
    around.map_or(selector == ANYWHERE, |around| matches!(around, Ok(Some(_))))
}

/// The selector for the whole page.
pub(crate) const ANYWHERE: &str = ":root";

#[derive(PartialEq, Properties)]
pub(crate) struct AddFilesProps {
    pub(crate) uploads: Uploads,
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    pub(crate) glyph: Glyph,
    /// Kinds, as a file field wants them said; any when absent.
    #[prop_or_default]
    pub(crate) accept: Option<&'static str>,
    /// There is place for one more.
    pub(crate) place: bool,
}

/// The button that opens the system's dialog for files.
#[component]
pub(crate) fn AddFiles(props: &AddFilesProps) -> Html {
    let app = use_app();
    let input = use_node_ref();
    let choose = {
        let input = input.clone();
        Callback::from(move |()| picture::choose(&input))
    };
    let onchange = {
        let (input, uploads) = (input.clone(), props.uploads.clone());
        Callback::from(move |_: Event| uploads.add(&app, picture::all_chosen(&input)))
    };
    html! {
        <>
            <input ref={input} id={props.id} type="file" hidden=true multiple=true accept={props.accept} {onchange} />
            { icon_button(props.glyph, props.label, "", !props.place, &choose) }
        </>
    }
}

//! A film: a picture of it and how long it is, until somebody plays it. It never plays by itself. And what somebody has
//! said, which has no picture.

use hearth_shared::media::{Media, MediaKind};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlMediaElement};
use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::platform::events;
use crate::text::media as words;
use crate::ui::avatar::own;
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(crate) struct FilmProps {
    pub(crate) media: Media,
    pub(crate) author: AttrValue,
    /// Its address has run out.
    pub(crate) onlost: Callback<()>,
}

/// A film or a voice message.
#[component]
pub(crate) fn Film(props: &FilmProps) -> Html {
    let node = use_node_ref();
    let begun = use_state_eq(|| false);
    // Where it stood when its address ran out; with the next one it goes on from there.
    let stopped = use_mut_ref(|| None::<f64>);
    let media = &props.media;
    let url = own(Some(media.url.clone()));
    {
        let (node, begun, stopped) = (node.clone(), begun.setter(), stopped.clone());
        let onlost = props.onlost.clone();
        use_effect_with(url.clone(), move |_| {
            let element = node.cast::<Element>();
            if let (Some(film), Some(at)) = (film(element.as_ref()), stopped.take()) {
                film.set_current_time(at);
                drop(film.play());
            }
            let guards = element.map(|element| {
                let play = events::on_element(&element, "play", move |_| begun.set(true));
                let of = element.clone();
                let error = events::on_element(&element, "error", move |_| {
                    *stopped.borrow_mut() = film(Some(&of)).map(|film| film.current_time());
                    onlost.emit(());
                });
                (play, error)
            });
            move || drop(guards)
        });
    }
    if media.kind == MediaKind::Audio {
        let label = words::voice(media.duration_ms);
        return html! {
            <div class="spoken">
                <span aria-hidden="true">{ small_icon(Glyph::Mic) }{ &label }</span>
                <audio ref={node} src={url} controls=true preload="metadata" aria-label={label} />
            </div>
        };
    }
    let poster = own(media.medium_url.clone().or(media.thumb_url.clone()));
    let label = words::film(&props.author, &media.alt_text);
    html! {
        <div class={classes!("film", media.width.zip(media.height).is_some_and(|(w, h)| h > w).then_some("film--tall"))}>
            <video
                ref={node} src={url} poster={poster} controls=true preload="none" playsinline=true aria-label={label}
                width={media.width.map(|width| width.to_string())} height={media.height.map(|height| height.to_string())}
            />
            if let Some(millis) = media.duration_ms.filter(|_| !*begun) {
                <span class="film__length">
                    { small_icon(Glyph::Play) }<span class="vh">{ words::LENGTH }</span>{ words::length(millis) }
                </span>
            }
        </div>
    }
}

fn film(element: Option<&Element>) -> Option<HtmlMediaElement> {
    element?.clone().dyn_into().ok()
}

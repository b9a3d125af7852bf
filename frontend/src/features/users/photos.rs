//! Somebody's photos: a grid, and one of them large over the page. Which one stands in the address, so that Back
//! closes it.

use hearth_shared::media::Media;
use hearth_shared::users::{ListUserPhotos, UserCard};
use yew::prelude::*;
use yew_router::prelude::*;

use super::actions::{Shown, load_list};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::state::Listing;
use crate::platform::{dom, scroll};
use crate::routes::{self, Route, Tab};
use crate::store::{Ptr, Store, use_selected};
use crate::text::{friends, users as words};
use crate::ui::button::{Button, icon_button};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Glyph;
use crate::ui::picture::Picture;
use crate::ui::states::{empty, failed};

/// How the address says which photo is large.
const PHOTO: &str = "photo";
/// Where the middle size of a photo is large enough.
const PHONE: &str = "(max-width: 599.98px)";

#[derive(PartialEq, Properties)]
pub(super) struct PhotosProps {
    pub(super) user: UserCard,
    pub(super) own: bool,
}

/// The photos of a person.
#[component]
pub(super) fn PhotosTab(props: &PhotosProps) -> Html {
    let app = use_app();
    let list: Shown<Media> = (*use_memo((), |()| Store::new(Ptr::new(Listing::default())))).clone();
    let shown = use_selected(&list, (), |list, ()| list.clone());
    let pushed = use_mut_ref(|| false);
    let open = use_location().and_then(|location| routes::query_value(&location, PHOTO));
    let username = props.user.username.clone();
    let load = use_callback((app, list), move |more: bool, (app, list)| {
        let endpoint = ListUserPhotos {
            username: username.clone(),
        };
        load_list(app, endpoint, list, more, |_, _| {});
    });
    use_effect_with(load.clone(), |load| load.emit(false));
    // The addresses are good for some minutes. All at once run out, and are asked for once.
    let onlost = use_callback(load.clone(), |(), load| load.emit(false));
    let on = |more: bool| {
        let load = load.clone();
        Callback::from(move |()| load.emit(more))
    };
    let page = Route::ProfileTab {
        username: props.user.username.clone(),
        tab: Tab::Photos,
    }
    .to_path();
    let go = {
        let (page, pushed, already) = (page.clone(), pushed.clone(), open.is_some());
        Callback::from(move |id: String| {
            let to = format!("{page}?{PHOTO}={id}");
            scroll::stay();
            if already {
                routes::replace(&to);
            } else {
                pushed.replace(true);
                routes::push(&to);
            }
        })
    };
    let close = Callback::from(move |()| {
        scroll::stay();
        if pushed.replace(false) {
            dom::back();
        } else {
            routes::replace(&page);
        }
    });
    let at = open.and_then(|open| shown.items.iter().position(|one| one.id.to_string() == open));
    html! {
        <>
            if !shown.items.is_empty() {
                <ul class="photos">
                    { for shown.items.iter().enumerate().map(|(index, one)| {
                        let (go, id) = (go.clone(), one.id.to_string());
                        html! {
                            <li key={one.id.to_string()}>
                                <button
                                    type="button" class="photos__one" aria-label={words::open_photo(&one.alt_text, index + 1)}
                                    onclick={move |_: MouseEvent| go.emit(id.clone())}
                                >
                                    <Picture key={one.url.clone()} media={one.clone()} thumb=true onlost={onlost.clone()} />
                                </button>
                            </li>
                        }
                    }) }
                </ul>
            }
            if let Some(failure) = &shown.failure {
                { failed(words::PHOTOS_FAILED, failure, on(!shown.items.is_empty() && shown.next.is_some())) }
            } else if !shown.known {
                <ul class="photos" aria-hidden="true">
                    { for (0..6).map(|_| html! { <li><div class="photos__one skel" /></li> }) }
                </ul>
            } else if shown.items.is_empty() {
                { empty(Glyph::Photo, &words::no_photos(&props.user.display_name, props.own), Html::default()) }
            } else if shown.next.is_some() {
                <div class="more"><Button text={friends::SHOW_MORE} busy={shown.loading} onclick={on(true)} /></div>
            }
            if let Some(at) = at { { viewer(&shown.items, at, &go, &close, &onlost) } }
        </>
    }
}

/// One photo, large.
fn viewer(
    photos: &[Media],
    at: usize,
    go: &Callback<String>,
    close: &Callback<()>,
    onlost: &Callback<()>,
) -> Html {
    let Some(one) = photos.get(at) else {
        return Html::default();
    };
    let step = |to: Option<usize>| {
        let target = to.and_then(|to| photos.get(to)).map(|photo| photo.id.to_string());
        let go = go.clone();
        let act = Callback::from(move |()| {
            if let Some(target) = &target {
                go.emit(target.clone());
            }
        });
        (act, to.is_none_or(|to| to >= photos.len()))
    };
    let (back, first) = step(at.checked_sub(1));
    let (forward, last) = step(Some(at + 1));
    let onkeydown = {
        let (back, forward) = (back.clone(), forward.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowLeft" => back.emit(()),
            "ArrowRight" => forward.emit(()),
            _ => {}
        }
    };
    let mut large = one.clone();
    if dom::matches_media(PHONE) {
        large.url = large.medium_url.take().unwrap_or(large.url);
    }
    html! {
        <Dialog id="viewer" class="dialog--viewer" title={words::photo_of(at + 1, photos.len())} onclose={close.clone()} first=".viewer">
            <figure class="viewer" tabindex="-1" {onkeydown}>
                <Picture key={one.url.clone()} media={large} onlost={onlost.clone()} />
                if !one.alt_text.is_empty() { <figcaption class="meta" aria-hidden="true">{ &one.alt_text }</figcaption> }
                <div class="viewer__steps">
                    { icon_button(Glyph::Back, words::PREVIOUS_PHOTO, "", first, &back) }
                    { icon_button(Glyph::Forward, words::NEXT_PHOTO, "", last, &forward) }
                </div>
            </figure>
        </Dialog>
    }
}

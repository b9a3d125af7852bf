//! Somebody's photos: a grid, and one of them large over the page. Which one stands in the address, so that Back
//! closes it.

use hearth_shared::ids::MediaId;
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
use crate::ui::button::Button;
use crate::ui::icon::Glyph;
use crate::ui::picture::Picture;
use crate::ui::states::{empty, failed};
use crate::ui::viewer::Viewer;

/// How the address says which photo is large.
const PHOTO: &str = "photo";

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
    let step = go.reform(|id: MediaId| id.to_string());
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
            if let Some(at) = at {
                <Viewer photos={shown.items.clone()} {at} go={step} onclose={close} {onlost} />
            }
        </>
    }
}

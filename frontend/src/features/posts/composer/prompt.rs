//! The card on top of Home that asks what one has to say. Files that are dropped on it begin a post.

use yew::prelude::*;

use super::compose;
use crate::context::use_app;
use crate::features::media::state::tray::ACCEPT;
use crate::platform::picture;
use crate::text::media as files;
use crate::text::posts::composer as words;
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::icon_button;
use crate::ui::icon::Glyph;

/// Opens the composer.
#[component]
pub(in super::super) fn Prompt() -> Html {
    let app = use_app();
    let input = use_node_ref();
    let over = use_state_eq(|| false);
    let open = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| compose(&app))
    };
    let choose = {
        let input = input.clone();
        Callback::from(move |()| picture::choose(&input))
    };
    let take = {
        let app = app.clone();
        move |files: Vec<_>| {
            if !files.is_empty() {
                compose(&app);
                app.desk.add(&app, files);
            }
        }
    };
    let onchange = {
        let (input, take) = (input.clone(), take.clone());
        Callback::from(move |_: Event| take(picture::all_chosen(&input)))
    };
    let ondragover = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            if picture::drags_files(&event) {
                event.prevent_default();
                over.set(true);
            }
        })
    };
    let ondragleave = {
        let over = over.setter();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            over.set(false);
            if picture::drags_files(&event) {
                event.prevent_default();
                take(picture::all_dropped(&event));
            }
        })
    };
    html! {
        <div class={classes!("card", "prompt", over.then_some("prompt--over"))} {ondragover} {ondragleave} {ondrop}>
            { avatar(&app.user, Size::Post) }
            <button type="button" class="prompt__open" onclick={open}>{ words::prompt(&app.user.display_name) }</button>
            <input ref={input} id="prompt-files" type="file" hidden=true multiple=true accept={ACCEPT} {onchange} />
            { icon_button(Glyph::Photo, files::ADD_MEDIA, "", false, &choose) }
        </div>
    }
}

//! Single-key shortcuts. They mean letters in a field, do nothing while a dialog is open, and can be
//! switched off.

use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::context::App;
use crate::effect::use_effect_with;
use crate::features::chats;
use crate::features::posts::composer::compose;
use crate::features::posts::state::Composing;
use crate::features::search::palette;
use crate::platform::{clock, dom, events};
use crate::routes::{Route, go};
use crate::text::shell as words;
use crate::ui::dialog::Dialog;

const POSTS: &str = "#main article";
/// After `g` the second key comes within this time.
const SEQUENCE_MILLIS: i64 = 1_500;

/// Listens for shortcuts. True when the sheet that lists them shall be shown.
#[hook]
pub(crate) fn use_keyboard(app: &App) -> UseStateHandle<bool> {
    let sheet = use_state_eq(|| false);
    {
        let sheet = sheet.setter();
        use_effect_with(app.clone(), move |app| {
            let app = app.clone();
            let mut g_at = 0;
            let guard = events::on_document("keydown", move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                // Also while a message is being written; but there Alt with another key writes a character.
                let alone = event.alt_key() && !event.ctrl_key() && !event.meta_key() && !event.shift_key();
                let arrow = matches!(event.key().as_str(), "ArrowUp" | "ArrowDown");
                if alone
                    && arrow
                    && !event.is_composing()
                    && !dom::has_dialog()
                    && step_chat(&app, event.key().as_str())
                {
                    return event.prevent_default();
                }
                let combined =
                    (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
                if combined && is_k(event) {
                    // Once more it goes away; over another dialog it does not come.
                    if !palette::close(&app) && !dom::has_dialog() {
                        palette::open(&app);
                    }
                    return event.prevent_default();
                }
                if ignored(&app, event) {
                    return;
                }
                let now = clock::now().as_millis();
                let after_g = now - g_at < SEQUENCE_MILLIS;
                g_at = if event.key() == "g" && !after_g { now } else { 0 };
                let done = match (event.key().as_str(), after_g) {
                    ("?", _) => {
                        sheet.set(true);
                        true
                    }
                    (key, true) => go_to(&app, key),
                    (key, false) => act(&app, key),
                };
                if done {
                    event.prevent_default();
                }
            });
            move || drop(guard)
        });
    }
    sheet
}

/// The key for K, also with Caps Lock; where letters are not Latin ones, the key in its place.
fn is_k(event: &KeyboardEvent) -> bool {
    let key = event.key();
    key.eq_ignore_ascii_case("k") || (!key.is_ascii() && event.code() == "KeyK")
}

fn ignored(app: &App, event: &KeyboardEvent) -> bool {
    event.default_prevented()
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.is_composing()
        || dom::is_typing(event.target())
        || dom::has_dialog()
        || !app.base.preferences.read(|preferences| preferences.shortcuts)
}

fn go_to(app: &App, key: &str) -> bool {
    let route = match key {
        "h" => Route::Home,
        "f" => Route::Friends,
        "g" => Route::Groups,
        "c" => Route::Chats,
        "a" => Route::Activity,
        "p" => Route::Profile {
            username: app.user.username.clone(),
        },
        "s" => Route::Settings,
        _ => return false,
    };
    go(&route);
    true
}

/// The next or the previous conversation, where one is open.
fn step_chat(app: &App, key: &str) -> bool {
    let open = app.chats.read(|chats| chats.open);
    let forward = match key {
        "ArrowDown" | "]" => true,
        "ArrowUp" | "[" => false,
        _ => return false,
    };
    if open.is_some() {
        chats::step(app, open, forward);
    }
    open.is_some()
}

fn act(app: &App, key: &str) -> bool {
    match key {
        "[" | "]" => return step_chat(app, key),
        "n" => compose(app),
        "/" => palette::open(app),
        "j" => dom::step_focus(None, POSTS, true, false),
        "k" => dom::step_focus(None, POSTS, false, false),
        "l" => return dom::click_in_focused(POSTS, ".act--like"),
        "c" => return dom::click_in_focused(POSTS, ".act--comment"),
        "s" => return dom::click_in_focused(POSTS, ".act--share"),
        "x" => return dom::click_in_focused(POSTS, ".post__more"),
        "u" => return dom::click_in_focused(POSTS, ".post__who .name"),
        "e" => return edit_focused(app),
        "o" => return dom::click_in_focused(POSTS, ".post__time"),
        "." => {
            if let Some(pill) = dom::find(".newpill") {
                pill.click();
            }
        }
        "PageDown" | "PageUp" if dom::is_focused(POSTS) => {
            dom::step_focus(None, POSTS, key == "PageDown", false);
        }
        "Enter" if dom::is_focused(POSTS) => return dom::click_in_focused(POSTS, ".post__time"),
        _ => return false,
    }
    true
}

/// One's own post that has the focus is changed.
fn edit_focused(app: &App) -> bool {
    let id = dom::attribute_around(POSTS, "data-post").and_then(|id| id.parse().ok());
    let entry = id.and_then(|id| app.posts.read(|posts| posts.by_id(id)));
    let Some(entry) = entry.filter(|entry| entry.post.author.id == app.user.id) else {
        return false;
    };
    app.composing
        .change(|open| *open = Some(Composing::Edit(entry.key.clone())));
    true
}

/// The sheet that lists the shortcuts.
pub(crate) fn shortcuts(onclose: Callback<()>) -> Html {
    html! {
        <Dialog id="shortcuts-sheet" title={words::SHORTCUTS_TITLE} {onclose} first="h2">
            <dl class="keys">
                { for words::SHORTCUTS.iter().map(|(keys, does)| html! {
                    <div class="keys__row">
                        <dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt>
                        <dd>{ *does }</dd>
                    </div>
                }) }
            </dl>
            <p class="form-row__hint">{ words::SHORTCUTS_OFF }</p>
        </Dialog>
    }
}

//! The palette: a field over the page that finds people, groups, posts and messages while one types, and goes there. The
//! keyboard stays in the field; what Enter would open is told by `aria-activedescendant`, as the APG has it for a combobox
//! with a list. It is open as long as `App::seeking` says so, and knows nothing of the page behind it.

mod lines;
mod recent;
mod state;

use std::rc::Rc;

use hearth_shared::search::{SEARCH_MAX, SearchAll, SearchAllQuery};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use self::lines::{Line, Section};
pub(crate) use self::recent::use_recent;
use self::state::Seeking;
use super::view::{View, address};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::parts::Over;
use crate::platform::clock::{self, Timeout};
use crate::platform::connection::{self, Connection};
use crate::platform::{dom, spawn};
use crate::routes;
use crate::store::{Store, use_selected};
use crate::text::{self, search as words};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Glyph, icon, small_icon};

/// After the last key.
const PAUSE_MILLIS: u32 = 120;
const LIST: &str = "palette-list";
/// The line that Enter takes.
const CHOSEN: &str = "#palette-list [aria-selected=true]";

/// Opens it.
pub(crate) fn open(app: &App) {
    app.seeking.change(|open| *open = true);
}

/// Closes it. False when it was not open.
pub(crate) fn close(app: &App) -> bool {
    app.seeking.read(|open| *open) && app.seeking.change(|open| std::mem::replace(open, false))
}

/// The palette, while it is open.
#[component]
pub(crate) fn Palette() -> Html {
    let app = use_app();
    let open = use_selected(&app.seeking, (), |open, ()| *open);
    if open {
        Over::Palette.html()
    } else {
        Html::default()
    }
}

/// Looks like a field, and opens one.
pub(crate) fn door(app: &App) -> Html {
    let app = app.clone();
    let onclick = move |_: MouseEvent| open(&app);
    html! {
        <button type="button" class="field door" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" {onclick}>
            { small_icon(Glyph::Search) }<span>{ words::TITLE }</span><kbd aria-hidden="true">{ words::KEYS }</kbd>
        </button>
    }
}

/// The same where there is no room for a field.
pub(crate) fn small_door(app: &App, class: &'static str) -> Html {
    let app = app.clone();
    let onclick = move |_: MouseEvent| open(&app);
    html! {
        <button type="button" {class} aria-haspopup="dialog" aria-label={words::TITLE} {onclick}>{ icon(Glyph::Search) }</button>
    }
}

fn ask(app: &App, seeking: &Store<Seeking>) {
    let Some(question) = seeking.change(Seeking::ask) else {
        return;
    };
    let query = SearchAllQuery {
        q: seeking.read(|seeking| seeking.words.clone()),
        limit: None,
    };
    let (app, seeking) = (app.clone(), seeking.clone());
    spawn(async move {
        let outcome = app.base.api.get(&SearchAll {}, &query).await;
        seeking.change(|seeking| seeking.settle(question, &query.q, outcome));
    });
}

/// Closes it and goes there, once the focus is back where it was: the next page has it last.
fn go(app: &App, to: String) {
    close(app);
    clock::afterwards(move || clock::afterwards(move || routes::push(&to)));
}

fn option_id(at: usize) -> String {
    format!("palette-{at}")
}

/// The open one.
#[component]
pub(crate) fn OpenPalette() -> Html {
    let app = use_app();
    let store = (*use_memo((), |()| Store::<Seeking>::default())).clone();
    let seeking = use_selected(&store, (), |seeking, ()| seeking.clone());
    let recent = use_memo(app.user.id, |user| recent::load(*user));
    let pause = use_mut_ref(|| None::<Timeout>);
    let fine = use_selected(&connection::state(), (), |state, ()| *state == Connection::Fine);
    {
        // Back closes it; so does whatever else changes the page.
        let (app, first) = (app.clone(), use_mut_ref(|| true));
        let here = use_location().map(|location| format!("{}{}", location.path(), location.query_str()));
        use_effect_with(here, move |_| {
            if !first.replace(false) {
                close(&app);
            }
        });
    }
    {
        // What could not be asked is asked when that is possible again.
        let (app, store) = (app.clone(), store.clone());
        use_effect_with(fine, move |fine| {
            if *fine && store.read(|seeking| seeking.failure.is_some()) {
                ask(&app, &store);
            }
        });
    }
    let sections = match &seeking.answer {
        Some(answer) => lines::of_found(&app, &answer.found, &answer.words),
        None if seeking.words.is_empty() => lines::of_recent(&recent),
        None => Vec::new(),
    };
    let page = (!seeking.words.is_empty()).then(|| lines::to_page(&seeking.words));
    let all = sections.iter().flat_map(|section| &section.lines).chain(&page);
    let places: Rc<Vec<String>> = Rc::new(all.map(|line| line.to.clone()).collect());
    let chosen = seeking.chosen(places.len());
    use_effect_with(chosen, |chosen| {
        if chosen.is_some() {
            dom::reveal(CHOSEN);
        }
    });
    let oninput = {
        let (app, store, pause) = (app.clone(), store.clone(), pause.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            store.change(|seeking| seeking.write(text.trim()));
            let (app, store) = (app.clone(), store.clone());
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MILLIS, move || ask(&app, &store)));
        })
    };
    let onkeydown = {
        let (app, store, places) = (app.clone(), store.clone(), places.clone());
        let (chosen, words) = (chosen, seeking.words.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let lines = places.len();
            match event.key().as_str() {
                "ArrowDown" => store.change(|seeking| seeking.step(lines, true)),
                "ArrowUp" => store.change(|seeking| seeking.step(lines, false)),
                // With Shift they mark what is written.
                "Home" if !event.shift_key() => store.change(|seeking| seeking.leap(lines, false)),
                "End" if !event.shift_key() => store.change(|seeking| seeking.leap(lines, true)),
                "Enter" => match chosen.and_then(|at| places.get(at)) {
                    Some(to) => go(&app, to.clone()),
                    // Nobody has answered yet: the page will.
                    None if !words.is_empty() => go(&app, address(View::All, &words)),
                    None => {}
                },
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onclose = {
        let app = app.clone();
        Callback::from(move |()| {
            close(&app);
        })
    };
    let again = {
        let (app, store) = (app.clone(), store.clone());
        Callback::from(move |()| ask(&app, &store))
    };
    let pick = {
        let app = app.clone();
        Callback::from(move |to: String| go(&app, to))
    };
    let waiting = !seeking.words.is_empty() && !seeking.is_answered() && seeking.failure.is_none();
    let none = sections.is_empty();
    let status = match &seeking.answer {
        Some(answer) if !waiting => words::found_few(&answer.words, places.len().saturating_sub(1)),
        _ => String::new(),
    };
    let mut at = 0;
    html! {
        <Dialog id="palette" title={words::TITLE} class="palette" first="input" {onclose}>
            <div class="field palette__field">
                { small_icon(Glyph::Search) }
                <input
                    type="text" role="combobox" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go"
                    aria-label={words::LABEL} placeholder={words::LABEL} maxlength={SEARCH_MAX.to_string()}
                    aria-expanded={(!places.is_empty()).to_string()} aria-controls={LIST} aria-autocomplete="list"
                    aria-activedescendant={chosen.map(option_id)} {oninput} {onkeydown}
                />
            </div>
            <p class="vh" role="status">{ status }</p>
            <div class="palette__body">
                if let Some(failure) = &seeking.failure {
                    <div class="palette__state" role="alert">
                        <p><b>{ words::FAILED }</b><br />{ text::errors::failure(failure) }</p>
                        <Button text={text::shell::TRY_AGAIN} kind={Kind::Quiet} onclick={again} />
                    </div>
                } else if !fine && !seeking.is_answered() {
                    <p class="palette__state">{ words::OFFLINE }</p>
                } else if waiting && seeking.answer.is_none() {
                    <div class="palette__state" aria-hidden="true">
                        { for (0..3).map(|_| html! { <div class="skel skel--line" /> }) }
                    </div>
                } else if none {
                    <p class="palette__state">
                        { seeking.answer.as_ref().map_or_else(|| words::BEGIN.to_owned(), |answer| words::nothing(&answer.words)) }
                    </p>
                }
                <div id={LIST} role="listbox" aria-label={words::RESULTS} aria-busy={waiting.to_string()} hidden={places.is_empty()}>
                    { for sections.iter().map(|section| group(section, &mut at, chosen, &pick)) }
                    if let Some(page) = &page {
                        { option(page, at, chosen, &pick) }
                    }
                </div>
            </div>
        </Dialog>
    }
}

fn group(section: &Section, at: &mut usize, chosen: Option<usize>, pick: &Callback<String>) -> Html {
    let mut options = Vec::with_capacity(section.lines.len());
    for line in &section.lines {
        options.push(option(line, *at, chosen, pick));
        *at += 1;
    }
    html! {
        <div key={section.id} role="group" aria-labelledby={section.id}>
            <p class="h palette__kind" id={section.id} role="presentation">{ section.title }</p>
            { options }
        </div>
    }
}

fn option(line: &Line, at: usize, chosen: Option<usize>, pick: &Callback<String>) -> Html {
    let to = line.to.clone();
    let onclick = pick.reform(move |_: MouseEvent| to.clone());
    // Pressing must not take the focus out of the field.
    let onmousedown = |event: MouseEvent| event.prevent_default();
    html! {
        <div
            key={line.key.clone()} id={option_id(at)} class="row hit palette__line" role="option"
            aria-selected={(chosen == Some(at)).to_string()} {onclick} {onmousedown}
        >{ line.content.clone() }</div>
    }
}

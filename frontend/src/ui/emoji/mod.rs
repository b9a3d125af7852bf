//! Emoji: a button beside a text area, and a panel to pick from that floats over everything. The list of emoji is a
//! file that is asked for when the panel is opened for the first time: `<EmojiButton area={area} />`.

mod list;

use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use self::list::List;
use super::icon::{Glyph, icon};
use super::popup::use_popup;
use crate::effect::use_effect_with;
use crate::parts::Over;
use crate::platform::{caret, dom, events, float, spawn, storage};
use crate::store::Ptr;
use crate::text::emoji as words;
use crate::text::shell;

/// Emoji in a row; the style sheet says the same.
const COLUMNS: usize = 7;
/// Found ones and recent ones that are shown.
const FOUND_MAX: usize = 70;
const RECENT_MAX: usize = 28;
/// Begins as what is forgotten when somebody signs out.
const RECENT_KEY: &str = "hearth.draft.emoji";
/// What is offered to those who have picked none yet.
const FIRST: &str = "❤️ 👍 😂 😮 😢 🎉 🙏";
const CELLS: &str = ".emoji__grid button";

#[derive(PartialEq, Properties)]
pub(crate) struct EmojiButtonProps {
    /// The text area in which they are written.
    pub(crate) area: NodeRef,
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// The button beside a text area.
#[component]
pub(crate) fn EmojiButton(props: &EmojiButtonProps) -> Html {
    let onpick = {
        let area = props.area.clone();
        Callback::from(move |emoji: String| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                caret::write(&area, "", &emoji);
            }
        })
    };
    html! { <EmojiPicker label={words::OPEN} class={props.class.clone()} {onpick} /> }
}

#[derive(PartialEq, Properties)]
pub(crate) struct EmojiPickerProps {
    /// What the button is for.
    pub(crate) label: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// The arrow keys lead to it: it is no stop of the Tab key.
    #[prop_or_default]
    pub(crate) quiet: bool,
    pub(crate) onpick: Callback<String>,
}

/// A button with a panel to pick one from.
#[component]
pub(crate) fn EmojiPicker(props: &EmojiPickerProps) -> Html {
    let popup = use_popup();
    let onpick = {
        let (onpick, popup) = (props.onpick.clone(), popup.clone());
        Callback::from(move |emoji: String| {
            popup.leave();
            remember(&emoji);
            onpick.emit(emoji);
        })
    };
    html! {
        <div class="emoji" ref={popup.root.clone()} onkeydown={popup.leave_at_esc()} onfocusout={popup.close_when_left()}>
            <button
                ref={popup.button.clone()} type="button" class={classes!("icon-btn", props.class.clone())} aria-label={props.label.clone()}
                title={props.label.clone()} tabindex={props.quiet.then_some("-1")}
                aria-haspopup="dialog" aria-expanded={popup.is_open().to_string()} onclick={popup.toggle()}
            >{ icon(Glyph::Smile) }</button>
            if popup.is_open() {
                { Over::Emoji(PanelProps {
                    button: popup.button.clone(),
                    feeling: props.quiet,
                    onpick,
                    onclose: popup.close(),
                }).html() }
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PanelProps {
    button: NodeRef,
    /// It is for what somebody feels about something: there are some that most people pick.
    feeling: bool,
    onpick: Callback<String>,
    /// It did not come, and is not wanted any more.
    pub(crate) onclose: Callback<()>,
}

/// The panel.
#[component]
pub(crate) fn Panel(props: &PanelProps) -> Html {
    let node = use_node_ref();
    let list = use_state(list::known);
    let failed = use_state_eq(|| false);
    let attempt = use_state_eq(|| 0_u32);
    let recent = use_state_eq(|| recent(props.feeling));
    // None is those of before.
    let group = use_state_eq(|| recent.is_empty().then_some(0));
    let query = use_state_eq(String::new);
    {
        let (node, button) = (node.clone(), props.button.clone());
        use_effect_with((), move |()| {
            let place = move || {
                if let Some(place) = float::place_of(&button) {
                    float::show(&node, place);
                }
            };
            place();
            // A finger wants to see emoji, not the keyboard.
            if dom::matches_media("(pointer: fine)")
                && let Some(search) = dom::find(".emoji__search")
            {
                dom::focus_quietly(&search);
            }
            let guard = events::on_document_first("scroll", move |_| place());
            move || drop(guard)
        });
    }
    {
        let (list, failed) = (list.setter(), failed.setter());
        let missing = list::known().is_none();
        use_effect_with(*attempt, move |_| {
            if missing {
                failed.set(false);
                spawn(async move {
                    let loaded = list::load().await;
                    failed.set(loaded.is_none());
                    list.set(loaded);
                });
            }
        });
    }
    let again = {
        let attempt = attempt.clone();
        Callback::from(move |_: MouseEvent| attempt.set(*attempt + 1))
    };
    let oninput = {
        let query = query.setter();
        Callback::from(move |event: InputEvent| {
            query.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onclick = {
        let onpick = props.onpick.clone();
        Callback::from(move |event: MouseEvent| {
            let cell = event.target_dyn_into::<Element>();
            let cell = cell.and_then(|cell| cell.closest("[data-emoji]").ok().flatten());
            if let Some(emoji) = cell.and_then(|cell| cell.get_attribute("data-emoji")) {
                onpick.emit(emoji);
            }
        })
    };
    let shown = list.as_ref().map(|list| show(list, *group, &query, &recent));
    let onkeydown = {
        let (node, onpick) = (node.clone(), props.onpick.clone());
        let first = shown.as_ref().and_then(|(_, shown)| shown.first().cloned());
        Callback::from(move |event: KeyboardEvent| {
            let in_grid = dom::is_focused(CELLS);
            let step = |by: isize| dom::move_focus(&node, CELLS, by);
            let rows = COLUMNS.cast_signed();
            let moved = match event.key().as_str() {
                "ArrowDown" if in_grid => step(rows) || step(isize::MAX),
                "ArrowDown" => step(0),
                "ArrowUp" if in_grid => {
                    if !step(-rows)
                        && let Some(search) = dom::find(".emoji__search")
                    {
                        dom::focus_quietly(&search);
                    }
                    true
                }
                "ArrowRight" if in_grid => step(1),
                "ArrowLeft" if in_grid => step(-1),
                "Home" if in_grid => step(isize::MIN),
                "End" if in_grid => step(isize::MAX),
                "Enter" if dom::is_focused(".emoji__search") => {
                    if let Some((emoji, _)) = &first {
                        onpick.emit(emoji.clone());
                    }
                    true
                }
                _ => return,
            };
            if moved || in_grid {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    html! {
        <div ref={node} class="float emoji__panel" popover="manual" role="dialog" aria-label={words::TITLE} {onkeydown}>
            <input
                class="emoji__search" type="search" aria-label={words::SEARCH} placeholder={words::SEARCH}
                autocomplete="off" spellcheck="false" enterkeyhint="done" {oninput}
            />
            if let Some((title, shown)) = shown {
                { groups(list.as_ref(), *group, query.is_empty(), !recent.is_empty(), &group.setter()) }
                <p class="h emoji__title" id="emoji-title" role="status">{ if shown.is_empty() { words::NONE.to_owned() } else { title } }</p>
                <div class="emoji__grid" role="grid" aria-labelledby="emoji-title" {onclick}>
                    { for shown.chunks(COLUMNS).enumerate().map(|(row, cells)| html! {
                        <div class="emoji__row" role="row">
                            { for cells.iter().enumerate().map(|(at, (emoji, name))| html! {
                                <button
                                    type="button" role="gridcell" tabindex={if row + at == 0 { "0" } else { "-1" }}
                                    data-emoji={emoji.clone()} aria-label={name.clone()} title={name.clone()}
                                >{ emoji }</button>
                            }) }
                        </div>
                    }) }
                </div>
            } else if *failed {
                <p class="emoji__title" role="alert">
                    { words::FAILED }
                    <button type="button" class="text-btn" onclick={again}>{ shell::TRY_AGAIN }</button>
                </p>
            } else {
                <div class="emoji__grid" aria-busy="true"><div class="skel skel--line" /></div>
            }
        </div>
    }
}

/// What stands in the grid: its title, emoji with their names.
fn show(
    list: &List,
    group: Option<usize>,
    query: &str,
    recent: &[String],
) -> (String, Vec<(String, String)>) {
    if !query.trim().is_empty() {
        return (words::FOUND.to_owned(), list.find(query, FOUND_MAX));
    }
    match group {
        Some(group) => (list.title(group), list.of(group)),
        None => {
            let named = recent.iter().map(|emoji| (emoji.clone(), list.name(emoji)));
            (words::RECENT.to_owned(), named.collect())
        }
    }
}

/// The groups to choose from, each shown by its first emoji.
fn groups(
    list: Option<&Ptr<List>>,
    chosen: Option<usize>,
    browsing: bool,
    before: bool,
    set: &UseStateSetter<Option<usize>>,
) -> Html {
    let Some(list) = list.filter(|_| browsing) else {
        return Html::default();
    };
    let all = before
        .then_some(None)
        .into_iter()
        .chain((0..list.len()).map(Some));
    let tabs = all.map(|group| {
        let set = set.clone();
        let (title, sign) = match group {
            Some(group) => (list.title(group), list.sign(group)),
            None => (words::RECENT.to_owned(), "🕘".to_owned()),
        };
        html! {
            <button
                type="button" aria-label={title.clone()} {title} aria-pressed={(group == chosen).to_string()}
                onclick={move |_: MouseEvent| set.set(group)}
            >{ sign }</button>
        }
    });
    html! { <div class="emoji__groups">{ for tabs }</div> }
}

/// Those that were picked last, the last one first; until there are some, for a feeling those that most people pick.
fn recent(feeling: bool) -> Vec<String> {
    let kept = storage::get(RECENT_KEY).unwrap_or_else(|| if feeling { FIRST } else { "" }.to_owned());
    kept.split_whitespace().map(str::to_owned).collect()
}

fn remember(emoji: &str) {
    let mut all = recent(false);
    all.retain(|one| one != emoji);
    all.insert(0, emoji.to_owned());
    all.truncate(RECENT_MAX);
    storage::set(RECENT_KEY, &all.join(" "));
}

//! One conversation: who it is with, what was said, the field. The log scrolls by itself; what is read stays
//! where it is, whatever comes above or below it.

use hearth_shared::conversations::Conversation;
use hearth_shared::ids::ConversationId;
use yew::prelude::*;

use super::composer::Composer;
use super::find::{self, FindBar};
use super::lines::{New, lines};
use super::names::{self, Called};
use super::viewer::ChatViewer;
use super::{actions, head::head, link, mentions, pages, pins, requests, state::Talk};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::groups::actions::load_members;
use crate::platform::clock::Timeout;
use crate::platform::{connection, dom, events, scroll};
use crate::routes::Route;
use crate::store::{Ptr, use_selected};
use crate::text::{chats as words, errors, groups, shell};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{failed, message};

/// The log on the page.
pub(super) const LOG: &str = ".log";
const MESSAGES: &str = ".msg";
/// Where the arrow keys stop.
const STOPS: &str = ".msg, .change__fold";
/// What one can do with the message that has the focus.
const ACTS: &str = ".msg:focus-within :is(a, button)";
const ANSWER: &str = "[data-act=reply]";
/// A field with something in it.
const WRITING: &str = ":is(input, textarea):not(:placeholder-shown)";
/// Whoever is this near to the end stays at the end.
const NEAR_END: i32 = 80;
/// Older messages are loaded before their reader comes to the top.
const NEAR_TOP: i32 = 600;
/// The last message was on the screen for this long: it has been read.
const READ_MILLIS: u32 = 1_000;

#[derive(PartialEq, Properties)]
pub(super) struct ThreadProps {
    pub(super) id: ConversationId,
}

/// An open conversation.
#[component]
pub(super) fn Thread(props: &ThreadProps) -> Html {
    let app = use_app();
    let id = props.id;
    let named = link::use_named(id);
    let known = use_selected(&app.chats, id, |chats, id| chats.find(*id).cloned());
    let talk = use_selected(&app.chats, id, |chats, id| chats.talk(*id));
    {
        let app = app.clone();
        use_effect_with((id, named), move |(id, named)| {
            let id = *id;
            actions::enter(&app, id, named.map(|(_, number)| number));
            move || actions::leave(&app, id)
        });
    }
    let again = {
        let app = app.clone();
        Callback::from(move |()| actions::again(&app, id))
    };
    match (known, &talk.failure) {
        (Some(known), failure) if talk.log.is_some() || failure.is_none() => {
            html! { <Open {known} {talk} /> }
        }
        _ if talk.gone => nowhere(groups::GONE_TITLE, groups::GONE),
        (_, Some(failure)) if failure.is_not_found() => nowhere(words::UNAVAILABLE_TITLE, words::UNAVAILABLE),
        (_, Some(failure)) => html! {
            <div class="chat__none">
                <Heading text={words::CHATS} hidden=true />
                { failed(words::CHAT_FAILED, failure, again) }
            </div>
        },
        (_, None) => html! {
            <section class="thread" aria-busy="true"><Heading text={words::CHATS} hidden=true />{ person_skeletons(3) }</section>
        },
    }
}

/// There is nothing to read or write here.
fn nowhere(title: &'static str, text: &str) -> Html {
    html! {
        <div class="chat__none">
            { message(title, text, html! {
                <Link to={Route::Chats} class="btn btn--primary">{ words::CHATS }</Link>
            }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct OpenProps {
    known: Conversation,
    talk: Ptr<Talk>,
}

/// Where the reader is, between two renderings.
#[derive(Default)]
struct Place {
    /// The log stood somewhere already.
    entered: bool,
    at_end: bool,
    /// It stood at the line before what is new.
    divided: bool,
    /// How far down on the page the log began.
    top: Option<i32>,
    /// The newest message, and how many of one's own wait below.
    newest: u32,
    waiting: usize,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let app = use_app();
    let (known, talk) = (&props.known, &props.talk);
    let id = known.id;
    let log = use_node_ref();
    let place = use_mut_ref(Place::default);
    let below = use_state_eq(|| 0_u32);
    let at_end = use_state_eq(|| true);
    let info = use_state_eq(|| false);
    let all_pins = use_state_eq(|| false);
    let new = use_state_eq(|| None::<New>);
    let attentive = use_attention();
    let ready = use_selected(&connection::state(), (), |state, ()| *state);
    let last = talk.log.as_ref().and_then(|log| log.last()).unwrap_or(0);
    // Something older is read, and what is newest is not loaded.
    let apart = talk.log.as_ref().is_some_and(|log| log.more_after);
    let newest = known.last_number;
    let waiting = talk.outbox.items.len();
    let finding = talk.finding.as_ref();
    // What is pinned steps back for what is looked for.
    let pins = talk.pins.as_ref().filter(|_| finding.is_none());
    let listed = finding.filter(|finding| finding.is_listed());
    let pinned = pins.filter(|pins| *all_pins && pins.items.len() > 1);
    let covered = listed.is_some() || pinned.is_some();
    {
        // It does not come back by itself once it has gone.
        let set = all_pins.setter();
        use_effect_with(pinned.is_some(), move |shown| {
            if !shown {
                set.set(false);
            }
        });
    }
    {
        // Once for a group, unless what was told got too much.
        let app = app.clone();
        use_effect_with(mentions::want_members(known, talk), move |want| {
            if *want {
                load_members(&app, id, false);
            }
        });
    }
    {
        // After every change of the log, in the same frame.
        let (app, place, node) = (app.clone(), place.clone(), log.clone());
        let (below, at_end, new) = (below.clone(), at_end.setter(), new.clone());
        let (read, unread) = (known.my_read_number, known.unread_count);
        use_effect_with((talk.clone(), *new), move |(talk, _)| {
            let held = scroll::release(&node);
            // A bar above it has come or gone.
            let top = place.borrow().top;
            place.borrow_mut().top = scroll::keep_below(&node, top);
            let Some(log) = &talk.log else { return };
            let mut place = place.borrow_mut();
            if let Some(number) = talk.sought {
                app.chats
                    .change_quietly(|chats| chats.change(id, |talk| talk.sought = None));
                place.entered = true;
                let sought = format!("[data-number=\"{number}\"]");
                scroll::to_part(&node, &sought);
                dom::point_out(&node, MESSAGES, &sought);
                // Who has begun to write meanwhile goes on, and so does who goes from one that was found to the next.
                if !(dom::is_focused(WRITING) || dom::has_focus_within(".find")) {
                    dom::focus_within(&node, &sought);
                }
                place.at_end = !log.more_after && scroll::margins(&node).1 <= NEAR_END;
                at_end.set(place.at_end);
            } else if !place.entered {
                place.entered = true;
                place.at_end = true;
                if unread > 0 {
                    new.set(Some(New {
                        first: read + 1,
                        count: unread,
                    }));
                }
                scroll::to_end(&node);
            } else if waiting > place.waiting {
                new.set(None);
                dom::point_out(&node, MESSAGES, "");
                place.at_end = true;
                scroll::to_end(&node);
            } else if place.at_end && !held {
                scroll::to_end(&node);
            } else if newest > place.newest {
                below.set(*below + (newest - place.newest));
            }
            if new.is_some() && !place.divided {
                // The line was drawn just now: what is new begins under it.
                // Where it lies before the first page it must not pull anybody to it later.
                let far = new.as_ref().is_some_and(|new| new.count > pages::FIRST_PAGE_MAX);
                place.divided = scroll::to_part(&node, ".rule--new") || far;
                place.at_end = scroll::margins(&node).1 <= NEAR_END;
                at_end.set(place.at_end);
            }
            (place.newest, place.waiting) = (newest, waiting);
            if log.more_before && talk.failure.is_none() && scroll::margins(&node).0 < NEAR_TOP {
                pages::load_older(&app, id);
            }
        });
    }
    {
        let app = app.clone();
        let seen = attentive && *at_end && !apart && !covered && last > 0;
        use_effect_with((seen, last, ready), move |(seen, last, _)| {
            let last = *last;
            let timer = seen.then(|| Timeout::new(READ_MILLIS, move || actions::mark_read(&app, id, last)));
            move || drop(timer)
        });
    }
    let to_end = {
        let node = log.clone();
        Callback::from(move |()| scroll::to_end(&node))
    };
    let stick = {
        let (place, to_end) = (place.clone(), to_end.clone());
        Callback::from(move |()| {
            if place.borrow().at_end {
                to_end.emit(());
            }
        })
    };
    {
        // A keyboard on the screen makes the log shorter; the last message stays in sight.
        let stick = stick.clone();
        use_effect_with((), move |()| {
            let guard = events::on_window("resize", move |_| stick.emit(()));
            move || drop(guard)
        });
    }
    let onscroll = {
        let (app, talk, node) = (app.clone(), talk.clone(), log.clone());
        let (place, at_end, below) = (place.clone(), at_end.setter(), below.setter());
        Callback::from(move |_: Event| {
            // The newest messages are on their way, to take the place of these.
            if apart && talk.loading && place.borrow().at_end {
                return;
            }
            let (top, end) = scroll::margins(&node);
            let near = end <= NEAR_END && !apart;
            place.borrow_mut().at_end = near;
            at_end.set(near);
            if near {
                below.set(0);
            }
            if talk.failure.is_some() {
                return;
            }
            if top < NEAR_TOP {
                pages::load_older(&app, id);
            }
            if end < NEAR_TOP && apart {
                pages::load_newer(&app, id);
            }
        })
    };
    let onkeydown = {
        let node = log.clone();
        Callback::from(move |event: KeyboardEvent| {
            // A panel or a question over it has its own keys.
            if dom::has_focus_within(".float, dialog") {
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
                return;
            }
            match event.key().as_str() {
                "r" if dom::is_focused(MESSAGES) => drop(dom::click_in_focused(MESSAGES, ANSWER)),
                "ArrowLeft" => dom::step_focus(Some(&node), ACTS, false, false),
                "ArrowRight" => dom::step_focus(Some(&node), ACTS, true, false),
                "ArrowUp" => dom::step_focus(Some(&node), STOPS, false, false),
                "ArrowDown" => dom::step_focus(Some(&node), STOPS, true, false),
                "Enter" if dom::is_focused(MESSAGES) => dom::focus_first_inside("a, button"),
                "Escape" if !dom::is_focused(LOG) => dom::focus_around(STOPS, LOG),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let Some(called) = Called::of(known) else {
        return Html::default();
    };
    let label = AttrValue::from(called.messages());
    let note = requests::note(known, &called.name).map(AttrValue::from);
    let loaded = talk.log.as_ref();
    let older = loaded.is_some_and(|log| log.more_before);
    let again = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| actions::again(&app, id))
    };
    let jump = {
        let (app, below, place, to_end) = (app.clone(), below.setter(), place.clone(), to_end.clone());
        Callback::from(move |_: MouseEvent| {
            below.set(0);
            if apart {
                // The newest take the place of what is read; its end is the place then.
                place.borrow_mut().at_end = true;
            } else {
                to_end.emit(());
            }
            pages::to_latest(&app, id);
        })
    };
    html! {
        <section class="thread" aria-label={label.clone()}>
            { head(&app, known, &called.name, talk.here, &info) }
            <div class="thread__bars">
                if let Some(finding) = finding {
                    <FindBar {id} finding={finding.clone()} />
                } else if let Some(pins) = pins {
                    { pins::bar(&app, pins, &all_pins) }
                }
            </div>
            if let Some(finding) = listed {
                { find::hits(&app, id, finding) }
            } else if let Some(pins) = pinned {
                { pins::list(&app, known, pins, &all_pins) }
            }
            <div
                class={classes!("log", covered.then_some("log--covered"))} role="log" tabindex="0" ref={log} {onscroll} {onkeydown}
                aria-label={label} aria-relevant="additions"
                aria-live={if *at_end && !apart && attentive && !covered && !talk.loading { "polite" } else { "off" }}
                aria-busy={loaded.is_none().to_string()}
            >
                <div class="log__top" key="top">
                    if let Some(failure) = &talk.failure {
                        <p class="delivery delivery--failed">
                            { small_icon(Glyph::Alert) }
                            <span>{ words::OLDER_FAILED }{ " " }{ errors::failure(failure) }</span>
                            <button type="button" class="text-btn" onclick={again}>{ shell::TRY_AGAIN }</button>
                        </p>
                    } else if loaded.is_none() {
                        { bubbles() }
                    } else if older {
                        <p class="meta">{ words::LOADING_OLDER }</p>
                    } else {
                        <p class="meta">{ called.beginning(known.first_number) }</p>
                    }
                </div>
                { for lines(&app, known, talk, *new) }
            </div>
            <div class="thread__foot">
                if (!*at_end || apart) && !covered {
                    <button type="button" class="btn log__jump" aria-label={words::TO_LATEST} onclick={jump}>
                        { small_icon(Glyph::Down) }
                        if *below > 0 { <span>{ words::new_below(*below) }</span> }
                    </button>
                }
                <p class="typing" aria-hidden="true">
                    { names::typing(known, talk) }
                </p>
                if let Some(asked) = requests::asked(known) {
                    { asked }
                } else if known.can_send || note.is_some() {
                    // Also when all that may be was asked: what one goes on writing stays.
                    if let Some(note) = &note { <p class="meta ask__note">{ note }</p> }
                    <Composer
                        id={id} group={known.group.is_some()} plain={known.is_unanswered()} full={note.filter(|_| !known.can_send)}
                        label={called.field()} aim={talk.aim.clone()} ongrow={stick}
                    />
                } else {
                    <p class="composer-off">{ called.off() }</p>
                }
            </div>
            <ChatViewer conversation={id} talk={talk.clone()} />
        </section>
    }
}

/// The shapes of messages to come.
fn bubbles() -> Html {
    html! {
        <div class="log__skeleton" aria-hidden="true">
            <div class="skel" /><div class="skel" /><div class="skel skel--me" /><div class="skel" />
        </div>
    }
}

/// Whether somebody looks at the page.
#[hook]
fn use_attention() -> bool {
    let attentive = use_state_eq(dom::attentive);
    {
        let set = attentive.setter();
        use_effect_with((), move |()| {
            let note = |event: &'static str| {
                let set = set.clone();
                events::on_window(event, move |_| set.set(dom::attentive()))
            };
            let seen = set.clone();
            let guards = (
                note("focus"),
                note("blur"),
                events::on_document("visibilitychange", move |_| seen.set(dom::attentive())),
            );
            move || drop(guards)
        });
    }
    *attentive
}

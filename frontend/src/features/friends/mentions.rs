//! Naming people while one writes: after `@` and a letter the people whose names begin so, friends first; in a group after
//! `@` those who are in it. It works
//! on any text area, which stays what it was: `<Mentions area={area} id="…" />` anywhere beside it.

use hearth_shared::ids::ConversationId;
use hearth_shared::rich_text::begins_word;
use hearth_shared::users::{FindPeople, Friendship, PeopleQuery, UserCard};
use hearth_shared::valid::Valid;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::groups;
use crate::platform::clock::Timeout;
use crate::platform::events::Listening;
use crate::platform::float::Place;
use crate::platform::{caret, events, spawn};
use crate::text::friends as words;
use crate::ui::suggest::{Suggest, option_id};

/// Between the last letter and the question.
const PAUSE_MILLIS: u32 = 150;
/// People to pick from at most.
const MOST: u32 = 6;
/// Characters of a name that are looked for at most.
const NAME_MAX: usize = 30;

#[derive(PartialEq, Properties)]
pub(crate) struct MentionsProps {
    /// The text area.
    pub(crate) area: NodeRef,
    /// The id of the list, one of its own on the page.
    pub(crate) id: String,
    /// In this group, whose members are meant; a letter is not needed then.
    #[prop_or_default]
    pub(crate) group: Option<ConversationId>,
}

/// The people whom one can pick now.
#[derive(Clone, PartialEq, Default)]
struct Offer {
    people: Vec<UserCard>,
    chosen: usize,
    place: Option<Place>,
}

/// Offers people while somebody writes `@` and a name.
#[component]
pub(crate) fn Mentions(props: &MentionsProps) -> Html {
    let app = use_app();
    let offer = use_state_eq(Offer::default);
    // The name that is being written; none when none is.
    let asked = use_mut_ref(|| None::<String>);
    let group = props.group;
    let pause = use_mut_ref(|| None::<Timeout>);
    let area = props.area.clone();
    let close = {
        let (asked, pause, set) = (asked.clone(), pause.clone(), offer.setter());
        Callback::from(move |()| {
            asked.borrow_mut().take();
            pause.borrow_mut().take();
            set.set(Offer::default());
        })
    };
    {
        let (area, set, close) = (area.clone(), offer.setter(), close.clone());
        use_effect_with((), move |()| {
            let element = area.cast::<HtmlTextAreaElement>();
            let look = {
                let (area, close) = (area.clone(), close.clone());
                move |_: &Event| {
                    let name = written(&area, group.is_some());
                    if *asked.borrow() == name {
                        return;
                    }
                    let Some(name) = name else {
                        return close.emit(());
                    };
                    *asked.borrow_mut() = Some(name.clone());
                    let (app, area, asked, set) = (app.clone(), area.clone(), asked.clone(), set.clone());
                    let ask = move || {
                        spawn(async move {
                            let people = called(&app, group, &name).await;
                            if asked.borrow().as_ref() != Some(&name) {
                                return;
                            }
                            // A field that was emptied, or that the caret has left, does not say so.
                            if written(&area, group.is_some()).as_ref() != Some(&name) {
                                asked.borrow_mut().take();
                                return;
                            }
                            if !people.is_empty() {
                                app.base.announce(words::offered(people.len()));
                            }
                            let element = area.cast::<HtmlTextAreaElement>();
                            set.set(Offer {
                                people,
                                chosen: 0,
                                place: element.as_ref().and_then(caret::place),
                            });
                        });
                    };
                    *pause.borrow_mut() = Some(Timeout::new(PAUSE_MILLIS, ask));
                }
            };
            let guards = element.map(|element| {
                drop(element.set_attribute("aria-autocomplete", "list"));
                drop(element.set_attribute("aria-haspopup", "listbox"));
                [
                    events::on_element(&element, "input", look.clone()),
                    events::on_element(&element, "click", look),
                    events::on_element(&element, "blur", move |_| close.emit(())),
                ]
            });
            move || drop(guards)
        });
    }
    let pick = {
        let (area, people, close) = (area.clone(), offer.people.clone(), close.clone());
        Callback::from(move |at: usize| {
            let name = written(&area, group.is_some()).unwrap_or_default();
            close.emit(());
            if let (Some(element), Some(user)) = (area.cast::<HtmlTextAreaElement>(), people.get(at)) {
                caret::write(&element, &format!("@{name}"), &format!("@{} ", user.username));
            }
        })
    };
    {
        let (pick, close, set, list) = (pick.clone(), close, offer.setter(), props.id.clone());
        use_effect_with((*offer).clone(), move |offer| {
            let guards = area.cast::<Element>().and_then(|element| {
                tell(&element, &list, offer);
                (!offer.people.is_empty()).then(|| listen(offer, &area, set, pick, close))
            });
            move || drop(guards)
        });
    }
    match offer.place {
        Some(place) if !offer.people.is_empty() => html! {
            <Suggest
                id={props.id.clone()} label={words::PEOPLE_TO_NAME} people={offer.people.clone()} chosen={offer.chosen}
                {place} onpick={pick}
            />
        },
        _ => Html::default(),
    }
}

/// Says at the text area which line of the list is chosen.
fn tell(element: &Element, list: &str, offer: &Offer) {
    if offer.people.is_empty() {
        drop(element.remove_attribute("aria-controls"));
        drop(element.remove_attribute("aria-activedescendant"));
    } else {
        drop(element.set_attribute("aria-controls", list));
        drop(element.set_attribute("aria-activedescendant", &option_id(list, offer.chosen)));
    }
}

/// While people are offered: the keys, before the text area and the dialog around it hear of them, so that Enter
/// sends nothing; and what moves the text under the list.
fn listen(
    offer: &Offer,
    area: &NodeRef,
    set: UseStateSetter<Offer>,
    pick: Callback<usize>,
    close: Callback<()>,
) -> [Listening; 2] {
    let (now, again, area) = (offer.clone(), offer.clone(), area.clone());
    let (chosen, count) = (offer.chosen, offer.people.len());
    let choose = {
        let set = set.clone();
        move |chosen| {
            set.set(Offer {
                chosen,
                ..now.clone()
            })
        }
    };
    let keys = events::on_document_first("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        if key.is_composing() {
            return;
        }
        match key.key().as_str() {
            "ArrowDown" => choose((chosen + 1) % count),
            "ArrowUp" => choose((chosen + count - 1) % count),
            "Enter" | "Tab" => pick.emit(chosen),
            "Escape" => close.emit(()),
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => return close.emit(()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    });
    let scrolled = events::on_document_first("scroll", move |_| {
        if let Some(element) = area.cast::<HtmlTextAreaElement>() {
            set.set(Offer {
                place: caret::place(&element),
                ..again.clone()
            });
        }
    });
    [keys, scrolled]
}

/// Those who are called so: in a group, or anywhere, friends first.
async fn called(app: &App, group: Option<ConversationId>, name: &str) -> Vec<UserCard> {
    let (mut people, all) = match group {
        Some(id) => groups::actions::called(app, id, name).await,
        None => (Vec::new(), false),
    };
    // Of a large group only some are known here: the server knows more people, if not who of them is in it.
    if !all && !name.is_empty() {
        let query = PeopleQuery {
            q: name.to_owned(),
            limit: Some(MOST),
            cursor: None,
        };
        if let Ok(valid) = Valid::check(query)
            && let Ok(page) = app.base.api.get(&FindPeople {}, &valid).await
        {
            for person in page.items {
                let known = people.iter().any(|known: &UserCard| known.id == person.user.id);
                if !known && person.friendship != Friendship::Myself {
                    people.push(person.user);
                }
            }
        }
    }
    people.truncate(MOST as usize);
    people
}

/// The name that is being written in a text area. `bare`: already when nothing but the `@` is there.
fn written(area: &NodeRef, bare: bool) -> Option<String> {
    let before = caret::before(&area.cast::<HtmlTextAreaElement>()?)?;
    name_at_end(&before, bare).map(str::to_owned)
}

/// The name after the last `@` of a text, when the text ends with it.
fn name_at_end(text: &str, bare: bool) -> Option<&str> {
    let at = text.rfind('@')?;
    let name = &text[at + 1..];
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let begins = text[..at].chars().next_back().is_none_or(begins_word);
    let length = usize::from(!bare)..=NAME_MAX;
    (is_name && begins && length.contains(&name.chars().count())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_after_an_at_that_begins_a_word() {
        for (text, name) in [
            ("@a", Some("a")),
            ("Hello @Zoë", Some("Zoë")),
            ("(@ben_2", Some("ben_2")),
            ("@ada and @b", Some("b")),
            ("@", None),
            ("@ada ", None),
            ("ada@example", None),
            ("@@ada", None),
            ("@ada.", None),
            ("none", None),
            ("@abcdefghijabcdefghijabcdefghijk", None),
        ] {
            assert_eq!(name_at_end(text, false), name, "{text}");
        }
        assert_eq!(
            (name_at_end("Hi @", true), name_at_end("a@", true)),
            (Some(""), None)
        );
    }
}

//! Who may do and see what. Every choice is saved at once.

mod choices;

use hearth_shared::endpoint::Nothing;
use hearth_shared::privacy::{ChangePrivacy, GetPrivacy, ListAudience, PrivacySettings, Reach};
use yew::prelude::*;

use self::choices::Choices;
use super::context::{Own, use_own};
use super::link::Way;
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::store::{Store, use_selected};
use crate::text::settings::privacy as words;
use crate::ui::field::{Choice, Switch, choice, switch};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

const REACHES: [(&str, Reach); 3] = [
    ("everyone", Reach::Everyone),
    ("friends_of_friends", Reach::FriendsOfFriends),
    ("nobody", Reach::Nobody),
];
const AUDIENCES: [(&str, ListAudience); 3] = [
    ("everyone", ListAudience::Everyone),
    ("friends", ListAudience::Friends),
    ("only_me", ListAudience::OnlyMe),
];

/// None until they are read, or could not be.
type Reading = Option<Result<Choices, Failure>>;

/// The section.
#[component]
pub(super) fn Privacy() -> Html {
    let own = use_own();
    let store = use_memo((), |()| Store::<Reading>::default());
    let reading = use_selected(&store, (), |reading, ()| reading.clone());
    {
        let store = store.clone();
        use_effect_with(own.clone(), move |own| load(own, &store));
    }
    let choices = match reading {
        Some(Ok(choices)) => choices,
        Some(Err(failure)) => {
            let again = Callback::from(move |()| load(&own, &store));
            return failed(words::FAILED, &failure, again);
        }
        None => return person_skeletons(3),
    };
    let shown = &choices.shown;
    let on = |set: fn(&mut PrivacySettings, bool)| {
        let (own, store) = (own.clone(), store.clone());
        Callback::from(move |on: bool| choose(&own, &store, |settings| set(settings, on)))
    };
    let reach = |set: fn(&mut PrivacySettings, Reach)| {
        let (own, store) = (own.clone(), store.clone());
        Callback::from(move |value: &'static str| {
            if let Some((_, reach)) = REACHES.into_iter().find(|(name, _)| *name == value) {
                choose(&own, &store, |settings| set(settings, reach));
            }
        })
    };
    let list = {
        let (own, store) = (own.clone(), store.clone());
        Callback::from(move |value: &'static str| {
            if let Some((_, audience)) = AUDIENCES.into_iter().find(|(name, _)| *name == value) {
                choose(&own, &store, |settings| settings.friend_list = audience);
            }
        })
    };
    let reaches = REACHES.map(|(name, reach)| (name, words::reach(reach)));
    html! {
        <>
            <div class="card settings">
                <div class="choice-block">
                    { choice(Choice {
                        name: "friend_requests",
                        legend: words::REQUESTS,
                        options: &reaches,
                        chosen: name_of(&REACHES, shown.friend_requests),
                        onchange: reach(|settings, value| settings.friend_requests = value),
                    }) }
                    { consequence(words::requests(shown.friend_requests)) }
                </div>
                <div class="choice-block">
                    { choice(Choice {
                        name: "messages",
                        legend: words::MESSAGES,
                        options: &reaches,
                        chosen: name_of(&REACHES, shown.messages),
                        onchange: reach(|settings, value| settings.messages = value),
                    }) }
                    { consequence(words::messages(shown.messages)) }
                </div>
                <div class="choice-block">
                    { choice(Choice {
                        name: "friend_list",
                        legend: words::FRIEND_LIST,
                        options: &AUDIENCES.map(|(name, audience)| (name, words::list_audience(audience))),
                        chosen: name_of(&AUDIENCES, shown.friend_list),
                        onchange: list,
                    }) }
                    { consequence(words::friend_list(shown.friend_list)) }
                </div>
                <div class="choice-block">
                    { choice(Choice {
                        name: "findable",
                        legend: words::FINDABLE,
                        options: &reaches,
                        chosen: name_of(&REACHES, shown.findable),
                        onchange: reach(|settings, value| settings.findable = value),
                    }) }
                    { consequence(words::findable(shown.findable)) }
                </div>
                { switch(Switch {
                    id: "find_by_email",
                    label: words::FIND_BY_EMAIL,
                    hint: words::FIND_BY_EMAIL_HINT,
                    on: shown.find_by_email,
                    onchange: on(|settings, value| settings.find_by_email = value),
                }) }
                { switch(Switch {
                    id: "show_online",
                    label: words::SHOW_ONLINE,
                    hint: words::SHOW_ONLINE_HINT,
                    on: shown.show_online,
                    onchange: on(|settings, value| settings.show_online = value),
                }) }
            </div>
            <p class="lead">{ words::FIELDS }{ " " }<Way to="/settings/profile">{ words::FIELDS_LINK }</Way>{ "." }</p>
        </>
    }
}

/// What comes of a choice; heard by a screen reader when it changes.
fn consequence(text: &'static str) -> Html {
    html! { <p class="form-row__hint" aria-live="polite">{ text }</p> }
}

fn name_of<T: PartialEq + Copy>(names: &[(&'static str, T)], value: T) -> &'static str {
    names
        .iter()
        .find(|(_, one)| *one == value)
        .map_or("", |(name, _)| *name)
}

fn load(own: &Own, store: &Store<Reading>) {
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let outcome = own.base.api.get(&GetPrivacy {}, &Nothing).await;
        store.change(|reading| *reading = Some(outcome.map(Choices::new)));
    });
}

fn choose(own: &Own, store: &Store<Reading>, change: impl FnOnce(&mut PrivacySettings)) {
    store.change(|reading| {
        if let Some(Ok(choices)) = reading {
            change(&mut choices.shown);
        }
    });
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let next = |reading: &mut Reading| match reading {
            Some(Ok(choices)) => choices.next(),
            _ => None,
        };
        while let Some(wanted) = store.change_quietly(next) {
            let outcome = own.base.api.send(&ChangePrivacy {}, &wanted).await;
            let failure = store.change(|reading| match (reading, outcome) {
                (Some(Ok(choices)), Ok(known)) => {
                    choices.settled(known);
                    None
                }
                (Some(Ok(choices)), Err(failure)) => {
                    choices.refused();
                    Some(failure)
                }
                _ => None,
            });
            match failure {
                Some(failure) => own.base.warn(words::NOT_SAVED, &failure),
                None => own.base.announce(words::SAVED),
            }
        }
    });
}

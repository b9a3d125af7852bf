//! Who may do and see what. Every choice is saved at once.

use hearth_shared::privacy::{
    ChangePrivacy, GetPrivacy, ListAudience, PrivacyChange, PrivacySettings, Reach,
};
use yew::prelude::*;

use super::choices::{Settings, use_choices};
use super::link::Way;
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

impl Settings for PrivacySettings {
    type Change = PrivacyChange;
    type Get = GetPrivacy;
    type Put = ChangePrivacy;

    const GET: GetPrivacy = GetPrivacy {};
    const PUT: ChangePrivacy = ChangePrivacy {};
    const SAVED: &'static str = words::SAVED;
    const NOT_SAVED: &'static str = words::NOT_SAVED;

    fn difference(new: &Self, old: &Self) -> Option<PrivacyChange> {
        let change = PrivacyChange {
            friend_requests: Some(new.friend_requests).filter(|value| *value != old.friend_requests),
            messages: Some(new.messages).filter(|value| *value != old.messages),
            friend_list: Some(new.friend_list).filter(|value| *value != old.friend_list),
            findable: Some(new.findable).filter(|value| *value != old.findable),
            find_by_email: Some(new.find_by_email).filter(|value| *value != old.find_by_email),
            show_online: Some(new.show_online).filter(|value| *value != old.show_online),
        };
        (change != PrivacyChange::default()).then_some(change)
    }

    fn apply(&mut self, change: &PrivacyChange) {
        self.apply(change);
    }
}

/// The section.
#[component]
pub(super) fn Privacy() -> Html {
    let chooser = use_choices::<PrivacySettings>();
    let shown = match &chooser.shown {
        Some(Ok(shown)) => shown,
        Some(Err(failure)) => return failed(words::FAILED, failure, chooser.again()),
        None => return person_skeletons(3),
    };
    let on = |set: fn(&mut PrivacySettings, bool)| {
        let chooser = chooser.clone();
        Callback::from(move |on: bool| chooser.choose(|settings| set(settings, on)))
    };
    let reach = |set: fn(&mut PrivacySettings, Reach)| {
        let chooser = chooser.clone();
        Callback::from(move |value: &'static str| {
            if let Some((_, reach)) = REACHES.into_iter().find(|(name, _)| *name == value) {
                chooser.choose(|settings| set(settings, reach));
            }
        })
    };
    let list = {
        let chooser = chooser.clone();
        Callback::from(move |value: &'static str| {
            if let Some((_, audience)) = AUDIENCES.into_iter().find(|(name, _)| *name == value) {
                chooser.choose(|settings| settings.friend_list = audience);
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

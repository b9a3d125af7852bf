//! Somebody's friends, as far as they show them, and what they say about themselves.

use hearth_shared::endpoint::Nothing;
use hearth_shared::privacy::{GetPrivacy, ListAudience};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{
    FieldAudience, FieldName, Friendship, GetMe, ListUserFriends, MyField, Person, Profile, UserCard,
    is_website,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::actions::{Shown, load_list};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::components::{RelationButton, mutual, person_row, search_field};
use crate::features::friends::state::{Listing, People, matches};
use crate::platform::spawn;
use crate::store::{Ptr, Store, use_selected};
use crate::text::{friends, users as words};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, icon, small_icon};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};
use crate::ui::when::long_day;

/// From so many friends on there is a field to search them.
const MANY: usize = 6;

#[derive(PartialEq, Properties)]
pub(super) struct FriendsProps {
    pub(super) user: UserCard,
    pub(super) own: bool,
}

/// The friends of a person.
#[component]
pub(super) fn FriendsTab(props: &FriendsProps) -> Html {
    let app = use_app();
    let list: Shown<Person> = (*use_memo((), |()| Store::new(Ptr::new(Listing::default())))).clone();
    let shown = use_selected(&list, (), |list, ()| list.clone());
    let query = use_state_eq(String::new);
    let seen_by = use_state_eq(|| None::<ListAudience>);
    let username = props.user.username.clone();
    let load = use_callback((app.clone(), list), move |more: bool, (app, list)| {
        let endpoint = ListUserFriends {
            username: username.clone(),
        };
        load_list(app, endpoint, list, more, |app, people: &[Person]| {
            let since = app.people.read(People::reading);
            app.people
                .change(|known| people.iter().for_each(|person| known.learn_person(person, since)));
        });
    });
    use_effect_with(load.clone(), |load| load.emit(false));
    {
        let set = seen_by.setter();
        use_effect_with(props.own, move |own| {
            if *own {
                spawn(async move {
                    if let Ok(settings) = app.base.api.get(&GetPrivacy {}, &Nothing).await {
                        set.set(Some(settings.friend_list));
                    }
                });
            }
        });
    }
    let on = |more: bool| {
        let load = load.clone();
        Callback::from(move |()| load.emit(more))
    };
    let name = &props.user.display_name;
    let hidden =
        shown.failure.as_ref().and_then(|failure| failure.code()) == Some(ErrorCode::FriendListHidden);
    if hidden {
        return empty(Glyph::Lock, &words::friends_hidden(name), Html::default());
    }
    let found: Vec<&Person> = shown
        .items
        .iter()
        .filter(|person| matches(&person.user, &query))
        .collect();
    let none = found.is_empty();
    let typed = {
        let set = query.setter();
        Callback::from(move |event: InputEvent| {
            set.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    html! {
        <>
            if let Some(audience) = *seen_by {
                <p class="quiet-line quiet-line--small">
                    { small_icon(Glyph::Lock) }{ words::list_seen_by(audience) }{ " " }
                    <a href="/settings/privacy">{ words::CHANGE }</a>
                </p>
            }
            if shown.items.len() >= MANY || shown.next.is_some() {
                { search_field("find-friends", friends::FILTER_LABEL_OF, typed) }
            }
            if !none {
                <ul class="card people">
                    { for found.iter().map(|person| html! {
                        <li key={person.user.id.to_string()}>
                            { person_row(&person.user, mutual(person.mutual_friend_count), html! { <>
                                if person.friendship == Friendship::Myself { <span class="meta">{ friends::YOU }</span> }
                                <RelationButton user={person.user.clone()} />
                            </> }) }
                        </li>
                    }) }
                </ul>
            }
            if let Some(failure) = &shown.failure {
                { failed(friends::FRIENDS_FAILED_OF, failure, on(!shown.items.is_empty() && shown.next.is_some())) }
            } else if !shown.known {
                { person_skeletons(4) }
            } else if shown.items.is_empty() {
                { empty(Glyph::Friends, &words::no_friends(name, props.own), Html::default()) }
            } else if none && shown.next.is_none() {
                { empty(Glyph::Search, &words::no_friend_called(&query), Html::default()) }
            } else if shown.next.is_some() {
                <div class="more"><Button text={friends::SHOW_MORE} busy={shown.loading} onclick={on(true)} /></div>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct AboutProps {
    pub(super) profile: Profile,
    pub(super) own: bool,
}

/// What a person says about themselves; on one's own page with who sees it.
#[component]
pub(super) fn AboutTab(props: &AboutProps) -> Html {
    let app = use_app();
    let mine = use_state_eq(Vec::<MyField>::new);
    {
        let set = mine.setter();
        use_effect_with(props.own, move |own| {
            if *own {
                spawn(async move {
                    if let Ok(me) = app.base.api.get(&GetMe {}, &Nothing).await {
                        set.set(me.fields);
                    }
                });
            }
        });
    }
    let fields = &props.profile.fields;
    let audience = |name: FieldName| {
        mine.iter()
            .find(|field| field.name == name)
            .map(|field| field.audience)
    };
    html! {
        <>
            <dl class="card about">
                { for fields.iter().filter(|field| field.name != FieldName::Unknown).map(|field| html! {
                    <div class="about__row" key={field.name.as_str()}>
                        { icon(glyph(field.name)) }
                        <dt>{ words::field(field.name) }</dt>
                        <dd>{ value(field.name, &field.value) }</dd>
                        if let Some(audience) = audience(field.name) { { seen_by(audience) } }
                    </div>
                }) }
                <div class="about__row">
                    { icon(Glyph::Home) }
                    <dt>{ words::JOINED }</dt>
                    <dd>{ long_day(props.profile.created_at) }</dd>
                </div>
            </dl>
            if props.own && fields.is_empty() {
                <p class="quiet-line">{ words::NOTHING_SAID }{ " " }<a href="/settings/profile">{ words::EDIT }</a></p>
            }
        </>
    }
}

fn value(name: FieldName, value: &str) -> Html {
    match name {
        FieldName::Website if is_website(value) => html! {
            <a href={value.to_owned()} target="_blank" rel="noopener noreferrer nofollow ugc">{ value }</a>
        },
        FieldName::Birthday => html! { { words::birthday(value) } },
        FieldName::Relationship => html! { { words::relationship(value) } },
        _ => html! { { value } },
    }
}

/// Who sees a field: an icon and a word.
fn seen_by(audience: FieldAudience) -> Html {
    let glyph = match audience {
        FieldAudience::Everyone => Glyph::Globe,
        FieldAudience::Friends => Glyph::Friends,
        FieldAudience::OnlyMe => Glyph::Lock,
    };
    html! { <dd class="about__seen meta">{ small_icon(glyph) }{ words::audience(audience) }</dd> }
}

fn glyph(name: FieldName) -> Glyph {
    match name {
        FieldName::Email => Glyph::Mail,
        FieldName::Location => Glyph::Pin,
        FieldName::Work => Glyph::Work,
        FieldName::Education => Glyph::Learn,
        FieldName::Website => Glyph::Globe,
        FieldName::Birthday => Glyph::Cake,
        FieldName::Relationship => Glyph::Heart,
        FieldName::Pronouns | FieldName::Unknown => Glyph::Person,
    }
}
